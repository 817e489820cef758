//! What deliveries become, outcome by outcome and over their whole life.

use super::*;
use proptest::prelude::*;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// An ordinary delivery after its `tries`-th attempt.
fn situation(tries: u32, schedule: &Schedule) -> Situation<'_> {
    Situation {
        tries,
        schedule,
        policy: OnUnconfirmed::Retry,
        is_probe: false,
        follow_up: None,
        patience: None,
        may_be_there: false,
    }
}

fn then(outcome: Outcome, tries: u32, policy: OnUnconfirmed) -> Next {
    let schedule = Schedule::default();
    after(outcome, &Situation { policy, ..situation(tries, &schedule) }, NOW, Jitter::NONE)
}

fn fault() -> Outcome {
    Outcome::RetryLater { reason: "HTTP 503.".into(), after: None }
}

fn lost() -> Outcome {
    Outcome::Unconfirmed { reason: "No answer.".into() }
}

fn follow_up() -> FollowUp {
    FollowUp { method: "PUT".into(), path: "/1".into(), body: serde_json::json!({"interest_level": "hot"}) }
}

#[test]
fn an_id_is_the_leads_and_the_ordinal() {
    let id = DeliveryId { lead: LeadId::new(NOW, [1; 10]), ordinal: 12 };
    assert_eq!(id.to_string(), format!("{}_12", id.lead));
}

#[test]
fn retries_follow_the_schedule_and_then_the_delivery_has_failed() {
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
    assert_eq!(then(lost(), 1, OnUnconfirmed::Retry).status, Status::Pending);
    let held = then(lost(), 1, OnUnconfirmed::Hold);
    assert_eq!((held.status, held.due_at), (Status::Unconfirmed, None));
}

#[test]
fn a_misconfigured_destination_is_left_alone_and_its_delivery_waits() {
    let next = then(Outcome::Misconfigured { reason: "HTTP 401.".into() }, 100, OnUnconfirmed::Retry);
    assert!(next.pauses_destination && next.is_parked());
}

#[test]
fn a_probe_that_fails_waits_on_and_spends_nothing_of_its_schedule() {
    let schedule = Schedule::default();
    for outcome in [fault(), lost()] {
        let next = after(outcome, &Situation { is_probe: true, ..situation(8, &schedule) }, NOW, Jitter::NONE);
        assert!(next.is_parked() && !next.pauses_destination);
    }
}

#[test]
fn a_lead_that_is_there_is_completed_by_what_follows_and_never_sent_again() {
    let schedule = Schedule::default();
    let created = Outcome::Continued { reference: Some("1".into()), then: follow_up() };
    let next = after(created, &situation(1, &schedule), NOW, Jitter::NONE);
    assert_eq!(
        (next.status, next.follow_up, next.reference.as_deref()),
        (Status::Pending, Some(Box::new(follow_up())), Some("1"))
    );

    let (step, policy) = (follow_up(), OnUnconfirmed::Hold);
    let at = |tries| Situation { follow_up: Some(&step), policy, ..situation(tries, &schedule) };
    let next = after(lost(), &at(1), NOW, Jitter::NONE);
    assert_eq!((next.status, next.follow_up), (Status::Pending, Some(Box::new(follow_up()))));
    let next = after(fault(), &at(8), NOW, Jitter::NONE);
    assert_eq!((next.status, next.reason.as_deref()), (Status::Delivered, Some("HTTP 503.")));
    assert_eq!(after(Outcome::delivered(None), &at(2), NOW, Jitter::NONE).follow_up, None);
}

#[test]
fn the_next_of_a_group_has_its_turn_only_when_this_one_certainly_does_not_have_the_lead() {
    let schedule = Schedule::default();
    let at = |tries, may_be_there| Situation { patience: Some(2), may_be_there, ..situation(tries, &schedule) };
    let status = |outcome, situation| after(outcome, &situation, NOW, Jitter::NONE).status;
    assert_eq!(status(fault(), at(2, false)), Status::Pending);
    assert_eq!(status(fault(), at(3, false)), Status::Failed);
    // It may be there: it is tried for the whole schedule, and then a person decides.
    assert_eq!(status(lost(), at(3, false)), Status::Pending);
    assert_eq!(status(fault(), at(3, true)), Status::Pending);
    assert_eq!(status(fault(), at(8, true)), Status::Unconfirmed);
    for (outcome, passes_on) in [
        (Outcome::Refused { reason: String::new() }, true),
        (Outcome::Duplicate { reference: None }, true),
        (Outcome::delivered(None), false),
        (lost(), false),
    ] {
        assert_eq!(after(outcome, &at(3, false), NOW, Jitter::NONE).passes_on(), passes_on);
    }
}

#[test]
fn a_member_of_a_group_that_finds_out_is_passed_by_unless_it_may_have_the_lead() {
    let schedule = Schedule::default();
    let at = |patience| Situation { is_probe: true, patience, ..situation(1, &schedule) };
    let next = |outcome, patience| after(outcome, &at(patience), NOW, Jitter::NONE);
    assert_eq!(next(fault(), Some(2)).status, Status::Skipped);
    let refused = next(Outcome::Misconfigured { reason: String::new() }, Some(2));
    assert!(refused.status == Status::Skipped && refused.pauses_destination);
    assert!(next(lost(), Some(2)).is_parked());
    // The last has nobody behind it.
    assert!(next(fault(), None).is_parked());
}

#[test]
fn a_request_is_only_begun_if_its_lease_outlasts_it() {
    let lease = NOW.plus_seconds(LEASE_SECONDS);
    assert!(is_time_left(lease, crate::destination::MAX_TIMEOUT_MS, NOW));
    assert!(!is_time_left(lease, crate::destination::MAX_TIMEOUT_MS, NOW.plus_seconds(5)));
    assert!(is_time_left(lease, crate::destination::DEFAULT_TIMEOUT_MS, NOW.plus_seconds(10)));
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(Outcome::delivered(None)),
        Just(Outcome::Duplicate { reference: None }),
        Just(Outcome::Refused { reason: String::new() }),
        (0_i64..200_000).prop_map(|s| Outcome::RetryLater { reason: String::new(), after: Some(NOW.plus_seconds(s)) }),
        Just(Outcome::Continued { reference: Some("1".into()), then: follow_up() }),
        Just(Outcome::Unconfirmed { reason: String::new() }),
        Just(Outcome::Misconfigured { reason: String::new() }),
    ]
}

proptest! {
    #[test]
    fn what_is_due_is_pending_and_never_early(
        outcome in any_outcome(), tries in 1_u32..20, roll in any::<u16>(), hold in any::<bool>(), probe in any::<bool>(),
        patience in proptest::option::of(0_u32..5), may_be_there in any::<bool>(),
    ) {
        let schedule = Schedule::default();
        let policy = if hold { OnUnconfirmed::Hold } else { OnUnconfirmed::Retry };
        let is_lost = outcome.name() == "unconfirmed";
        let not_before = match &outcome { Outcome::RetryLater { after, .. } => *after, _ => None };
        let situation = Situation { policy, is_probe: probe, patience, may_be_there, ..situation(tries, &schedule) };
        let next = after(outcome, &situation, NOW, Jitter::from_random(roll));
        prop_assert!(next.due_at.is_none_or(|due| due > NOW && not_before.is_none_or(|at| due >= at)));
        prop_assert!(next.due_at.is_none() || next.status == Status::Pending);
        // Nobody else gets what may be there.
        let is_lost = situation.may_be_there || is_lost;
        prop_assert!(!(is_lost && matches!(next.status, Status::Skipped | Status::Failed) && patience.is_some()));
        // What waits without a time waits for its destination, and only a probe or a pause does.
        prop_assert!(!next.is_parked() || probe || next.pauses_destination);
    }

    #[test]
    fn every_delivery_ends_within_its_schedule(
        outcomes in proptest::collection::vec(any_outcome(), 40), roll in any::<u16>(), hold in any::<bool>(),
        patience in proptest::option::of(0_u32..5),
    ) {
        let schedule = Schedule::default();
        let policy = if hold { OnUnconfirmed::Hold } else { OnUnconfirmed::Retry };
        let (mut now, mut tries, mut may_be_there, mut step) = (NOW, 0_u32, false, None);
        for outcome in outcomes {
            // A lead is taken once; the step behind it begins with the schedule where it stood.
            let is_taken = matches!(outcome, Outcome::Continued { .. });
            if is_taken && step.is_some() { continue }
            let (is_pause, is_lost) = (outcome.name() == "misconfigured", outcome.name() == "unconfirmed");
            tries += u32::from(!is_pause && !is_taken);
            let situation = Situation { policy, patience, may_be_there, follow_up: step.as_ref(), ..situation(tries.max(1), &schedule) };
            let next = after(outcome, &situation, now, Jitter::from_random(roll));
            may_be_there |= is_lost;
            let Some(due) = next.due_at else {
                // A pause is lifted some time and the delivery goes on; everything else is an end.
                if next.is_parked() { continue }
                return Ok(());
            };
            prop_assert!(tries <= 8, "{} attempts", tries);
            prop_assert!(due > now);
            step = next.follow_up.map(|step| *step);
            now = due;
        }
    }
}
