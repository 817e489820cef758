//! Leads as people look for them: newest first, by filters, a page at a time.
//!
//! Which leads are on a page is found in the index `lead_overview` alone, form by form; documents are read
//! of those leads only. A search has to read documents, and looks through at most [`SEARCH_MAX_LEADS`].

use serde_json::Value;
use shared::{field::Choice, lead::LeadId, text::one_line};
use wasm_bindgen::JsValue;
use worker::worker_sys::D1Database;

use super::{
    d1::{Batch, D1Error, text, whole},
    delivery_reader::{form_list, optional},
    lead_store::{StoredLead, shown},
    normaliser::Runtime,
};
use crate::{lead_filter::Filter, search::Search};

/// Most leads that a search looks through in one request: what D1 reads in about a quarter of a second, in
/// which it does nothing else. The page ends there, and its cursor goes on.
const SEARCH_MAX_LEADS: u32 = 20_000;

/// As many ids as one value of D1 has room for (2 MB) with space to spare.
const MERGE_MAX_IDS: u32 = 20_000;

/// Where in SQL the values of a search begin, behind those of [`selection`].
const FIRST_OF_SEARCH: usize = 13;

/// The leads that a filter means, as conditions on a row `x` of the index.
macro_rules! meant {
    () => {
        "x.id >= ?2 AND x.id < ?3 AND x.erased_at IS NULL AND (?4 IS NULL OR x.status = ?4)
           AND (?5 IS NULL OR x.interest_level = ?5) AND (?6 IS NULL OR x.intent = ?6)
           AND (?7 = 'any' OR (x.quarantined_at IS NOT NULL) = (?7 = 'true'))"
    };
}

/// The forms whose leads are meant: those in the list ?1, or where that is NULL all that have leads, found
/// by one step in the index each.
macro_rules! forms {
    () => {
        "WITH RECURSIVE f(form) AS (
           SELECT DISTINCT value FROM json_each(?1)
           UNION ALL SELECT (SELECT min(form) FROM lead INDEXED BY lead_overview) WHERE ?1 IS NULL
           UNION ALL SELECT (SELECT min(x.form) FROM lead x INDEXED BY lead_overview WHERE x.form > f.form)
           FROM f WHERE ?1 IS NULL AND f.form IS NOT NULL)"
    };
}

pub(super) use forms;

/// The ids `c` on a page, found by merging the newest of each form: what is read does not grow with the
/// number of leads. ?8: most ids of a form, ?9: most ids of all, ?10: how many to pass over.
const MERGED: &str = concat!(
    forms!(),
    ", c(id) AS (SELECT n.value FROM f JOIN json_each((SELECT json_group_array(id) FROM
       (SELECT x.id FROM lead x INDEXED BY lead_overview WHERE x.form = f.form AND ",
    meant!(),
    " ORDER BY x.id DESC LIMIT ?8))) n ORDER BY n.value DESC LIMIT ?9 OFFSET ?10) "
);

/// The same for an export of all forms, which takes fewer than it could have: the next ?8 leads, in the order of the
/// table. A row is read for each of them, and not one for each form. Only where nearly every lead is meant: of few the
/// index knows where they are.
const WINDOWED: &str = concat!(
    "WITH w AS MATERIALIZED (SELECT id, status, interest_level, intent, quarantined_at, erased_at FROM lead
       WHERE id >= ?2 AND id < ?3 AND erased_at IS NULL ORDER BY id DESC LIMIT ?8),
     c(id) AS (SELECT x.id FROM w x WHERE ",
    meant!(),
    " ORDER BY x.id DESC LIMIT ?9 OFFSET ?10) "
);

/// The same for pages far down, of which no list of ids has room: sorts all that is meant.
const SORTED: &str = concat!(
    forms!(),
    ", c(id) AS (SELECT x.id FROM lead x INDEXED BY lead_overview WHERE x.form IN (SELECT form FROM f) AND ",
    meant!(),
    " ORDER BY x.id DESC LIMIT ?9 OFFSET ?10) "
);

const SHOWN: &str = shown!("");

/// How many leads are meant.
const COUNT: &str = concat!(
    forms!(),
    " SELECT count(*) AS total FROM f JOIN lead x INDEXED BY lead_overview ON x.form = f.form AND ",
    meant!()
);

/// Which part of what is meant is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// At most so many.
    pub limit: u32,
    /// How many to pass over.
    pub offset: u32,
    /// Only those behind this one.
    pub after: Option<LeadId>,
    /// Whether to count all that is meant.
    pub counts: bool,
    /// No more leads than say that many bytes, but for the one that goes beyond; `None`: however many.
    pub max_bytes: Option<usize>,
}

/// Leads that were found.
#[derive(Debug)]
pub struct Found {
    /// The newest first.
    pub leads: Vec<StoredLead>,
    /// The last lead that was looked at, if there may be more behind it.
    pub next: Option<LeadId>,
    /// How many are meant, if that was asked; with a search, among those that were looked through.
    pub total: u64,
}

/// Finds leads of these forms (`None`: of all), in one round trip.
///
/// # Errors
/// When D1 does not answer.
pub async fn find(db: &D1Database, filter: &Filter, forms: Option<&[String]>, part: Part) -> Result<Found, D1Error> {
    let typed = filter.search.as_deref().and_then(|typed| one_line(typed, &Runtime));
    let search = typed.map(|typed| Search::new(&typed, &Runtime));
    let wanted = part.limit.saturating_add(1);
    let reach = part.offset.saturating_add(wanted);
    // A search looks at a window of leads and takes its page from what it finds there.
    let (of_form, of_all, passed, shown, shown_passed) = match search {
        Some(_) => (SEARCH_MAX_LEADS, SEARCH_MAX_LEADS, 0, wanted, part.offset),
        None => (reach, wanted, part.offset, wanted, 0),
    };
    let is_windowed = part.max_bytes.is_some() && forms.is_none() && filter.means_most() && search.is_none();
    let candidates = match search {
        None if is_windowed => WINDOWED,
        None if reach > MERGE_MAX_IDS => SORTED,
        _ => MERGED,
    };
    let mut values = selection(filter, forms, part.after);
    let selected = values.clone();
    values.extend([of_form, of_all, passed].map(|number| whole(number.into())));
    let scanned = values.clone();
    values.extend([shown, shown_passed].map(|number| whole(number.into())));
    let (condition, bound) = match &search {
        Some(search) => search.condition(FIRST_OF_SEARCH),
        None => ("1".to_owned(), Vec::new()),
    };
    let mut searched = values.clone();
    searched.extend(bound.into_iter().map(text));

    let batch = Batch::new(db);
    let leads = match part.max_bytes {
        None => format!(
            "{candidates}{SHOWN}FROM c CROSS JOIN lead l ON l.id = c.id WHERE {condition} ORDER BY c.id DESC LIMIT ?11 OFFSET ?12"
        ),
        // Lengths first, so that no document is read that has no room.
        Some(bytes) => format!(
            "{candidates}, p AS MATERIALIZED (SELECT c.id, sum(octet_length(l.document)) OVER (ORDER BY c.id DESC) AS bytes
             FROM c CROSS JOIN lead l ON l.id = c.id WHERE {condition} ORDER BY c.id DESC LIMIT ?11 OFFSET ?12)
             {SHOWN}FROM p c CROSS JOIN lead l ON l.id = c.id WHERE c.bytes - octet_length(l.document) < {bytes} ORDER BY c.id DESC"
        ),
    };
    batch.add(&leads, &searched)?;
    match (&search, part.counts) {
        (None, true) => batch.add(COUNT, &selected)?,
        (None, false) if is_windowed => {
            batch.add(&format!("{candidates}SELECT count(*) AS seen, min(id) AS last FROM w"), &scanned)?;
        }
        (None, false) => {}
        (Some(_), true) => {
            let counted = format!(
                "{candidates}SELECT count(*) AS seen, min(c.id) AS last, coalesce(sum({condition}), 0) AS total
                 FROM c CROSS JOIN lead l ON l.id = c.id"
            );
            batch.add(&counted, &searched)?;
        }
        (Some(_), false) => {
            batch.add(&format!("{candidates}SELECT count(*) AS seen, min(id) AS last FROM c"), &scanned)?;
        }
    }
    let mut rows = batch.run().await?;
    let mut leads = rows.of::<StoredLead>(0)?;
    let all = rows.take(1).into_iter().next().unwrap_or_default();
    let number = |name: &str| all.get(name).and_then(Value::as_u64).unwrap_or_default();
    let limit = usize::try_from(part.limit).unwrap_or(usize::MAX);
    let bytes = leads.iter().fold(0_usize, |bytes, lead| bytes.saturating_add(lead.document().len()));
    let is_full = part.max_bytes.is_some_and(|max| bytes >= max);
    let next = if leads.len() > limit || is_full {
        leads.truncate(limit);
        leads.last().and_then(|lead| LeadId::parse(lead.id()))
    } else {
        let is_cut = number("seen") >= u64::from(of_form);
        all.get("last").and_then(Value::as_str).filter(|_| is_cut).and_then(LeadId::parse)
    };
    Ok(Found { leads, next, total: number("total") })
}

/// The values ?1 to ?7: forms, ids and the filters on columns.
fn selection(filter: &Filter, forms: Option<&[String]>, after: Option<LeadId>) -> Vec<JsValue> {
    let (first, mut end) = filter.ids();
    if let Some(after) = after.map(|id| id.to_string()).filter(|after| *after < end) {
        end = after;
    }
    vec![
        scope(filter.form.as_ref(), forms),
        text(&first),
        text(&end),
        optional(filter.status.map(Choice::name)),
        optional(filter.interest_level.map(Choice::name)),
        optional(filter.intent.map(Choice::name)),
        text(filter.quarantined.name()),
    ]
}

/// The value ?1: the forms of a key, or the one of them that is asked for. One that is not the key's has no
/// leads for it.
pub(super) fn scope(asked: Option<&String>, forms: Option<&[String]>) -> JsValue {
    match (asked, forms) {
        (None, forms) => form_list(forms),
        (Some(asked), Some(forms)) if !forms.contains(asked) => form_list(Some(&[])),
        (Some(asked), _) => form_list(Some(std::slice::from_ref(asked))),
    }
}
