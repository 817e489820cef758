//! Destinations that are left alone: paused, probed and let go on, in D1.
//!
//! While a destination is paused its deliveries wait with `due_at` NULL, and one of them at a time is
//! let through to find out whether it is over. A pause of the kind `misconfigured` comes from one
//! answer; `failing` is the circuit breaker: it trips when many leads in a row fail within a minute.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::timestamp::Timestamp;
use worker::worker_sys::D1Database;

use super::d1::{Batch, D1Error, query, text, time, whole};

/// Leads in a row, within [`BREAKER_WINDOW_SECONDS`], that a destination must fail before it is left
/// alone. A destination that is down fails this many at once under load; one lead that is retried
/// counts once, so a quiet day never trips it.
const BREAKER_FAILURES: i64 = 20;

/// See [`BREAKER_FAILURES`].
const BREAKER_WINDOW_SECONDS: i64 = 60;

/// How long a failing destination is left alone between two probes, in seconds: an outage that is
/// over costs half a minute more.
pub const FAILING_PROBE_SECONDS: i64 = 30;

/// The same for one that is misconfigured: often enough that a mended one is noticed soon, rarely
/// enough to be no nuisance.
const MISCONFIGURED_PROBE_SECONDS: i64 = 300;

/// Most deliveries that one sweep puts aside for paused destinations: what one statement may write.
const PARK_LIMIT: i64 = 500;

/// The `due_at` of a probe: earlier than everything else, so it is claimed first, and no real time.
pub const PROBE_DUE: i64 = 1;

const PAUSE: &str = "INSERT INTO destination_pause (destination, reason, since, kind, probe_at)
VALUES (?1, ?2, ?3, 'misconfigured', ?3 + ?4)
ON CONFLICT (destination) DO UPDATE SET reason = excluded.reason, kind = excluded.kind, probe_at = excluded.probe_at";

/// Counts failures, given as pairs of destination and lead. The same lead again counts nothing.
const COUNT_FAILURES: &str = "INSERT INTO destination_failure (destination, failures, since, lead_id)
SELECT value->>0, 1, ?2, value->>1 FROM json_each(?1) WHERE true
ON CONFLICT (destination) DO UPDATE SET
  failures = iif(since < ?2 - ?3, 1, failures + (lead_id <> excluded.lead_id)),
  since = iif(since < ?2 - ?3, ?2, since),
  lead_id = excluded.lead_id";

const TRIP: &str = "INSERT OR IGNORE INTO destination_pause (destination, reason, since, kind, probe_at)
SELECT destination, 'The destination failed ' || failures || ' leads in a row.', ?1, 'failing', ?1 + ?2
FROM destination_failure WHERE failures >= ?3";

/// Puts aside what is due of paused destinations. Not what a dead sender left behind: whether that
/// may be sent again is decided when it is claimed. Not what has its turn in a group: it passes on.
const PARK: &str = "UPDATE delivery SET due_at = NULL, updated_at = ?1,
  reason = (SELECT p.reason FROM destination_pause p WHERE p.destination = delivery.destination)
WHERE (lead_id, ordinal) IN (
  SELECT d.lead_id, d.ordinal FROM wakeup w JOIN delivery d ON d.lead_id = w.lead_id AND d.due_at = w.due_at
  WHERE w.due_at <= ?1 AND w.due_at <> ?2 AND d.status = 'pending' AND d.group_id IS NULL
    AND d.destination IN (SELECT destination FROM destination_pause)
  LIMIT ?3)";

/// Lets the oldest of what waits for each paused destination through whose time has come.
const PROBE: &str =
    "UPDATE delivery SET due_at = ?2 WHERE status = 'pending' AND due_at IS NULL AND (lead_id, destination) IN (
  SELECT (SELECT min(w.lead_id) FROM delivery w
          WHERE w.destination = p.destination AND w.status = 'pending' AND w.due_at IS NULL), p.destination
  FROM destination_pause p WHERE p.probe_at <= ?1)";

const NEXT_PROBE: &str = "UPDATE destination_pause SET probe_at = ?1 + iif(kind = 'failing', ?2, ?3)
WHERE probe_at <= ?1 AND destination IN (
  SELECT d.destination FROM wakeup w JOIN delivery d ON d.lead_id = w.lead_id AND d.due_at = w.due_at WHERE w.due_at = ?4)";

/// Lets a destination go on: what waited for it is due now. What has a time of its own keeps it,
/// since a provider may have asked for it.
const RESUME: [&str; 3] = [
    "DELETE FROM destination_pause WHERE destination = ?1",
    "DELETE FROM destination_failure WHERE destination = ?1",
    "UPDATE delivery SET due_at = ?2, reason = NULL WHERE destination = ?1 AND status = 'pending' AND due_at IS NULL",
];

/// Finds deliveries that wait for nothing any more. None do, unless a fault of ours left them behind.
const RELEASE_STRAYS: &str = "UPDATE delivery SET due_at = ?1 WHERE status = 'pending' AND due_at IS NULL
  AND destination NOT IN (SELECT destination FROM destination_pause)";

/// Adds the statements that put aside what is due of paused destinations, and choose the probes.
///
/// # Errors
/// When D1 refuses a value.
pub fn add_probes(batch: &Batch<'_>, now: Timestamp) -> Result<(), D1Error> {
    let seconds = |value: i64| whole(value.saturating_mul(1000));
    batch.add(PARK, &[time(now), whole(PROBE_DUE), whole(PARK_LIMIT)])?;
    batch.add(PROBE, &[time(now), whole(PROBE_DUE)])?;
    let intervals = [seconds(FAILING_PROBE_SECONDS), seconds(MISCONFIGURED_PROBE_SECONDS)];
    let [failing, misconfigured] = intervals;
    batch.add(NEXT_PROBE, &[time(now), failing, misconfigured, whole(PROBE_DUE)])
}

/// How many statements [`add_probes`] adds.
pub const PROBE_STATEMENTS: usize = 3;

/// Adds the statement that leaves a destination alone from now on.
///
/// # Errors
/// When D1 refuses a value.
pub fn add_pause(batch: &Batch<'_>, destination: &str, reason: &str, now: Timestamp) -> Result<(), D1Error> {
    let interval = MISCONFIGURED_PROBE_SECONDS.saturating_mul(1000);
    batch.add(PAUSE, &[text(destination), text(reason), time(now), whole(interval)])
}

/// Adds the statements that count failures, a JSON array of pairs of destination and lead, and leave
/// alone what failed too often.
///
/// # Errors
/// When D1 refuses a value.
pub fn add_failures(batch: &Batch<'_>, failures: &str, now: Timestamp) -> Result<(), D1Error> {
    let millis = |seconds: i64| whole(seconds.saturating_mul(1000));
    batch.add(COUNT_FAILURES, &[text(failures), time(now), millis(BREAKER_WINDOW_SECONDS)])?;
    batch.add(TRIP, &[time(now), millis(FAILING_PROBE_SECONDS), whole(BREAKER_FAILURES)])
}

/// Adds the statements that let a destination go on.
///
/// # Errors
/// When D1 refuses a value.
pub fn add_resume(batch: &Batch<'_>, destination: &str, now: Timestamp) -> Result<(), D1Error> {
    let [mend, forgive, release] = RESUME;
    batch.add(mend, &[text(destination)])?;
    batch.add(forgive, &[text(destination)])?;
    batch.add(release, &[text(destination), time(now)])
}

/// Adds the statement that lets the next probe of a destination go at once.
///
/// # Errors
/// When D1 refuses a value.
pub fn add_probe_again(batch: &Batch<'_>, destination: &str, now: Timestamp) -> Result<(), D1Error> {
    batch.add("UPDATE destination_pause SET probe_at = ?2 WHERE destination = ?1", &[text(destination), time(now)])
}

/// Adds the statement that finds deliveries left behind.
///
/// # Errors
/// When D1 refuses a value.
pub fn add_release_of_strays(batch: &Batch<'_>, now: Timestamp) -> Result<(), D1Error> {
    batch.add(RELEASE_STRAYS, &[time(now)])
}

/// Since when and why a destination is left alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pause {
    /// `misconfigured` or `failing`.
    pub kind: String,
    /// Since when.
    pub since: Timestamp,
    /// What the provider complained of.
    pub reason: String,
    /// When one delivery is let through to find out whether it is over.
    pub probe_at: Timestamp,
}

#[derive(Deserialize)]
struct PauseRow {
    destination: String,
    kind: String,
    reason: String,
    since: i64,
    probe_at: i64,
}

/// The destinations that are left alone, by id.
///
/// # Errors
/// When D1 does not answer.
pub async fn paused(db: &D1Database) -> Result<BTreeMap<String, Pause>, D1Error> {
    let sql = "SELECT destination, kind, reason, since, probe_at FROM destination_pause";
    let mut paused = BTreeMap::new();
    for PauseRow { destination, kind, reason, since, probe_at } in query::<PauseRow>(db, sql, &[]).await? {
        let (since, probe_at) = (Timestamp::from_millis(since), Timestamp::from_millis(probe_at));
        paused.insert(destination, Pause { kind, since, reason, probe_at });
    }
    Ok(paused)
}
