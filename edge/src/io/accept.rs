//! The transaction that accepts a lead: what it spends, the lead and its deliveries, or nothing.

use serde::Deserialize;
use shared::timestamp::Timestamp;
use wasm_bindgen::JsValue;
use worker::worker_sys::D1Database;

use super::{
    d1::{Batch, D1Error, Rows, text, time},
    delivery_reader::optional,
    duplicates::{self, Contacts},
    entry::{Entry, Refusal},
};

/// What is to be stored.
#[derive(Debug)]
pub struct Acceptance<'a> {
    /// What it spends.
    pub entry: Entry<'a>,
    /// The new lead's id.
    pub lead_id: &'a str,
    /// Its form.
    pub form: &'a str,
    /// The lead as JSON.
    pub document: &'a str,
    /// How suspicious it is, as JSON.
    pub spam: &'a str,
    /// The way that it came through other Leadgates (`hops.rs`).
    pub via: Option<&'a str>,
    /// What is kept of the address that it was sent from.
    pub client_address: Option<&'a str>,
    /// What no other lead of its form may share, if the form wants one of each.
    pub contacts: Option<&'a Contacts>,
    /// Where it goes; `None` for a lead that is held back.
    pub departure: Option<Departure<'a>>,
}

/// Where a lead goes, as it is stored.
#[derive(Debug, Clone, Copy)]
pub struct Departure<'a> {
    /// Why it goes where it goes, as JSON.
    pub routing: &'a str,
    /// Destination, provider and group or `null` of each delivery, in order, as a JSON array of arrays.
    pub deliveries: &'a str,
    /// Until when this request has the deliveries to itself; `None` leaves them to the sweep.
    pub lease: Option<Timestamp>,
}

/// What D1 said of an accepted lead.
#[derive(Debug)]
pub struct Accepted {
    /// Leads of the key in this window, this one included.
    pub used: u32,
    /// Destinations that are left alone; the deliveries to them wait.
    pub paused: Vec<String>,
}

const INSERT_LEAD: &str = "INSERT INTO lead
  (id, form, key_id, created_at, updated_at, document, routing, spam, quarantined_at, interest_level, intent, source, campaign,
  via, kept_answers, client_address)
VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8, ?5 ->> '$.interest_level', ?5 ->> '$.intent',
  substr(?5 ->> '$.source', 1, 100), substr(?5 ->> '$.attribution.utm_campaign', 1, 100), ?9,
  iif(?10 IS NULL, '[]', json_array(json_array(?3, ?10))), ?11)";

/// A delivery is born leased to this request (`delivering`), or waits if its destination is paused. One
/// that has its turn in a group does not wait: it passes on to the next.
const INSERT_DELIVERIES: &str = "INSERT INTO delivery
  (lead_id, ordinal, destination, provider, group_id, status, due_at, reason, created_at, updated_at)
SELECT ?1, d.key + 1, d.value->>0, d.value->>1, d.value->>2,
  iif(p.destination IS NULL, ?2, 'pending'), iif(p.destination IS NULL, ?3, NULL), p.reason, ?4, ?4
FROM json_each(?5) d LEFT JOIN destination_pause p ON p.destination = d.value->>0 AND d.value->>2 IS NULL
WHERE true";

const PAUSED: &str = "SELECT destination FROM destination_pause";

#[derive(Deserialize)]
struct Paused {
    destination: String,
}

/// Where in a batch the paused destinations are told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Departed(usize);

impl Departed {
    pub(super) fn paused(self, rows: &mut Rows) -> Result<Vec<String>, D1Error> {
        Ok(rows.of::<Paused>(self.0)?.into_iter().map(|row| row.destination).collect())
    }
}

impl Departure<'_> {
    /// Adds a lead's deliveries to a transaction.
    pub(super) fn add_to(&self, batch: &Batch<'_>, lead_id: &str, now: Timestamp) -> Result<Departed, D1Error> {
        let (status, due) = match self.lease {
            Some(until) => ("delivering", until),
            None => ("pending", now),
        };
        batch.add(INSERT_DELIVERIES, &[text(lead_id), text(status), time(due), time(now), text(self.deliveries)])?;
        let departed = Departed(batch.next());
        batch.add(PAUSED, &[])?;
        Ok(departed)
    }
}

/// Stores the lead with everything that belongs to it, in one round trip.
///
/// # Errors
/// Why nothing was stored.
pub async fn accept(db: &D1Database, lead: &Acceptance<'_>) -> Result<Accepted, Refusal> {
    let (batch, now) = (Batch::new(db), lead.entry.now);
    let counted = lead.entry.add_to(&batch)?;
    batch.add(
        INSERT_LEAD,
        &[
            text(lead.lead_id),
            text(lead.form),
            text(lead.entry.key_id),
            time(now),
            text(lead.document),
            lead.departure.map_or(JsValue::NULL, |departure| text(departure.routing)),
            text(lead.spam),
            if lead.departure.is_none() { time(now) } else { JsValue::NULL },
            optional(lead.via),
            optional(lead.entry.idempotency.map(|kept| kept.key)),
            optional(lead.client_address),
        ],
    )?;
    if let Some(contacts) = lead.contacts {
        duplicates::add_guards(&batch, contacts, lead.lead_id)?;
    }
    let departed = match lead.departure {
        Some(departure) => Some(departure.add_to(&batch, lead.lead_id, now)?),
        None => None,
    };
    let mut rows = batch.run().await?;
    let used = counted.used(&mut rows)?;
    let paused = match departed {
        Some(departed) => departed.paused(&mut rows)?,
        None => Vec::new(),
    };
    Ok(Accepted { used, paused })
}
