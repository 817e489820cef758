//! Forgetting what need not be kept any more.

use shared::timestamp::Timestamp;
use worker::worker_sys::D1Database;

use super::d1::{Batch, D1Error, time, whole};
use crate::rate_limit::RateLimit;

/// Removes kept answers whose time is over and counts of windows that have passed. Neither has an
/// index of its own, so this looks at whole tables and is called about once an hour.
///
/// # Errors
/// When D1 does not answer.
pub async fn forget_expired(db: &D1Database, now: Timestamp) -> Result<(), D1Error> {
    let oldest_window = now.seconds().saturating_sub(RateLimit::MAX_WINDOW_SECONDS.into());
    let batch = Batch::new(db);
    batch.add("DELETE FROM idempotency WHERE expires_at <= ?1", &[time(now)])?;
    batch.add("DELETE FROM rate_window WHERE window_start < ?1", &[whole(oldest_window)])?;
    batch.run().await.map(|_| ())
}
