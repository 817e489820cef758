//! A delivery: one lead to one destination, and what becomes of it after each attempt.

pub mod backoff;

use std::fmt;

use serde::{Deserialize, Serialize};
use shared::{field::Choice, lead::LeadId, timestamp::Timestamp};

use crate::provider::{FollowUp, OnUnconfirmed, Outcome};
use backoff::{Jitter, Schedule};

/// How long a claim on a delivery holds, in seconds. Longer than any provider may take
/// (`destination::MAX_TIMEOUT_MS`) and the recording after it; short enough that what a crash left
/// behind goes out soon.
pub const LEASE_SECONDS: i64 = 30;

/// What stands around a request within its lease, in milliseconds: taking a place of the day, asking
/// whether anybody listens (3 s), waiting for other results to record (2 s), and recording.
const AROUND_A_REQUEST_MILLIS: i64 = 8_000;

/// Most destinations of one lead. Their ordinals stand in delivery ids.
pub const MAX_PER_LEAD: usize = 50;

/// The identity of a delivery: its lead and its place among the lead's deliveries, written
/// `{lead id}_{ordinal}`. It goes to the provider as `Idempotency-Key` with every attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeliveryId {
    /// The lead.
    pub lead: LeadId,
    /// From 1.
    pub ordinal: u32,
}

impl fmt::Display for DeliveryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.lead, self.ordinal)
    }
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "DeliveryStatus"))]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Waits for its time, or for its destination to be mended.
    Pending,
    /// Somebody has a lease on it and is sending it.
    Delivering,
    /// The provider has the lead.
    Delivered,
    /// The provider had the person already.
    Duplicate,
    /// The provider will never take it.
    Refused,
    /// Nobody knows; a person decides.
    Unconfirmed,
    /// Given up after the last retry; can be replayed.
    Failed,
    /// The lead lacks what the provider requires.
    Skipped,
    /// Its destination or its lead is gone.
    Cancelled,
}

impl Choice for Status {
    const ALL: &'static [(&'static str, Self)] = &[
        ("pending", Self::Pending),
        ("delivering", Self::Delivering),
        ("delivered", Self::Delivered),
        ("duplicate", Self::Duplicate),
        ("refused", Self::Refused),
        ("unconfirmed", Self::Unconfirmed),
        ("failed", Self::Failed),
        ("skipped", Self::Skipped),
        ("cancelled", Self::Cancelled),
    ];
}

/// What a delivery becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// Where it stands now.
    pub status: Status,
    /// When it is to be tried again; `None` when it is not, or only after its destination went on.
    pub due_at: Option<Timestamp>,
    /// What the provider calls the lead.
    pub reference: Option<String>,
    /// Why it stands there.
    pub reason: Option<String>,
    /// The request that still completes it.
    pub follow_up: Option<Box<FollowUp>>,
    /// Whether its destination must be left alone until it is mended.
    pub pauses_destination: bool,
}

impl Next {
    /// A delivery that nothing will change by itself.
    pub fn settled(status: Status, reason: Option<String>) -> Self {
        Self { status, due_at: None, reference: None, reason, follow_up: None, pauses_destination: false }
    }

    fn pending(due_at: Timestamp, reason: Option<String>) -> Self {
        Self { due_at: Some(due_at), ..Self::settled(Status::Pending, reason) }
    }

    /// A delivery that waits for its destination, which is left alone already.
    pub fn parked(reason: String) -> Self {
        Self::settled(Status::Pending, Some(reason))
    }

    /// A delivery whose destination must be left alone until it is mended.
    pub fn paused(reason: String) -> Self {
        Self { pauses_destination: true, ..Self::parked(reason) }
    }

    /// A delivery that could not be sent within its lease and is due again at once.
    pub fn postponed(now: Timestamp) -> Self {
        Self::pending(now.plus_millis(1), Some("There was no time left to send it.".to_owned()))
    }

    /// The same in a group where somebody else could have the lead: its turn is over rather than that the
    /// lead waits for this destination.
    pub fn in_turn(self) -> Self {
        if self.is_parked() { Self { status: Status::Skipped, ..self } } else { self }
    }

    /// Whether it waits for its destination and not for a time.
    pub fn is_parked(&self) -> bool {
        self.status == Status::Pending && self.due_at.is_none()
    }

    /// Whether another destination of a group may have the lead: this one certainly does not.
    pub fn passes_on(&self) -> bool {
        use Status::{Cancelled, Duplicate, Failed, Refused, Skipped};
        matches!(self.status, Refused | Duplicate | Failed | Skipped | Cancelled)
    }
}

/// Where a delivery stood when its attempt ended, and what decides how it goes on.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// Attempts that count towards the schedule, this one included.
    pub tries: u32,
    /// The waits between them.
    pub schedule: &'a Schedule,
    /// Whether it may be sent again when nobody knows.
    pub policy: OnUnconfirmed,
    /// Whether its destination is left alone, so that this was the attempt that finds out.
    pub is_probe: bool,
    /// The request that was made, if it was one that completes the delivery.
    pub follow_up: Option<&'a FollowUp>,
    /// After how many retries another member of its group gets its turn, if there is one.
    pub patience: Option<u32>,
    /// Whether an attempt before this one reached the provider, or may have.
    pub may_be_there: bool,
}

/// Whether a request that may take `timeout_ms` is over and recorded before its lease ends.
pub fn is_time_left(lease: Timestamp, timeout_ms: u32, now: Timestamp) -> bool {
    now.plus_millis(AROUND_A_REQUEST_MILLIS.saturating_add(timeout_ms.into())) <= lease
}

/// What a delivery becomes after an attempt ended at `now` with `outcome`.
pub fn after(outcome: Outcome, situation: &Situation<'_>, now: Timestamp, jitter: Jitter) -> Next {
    let may_be_there = situation.may_be_there || matches!(outcome, Outcome::Unconfirmed { .. });
    let next = match outcome {
        Outcome::Delivered { reference, remark } => Next { reference, ..Next::settled(Status::Delivered, remark) },
        Outcome::Continued { reference, then } => {
            // One millisecond later: a delivery that is due at once would be claimed by the sweep that recorded it.
            Next { reference, follow_up: Some(Box::new(then)), ..Next::pending(now.plus_millis(1), None) }
        }
        Outcome::Duplicate { reference } => Next { reference, ..Next::settled(Status::Duplicate, None) },
        Outcome::Refused { reason } => Next::settled(Status::Refused, Some(reason)),
        Outcome::RetryLater { reason, after } => retry(reason, after, false, situation, now, jitter),
        Outcome::Unconfirmed { reason } => match situation.policy {
            OnUnconfirmed::Hold if situation.follow_up.is_none() => Next::settled(Status::Unconfirmed, Some(reason)),
            _ => retry(reason, None, true, situation, now, jitter),
        },
        Outcome::Misconfigured { reason } => Next::paused(reason),
    };
    let next = if situation.patience.is_some() && !may_be_there { next.in_turn() } else { next };
    // What still completes a delivery is not forgotten while that can happen.
    let is_open = next.status == Status::Pending && next.follow_up.is_none();
    if is_open { Next { follow_up: situation.follow_up.cloned().map(Box::new), ..next } } else { next }
}

/// A delivery that is to be tried again, if its schedule has a time left. A probe takes nothing from
/// the schedule: it waits on with its destination.
fn retry(
    reason: String,
    not_before: Option<Timestamp>,
    is_unconfirmed: bool,
    situation: &Situation<'_>,
    now: Timestamp,
    jitter: Jitter,
) -> Next {
    if situation.is_probe {
        return Next::parked(reason);
    }
    let may_be_there = is_unconfirmed || situation.may_be_there;
    let is_out_of_patience = !may_be_there && situation.patience.is_some_and(|retries| situation.tries > retries);
    match situation.schedule.next(situation.tries, now, jitter).filter(|_| !is_out_of_patience) {
        Some(at) => Next::pending(not_before.map_or(at, |after| at.max(after)), Some(reason)),
        // The lead is there; what could not be completed is a remark.
        None if situation.follow_up.is_some() => Next::settled(Status::Delivered, Some(reason)),
        // Nobody else of the group may have it while this one may.
        None if may_be_there && situation.patience.is_some() => Next::settled(Status::Unconfirmed, Some(reason)),
        None => Next::settled(Status::Failed, Some(reason)),
    }
}

#[cfg(test)]
mod tests;
