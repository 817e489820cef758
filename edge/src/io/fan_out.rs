//! Sending leads to their destinations: behind the answer that accepted them, and in the sweep that
//! takes whatever is due.

use std::{cell::Cell, rc::Rc, time::Duration};

use futures_util::{
    StreamExt,
    future::{Either, select},
    stream::FuturesUnordered,
};
use shared::{field::Choice, text::shortened, timestamp::Timestamp};
use worker::Delay;

use super::{
    bindings::Bindings,
    clock, config_store, delivery_queue,
    delivery_store::{self, Attempt, Claimed, PauseChange, Settled},
    outbound::{self, TransportError},
};
use crate::{
    catalog::Catalog,
    delivery::{self, Next, Status, backoff::Jitter},
    destination::Destination,
    problem::Problem,
    provider::{Call, OnUnconfirmed, Outcome},
    telemetry::{Event, log},
};

/// Deliveries claimed at once by the sweep: a Worker has 6 connections open at most, and a claim must
/// not wait for one while its lease runs.
const CLAIM: u32 = 6;

/// Rounds of claims in one sweep. With two D1 calls and six sends a round this stays within the 50
/// subrequests of an invocation on the free plan; what is left is continued by a message.
const ROUNDS: u32 = 6;

/// First attempts that run behind answers at the same time in one isolate. Beyond it sockets pile up
/// and starve what is being accepted, so the sweep takes the rest.
const MAX_BEHIND_ANSWERS: u32 = 32;

/// How long the first result waits for others to be recorded with it: most providers answer within
/// this, and a crash can only repeat what was not recorded.
const GATHER: Duration = Duration::from_secs(2);

/// Longest piece of an answer that is kept with an attempt, in characters.
const EXCERPT_MAX_CHARS: usize = 300;

thread_local! {
    static BEHIND_ANSWERS: Cell<u32> = const { Cell::new(0) };
}

/// The right to make first attempts behind an answer; given back when dropped.
#[derive(Debug)]
pub struct Place(());

impl Place {
    /// A place, if there is one.
    pub fn take() -> Option<Self> {
        let taken = BEHIND_ANSWERS.get();
        (taken < MAX_BEHIND_ANSWERS).then(|| {
            BEHIND_ANSWERS.set(taken.saturating_add(1));
            Self(())
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        BEHIND_ANSWERS.set(BEHIND_ANSWERS.get().saturating_sub(1));
    }
}

/// Makes an attempt of each claimed delivery, all at the same time, and records what came of them:
/// in one batch if they end together, so that a destination that hangs does not hold back what is
/// known of the others.
pub async fn attempt_all(bindings: &Bindings, catalog: &Catalog, claimed: &[Claimed]) {
    let attempts = claimed.iter().map(async |delivery| (delivery, attempt(bindings, catalog, delivery).await));
    let mut running: FuturesUnordered<_> = attempts.collect();
    while let Some(first) = running.next().await {
        let mut ended = vec![first];
        let mut time_is_up = Delay::from(GATHER);
        while let Either::Left((Some(next), _)) = select(running.next(), &mut time_is_up).await {
            ended.push(next);
        }
        record(bindings, ended).await;
    }
}

/// Records what came of attempts, and asks to be woken when the first of them is due again.
async fn record(bindings: &Bindings, ended: Vec<(&Claimed, AttemptResult)>) {
    let now = clock::now();
    let mut changes = Vec::new();
    for (delivery, result) in &ended {
        match &result.next {
            Next { pauses_destination: true, reason, .. } if !delivery.is_probe => {
                log(&Event::Paused { destination: &delivery.destination });
                changes.push(PauseChange::Paused(&delivery.destination, reason.clone().unwrap_or_default()));
            }
            Next { pauses_destination: false, .. } if delivery.is_probe && result.answered => {
                changes.push(PauseChange::Resumed(&delivery.destination));
            }
            _ => {}
        }
    }
    let resumed = changes.iter().any(|change| matches!(change, PauseChange::Resumed(_)));
    let next_due = ended.iter().filter_map(|(_, result)| result.next.due_at).min();
    let settled: Vec<Settled> = ended.into_iter().map(|(delivery, result)| result.settled(delivery)).collect();
    let recorded = match bindings.db() {
        Ok(db) => delivery_store::record(&db, &settled, &changes, now).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    // If nothing was recorded, the leases end by themselves and the sweep finds what is due.
    if let (Ok(()), Some(due)) = (recorded, if resumed { Some(now) } else { next_due }) {
        delivery_queue::wake_at(bindings, due, now).await;
    }
}

/// Claims what is due and attempts it, round after round; asks to be woken if there is more.
///
/// # Errors
/// When a store does not answer.
pub async fn sweep(bindings: &Bindings) -> Result<(), Problem> {
    let db = bindings.db()?;
    let mut total = 0_usize;
    for _ in 0..ROUNDS {
        let now = clock::now();
        let claimed = delivery_store::claim(&db, now, CLAIM).await?;
        if claimed.is_empty() {
            break;
        }
        total = total.saturating_add(claimed.len());
        let catalog: Rc<Catalog> = config_store::catalog(bindings, now).await?;
        attempt_all(bindings, &catalog, &claimed).await;
        if claimed.len() < usize::try_from(CLAIM).unwrap_or(0) {
            log(&Event::Sweep { claimed: total });
            return Ok(());
        }
    }
    if total > 0 {
        log(&Event::Sweep { claimed: total });
        let now = clock::now();
        delivery_queue::wake_at(bindings, now, now).await;
    }
    Ok(())
}

struct AttemptResult {
    next: Next,
    attempt: Option<Attempt>,
    /// Whether the provider spoke to us at all.
    answered: bool,
}

impl AttemptResult {
    fn without_sending(next: Next) -> Self {
        Self { next, attempt: None, answered: false }
    }

    fn settled(self, delivery: &Claimed) -> Settled {
        Settled {
            lead_id: delivery.id.lead.to_string(),
            ordinal: delivery.id.ordinal,
            lease: delivery.lease.millis(),
            status: self.next.status.name(),
            due_at: self.next.due_at.map(Timestamp::millis),
            reference: self.next.reference,
            reason: self.next.reason,
            counts: u8::from(!self.next.pauses_destination),
            attempt: self.attempt,
        }
    }
}

/// Makes one attempt: resolves the destination, builds the request, sends it, reads the answer.
async fn attempt(bindings: &Bindings, catalog: &Catalog, delivery: &Claimed) -> AttemptResult {
    let Some(destination) = catalog.destination(&delivery.destination) else {
        let reason = Some("Its destination is not configured any more.".to_owned());
        return AttemptResult::without_sending(Next::settled(Status::Cancelled, reason));
    };
    if delivery.sender_died && destination.on_unconfirmed == OnUnconfirmed::Hold {
        let reason = Some("The sender stopped before it could say whether the provider has the lead.".to_owned());
        return AttemptResult::without_sending(Next::settled(Status::Unconfirmed, reason));
    }
    let started = clock::now();
    let (outcome, status_code, excerpt) = call(bindings, destination, delivery, started).await;
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(skipped) => return AttemptResult::without_sending(Next::settled(Status::Skipped, Some(skipped))),
    };
    let ended = clock::now();
    let duration_ms = ended.millis().saturating_sub(started.millis());
    let name = outcome.name();
    log(&Event::Attempt {
        delivery: &delivery.id.to_string(),
        destination: &destination.id,
        outcome: name,
        status_code,
        duration_ms,
    });
    let jitter = Jitter::from_random(u16::from_be_bytes(clock::random()));
    let attempts = delivery.retries.saturating_add(1);
    let next = delivery::after(outcome, attempts, ended, jitter, &bindings.schedule(), destination.on_unconfirmed);
    AttemptResult {
        next,
        attempt: Some(Attempt { at: started, status_code, duration_ms, outcome: name, excerpt }),
        answered: status_code.is_some(),
    }
}

/// The outcome of the call, or why the lead cannot be sent at all; with the status and the beginning
/// of the answer.
async fn call(
    bindings: &Bindings,
    destination: &Destination,
    delivery: &Claimed,
    now: Timestamp,
) -> (Result<Outcome, String>, Option<u16>, Option<String>) {
    let credential = match &destination.credential {
        None => String::new(),
        Some(name) => match bindings.text(name) {
            Some(credential) => credential,
            None => {
                return (Ok(Outcome::Misconfigured { reason: format!("The secret {name} is not set.") }), None, None);
            }
        },
    };
    let (lead_id, idempotency_key) = (delivery.id.lead.to_string(), delivery.id.to_string());
    let call = Call { idempotency_key: &idempotency_key, lead_id: &lead_id, now };
    let request = match destination.provider.request(&delivery.lead, destination, &credential, &call) {
        Ok(request) => request,
        Err(reason) => return (Err(reason.to_string()), None, None),
    };
    match outbound::send(request, destination.timeout_ms).await {
        Ok(answer) => {
            let text = String::from_utf8_lossy(answer.body());
            let excerpt = shortened(text.trim(), EXCERPT_MAX_CHARS);
            // A provider that echoes the credential must not bring it into D1.
            let excerpt = if credential.is_empty() { excerpt.to_owned() } else { excerpt.replace(&credential, "…") };
            let outcome = destination.provider.outcome(&answer, clock::now());
            (Ok(outcome), Some(answer.status().as_u16()), (!excerpt.is_empty()).then_some(excerpt))
        }
        Err(error) => {
            let (outcome, words) = without_answer(error, destination.timeout_ms);
            (Ok(outcome), None, Some(words))
        }
    }
}

/// What it means that there is no answer.
fn without_answer(error: TransportError, timeout_ms: u32) -> (Outcome, String) {
    match error {
        TransportError::NotSent(words) => {
            (Outcome::RetryLater { reason: "The provider could not be reached.".to_owned(), after: None }, words)
        }
        TransportError::TimedOut => {
            let reason = format!("No answer within {timeout_ms} ms.");
            (Outcome::Unconfirmed { reason: reason.clone() }, reason)
        }
        TransportError::Broken(words) => {
            (Outcome::Unconfirmed { reason: "The connection broke before the answer was complete.".to_owned() }, words)
        }
    }
}
