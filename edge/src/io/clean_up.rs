//! Forgetting what need not be kept any more.

use shared::timestamp::Timestamp;
use worker::worker_sys::D1Database;

use super::{
    d1::{Batch, D1Error, text, time, whole},
    daily_cap, key_use, pause,
};
use crate::rate_limit::RateLimit;

/// A day.
const DAY_SECONDS: i64 = 86_400;

/// How long an alert that was told is remembered, in seconds: a week. One that is raised again within
/// this goes on counting.
const ALERT_KEPT_SECONDS: i64 = 7 * DAY_SECONDS;

/// Removes kept answers whose time is over, counts of windows and days that have passed, and alerts
/// that were told, and lets go what waits for nothing. None of them has an index of its own, so this looks at whole tables and is called about once an hour.
///
/// # Errors
/// When D1 does not answer.
pub async fn forget_expired(db: &D1Database, now: Timestamp) -> Result<(), D1Error> {
    let oldest_window = now.seconds().saturating_sub(RateLimit::MAX_WINDOW_SECONDS.into());
    let batch = Batch::new(db);
    batch.add("DELETE FROM idempotency WHERE expires_at <= ?1", &[time(now)])?;
    key_use::add_keeping(&batch, oldest_window)?;
    batch.add("DELETE FROM rate_window WHERE window_start < ?1", &[whole(oldest_window)])?;
    batch.add(
        "DELETE FROM destination_place WHERE day < ?1",
        &[text(&daily_cap::day(now.plus_seconds(-DAY_SECONDS)))],
    )?;
    batch.add(
        "DELETE FROM alert WHERE last_at < ?1 AND due_at IS NULL",
        &[time(now.plus_seconds(-ALERT_KEPT_SECONDS))],
    )?;
    pause::add_release_of_strays(&batch, now)?;
    batch.run().await.map(|_| ())
}
