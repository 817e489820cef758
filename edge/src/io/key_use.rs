//! When a key was used last, without a write for each request.
//!
//! Of leads the counter of the key's window tells, which their transaction writes anyway; the hourly
//! clean-up keeps its time before it goes. Of everything else the isolate notes the hour, and writes
//! behind the answer when it sees a key for the first time in an hour.

use std::{cell::RefCell, collections::HashMap};

use shared::timestamp::Timestamp;

use super::{
    bindings::Bindings,
    d1::{Batch, D1Error, text, time, whole},
};
use crate::problem::Problem;

/// How coarse the time is, in seconds.
pub const COARSENESS_SECONDS: i64 = 3_600;

/// Most keys an isolate remembers; beyond it forgets all of them, and writes once more for each.
const MAX_KEYS: usize = 10_000;

thread_local! {
    /// The hour in which each key was noted last.
    static NOTED: RefCell<HashMap<String, i64>> = RefCell::default();
}

/// The same hour is not written twice, whichever isolate saw it.
const NOTE: &str = "INSERT INTO key_use (key_id, at) VALUES (?1, ?2)
ON CONFLICT (key_id) DO UPDATE SET at = excluded.at WHERE excluded.at >= at + ?3";

/// Counters that are about to be forgotten.
const KEEP: &str = "INSERT INTO key_use (key_id, at)
SELECT subject, window_start * 1000 FROM rate_window WHERE kind = 'key' AND window_start < ?1 AND subject IN (SELECT id FROM config WHERE kind = 'key')
ON CONFLICT (key_id) DO UPDATE SET at = max(at, excluded.at)";

/// Whether this isolate sees the key for the first time in this hour.
pub fn is_news(key_id: &str, now: Timestamp) -> bool {
    let hour = now.seconds().div_euclid(COARSENESS_SECONDS);
    NOTED.with_borrow_mut(|noted| {
        if noted.len() >= MAX_KEYS {
            noted.clear();
        }
        noted.insert(key_id.to_owned(), hour) != Some(hour)
    })
}

/// Writes that the key was used.
pub async fn note(bindings: &Bindings, key_id: &str, now: Timestamp) {
    let Ok(db) = bindings.db() else { return };
    let batch = Batch::new(&db);
    let values = [text(key_id), time(now), whole(COARSENESS_SECONDS.saturating_mul(1_000))];
    let noted = match batch.add(NOTE, &values) {
        Ok(()) => batch.run().await.map(drop),
        Err(error) => Err(error),
    };
    if let Err(error) = noted {
        // Logged by being made a problem; nobody waits for it.
        let _ = Problem::from(error);
    }
}

/// Keeps what counters of windows before that second tell, before they are removed.
///
/// # Errors
/// When D1 refuses a value's type.
pub fn add_keeping(batch: &Batch<'_>, oldest_window: i64) -> Result<(), D1Error> {
    batch.add(KEEP, &[whole(oldest_window)])
}

/// Forgets a key that is gone, in the transaction that removes it.
///
/// # Errors
/// When D1 refuses a value's type.
pub fn add_forgetting(batch: &Batch<'_>, key_id: &str) -> Result<(), D1Error> {
    batch.add("DELETE FROM key_use WHERE key_id = ?1", &[text(key_id)])
}
