//! The transaction that accepts a lead: idempotency, limits, the lead and its deliveries, or nothing.

use serde::Deserialize;
use shared::timestamp::Timestamp;
use worker::worker_sys::D1Database;

use super::d1::{Batch, D1Error, text, time, whole};
use crate::rate_limit::RateLimit;

/// What is to be stored.
#[derive(Debug)]
pub struct Acceptance<'a> {
    /// The new lead's id.
    pub lead_id: &'a str,
    /// Its form.
    pub form: &'a str,
    /// The lead as JSON.
    pub document: &'a str,
    /// The key it came with.
    pub key_id: &'a str,
    /// What that key may send.
    pub key_limit: RateLimit,
    /// The client's address as a subject of counting, and what it may send.
    pub address: Option<(&'a str, RateLimit)>,
    /// Why it goes where it goes, as JSON.
    pub routing: &'a str,
    /// Destination, provider and group or `null` of each delivery, in order, as a JSON array of arrays.
    pub deliveries: &'a str,
    /// Until when this request has the deliveries to itself; `None` leaves them to the sweep.
    pub lease: Option<Timestamp>,
    /// The answer to keep, if the request may come again.
    pub idempotency: Option<KeptAnswer<'a>>,
    /// Now.
    pub now: Timestamp,
}

/// An answer that is kept for a repeated request.
#[derive(Debug, Clone, Copy)]
pub struct KeptAnswer<'a> {
    /// The `Idempotency-Key`.
    pub key: &'a str,
    /// What the request was.
    pub fingerprint: &'a str,
    /// The status it was answered with.
    pub status: u16,
    /// The body it was answered with.
    pub body: &'a str,
    /// The `Location` it was answered with.
    pub location: Option<&'a str>,
    /// Until when it is kept.
    pub expires_at: Timestamp,
}

/// What D1 said of an accepted lead.
#[derive(Debug)]
pub struct Accepted {
    /// Leads of the key in this window, this one included.
    pub used: u32,
    /// Destinations that are left alone; the deliveries to them wait.
    pub paused: Vec<String>,
}

/// Why nothing was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The key has used up its window.
    KeyLimit,
    /// The client's address has used up its window.
    AddressLimit,
    /// The key was revoked.
    KeyRevoked,
    /// An answer is kept under the same `Idempotency-Key`.
    IdempotencyTaken,
    /// D1 does not answer.
    Store(D1Error),
}

impl From<D1Error> for Refusal {
    /// D1 names the constraint that failed in the error's text and nowhere else.
    fn from(error: D1Error) -> Self {
        let names = |constraint: &str| error.cause.contains(constraint);
        if names("UNIQUE constraint failed: idempotency") {
            Self::IdempotencyTaken
        } else if names("CHECK constraint failed: key_limit") {
            Self::KeyLimit
        } else if names("CHECK constraint failed: address_limit") {
            Self::AddressLimit
        } else if names("key_revoked") {
            Self::KeyRevoked
        } else {
            Self::Store(error)
        }
    }
}

const FORGET_EXPIRED: &str = "DELETE FROM idempotency WHERE key_id = ?1 AND idempotency_key = ?2 AND expires_at <= ?3";

const KEEP_ANSWER: &str =
    "INSERT INTO idempotency (key_id, idempotency_key, fingerprint, status, body, location, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

/// Counts one more in the window, or begins a new one. The CHECK on the row refuses one too many.
const COUNT: &str = "INSERT INTO rate_window (subject, kind, window_start, used, allowed) VALUES (?1, ?2, ?3, 1, ?4)
ON CONFLICT (subject) DO UPDATE SET
  used = CASE WHEN excluded.window_start > window_start THEN 1 ELSE used + 1 END,
  window_start = max(window_start, excluded.window_start),
  allowed = excluded.allowed
RETURNING used";

const INSERT_LEAD: &str = "INSERT INTO lead (id, form, key_id, created_at, updated_at, document, routing) VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6)";

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
struct Used {
    used: u32,
}

#[derive(Deserialize)]
struct Paused {
    destination: String,
}

/// Stores the lead with everything that belongs to it, in one round trip.
///
/// # Errors
/// Why nothing was stored.
pub async fn accept(db: &D1Database, lead: &Acceptance<'_>) -> Result<Accepted, Refusal> {
    let batch = Batch::new(db);
    let mut counted_at = 0_usize;
    // Idempotency first: a request that comes again must not be told that it is one too many.
    if let Some(kept) = lead.idempotency {
        let location = kept.location.map_or(wasm_bindgen::JsValue::NULL, text);
        batch.add(FORGET_EXPIRED, &[text(lead.key_id), text(kept.key), time(lead.now)])?;
        let values = [
            text(lead.key_id),
            text(kept.key),
            text(kept.fingerprint),
            whole(kept.status.into()),
            text(kept.body),
            location,
            time(kept.expires_at),
        ];
        batch.add(KEEP_ANSWER, &values)?;
        counted_at = 2;
    }
    count(&batch, lead.key_id, "key", lead.key_limit, lead.now)?;
    if let Some((subject, limit)) = lead.address {
        count(&batch, subject, "address", limit, lead.now)?;
    }
    batch.add(
        INSERT_LEAD,
        &[
            text(lead.lead_id),
            text(lead.form),
            text(lead.key_id),
            time(lead.now),
            text(lead.document),
            text(lead.routing),
        ],
    )?;
    let (status, due) = match lead.lease {
        Some(until) => ("delivering", until),
        None => ("pending", lead.now),
    };
    let values = [text(lead.lead_id), text(status), time(due), time(lead.now), text(lead.deliveries)];
    batch.add(INSERT_DELIVERIES, &values)?;
    batch.add(PAUSED, &[])?;
    let paused_at = if lead.address.is_some() { 4_usize } else { 3 }.saturating_add(counted_at);

    let mut rows = batch.run().await?;
    let used = rows.of::<Used>(counted_at)?.first().map_or(0, |row| row.used);
    let paused = rows.of::<Paused>(paused_at)?.into_iter().map(|row| row.destination).collect();
    Ok(Accepted { used, paused })
}

fn count(batch: &Batch<'_>, subject: &str, kind: &str, limit: RateLimit, now: Timestamp) -> Result<(), D1Error> {
    let start = limit.window_at(now).start;
    batch.add(COUNT, &[text(subject), text(kind), whole(start), whole(limit.limit.into())])
}

/// An answer that was kept.
#[derive(Debug, Deserialize)]
pub struct Replay {
    /// What the request was.
    pub fingerprint: String,
    /// The status it was answered with.
    pub status: u16,
    /// The body it was answered with.
    pub body: String,
    /// The `Location` it was answered with.
    pub location: Option<String>,
}

/// The answer kept under that `Idempotency-Key`.
///
/// # Errors
/// When D1 does not answer.
pub async fn replay(db: &D1Database, key_id: &str, idempotency_key: &str) -> Result<Option<Replay>, D1Error> {
    let sql = "SELECT fingerprint, status, body, location FROM idempotency WHERE key_id = ?1 AND idempotency_key = ?2";
    let rows = super::d1::query::<Replay>(db, sql, &[text(key_id), text(idempotency_key)]).await?;
    Ok(rows.into_iter().next())
}
