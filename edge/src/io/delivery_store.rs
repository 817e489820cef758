//! Deliveries in D1: claimed by compare-and-set, recorded by whoever holds the claim.

use serde::{Deserialize, Serialize};
use shared::{
    field::Choice,
    lead::{Lead, LeadId},
    timestamp::Timestamp,
};
use worker::worker_sys::D1Database;

use super::{
    d1::{Batch, D1Error, text, time, whole},
    pause,
};
use crate::{
    delivery::{DeliveryId, LEASE_SECONDS, Status},
    json,
    provider::{FollowUp, Note},
};

/// Most attempts that are kept of a delivery: the first, and the latest. A misconfigured destination
/// is tried every few minutes for as long as it takes.
const LOG_MAX_ENTRIES: i64 = 20;

/// Why a delivery of a lead is cancelled whose consent was withdrawn.
pub(super) const WITHDRAWN: &str = "The consent was withdrawn.";

/// A delivery that is ours until its lease ends.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Which delivery.
    pub id: DeliveryId,
    /// Where to.
    pub destination: String,
    /// Until when nobody else sends it. Also the proof of the claim when the result is recorded.
    pub lease: Timestamp,
    /// The form its lead came by.
    pub form: String,
    /// The way that its lead came through other Leadgates (`hops.rs`).
    pub via: Option<String>,
    /// The group whose turn it has.
    pub group: Option<String>,
    /// Attempts so far.
    pub attempts: u32,
    /// Attempts so far that count towards the schedule.
    pub retries: u32,
    /// What the provider calls the lead, if it took it already.
    pub reference: Option<String>,
    /// The request that completes it, if the lead is there already.
    pub follow_up: Option<Box<FollowUp>>,
    /// Whether its destination is left alone.
    pub is_paused: bool,
    /// Whether this is the attempt that finds out if that is over.
    pub is_probe: bool,
    /// When somebody claimed it before who never said what came of it.
    pub abandoned: Option<Timestamp>,
    /// Whether an attempt before reached the provider, or may have.
    pub may_be_there: bool,
    /// The lead; `None` if what is stored of it cannot be read.
    pub lead: Option<Lead>,
}

#[derive(Deserialize)]
struct DueRow {
    lead_id: String,
    ordinal: u32,
    destination: String,
    status: String,
    attempts: u32,
    retries: u32,
    group_id: Option<String>,
    reference: Option<String>,
    follow_up: Option<String>,
    is_paused: u8,
    is_probe: u8,
    is_lost: u8,
    updated_at: i64,
    form: String,
    via: Option<String>,
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
    "d.lead_id, d.ordinal, d.destination, d.status, d.attempts, d.retries, d.group_id, d.reference, d.follow_up,
     d.updated_at, l.form, l.via, l.document, instr(d.attempt_log, '\"outcome\":\"unconfirmed\"') > 0 AS is_lost,
     EXISTS (SELECT 1 FROM destination_pause p WHERE p.destination = d.destination) AS is_paused,
     d.due_at = 1 AS is_probe",
    "JOIN lead l ON l.id = d.lead_id"
);

const LEASE_DUE: &str = concat!(
    "UPDATE delivery SET status = 'delivering', due_at = ?3, updated_at = ?1 WHERE (lead_id, ordinal) IN (",
    due!("d.lead_id, d.ordinal", "JOIN lead l ON l.id = d.lead_id"),
    ")"
);

/// Claims up to `limit` deliveries that are due, after putting aside those of paused destinations.
/// Nobody else gets them before the lease ends.
///
/// # Errors
/// When D1 does not answer.
pub async fn claim(db: &D1Database, now: Timestamp, limit: u32) -> Result<Vec<Claimed>, D1Error> {
    let lease = now.plus_seconds(LEASE_SECONDS);
    let batch = Batch::new(db);
    pause::add_probes(&batch, now)?;
    batch.add(READ_DUE, &[time(now), whole(limit.into())])?;
    batch.add(LEASE_DUE, &[time(now), whole(limit.into()), time(lease)])?;
    let rows = batch.run().await?.of::<DueRow>(pause::PROBE_STATEMENTS)?;
    Ok(rows.into_iter().filter_map(|row| row.claimed(lease)).collect())
}

impl DueRow {
    fn claimed(self, lease: Timestamp) -> Option<Claimed> {
        let abandoned = (self.status == Status::Delivering.name()).then(|| Timestamp::from_millis(self.updated_at));
        Some(Claimed {
            id: DeliveryId { lead: LeadId::parse(&self.lead_id)?, ordinal: self.ordinal },
            destination: self.destination,
            lease,
            form: self.form,
            via: self.via,
            group: self.group_id,
            attempts: self.attempts,
            retries: self.retries,
            reference: self.reference,
            is_paused: self.is_paused != 0,
            is_probe: self.is_paused != 0 && self.is_probe != 0,
            may_be_there: abandoned.is_some() || self.is_lost != 0 || self.follow_up.is_some(),
            abandoned,
            follow_up: self.follow_up.and_then(|text| json::parse(&text).ok()),
            lead: json::parse(&self.document).ok(),
        })
    }
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
    /// 1 if it waits for its destination.
    pub parked: u8,
    /// What the provider calls the lead.
    pub reference: Option<String>,
    /// Why it stands there.
    pub reason: Option<String>,
    /// 1 if the attempt counts towards the schedule.
    pub counts: u8,
    /// The request that completes it.
    pub follow_up: Option<Box<FollowUp>>,
    /// What of the lead did not fit, if a request was made.
    pub notes: Option<Vec<Note>>,
    /// The attempt, if one was made.
    pub attempt: Option<Attempt>,
}

/// One try, as it is kept.
#[derive(Debug, Clone, Serialize)]
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
/// What waits for a destination that went on meanwhile is due at once. Of a log that is full the oldest
/// attempt makes room, but neither the first nor one of which nobody knows: where the lead may be is
/// read from the log.
const RECORD: &str = "UPDATE delivery SET
  status = r.value->>'status',
  due_at = iif(r.value->>'parked' AND destination NOT IN (SELECT destination FROM destination_pause),
    ?2 + 1, r.value->>'due_at'),
  reference = coalesce(r.value->>'reference', reference), reason = r.value->>'reason',
  follow_up = nullif(r.value->'follow_up', 'null'), notes = iif(r.value->'notes' = 'null', notes, r.value->'notes'),
  attempts = attempts + (r.value->'attempt' <> 'null'), retries = retries + (r.value->>'counts'),
  attempt_log = iif(r.value->'attempt' = 'null', attempt_log, json_insert(
    iif(json_array_length(attempt_log) >= ?3, json_remove(attempt_log, '$[' || coalesce(
      (SELECT min(a.key) FROM json_each(attempt_log) a WHERE a.key > 0 AND a.value->>'outcome' <> 'unconfirmed'), 1) || ']'),
      attempt_log), '$[#]', json(r.value->'attempt'))),
  updated_at = ?2
FROM json_each(?1) r
WHERE delivery.lead_id = r.value->>'lead_id' AND delivery.ordinal = r.value->>'ordinal'
  AND delivery.status = 'delivering' AND delivery.due_at = r.value->>'lease'";

/// Gives the next of a group its turn: the first of the candidates that the lead has no delivery to.
/// Only if the one before still stands as this result left it, so no lead has two turns at once.
const PASS_ON: &str = "INSERT INTO delivery
  (lead_id, ordinal, destination, provider, group_id, status, due_at, created_at, updated_at)
SELECT ?1, (SELECT max(ordinal) + 1 FROM delivery WHERE lead_id = ?1), c.value->>0, c.value->>1, ?3, 'pending', ?4 + 1, ?4, ?4
FROM json_each(?5) c
WHERE EXISTS (SELECT 1 FROM delivery WHERE lead_id = ?1 AND ordinal = ?2 AND updated_at = ?4
    AND status IN ('refused', 'duplicate', 'failed', 'skipped', 'cancelled'))
  AND NOT EXISTS (SELECT 1 FROM delivery WHERE lead_id = ?1 AND destination = c.value->>0)
ORDER BY c.key LIMIT 1";

/// Of a lead that was erased, or whose consent was withdrawn, nothing is begun any more: what was on its way then
/// and would be tried again, and whoever would have had the turn.
const STOP: &str =
    "UPDATE delivery SET status = 'cancelled', due_at = NULL, follow_up = NULL, updated_at = ?2, reason = ?3
WHERE status = 'pending' AND lead_id IN (SELECT l.id FROM json_each(?1) r JOIN lead l ON l.id = r.value ->> 'lead_id'
  WHERE l.erased_at IS NOT NULL OR l.withdrawn_at IS NOT NULL)";

/// What else a result changes.
#[derive(Debug)]
pub enum Change<'a> {
    /// A destination is left alone from now on, why, and by which revision of the configuration.
    Paused(&'a str, String, u64),
    /// A paused destination works again.
    Resumed(&'a str),
    /// A probe found out nothing: the next may go.
    ProbeAgain(&'a str),
    /// Destinations and leads that failed, as a JSON array of pairs.
    Failed(String),
    /// The next of a group has its turn: the delivery before, the group, and who comes after, as a JSON
    /// array of destination and provider.
    PassedOn(DeliveryId, &'a str, String),
}

/// Records results, in one round trip.
///
/// # Errors
/// When D1 does not answer. The deliveries then come due again when their lease ends.
pub async fn record(
    db: &D1Database,
    settled: &[Settled],
    changes: &[Change<'_>],
    now: Timestamp,
) -> Result<(), D1Error> {
    let results = serde_json::to_string(settled).map_err(|error| D1Error { cause: error.to_string() })?;
    let batch = Batch::new(db);
    // Pauses first: what waits for a destination must find it paused.
    for change in changes {
        match change {
            Change::Paused(destination, reason, revision) => {
                pause::add_pause(&batch, destination, reason, *revision, now)?;
            }
            Change::Failed(failures) => pause::add_failures(&batch, failures, now)?,
            _ => {}
        }
    }
    batch.add(RECORD, &[text(&results), time(now), whole(LOG_MAX_ENTRIES)])?;
    for change in changes {
        match change {
            Change::Resumed(destination) => pause::add_resume_after_probe(&batch, destination, now)?,
            Change::ProbeAgain(destination) => pause::add_probe_again(&batch, destination, now)?,
            Change::PassedOn(delivery, group, candidates) => {
                let (lead, ordinal) = (text(&delivery.lead.to_string()), whole(delivery.ordinal.into()));
                batch.add(PASS_ON, &[lead, ordinal, text(group), time(now), text(candidates)])?;
            }
            Change::Paused(..) | Change::Failed(_) => {}
        }
    }
    let goes_on = settled.iter().any(|settled| settled.status == Status::Pending.name());
    if goes_on || changes.iter().any(|change| matches!(change, Change::PassedOn(..))) {
        batch.add(STOP, &[text(&results), time(now), text(WITHDRAWN)])?;
    }
    batch.run().await.map(|_| ())
}
