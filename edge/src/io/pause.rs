//! Destinations that are left alone: paused, probed and let go on, in D1.
//!
//! While a destination is paused its deliveries wait with `due_at` NULL, and one of them at a time is
//! let through to find out whether it is over. A pause of the kind `misconfigured` comes from one
//! answer; `failing` is the circuit breaker: it trips when many leads in a row fail within a minute.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::timestamp::Timestamp;
use wasm_bindgen::JsValue;
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

/// Only if the configuration that failed is the one in force: an isolate may know an older one for a
/// while after a destination was mended. What it sent by that is due again at once.
const PAUSE: &str = "INSERT INTO destination_pause (destination, reason, since, kind, probe_at)
SELECT ?1, ?2, ?3, 'misconfigured', ?3 + ?4 FROM catalog_revision WHERE written <= ?5
ON CONFLICT (destination) DO UPDATE SET reason = excluded.reason, probe_at = excluded.probe_at,
  since = iif(kind = excluded.kind, since, excluded.since), kind = excluded.kind";

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

/// Lets one of what waits for each paused destination through whose time has come: the least recently
/// touched, so that each is asked in its turn whatever became of the one before.
const PROBE: &str =
    "UPDATE delivery SET due_at = ?2 WHERE status = 'pending' AND due_at IS NULL AND (lead_id, destination) IN (
  SELECT (SELECT w.lead_id FROM delivery w
          WHERE w.destination = p.destination AND w.status = 'pending' AND w.due_at IS NULL
          ORDER BY w.updated_at LIMIT 1), p.destination
  FROM destination_pause p WHERE p.probe_at <= ?1)";

const NEXT_PROBE: &str = "UPDATE destination_pause SET probe_at = ?1 + iif(kind = 'failing', ?2, ?3)
WHERE probe_at <= ?1 AND destination IN (
  SELECT d.destination FROM wakeup w JOIN delivery d ON d.lead_id = w.lead_id AND d.due_at = w.due_at WHERE w.due_at = ?4)";

/// How long after a probe that got through the deliveries are left that were tried before and did not,
/// in milliseconds. If one of them is to blame, all that was never tried goes before it.
const TRIED_BEFORE_MILLIS: i64 = 60_000;

/// Lets a destination go on: what waited for it is due now. What has a time of its own keeps it,
/// since a provider may have asked for it.
const RESUME: [&str; 3] = [
    "DELETE FROM destination_pause WHERE destination = ?1",
    "DELETE FROM destination_failure WHERE destination = ?1",
    "UPDATE delivery SET due_at = ?2 + iif(attempts > 0, ?3, 0), reason = NULL
     WHERE destination = ?1 AND status = 'pending' AND due_at IS NULL",
];

/// Makes everything of a destination that is gone due, so that it is cancelled now and not sent if
/// another destination gets the id.
const HURRY: &str = "UPDATE delivery SET due_at = ?2 WHERE status = 'pending' AND (lead_id, ordinal) IN (
  SELECT d.lead_id, d.ordinal FROM wakeup w JOIN delivery d ON d.lead_id = w.lead_id AND d.due_at = w.due_at
  WHERE w.due_at > ?2 AND d.destination = ?1)";

/// Finds deliveries that wait for nothing any more. None do, unless a fault of ours left them behind.
const RELEASE_STRAYS: &str = "UPDATE delivery SET due_at = ?1 WHERE status = 'pending' AND due_at IS NULL
  AND destination NOT IN (SELECT destination FROM destination_pause)";

/// One statement, so that no two find that it is their time.
const TAKE_PROBE: &str = "UPDATE destination_pause SET probe_at = ?1 + iif(kind = 'failing', ?2, ?3)
WHERE probe_at <= ?1 AND destination = ?4 RETURNING destination";

/// Adds the statements that put aside what is due of paused destinations, and choose the probes.
///
/// # Errors
/// When D1 refuses a value.
pub fn add_probes(batch: &Batch<'_>, now: Timestamp) -> Result<(), D1Error> {
    batch.add(PARK, &[time(now), whole(PROBE_DUE), whole(PARK_LIMIT)])?;
    batch.add(PROBE, &[time(now), whole(PROBE_DUE)])?;
    let [failing, misconfigured] = probe_intervals();
    batch.add(NEXT_PROBE, &[time(now), failing, misconfigured, whole(PROBE_DUE)])
}

/// Milliseconds between two probes of a destination that is failing, and of one that is misconfigured.
fn probe_intervals() -> [JsValue; 2] {
    [FAILING_PROBE_SECONDS, MISCONFIGURED_PROBE_SECONDS].map(|seconds| whole(seconds.saturating_mul(1000)))
}

/// How many statements [`add_probes`] adds.
pub const PROBE_STATEMENTS: usize = 3;

/// Adds the statement that leaves a destination alone from now on, if `revision` of the configuration,
/// by which it failed, is in force.
///
/// # Errors
/// When D1 refuses a value.
pub fn add_pause(
    batch: &Batch<'_>,
    destination: &str,
    reason: &str,
    revision: u64,
    now: Timestamp,
) -> Result<(), D1Error> {
    let interval = MISCONFIGURED_PROBE_SECONDS.saturating_mul(1000);
    let revision = whole(i64::try_from(revision).unwrap_or(i64::MAX));
    batch.add(PAUSE, &[text(destination), text(reason), time(now), whole(interval), revision])
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

/// Adds the statements that let a destination go on after a person changed it.
///
/// # Errors
/// When D1 refuses a value.
pub fn add_resume(batch: &Batch<'_>, destination: &str, now: Timestamp) -> Result<(), D1Error> {
    resume(batch, destination, now, 0)
}

/// Adds the statements that let a destination go on since a probe got through.
///
/// # Errors
/// When D1 refuses a value.
pub fn add_resume_after_probe(batch: &Batch<'_>, destination: &str, now: Timestamp) -> Result<(), D1Error> {
    resume(batch, destination, now, TRIED_BEFORE_MILLIS)
}

fn resume(batch: &Batch<'_>, destination: &str, now: Timestamp, tried_before: i64) -> Result<(), D1Error> {
    let [mend, forgive, release] = RESUME;
    batch.add(mend, &[text(destination)])?;
    batch.add(forgive, &[text(destination)])?;
    batch.add(release, &[text(destination), time(now), whole(tried_before)])
}

/// Adds the statements that make everything of a removed destination due, to be cancelled.
///
/// # Errors
/// When D1 refuses a value.
pub fn add_removal(batch: &Batch<'_>, destination: &str, now: Timestamp) -> Result<(), D1Error> {
    add_resume(batch, destination, now)?;
    batch.add(HURRY, &[text(destination), time(now)])
}

#[derive(Deserialize)]
struct Taken {}

/// Takes the right to find out whether a paused destination works again, for a delivery that does not
/// wait for it: one whose turn in a group goes to the next. Whether it is time to.
///
/// # Errors
/// When D1 does not answer.
pub async fn take_probe(db: &D1Database, destination: &str, now: Timestamp) -> Result<bool, D1Error> {
    let [failing, misconfigured] = probe_intervals();
    let values = [time(now), failing, misconfigured, text(destination)];
    Ok(!query::<Taken>(db, TAKE_PROBE, &values).await?.is_empty())
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Pause {
    /// `misconfigured` or `failing`.
    pub kind: String,
    /// Since when.
    pub since: Timestamp,
    /// The status of the answer, or a sentence of ours. Never the provider's words: they may repeat one
    /// lead's data, and this is shown with others.
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
