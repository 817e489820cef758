//! A delivery: one lead to one destination, and what becomes of it after each attempt.

pub mod backoff;

use std::fmt;

use serde::{Deserialize, Serialize};
use shared::{field::Choice, lead::LeadId, timestamp::Timestamp};

use crate::provider::{OnUnconfirmed, Outcome};
use backoff::{Jitter, Schedule};

/// How long a claim on a delivery holds, in seconds. Longer than any provider may take
/// (`destination::MAX_TIMEOUT_MS`) and the recording after it; short enough that what a crash left
/// behind goes out soon.
pub const LEASE_SECONDS: i64 = 30;

/// How often a destination that is misconfigured is tried again, in seconds: often enough that a
/// mended one is noticed soon, rarely enough to be no nuisance.
pub const RECHECK_SECONDS: i64 = 300;

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
    /// When it is to be tried again; `None` when it is not, or only after a person acted.
    pub due_at: Option<Timestamp>,
    /// What the provider calls the lead.
    pub reference: Option<String>,
    /// Why it stands there.
    pub reason: Option<String>,
    /// Whether its destination must be left alone until it is mended.
    pub pauses_destination: bool,
}

impl Next {
    /// A delivery that nothing will change by itself.
    pub fn settled(status: Status, reason: Option<String>) -> Self {
        Self { status, due_at: None, reference: None, reason, pauses_destination: false }
    }

    fn delivered(status: Status, reference: Option<String>) -> Self {
        Self { reference, ..Self::settled(status, None) }
    }

    fn pending(due_at: Timestamp, reason: String) -> Self {
        Self { due_at: Some(due_at), ..Self::settled(Status::Pending, Some(reason)) }
    }

    /// A delivery whose destination must be left alone until it is mended.
    pub fn paused(now: Timestamp, reason: String) -> Self {
        Self { pauses_destination: true, ..Self::pending(now.plus_seconds(RECHECK_SECONDS), reason) }
    }

    /// A delivery that could not be sent within its lease and is due again at once.
    pub fn postponed(now: Timestamp) -> Self {
        Self::pending(now.plus_millis(1), "There was no time left to send it.".to_owned())
    }

    /// The same for the probe of a paused destination: one that is to be tried again goes on probing,
    /// so that a paused destination is never left without one.
    pub fn of_probe(self, now: Timestamp) -> Self {
        let recheck = now.plus_seconds(RECHECK_SECONDS);
        Self { due_at: self.due_at.map(|due| due.max(recheck)), ..self }
    }
}

/// What a delivery becomes after its `attempts`-th attempt ended at `now` with `outcome`.
pub fn after(
    outcome: Outcome,
    attempts: u32,
    now: Timestamp,
    jitter: Jitter,
    schedule: &Schedule,
    policy: OnUnconfirmed,
) -> Next {
    let retry = |reason: String, not_before: Option<Timestamp>| match schedule.next(attempts, now, jitter) {
        Some(at) => Next::pending(not_before.map_or(at, |after| at.max(after)), reason),
        None => Next::settled(Status::Failed, Some(reason)),
    };
    match outcome {
        Outcome::Delivered { reference, remark } => {
            Next { reason: remark, ..Next::delivered(Status::Delivered, reference) }
        }
        Outcome::Continued { reference, .. } => Next::delivered(Status::Delivered, reference),
        Outcome::Duplicate { reference } => Next::delivered(Status::Duplicate, reference),
        Outcome::Refused { reason } => Next::settled(Status::Refused, Some(reason)),
        Outcome::RetryLater { reason, after } => retry(reason, after),
        Outcome::Unconfirmed { reason } => match policy {
            OnUnconfirmed::Retry => retry(reason, None),
            OnUnconfirmed::Hold => Next::settled(Status::Unconfirmed, Some(reason)),
        },
        Outcome::Misconfigured { reason } => Next::paused(now, reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    fn then(outcome: Outcome, attempts: u32, policy: OnUnconfirmed) -> Next {
        after(outcome, attempts, NOW, Jitter::NONE, &Schedule::default(), policy)
    }

    #[test]
    fn an_id_is_the_leads_and_the_ordinal() {
        let id = DeliveryId { lead: LeadId::new(NOW, [1; 10]), ordinal: 12 };
        assert_eq!(id.to_string(), format!("{}_12", id.lead));
    }

    #[test]
    fn retries_follow_the_schedule_and_then_the_delivery_has_failed() {
        let fault = || Outcome::RetryLater { reason: "HTTP 503.".into(), after: None };
        let waits: Vec<Option<i64>> = (1..=8)
            .map(|n| then(fault(), n, OnUnconfirmed::Retry).due_at.map(|due| due.seconds() - NOW.seconds()))
            .collect();
        let expected = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400].map(Some);
        assert_eq!(waits[..7], expected);
        assert_eq!(then(fault(), 8, OnUnconfirmed::Retry).status, Status::Failed);
    }

    #[test]
    fn retries_after_429_no_earlier_than_retry_after() {
        let after = NOW.plus_seconds(60);
        let next = then(Outcome::RetryLater { reason: String::new(), after: Some(after) }, 1, OnUnconfirmed::Retry);
        assert_eq!(next.due_at, Some(after));
    }

    #[test]
    fn an_unconfirmed_delivery_is_retried_only_where_the_policy_says_so() {
        let lost = || Outcome::Unconfirmed { reason: "No answer.".into() };
        assert_eq!(then(lost(), 1, OnUnconfirmed::Retry).status, Status::Pending);
        let held = then(lost(), 1, OnUnconfirmed::Hold);
        assert_eq!((held.status, held.due_at), (Status::Unconfirmed, None));
    }

    #[test]
    fn a_misconfigured_destination_is_paused_and_tried_again() {
        let next = then(Outcome::Misconfigured { reason: "HTTP 401.".into() }, 100, OnUnconfirmed::Retry);
        assert!(next.pauses_destination);
        assert_eq!(next.due_at, Some(NOW.plus_seconds(RECHECK_SECONDS)));
    }

    fn any_outcome() -> impl Strategy<Value = Outcome> {
        prop_oneof![
            Just(Outcome::delivered(None)),
            Just(Outcome::Duplicate { reference: None }),
            Just(Outcome::Refused { reason: String::new() }),
            (0_i64..200_000)
                .prop_map(|s| Outcome::RetryLater { reason: String::new(), after: Some(NOW.plus_seconds(s)) }),
            Just(Outcome::Unconfirmed { reason: String::new() }),
            Just(Outcome::Misconfigured { reason: String::new() }),
        ]
    }

    proptest! {
        #[test]
        fn what_is_due_is_pending_and_lies_ahead(outcome in any_outcome(), attempts in 1_u32..20, roll in any::<u16>()) {
            let next = after(outcome, attempts, NOW, Jitter::from_random(roll), &Schedule::default(), OnUnconfirmed::Retry);
            prop_assert_eq!(next.due_at.is_some(), next.status == Status::Pending);
            prop_assert!(next.due_at.is_none_or(|due| due > NOW));
        }
    }
}
