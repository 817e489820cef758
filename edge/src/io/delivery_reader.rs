//! Deliveries as people ask for them: by lead, and by where they stand.

use serde::Deserialize;
use shared::{field::Choice, lead::LeadId};
use wasm_bindgen::JsValue;
use worker::worker_sys::D1Database;

use super::d1::{Batch, D1Error, text, whole};
use crate::{
    delivery::DeliveryId,
    delivery_filter::{PageRequest, REPLAYABLE},
    delivery_view::{DeliveryRow, parse_id},
    history::Arrival,
};

/// Most deliveries that one page looks through. A filter that hardly any delivery meets must not read
/// the whole table in one request: the page ends there, and its cursor goes on.
const SCAN_MAX_ROWS: u32 = 5_000;

/// What is shown of a delivery `d`.
macro_rules! shown {
    ($from_and_where:literal) => {
        concat!(
            "SELECT d.lead_id, d.ordinal, d.destination, d.provider, d.status, d.attempts, d.due_at, d.reference,
               d.reason, d.attempt_log, d.notes, d.group_id, d.created_at, d.updated_at,
               (SELECT p.probe_at FROM destination_pause p WHERE p.destination = d.destination) AS probe_at ",
            $from_and_where
        )
    };
}
pub(super) use shown;

/// A lead's form and how it came in, with its deliveries in their order.
#[derive(Debug)]
pub struct Life {
    /// How it came in.
    pub arrival: Arrival,
    /// Its deliveries.
    pub deliveries: Vec<DeliveryRow>,
}

/// What is known of how a lead came in and what became of it, in one round trip.
///
/// # Errors
/// When D1 does not answer.
pub async fn life(db: &D1Database, lead: LeadId) -> Result<Option<Life>, D1Error> {
    let batch = Batch::new(db);
    let place = add_lives(&batch, &text(&format!("[\"{lead}\"]")))?;
    let mut rows = batch.run().await?;
    let Some(arrival) = rows.of::<Arrival>(place)?.into_iter().next() else { return Ok(None) };
    Ok(Some(Life { arrival, deliveries: rows.of(place.saturating_add(1))? }))
}

/// Adds to a transaction how leads came in, whose ids are a JSON array, each an [`Arrival`], and behind it their
/// deliveries.
///
/// # Errors
/// When D1 refuses a value's type.
pub(super) fn add_lives(batch: &Batch<'_>, ids: &JsValue) -> Result<usize, D1Error> {
    let place = batch.next();
    batch.add(
        "SELECT l.id, l.form, l.key_id, l.created_at, l.document, l.routing, l.spam, l.quarantined_at, l.events,
           (SELECT c.document ->> '$.record.kind' FROM config c WHERE c.kind = 'key' AND c.id = l.key_id) AS key_kind
         FROM lead l WHERE l.id IN (SELECT value FROM json_each(?1)) AND l.erased_at IS NULL ORDER BY l.id",
        std::slice::from_ref(ids),
    )?;
    let deliveries =
        shown!("FROM delivery d WHERE d.lead_id IN (SELECT value FROM json_each(?1)) ORDER BY d.lead_id, d.ordinal");
    batch.add(deliveries, std::slice::from_ref(ids))?;
    Ok(place)
}

/// One page of deliveries.
#[derive(Debug)]
pub struct Page {
    /// The newest leads' first.
    pub deliveries: Vec<DeliveryRow>,
    /// Where the next page begins, if there may be more.
    pub next: Option<DeliveryId>,
}

#[derive(Deserialize)]
struct PlaceRow {
    lead_id: String,
    ordinal: u32,
}

/// The deliveries that a page looks through: those of the time asked for behind the cursor. Where they
/// stand narrows it down only if the partial index has it, which SQLite uses for the very same list.
fn scan(columns: &str, in_trouble: Option<&str>) -> String {
    let narrow = in_trouble.map(|status| format!("status = '{status}' AND status IN ({}) AND ", replayable()));
    format!(
        "SELECT {columns} FROM delivery WHERE {}lead_id BETWEEN ?1 AND ?2 AND (lead_id <> ?3 OR ordinal > ?4)
         ORDER BY lead_id DESC, ordinal LIMIT ",
        narrow.unwrap_or_default()
    )
}

/// The list of statuses in the definition of the index `delivery_in_trouble`.
pub(super) fn replayable() -> String {
    let names: Vec<String> = REPLAYABLE.iter().map(|status| format!("'{}'", status.name())).collect();
    names.join(", ")
}

/// The deliveries of leads of these forms (`None`: of all), page by page.
///
/// # Errors
/// When D1 does not answer.
pub async fn page(db: &D1Database, asked: &PageRequest, forms: Option<&[String]>) -> Result<Page, D1Error> {
    let filter = &asked.filter;
    // Whether every delivery that is looked at is also shown, but for those of leads that were erased.
    let is_exact = forms.is_none()
        && filter.destination.is_none()
        && filter.provider.is_none()
        && filter.statuses.iter().all(|status| REPLAYABLE.contains(status));
    let exact = asked.limit.saturating_add(1);
    let mut page = look(db, asked, forms, if is_exact { exact } else { SCAN_MAX_ROWS }).await?;
    let shown = u32::try_from(page.deliveries.len()).unwrap_or(asked.limit);
    let lacking = asked.limit.saturating_sub(shown);
    if is_exact && lacking > 0 && page.next.is_some() {
        // Some were of erased leads. How many more there are is not known, so what is lacking is looked for as widely
        // as behind a filter.
        let rest = PageRequest { limit: lacking, after: page.next, filter: filter.clone() };
        let rest = look(db, &rest, forms, SCAN_MAX_ROWS).await?;
        page.deliveries.extend(rest.deliveries);
        page.next = rest.next;
    }
    Ok(page)
}

/// A page of at most `asked.limit`, of so many deliveries that are looked at.
async fn look(db: &D1Database, asked: &PageRequest, forms: Option<&[String]>, scanned: u32) -> Result<Page, D1Error> {
    let filter = &asked.filter;
    let status = filter.statuses.first().copied();
    let in_trouble = status.filter(|status| REPLAYABLE.contains(status)).map(Choice::name);

    let (first, mut last) = filter.lead_ids();
    let (after_lead, after_ordinal) = asked.after.map(|id| (id.lead.to_string(), id.ordinal)).unwrap_or_default();
    if !after_lead.is_empty() && after_lead < last {
        last.clone_from(&after_lead);
    }
    let range = [text(&first), text(&last), text(&after_lead), whole(after_ordinal.into())];
    let batch = Batch::new(db);
    let sql = format!(
        "WITH d AS (SELECT * FROM ({}?5)) {}",
        scan("*", in_trouble),
        shown!(
            "FROM d JOIN lead l ON l.id = d.lead_id
             WHERE l.erased_at IS NULL AND (?6 IS NULL OR d.status = ?6) AND (?7 IS NULL OR d.destination = ?7)
               AND (?8 IS NULL OR d.provider = ?8) AND (?9 IS NULL OR l.form IN (SELECT value FROM json_each(?9)))
             ORDER BY d.lead_id DESC, d.ordinal LIMIT ?10"
        )
    );
    let mut values = range.to_vec();
    values.extend([
        whole(scanned.into()),
        optional(status.map(Choice::name)),
        optional(filter.destination.as_deref()),
        optional(filter.provider.as_deref()),
        form_list(forms),
        whole(asked.limit.saturating_add(1).into()),
    ]);
    batch.add(&sql, &values)?;
    // The last delivery that was looked at, and whether there is one behind it.
    let mut values = range.to_vec();
    values.push(whole(scanned.saturating_sub(1).into()));
    batch.add(&format!("{}2 OFFSET ?5", scan("lead_id, ordinal", in_trouble)), &values)?;
    let mut rows = batch.run().await?;

    let mut deliveries = rows.of::<DeliveryRow>(0)?;
    let ends = rows.of::<PlaceRow>(1)?;
    let limit = usize::try_from(asked.limit).unwrap_or(usize::MAX);
    let next = if deliveries.len() > limit {
        deliveries.truncate(limit);
        deliveries.last().and_then(|row| parse_id(&row.id()))
    } else {
        let end = if ends.len() > 1 { ends.first() } else { None };
        end.and_then(|row| Some(DeliveryId { lead: LeadId::parse(&row.lead_id)?, ordinal: row.ordinal }))
    };
    Ok(Page { deliveries, next })
}

/// The forms of a key to bind: a JSON array, or NULL for all.
pub(super) fn form_list(forms: Option<&[String]>) -> JsValue {
    optional(forms.and_then(|forms| serde_json::to_string(forms).ok()).as_deref())
}

/// Text to bind, or NULL.
pub(super) fn optional(value: Option<&str>) -> JsValue {
    value.map_or(JsValue::NULL, text)
}
