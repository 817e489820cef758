//! What every submission that is answered with success spends, in the transaction that stores what came of
//! it: an answer that is kept for a repeat, and a place in each limit.

use serde::Deserialize;
use shared::timestamp::Timestamp;
use worker::worker_sys::D1Database;

use super::d1::{Batch, D1Error, Rows, text, time, whole};
use crate::rate_limit::RateLimit;

/// What is to be spent.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The key it came with.
    pub key_id: &'a str,
    /// What that key may send.
    pub key_limit: RateLimit,
    /// The client's address as a subject of counting, and what it may send.
    pub address: Option<(&'a str, RateLimit)>,
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
    /// A lead of the same person is there, and the form wants one of each.
    Duplicate,
    /// A lead that was to be changed is not as it was read.
    Changed,
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
        } else if names("UNIQUE constraint failed: duplicate_guard") {
            Self::Duplicate
        } else if names("NOT NULL constraint failed: lead.version") {
            Self::Changed
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

#[derive(Deserialize)]
struct Used {
    used: u32,
}

/// Where in a batch the key's count is told.
#[derive(Debug, Clone, Copy)]
pub struct Counted(usize);

impl Counted {
    /// Leads of the key in this window, this one included.
    ///
    /// # Errors
    /// When the result is not what was asked for.
    pub fn used(self, rows: &mut Rows) -> Result<u32, D1Error> {
        Ok(rows.of::<Used>(self.0)?.first().map_or(0, |row| row.used))
    }
}

impl Entry<'_> {
    /// Adds what is spent to a transaction, before all that it pays for.
    ///
    /// # Errors
    /// When D1 refuses a value's type.
    pub fn add_to(&self, batch: &Batch<'_>) -> Result<Counted, D1Error> {
        // Idempotency first: a request that comes again must not be told that it is one too many.
        if let Some(kept) = self.idempotency {
            let location = kept.location.map_or(wasm_bindgen::JsValue::NULL, text);
            batch.add(FORGET_EXPIRED, &[text(self.key_id), text(kept.key), time(self.now)])?;
            let values = [
                text(self.key_id),
                text(kept.key),
                text(kept.fingerprint),
                whole(kept.status.into()),
                text(kept.body),
                location,
                time(kept.expires_at),
            ];
            batch.add(KEEP_ANSWER, &values)?;
        }
        let counted = Counted(batch.next());
        count(batch, self.key_id, "key", self.key_limit, self.now)?;
        if let Some((subject, limit)) = self.address {
            count(batch, subject, "address", limit, self.now)?;
        }
        Ok(counted)
    }
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

/// Keeps another body under that `Idempotency-Key`: what was answered once more became of the request.
///
/// # Errors
/// When D1 does not answer.
pub async fn keep_body(db: &D1Database, key_id: &str, idempotency_key: &str, body: &str) -> Result<(), D1Error> {
    let sql = "UPDATE idempotency SET body = ?3 WHERE key_id = ?1 AND idempotency_key = ?2";
    super::d1::rows(db, sql, &[text(key_id), text(idempotency_key), text(body)]).await.map(drop)
}

/// The answer that is kept under that `Idempotency-Key` now.
///
/// # Errors
/// When D1 does not answer.
pub async fn replay(
    db: &D1Database,
    key_id: &str,
    idempotency_key: &str,
    now: Timestamp,
) -> Result<Option<Replay>, D1Error> {
    let sql = "SELECT fingerprint, status, body, location FROM idempotency
WHERE key_id = ?1 AND idempotency_key = ?2 AND expires_at > ?3";
    let rows = super::d1::query::<Replay>(db, sql, &[text(key_id), text(idempotency_key), time(now)]).await?;
    Ok(rows.into_iter().next())
}
