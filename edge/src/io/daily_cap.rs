//! How many leads a destination was given today, in D1. Only destinations with a cap have rows, so
//! others pay nothing.

use serde::Deserialize;
use shared::timestamp::Timestamp;
use worker::worker_sys::D1Database;

use super::d1::{Batch, D1Error, query, text, whole};

/// Takes a place if there is one. One statement, so no two leads take the last.
const TAKE: &str = "INSERT INTO destination_day (destination, day, used) VALUES (?1, ?2, 1)
ON CONFLICT (destination, day) DO UPDATE SET used = used + 1 WHERE used < ?3
RETURNING used";

const RELEASE: &str = "UPDATE destination_day SET used = max(used - 1, 0) WHERE destination = ?1 AND day = ?2";

#[derive(Deserialize)]
struct Used {}

/// The UTC day of a moment, such as `2026-11-21`.
pub fn day(now: Timestamp) -> String {
    now.to_string().chars().take(10).collect()
}

/// Takes one of a destination's `cap` places of the day. Whether there was one.
///
/// # Errors
/// When D1 does not answer.
pub async fn take(db: &D1Database, destination: &str, cap: u32, now: Timestamp) -> Result<bool, D1Error> {
    let places = query::<Used>(db, TAKE, &[text(destination), text(&day(now)), whole(cap.into())]).await?;
    Ok(!places.is_empty())
}

/// Adds the statement that gives a place back: the destination did not take the lead.
///
/// # Errors
/// When D1 refuses a value.
pub fn add_release(batch: &Batch<'_>, destination: &str, now: Timestamp) -> Result<(), D1Error> {
    batch.add(RELEASE, &[text(destination), text(&day(now))])
}
