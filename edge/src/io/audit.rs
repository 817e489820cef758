//! What admins did, and what became of personal data: one row in D1 for each change, in the transaction that makes it.

use serde_json::Value;
use shared::timestamp::Timestamp;
use wasm_bindgen::JsValue;
use worker::worker_sys::D1Database;

use super::{
    config_writer::Sort,
    d1::{Batch, D1Error, rows, text, time, whole},
};

/// Who did it. There is one admin token, and a piece of its hash would help to guess it.
const ACTOR: &str = "admin";

/// Whoever sent a request with the admin token.
#[derive(Debug, Clone)]
pub struct Admin<'a> {
    /// The request's id, also in its answer and in the log.
    pub request_id: &'a str,
    /// The client's address, truncated; `None` where the runtime does not tell.
    pub address: Option<String>,
    /// When the request came.
    pub now: Timestamp,
}

/// What an admin does something to.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// Who does it.
    pub admin: &'a Admin<'a>,
    /// What sort of configuration.
    pub sort: Sort,
    /// Which one.
    pub id: &'a str,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Made new or written anew, whichever it is at the moment of the transaction.
    Written,
    /// Removed; says nothing if it is not there.
    Removed,
    /// A key was replaced by another.
    Rotated,
    /// A key was revoked; says nothing if it is not there.
    Revoked,
    /// A destination was sent a test.
    Tested,
}

/// The word, and when there is something to say. Runs before the change itself.
const fn rule(action: Action) -> (&'static str, &'static str) {
    /// Whether the thing is there before the change.
    macro_rules! present {
        () => {
            "EXISTS (SELECT 1 FROM config WHERE kind = ?2 AND id = ?3)"
        };
    }
    match action {
        Action::Written => (concat!("iif(", present!(), ", 'replaced', 'created')"), "true"),
        Action::Removed => ("'removed'", present!()),
        Action::Rotated => ("'rotated'", "true"),
        Action::Revoked => ("'revoked'", present!()),
        Action::Tested => ("'tested'", "true"),
    }
}

impl Change<'_> {
    /// Adds the row to the transaction; before the statements of the change itself.
    ///
    /// # Errors
    /// When D1 refuses a value's type.
    pub fn add(&self, batch: &Batch<'_>, action: Action) -> Result<(), D1Error> {
        self.add_if(batch, action, "true")
    }

    /// Adds the row where a condition holds that looks at the thing by its kind `?2` and id `?3`.
    ///
    /// # Errors
    /// When D1 refuses a value's type.
    pub fn add_if(&self, batch: &Batch<'_>, action: Action, condition: &str) -> Result<(), D1Error> {
        let (word, rule) = rule(action);
        let sql = format!(
            "INSERT INTO audit (at, kind, target, actor, request_id, address, action)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, {word} WHERE {rule} AND {condition}"
        );
        let values = [
            time(self.admin.now),
            text(self.sort.name()),
            text(self.id),
            text(ACTOR),
            text(self.admin.request_id),
            self.admin.address.as_deref().map_or(JsValue::NULL, text),
        ];
        batch.add(&sql, &values)
    }
}

/// Writes the row of something that changes nothing else.
///
/// # Errors
/// When D1 does not answer.
pub async fn record(db: &D1Database, change: &Change<'_>, action: Action) -> Result<(), D1Error> {
    let batch = Batch::new(db);
    change.add(&batch, action)?;
    batch.run().await.map(drop)
}

/// An entry as it is shown, with its number `seq`: later ones have higher ones.
const LATEST: &str = "SELECT id AS seq, strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch') AS at,
  action, kind, target AS id, actor, request_id, address, counts
FROM audit WHERE audit.id < ?1 ORDER BY audit.id DESC LIMIT ?2";

/// The latest entries before number `before`, at most `limit`.
///
/// # Errors
/// When D1 does not answer.
pub async fn latest(db: &D1Database, before: i64, limit: i64) -> Result<Vec<Value>, D1Error> {
    let mut entries = rows(db, LATEST, &[whole(before), whole(limit)]).await?;
    for counts in entries.iter_mut().filter_map(|entry| entry.get_mut("counts")) {
        *counts = counts.as_str().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    }
    Ok(entries)
}
