//! Deliveries in D1: claimed by compare-and-set, recorded by whoever holds the claim.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::{
    field::Choice,
    lead::{Lead, LeadId},
    timestamp::Timestamp,
};
use worker::worker_sys::D1Database;

use super::d1::{Batch, D1Error, query, text, time, whole};
use crate::{
    delivery::{DeliveryId, LEASE_SECONDS, Status},
    json,
};

/// Most attempts that are kept of a delivery: the first, and the latest. A misconfigured destination
/// is tried every few minutes for as long as it takes.
const LOG_MAX_ENTRIES: i64 = 20;

/// A delivery that is ours until its lease ends.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Which delivery.
    pub id: DeliveryId,
    /// Where to.
    pub destination: String,
    /// Until when nobody else sends it. Also the proof of the claim when the result is recorded.
    pub lease: Timestamp,
    /// Attempts so far that count towards the schedule.
    pub retries: u32,
    /// Whether its destination is paused, so that this is the attempt that finds out.
    pub is_probe: bool,
    /// Whether somebody claimed it before and never said what came of it.
    pub sender_died: bool,
    /// The lead; `None` if what is stored of it cannot be read.
    pub lead: Option<Lead>,
}

#[derive(Deserialize)]
struct DueRow {
    lead_id: String,
    ordinal: u32,
    destination: String,
    status: String,
    retries: u32,
    is_probe: u8,
    document: String,
}

/// The deliveries that are due, oldest first. The same rows for both statements below, since both
/// run in one transaction.
macro_rules! due {
    ($columns:literal, $joins:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM wakeup w JOIN delivery d ON d.lead_id = w.lead_id AND d.due_at = w.due_at ",
            $joins,
            " WHERE w.due_at <= ?1 ORDER BY w.due_at, d.lead_id, d.ordinal LIMIT ?2"
        )
    };
}

const READ_DUE: &str = due!(
    "d.lead_id, d.ordinal, d.destination, d.status, d.retries, l.document,
     EXISTS (SELECT 1 FROM destination_pause p WHERE p.destination = d.destination) AS is_probe",
    "JOIN lead l ON l.id = d.lead_id"
);

const LEASE_DUE: &str = concat!(
    "UPDATE delivery SET status = 'delivering', due_at = ?3, updated_at = ?1 WHERE (lead_id, ordinal) IN (",
    due!("d.lead_id, d.ordinal", "JOIN lead l ON l.id = d.lead_id"),
    ")"
);

/// Claims up to `limit` deliveries that are due. Nobody else gets them before the lease ends.
///
/// # Errors
/// When D1 does not answer.
pub async fn claim(db: &D1Database, now: Timestamp, limit: u32) -> Result<Vec<Claimed>, D1Error> {
    let lease = now.plus_seconds(LEASE_SECONDS);
    let batch = Batch::new(db);
    batch.add(READ_DUE, &[time(now), whole(limit.into())])?;
    batch.add(LEASE_DUE, &[time(now), whole(limit.into()), time(lease)])?;
    let rows = batch.run().await?.of::<DueRow>(0)?;
    let claimed = rows.into_iter().filter_map(|row| {
        Some(Claimed {
            id: DeliveryId { lead: LeadId::parse(&row.lead_id)?, ordinal: row.ordinal },
            destination: row.destination,
            lease,
            retries: row.retries,
            is_probe: row.is_probe != 0,
            sender_died: row.status == Status::Delivering.name(),
            lead: json::parse(&row.document).ok(),
        })
    });
    Ok(claimed.collect())
}

/// What became of a claimed delivery.
#[derive(Debug, Serialize)]
pub struct Settled {
    /// Its lead.
    pub lead_id: String,
    /// Its place among the lead's deliveries.
    pub ordinal: u32,
    /// The claim, as milliseconds.
    pub lease: i64,
    /// Where it stands now.
    pub status: &'static str,
    /// When it is due again, in milliseconds.
    pub due_at: Option<i64>,
    /// What the provider calls the lead.
    pub reference: Option<String>,
    /// Why it stands there.
    pub reason: Option<String>,
    /// 1 if the attempt counts towards the schedule.
    pub counts: u8,
    /// The attempt, if one was made.
    pub attempt: Option<Attempt>,
}

/// One try, as it is kept.
#[derive(Debug, Serialize)]
pub struct Attempt {
    /// When it began.
    pub at: Timestamp,
    /// The provider's status, if it answered.
    pub status_code: Option<u16>,
    /// How long it took.
    pub duration_ms: i64,
    /// What the answer means.
    pub outcome: &'static str,
    /// The beginning of the answer, or what went wrong.
    pub excerpt: Option<String>,
}

/// Only the holder of the claim may record: the lease it was given is the lease that still stands.
const RECORD: &str = "UPDATE delivery SET
  status = r.value->>'status', due_at = r.value->>'due_at',
  reference = coalesce(r.value->>'reference', reference), reason = r.value->>'reason',
  attempts = attempts + (r.value->'attempt' <> 'null'), retries = retries + (r.value->>'counts'),
  attempt_log = iif(r.value->'attempt' = 'null', attempt_log, json_insert(
    iif(json_array_length(attempt_log) >= ?3, json_remove(attempt_log, '$[1]'), attempt_log), '$[#]', json(r.value->'attempt'))),
  updated_at = ?2
FROM json_each(?1) r
WHERE delivery.lead_id = r.value->>'lead_id' AND delivery.ordinal = r.value->>'ordinal'
  AND delivery.status = 'delivering' AND delivery.due_at = r.value->>'lease'";

const PAUSE: &str = "INSERT OR IGNORE INTO destination_pause (destination, reason, since) VALUES (?1, ?2, ?3)";

/// Lets a destination go on: what waited for it (the partial index finds those), and what would have
/// been tried again later (those have a wake-up), is due now. `?1` is the destination, `?2` the time.
const RESUME: [&str; 3] = [
    "DELETE FROM destination_pause WHERE destination = ?1",
    "UPDATE delivery SET due_at = ?2, reason = NULL WHERE destination = ?1 AND status = 'pending' AND due_at IS NULL",
    "UPDATE delivery SET due_at = ?2 WHERE destination = ?1 AND status = 'pending' AND due_at > ?2
       AND lead_id IN (SELECT lead_id FROM wakeup WHERE due_at > ?2)",
];

/// Adds the statements that let a destination go on.
///
/// # Errors
/// When D1 refuses a value.
pub fn add_resume(batch: &Batch<'_>, destination: &str, now: Timestamp) -> Result<(), D1Error> {
    let [delete, release, bring_forward] = RESUME;
    batch.add(delete, &[text(destination)])?;
    batch.add(release, &[text(destination), time(now)])?;
    batch.add(bring_forward, &[text(destination), time(now)])
}

/// A destination that a result paused or found mended.
#[derive(Debug)]
pub enum PauseChange<'a> {
    /// Left alone from now on, and why.
    Paused(&'a str, String),
    /// Works again.
    Resumed(&'a str),
}

/// Records results, in one round trip.
///
/// # Errors
/// When D1 does not answer. The deliveries then come due again when their lease ends.
pub async fn record(
    db: &D1Database,
    settled: &[Settled],
    changes: &[PauseChange<'_>],
    now: Timestamp,
) -> Result<(), D1Error> {
    let results = serde_json::to_string(settled).map_err(|error| D1Error { cause: error.to_string() })?;
    let batch = Batch::new(db);
    batch.add(RECORD, &[text(&results), time(now), whole(LOG_MAX_ENTRIES)])?;
    for change in changes {
        match change {
            PauseChange::Paused(destination, reason) => {
                batch.add(PAUSE, &[text(destination), text(reason), time(now)])?
            }
            PauseChange::Resumed(destination) => add_resume(&batch, destination, now)?,
        }
    }
    batch.run().await.map(|_| ())
}

/// Since when and why a destination is left alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pause {
    /// Since when.
    pub since: Timestamp,
    /// What the provider complained of.
    pub reason: String,
}

#[derive(Deserialize)]
struct PauseRow {
    destination: String,
    reason: String,
    since: i64,
}

/// The destinations that are left alone, by id.
///
/// # Errors
/// When D1 does not answer.
pub async fn paused(db: &D1Database) -> Result<BTreeMap<String, Pause>, D1Error> {
    let rows = query::<PauseRow>(db, "SELECT destination, reason, since FROM destination_pause", &[]).await?;
    let mut paused = BTreeMap::new();
    for row in rows {
        paused.insert(row.destination, Pause { since: Timestamp::from_millis(row.since), reason: row.reason });
    }
    Ok(paused)
}
