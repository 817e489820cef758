//! Leads as a file, piece by piece: whatever its length, one page of leads is in memory.

use std::{cell::RefCell, rc::Rc};

use serde_json::Value;
use shared::lead::LeadId;
use web_sys::ReadableStream;
use worker::worker_sys::D1Database;

use super::{
    consent_key::ConsentKey,
    lead_list::{self, Part},
    lead_store::StoredLead,
    stream::{Broken, pulled},
};
use crate::{
    csv,
    lead_filter::{Filter, Format},
    problem::Problem,
    telemetry::{Event, log},
};

/// Leads of the first page. An invocation may ask D1 1,000 times, 50 times on the free plan.
const FIRST_LEADS: u32 = 250;

/// Most leads of a page.
const MAX_LEADS: u32 = 1_000;

/// Bytes that a page should come to: of large leads it takes fewer, and where leads are larger than those of the page
/// before it ends early. A Worker has 128 MB, and a page stands in it several times: as D1's answer, as JSON and as text.
const PAGE_BYTES: usize = 1_000_000;

/// An export under way.
#[derive(Debug)]
struct Export {
    db: D1Database,
    filter: Filter,
    forms: Option<Vec<String>>,
    format: Format,
    /// What signs the receipts, if each lead is to have its own.
    key: Option<ConsentKey>,
    limit: u32,
    /// The last lead that was looked at; `None` before the first.
    after: Option<LeadId>,
    is_over: bool,
}

/// The file of all leads of these forms (`None`: of all) that the filter means, the newest first. Leads that
/// arrive meanwhile are not in it. The first page is there when this returns.
///
/// # Errors
/// 503 when D1 does not answer; 500 when a stored lead is damaged. Later on either breaks the stream off.
pub async fn export(
    db: D1Database,
    filter: Filter,
    forms: Option<&[String]>,
    format: Format,
    key: Option<ConsentKey>,
) -> Result<ReadableStream, Problem> {
    let forms = forms.map(<[String]>::to_vec);
    let mut export = Export { db, filter, forms, format, key, limit: FIRST_LEADS, after: None, is_over: false };
    let mut first = String::new();
    if let Format::Csv { bom } = format {
        if bom {
            first.push(csv::BYTE_ORDER_MARK);
        }
        csv::add_header(&mut first);
    }
    export.add_page(&mut first).await?;
    let state = Rc::new(RefCell::new((Some(first), Some(export))));
    let next = move || {
        let state = Rc::clone(&state);
        async move {
            let (first, export) = std::mem::take(&mut *state.borrow_mut());
            let Some(mut export) = export else { return Ok(None) };
            let chunk = match first {
                Some(first) => Some(first),
                None => export.next().await.map_err(|problem| broken(&problem))?,
            };
            *state.borrow_mut() = (None, Some(export));
            Ok(chunk)
        }
    };
    pulled(next).map_err(|_| Problem::Internal)
}

/// A stream has no answer any more that could tell of a problem.
fn broken(problem: &Problem) -> Broken {
    log(&Event::Fault { doing: "exporting", cause: problem.title() });
    Broken
}

impl Export {
    /// The next piece of the file; `None` at its end. A search may look at many leads for one piece.
    async fn next(&mut self) -> Result<Option<String>, Problem> {
        let mut chunk = String::new();
        while chunk.is_empty() && !self.is_over {
            self.add_page(&mut chunk).await?;
        }
        Ok(Some(chunk).filter(|chunk| !chunk.is_empty()))
    }

    async fn add_page(&mut self, file: &mut String) -> Result<(), Problem> {
        let part = Part { limit: self.limit, offset: 0, after: self.after, counts: false, max_bytes: Some(PAGE_BYTES) };
        let found = lead_list::find(&self.db, &self.filter, self.forms.as_deref(), part).await?;
        let before = file.len();
        for lead in &found.leads {
            self.add(file, lead).await?;
        }
        self.is_over = found.next.is_none();
        self.after = found.next;
        if !found.leads.is_empty() {
            self.limit = next_limit(found.leads.len(), file.len().saturating_sub(before));
        }
        Ok(())
    }

    async fn add(&self, file: &mut String, lead: &StoredLead) -> Result<(), Problem> {
        let mut shown = lead.render().ok_or(Problem::Internal)?;
        match self.format {
            Format::JsonLines { .. } => {
                if let (Some(key), Some(receipt)) = (&self.key, lead.consent_receipt()) {
                    let signed = key.signed(&receipt).await?;
                    // One more member, behind the last.
                    shown.pop();
                    shown.push_str(&format!(",\"consent_receipt\":{signed}}}"));
                }
                file.push_str(&shown);
                file.push('\n');
            }
            Format::Csv { .. } => {
                let shown: Value = serde_json::from_str(&shown).map_err(|_| Problem::Internal)?;
                csv::add_line(file, &shown);
            }
        }
        Ok(())
    }
}

/// How many leads the next page takes, by what the last came to.
fn next_limit(leads: usize, bytes: usize) -> u32 {
    let each = bytes.checked_div(leads).unwrap_or_default().max(1);
    u32::try_from(PAGE_BYTES.checked_div(each).unwrap_or_default()).unwrap_or(MAX_LEADS).clamp(1, MAX_LEADS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_large_leads_a_page_takes_fewer() {
        assert_eq!(next_limit(250, 250_000), 1_000);
        assert_eq!(next_limit(250, 500_000), 500);
        assert_eq!(next_limit(250, 25_000_000), 10);
        assert_eq!(next_limit(1, usize::MAX), 1);
        assert_eq!(next_limit(0, 0), MAX_LEADS);
    }
}
