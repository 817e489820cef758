//! Which leads are meant: the filters of the list and of an export, and the place in the list.

use std::fmt;

use shared::{
    field::Choice,
    form::is_id,
    lead::{Intent, InterestLevel, LeadId, LeadStatus},
    text::is_longer_than,
    timestamp::Timestamp,
};

use crate::parameters::{self, Edge, ParameterErrors, choice, moment, number};

/// Leads on a page, where the request does not say.
pub const DEFAULT_LIMIT: u32 = 25;

/// Most leads on a page.
pub const MAX_LIMIT: u32 = 100;

/// The last page that can be asked for by its number; cursors have no end.
pub const MAX_PAGE: u32 = 100_000;

/// Longest text that is searched for, in characters.
const SEARCH_MAX_CHARS: usize = 100;

/// The names of the filters.
const FILTERS: &[&str] =
    &["status", "interest_level", "intent", "form", "q", "created_from", "created_to", "quarantined"];

/// Whether leads in quarantine are meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Quarantined {
    /// Those that are not in quarantine.
    #[default]
    No,
    /// Only those that are.
    Yes,
    /// Both.
    Any,
}

impl Choice for Quarantined {
    const ALL: &'static [(&'static str, Self)] = &[("false", Self::No), ("true", Self::Yes), ("any", Self::Any)];
}

/// Which leads are meant; what is not said does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this form.
    pub form: Option<String>,
    /// Where they stand.
    pub status: Option<LeadStatus>,
    /// How much the person wants it.
    pub interest_level: Option<InterestLevel>,
    /// What the person wants.
    pub intent: Option<Intent>,
    /// What name, e-mail address, phone or message holds, as it was typed.
    pub search: Option<String>,
    /// Accepted then or later.
    pub created_from: Option<Timestamp>,
    /// Accepted then or earlier.
    pub created_to: Option<Timestamp>,
    /// Whether those in quarantine are meant.
    pub quarantined: Quarantined,
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// By its number, from 1.
    Page(u32),
    /// Behind a lead that was seen.
    Behind(Cursor),
}

/// What `next_cursor` carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The last lead that was looked at: the next page begins behind it.
    pub after: LeadId,
    /// The number of the page that begins there.
    pub page: u32,
    /// How many leads there were when the first page was read, so that nobody counts them again.
    pub total: u64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}_{}", self.after, self.page, self.total)
    }
}

impl Cursor {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('_');
        let after = LeadId::parse(parts.next()?)?;
        let (page, total) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        parts.next().is_none().then_some(Self { after, page, total })
    }
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Which leads.
    pub filter: Filter,
    /// At most so many.
    pub limit: u32,
    /// Where it begins.
    pub place: Place,
}

impl Filter {
    /// The lowest id that a lead of the time asked for can have, and the lowest above all of them. Ids begin
    /// with the time of acceptance, so the index finds them.
    pub fn ids(&self) -> (String, String) {
        let earliest = self.created_from.unwrap_or(Timestamp::from_millis(0));
        let latest = self.created_to.unwrap_or(Timestamp::from_millis(i64::MAX)).plus_millis(1);
        (LeadId::new(earliest, [0; 10]).to_string(), LeadId::new(latest, [0; 10]).to_string())
    }

    /// Whether nearly every lead of the time asked for is meant.
    pub fn means_most(&self) -> bool {
        let picks =
            self.form.is_some() || self.status.is_some() || self.interest_level.is_some() || self.intent.is_some();
        !picks && self.quarantined != Quarantined::Yes
    }

    /// Sets the filter of that name.
    fn set(&mut self, name: &str, text: &str) -> Result<(), String> {
        match name {
            "status" => self.status = Some(choice(text)?),
            "interest_level" => self.interest_level = Some(choice(text)?),
            "intent" => self.intent = Some(choice(text)?),
            "form" if is_id(text) => self.form = Some(text.to_owned()),
            "form" => return Err("Give the id of a form.".to_owned()),
            "q" if is_longer_than(text, SEARCH_MAX_CHARS) => {
                return Err(format!("Give at most {SEARCH_MAX_CHARS} characters."));
            }
            "q" => self.search = Some(text.to_owned()),
            "created_from" => self.created_from = Some(moment(text, Edge::From)?),
            "created_to" => self.created_to = Some(moment(text, Edge::To)?),
            _ => self.quarantined = choice(text)?,
        }
        Ok(())
    }
}

/// Reads the query of the list.
///
/// # Errors
/// What is wrong, by parameter.
pub fn page(query: &str) -> Result<PageRequest, ParameterErrors> {
    let (mut filter, mut limit, mut page, mut cursor) = (Filter::default(), DEFAULT_LIMIT, None, None);
    parameters::each(query, &[FILTERS, &["page", "limit", "cursor"]], &mut |name, value| {
        match name {
            "limit" => limit = number(value, 1, MAX_LIMIT)?,
            "page" if cursor.is_some() => return Err(ONE_PLACE.to_owned()),
            "page" => page = Some(number(value, 1, MAX_PAGE)?),
            "cursor" if page.is_some() => return Err(ONE_PLACE.to_owned()),
            "cursor" => {
                cursor = Some(Cursor::parse(value).ok_or_else(|| "Give the next_cursor of a page.".to_owned())?);
            }
            name => filter.set(name, value)?,
        }
        Ok(())
    })?;
    let place = cursor.map_or(Place::Page(page.unwrap_or(1)), Place::Behind);
    Ok(PageRequest { filter, limit, place })
}

const ONE_PLACE: &str = "Give either page or cursor.";

/// Which file an export makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values (RFC 4180); with a byte order mark, where a program wants one.
    Csv {
        /// Whether there is a byte order mark.
        bom: bool,
    },
    /// One JSON object a line.
    JsonLines {
        /// Whether each lead has the signed receipt of its consent with it.
        receipts: bool,
    },
}

/// Reads the query of an export.
///
/// # Errors
/// What is wrong, by parameter.
pub fn export(query: &str) -> Result<(Filter, Format), ParameterErrors> {
    let (mut filter, mut is_csv, mut bom, mut receipts) = (Filter::default(), true, false, false);
    parameters::each(query, &[FILTERS, &["format", "bom", "receipts"]], &mut |name, value| {
        match (name, value) {
            ("format", "csv" | "jsonl") => is_csv = value == "csv",
            ("format", _) => return Err("Use one of these values: csv, jsonl.".to_owned()),
            ("bom", "true" | "false") => bom = value == "true",
            ("receipts", "true" | "false") => receipts = value == "true",
            ("bom" | "receipts", _) => return Err("Use one of these values: true, false.".to_owned()),
            (name, value) => filter.set(name, value)?,
        }
        Ok(())
    })?;
    let wrong = |name: &str, text: &str| Err([(name.to_owned(), vec![text.to_owned()])].into());
    match (is_csv, bom, receipts) {
        (true, _, true) => wrong("receipts", "Only jsonl can have receipts."),
        (false, true, _) => wrong("bom", "Only csv can have a byte order mark."),
        (true, bom, false) => Ok((filter, Format::Csv { bom })),
        (false, false, receipts) => Ok((filter, Format::JsonLines { receipts })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_asked_for_by_its_parameters() {
        let asked = page(
            "status=lost&interest_level=hot&form=contact&intent=buy_and_sell&q=M%C3%BCller&created_from=2026-01-01T00:00:00Z\
             &created_to=&quarantined=any&page=3&limit=100",
        )
        .unwrap();
        assert_eq!((asked.limit, asked.place), (100, Place::Page(3)));
        let Filter { status, form, search, created_to, quarantined, .. } = asked.filter;
        assert_eq!((status, form.as_deref()), (Some(LeadStatus::Lost), Some("contact")));
        assert_eq!((search.as_deref(), created_to, quarantined), (Some("Müller"), None, Quarantined::Any));
        let plain = page("").unwrap();
        assert_eq!((plain.limit, plain.place), (DEFAULT_LIMIT, Place::Page(1)));
    }

    #[test]
    fn every_wrong_parameter_is_named() {
        let long = "x".repeat(SEARCH_MAX_CHARS + 1);
        let query = format!(
            "status=open&interest_level=1&form=A&intent=x&q={long}&created_from=today&created_to=2026&quarantined=yes&page=0\
             &limit=101&cursor=1&sort=name"
        );
        let errors = page(&query).unwrap_err();
        assert_eq!(errors.len(), 12, "{errors:?}");
        assert_eq!(
            errors["status"],
            ["Use one of these values: new, contacted, qualified, unqualified, converted, lost."]
        );
    }

    #[test]
    fn a_cursor_survives_writing_and_reading_and_stands_alone() {
        let cursor = Cursor { after: LeadId::new(Timestamp::from_millis(7), [3; 10]), page: 2, total: 100_000 };
        let asked = page(&format!("cursor={cursor}")).unwrap();
        assert_eq!(asked.place, Place::Behind(cursor));
        for query in [format!("cursor={cursor}&page=2"), format!("page=2&cursor={cursor}")] {
            assert_eq!(page(&query).unwrap_err().len(), 1);
        }
        for wrong in [format!("{cursor}_1"), format!("{}_2", cursor.after), format!("{}_-1_2", cursor.after)] {
            assert!(Cursor::parse(&wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_lead_of_the_time_asked_for_has_an_id_within_the_bounds() {
        let at = Timestamp::from_millis(1_700_000_000_000);
        let (first, end) = Filter { created_from: Some(at), created_to: Some(at), ..Filter::default() }.ids();
        for random in [[0; 10], [255; 10], [77; 10]] {
            let id = LeadId::new(at, random).to_string();
            assert!(first <= id && id < end, "{first} {id} {end}");
        }
        assert!(LeadId::new(at.plus_millis(1), [0; 10]).to_string() >= end);
        assert!(LeadId::new(at.plus_millis(-1), [255; 10]).to_string() < first);
        let (first, end) = Filter::default().ids();
        let id = LeadId::new(at, [9; 10]).to_string();
        assert!(first <= id && id < end);
    }

    #[test]
    fn an_export_is_csv_unless_it_says_otherwise() {
        assert_eq!(export("").unwrap().1, Format::Csv { bom: false });
        assert_eq!(export("format=csv&bom=true").unwrap().1, Format::Csv { bom: true });
        let (filter, format) = export("format=jsonl&status=new").unwrap();
        assert_eq!((filter.status, format), (Some(LeadStatus::New), Format::JsonLines { receipts: false }));
        assert_eq!(export("format=jsonl&receipts=true").unwrap().1, Format::JsonLines { receipts: true });
        for wrong in ["format=xml", "bom=1", "format=jsonl&bom=true", "receipts=true", "limit=5", "cursor=x", "page=1"]
        {
            assert_eq!(export(wrong).unwrap_err().len(), 1, "{wrong}");
        }
    }
}
