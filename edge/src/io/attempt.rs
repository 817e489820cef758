//! One attempt: from a claimed delivery to what it becomes.

use shared::{field::Choice, lead::Lead, text::shortened, timestamp::Timestamp};

use super::{
    bindings::Bindings,
    clock, credential,
    delivery_store::{Attempt, Claimed, Settled},
    outbound::{self, TransportError},
};
use crate::{
    catalog::{Catalog, Configured},
    delivery::{self, Next, Status, backoff::Jitter},
    destination::Destination,
    provider::{Call, CannotSend, OnUnconfirmed, Outcome},
    telemetry::{Event, log},
};

/// Longest piece of an answer that is kept with an attempt, in characters.
const EXCERPT_MAX_CHARS: usize = 300;

/// What an attempt came to.
#[derive(Debug)]
pub struct AttemptResult {
    /// What the delivery becomes.
    pub next: Next,
    /// What was tried, if anything was sent.
    attempt: Option<Attempt>,
    /// Whether it counts towards the schedule.
    counts: bool,
}

impl AttemptResult {
    fn without_sending(next: Next) -> Self {
        Self { next, attempt: None, counts: false }
    }

    /// As it is recorded.
    pub fn settled(self, delivery: &Claimed) -> Settled {
        Settled {
            lead_id: delivery.id.lead.to_string(),
            ordinal: delivery.id.ordinal,
            lease: delivery.lease.millis(),
            status: self.next.status.name(),
            due_at: self.next.due_at.map(Timestamp::millis),
            reference: self.next.reference,
            reason: self.next.reason,
            counts: u8::from(self.counts),
            attempt: self.attempt,
        }
    }
}

/// Makes one attempt: resolves the destination, builds the request, sends it, reads the answer.
pub async fn attempt(bindings: &Bindings, catalog: &Catalog, delivery: &Claimed) -> AttemptResult {
    let started = clock::now();
    let (destination, lead) = match ready(catalog, delivery, started) {
        Ok(ready) => ready,
        Err(next) => return AttemptResult::without_sending(next),
    };
    let Sent { outcome, status_code, excerpt } = match send(bindings, destination, lead, delivery, started).await {
        Ok(sent) => sent,
        Err(next) => return AttemptResult::without_sending(next),
    };
    let ended = clock::now();
    let duration_ms = ended.millis().saturating_sub(started.millis());
    let name = outcome.name();
    let id = delivery.id.to_string();
    log(&Event::Attempt { delivery: &id, destination: &destination.id, outcome: name, status_code, duration_ms });
    let jitter = Jitter::from_random(u16::from_be_bytes(clock::random()));
    let tries = delivery.retries.saturating_add(1);
    let next = delivery::after(outcome, tries, ended, jitter, &bindings.schedule(), destination.on_unconfirmed);
    let counts = !next.pauses_destination && !delivery.is_probe;
    AttemptResult {
        next: if delivery.is_probe { next.of_probe(ended) } else { next },
        attempt: Some(Attempt { at: started, status_code, duration_ms, outcome: name, excerpt }),
        counts,
    }
}

/// The destination and the lead, or what the delivery becomes without being sent.
fn ready<'a>(catalog: &'a Catalog, delivery: &'a Claimed, now: Timestamp) -> Result<(&'a Destination, &'a Lead), Next> {
    let settled = |status, reason: &str| Next::settled(status, Some(reason.to_owned()));
    let destination = match catalog.destination(&delivery.destination) {
        Configured::Ready(destination) => destination,
        Configured::Outdated => {
            return Err(Next::paused(now, "Its configuration is not understood by this version.".to_owned()));
        }
        Configured::Gone => return Err(settled(Status::Cancelled, "Its destination is not configured any more.")),
    };
    let Some(lead) = &delivery.lead else {
        return Err(settled(Status::Failed, "What is stored of the lead cannot be read."));
    };
    if !destination.is_enabled() {
        return Err(Next::paused(now, "The destination is disabled.".to_owned()));
    }
    if delivery.sender_died && destination.on_unconfirmed == OnUnconfirmed::Hold {
        let reason = "The sender stopped before it could say whether the provider has the lead.";
        return Err(settled(Status::Unconfirmed, reason));
    }
    // Whoever claims it next must not find it still being sent.
    if now.plus_millis(destination.timeout_ms.into()) > delivery.lease {
        return Err(Next::postponed(now));
    }
    Ok((destination, lead))
}

/// What came back.
struct Sent {
    outcome: Outcome,
    status_code: Option<u16>,
    /// The beginning of the answer, or what went wrong.
    excerpt: Option<String>,
}

/// Sends the lead, or says what the delivery becomes if it cannot be sent.
async fn send(
    bindings: &Bindings,
    destination: &Destination,
    lead: &Lead,
    delivery: &Claimed,
    now: Timestamp,
) -> Result<Sent, Next> {
    let credential = credential::of(bindings, destination).map_err(|reason| Next::paused(now, reason))?;
    let (lead_id, idempotency_key) = (delivery.id.lead.to_string(), delivery.id.to_string());
    let call = Call {
        url: destination.url.as_str(),
        credential: &credential,
        idempotency_key: &idempotency_key,
        lead_id: &lead_id,
        form: "",
        created_at: now,
        now,
    };
    let request = match destination.provider.request(lead, &call) {
        Ok(prepared) => prepared.request,
        Err(reason @ CannotSend::Lacks(_)) => return Err(Next::settled(Status::Skipped, Some(reason.to_string()))),
        Err(CannotSend::Misconfigured(reason)) => return Err(Next::paused(now, reason)),
    };
    Ok(match outbound::send(request, destination.timeout_ms).await {
        Ok(answer) => {
            let answer = answer.map(|body| credential::removed(body, &credential));
            let text = String::from_utf8_lossy(answer.body());
            let excerpt = shortened(text.trim(), EXCERPT_MAX_CHARS).to_owned();
            Sent {
                outcome: destination.provider.outcome(lead, &answer, clock::now()),
                status_code: Some(answer.status().as_u16()),
                excerpt: (!excerpt.is_empty()).then_some(excerpt),
            }
        }
        Err(error) => without_answer(error, destination.timeout_ms),
    })
}

/// What it means that there is no answer.
fn without_answer(error: TransportError, timeout_ms: u32) -> Sent {
    let (outcome, words) = match error {
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
    };
    Sent { outcome, status_code: None, excerpt: Some(words) }
}
