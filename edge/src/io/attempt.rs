//! One attempt: from a claimed delivery to what it becomes.

use shared::{field::Choice, lead::Lead, text::shortened, timestamp::Timestamp};

use super::{
    bindings::Bindings,
    clock, credential, daily_cap,
    delivery_store::{Attempt, Claimed, Settled},
    outbound::{self, TransportError},
    reach,
};
use crate::{
    catalog::{Catalog, Configured},
    delivery::{
        self, Next, Situation, Status,
        backoff::{Jitter, Schedule},
    },
    destination::Destination,
    provider::{self, Call, CannotSend, Note, OnUnconfirmed, Outcome, Prepared},
    telemetry::{Event, log},
};

/// Longest piece of an answer that is kept with an attempt, in characters.
pub const EXCERPT_MAX_CHARS: usize = 300;

/// What an attempt came to.
#[derive(Debug)]
pub struct AttemptResult {
    /// What the delivery becomes.
    pub next: Next,
    /// Whether the destination showed that it works, that it does not, or nothing.
    pub sign: Sign,
    /// The day of which a place was taken for the lead, if this attempt took one.
    pub place_of: Option<Timestamp>,
    /// What was tried, if anything was sent.
    attempt: Option<Attempt>,
    /// What of the lead did not fit.
    notes: Option<Vec<Note>>,
    /// Whether it counts towards the schedule.
    counts: bool,
}

/// What an attempt says of the destination itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// It answered as it should, whatever it said to the lead.
    Works,
    /// It did not answer, or could not do its work.
    Fails,
    /// Nothing: it was not asked, or complained of the configuration.
    None,
}

impl AttemptResult {
    fn without_sending(next: Next) -> Self {
        Self { next, sign: Sign::None, place_of: None, attempt: None, notes: None, counts: false }
    }

    /// As it is recorded.
    pub fn settled(&self, delivery: &Claimed) -> Settled {
        let is_sent = self.attempt.is_some();
        Settled {
            lead_id: delivery.id.lead.to_string(),
            ordinal: delivery.id.ordinal,
            lease: delivery.lease.millis(),
            parked: u8::from(self.next.is_parked()),
            status: self.next.status.name(),
            due_at: self.next.due_at.map(Timestamp::millis),
            reference: self.next.reference.clone(),
            reason: self.next.reason.clone(),
            counts: u8::from(self.counts),
            // What was not sent is still to be sent.
            follow_up: if is_sent { &self.next.follow_up } else { &delivery.follow_up }.clone(),
            notes: self.notes.clone(),
            attempt: self.attempt.clone(),
        }
    }
}

/// Makes one attempt: resolves the destination, builds the request, sends it, reads the answer.
pub async fn attempt(bindings: &Bindings, catalog: &Catalog, delivery: &Claimed) -> AttemptResult {
    let started = clock::now();
    let has_others = has_others_in_turn(catalog, delivery);
    // In a group nobody waits for a destination that is left alone, but for the last.
    let passes_by = has_others && !delivery.may_be_there;
    let unable = |next: Next| AttemptResult::without_sending(if passes_by { in_turn(next) } else { next });
    let (destination, lead) = match ready(catalog, delivery, started) {
        Ok(ready) => ready,
        Err(next) => return unable(next),
    };
    if delivery.is_paused && !delivery.is_probe {
        return unable(Next::parked("The destination is paused.".to_owned()));
    }
    let prepared = match prepare(bindings, destination, lead, delivery, started) {
        Ok(prepared) => prepared,
        Err(next) => return unable(next),
    };
    let place_of = match place(bindings, destination, delivery, started).await {
        Ok(place_of) => place_of,
        Err(next) => return unable(next),
    };
    let Sent { outcome, status_code, excerpt } =
        send(destination, lead, delivery, prepared.request, &prepared.credential).await;
    let ended = clock::now();
    let duration_ms = ended.millis().saturating_sub(started.millis());
    let name = outcome.name();
    let id = delivery.id.to_string();
    log(&Event::Attempt { delivery: &id, destination: &destination.id, outcome: name, status_code, duration_ms });
    let sign = match outcome {
        Outcome::RetryLater { .. } | Outcome::Unconfirmed { .. } => Sign::Fails,
        Outcome::Misconfigured { .. } => Sign::None,
        _ => Sign::Works,
    };
    let counts = matches!(sign, Sign::Fails) && !delivery.is_probe;
    // Only a failure needs the schedule and a roll of the dice, and both are calls out of the WASM.
    let (schedule, jitter) = match sign {
        Sign::Fails => (bindings.schedule(), Jitter::from_random(u16::from_be_bytes(clock::random()))),
        Sign::Works | Sign::None => (Schedule::default(), Jitter::NONE),
    };
    let situation = Situation {
        tries: delivery.retries.saturating_add(1),
        schedule: &schedule,
        policy: destination.on_unconfirmed,
        is_probe: delivery.is_probe,
        follow_up: delivery.follow_up.as_deref(),
        patience: delivery.group.as_deref().filter(|_| has_others).map(|group| catalog.patience(group)),
        may_be_there: delivery.may_be_there,
    };
    let next = delivery::after(outcome, &situation, ended, jitter);
    AttemptResult {
        next: if passes_by { in_turn(next) } else { next },
        sign,
        place_of,
        attempt: Some(Attempt { at: started, status_code, duration_ms, outcome: name, excerpt }),
        notes: Some(prepared.notes),
        counts,
    }
}

/// Whether somebody else of its group could have the lead after this one.
fn has_others_in_turn(catalog: &Catalog, delivery: &Claimed) -> bool {
    let (Some(group), Some(lead)) = (&delivery.group, &delivery.lead) else { return false };
    catalog.next_in_turn(group, &delivery.destination, &delivery.form, lead).next().is_some()
}

/// A delivery whose turn in a group is over rather than that the lead waits for its destination.
fn in_turn(next: Next) -> Next {
    if next.is_parked() { Next { status: Status::Skipped, ..next } } else { next }
}

/// The destination and the lead, or what the delivery becomes without being sent.
fn ready<'a>(catalog: &'a Catalog, delivery: &'a Claimed, now: Timestamp) -> Result<(&'a Destination, &'a Lead), Next> {
    let settled = |status, reason: &str| Next::settled(status, Some(reason.to_owned()));
    let destination = match catalog.destination(&delivery.destination) {
        Configured::Ready(destination) => destination,
        Configured::Outdated => {
            return Err(Next::paused("Its configuration is not understood by this version.".to_owned()));
        }
        Configured::Gone => return Err(settled(Status::Cancelled, "Its destination is not configured any more.")),
    };
    let Some(lead) = &delivery.lead else {
        return Err(settled(Status::Failed, "What is stored of the lead cannot be read."));
    };
    if !destination.is_enabled() {
        return Err(Next::paused("The destination is disabled.".to_owned()));
    }
    if delivery.sender_died && destination.on_unconfirmed == OnUnconfirmed::Hold && delivery.follow_up.is_none() {
        let reason = "The sender stopped before it could say whether the provider has the lead.";
        return Err(settled(Status::Unconfirmed, reason));
    }
    // Whoever claims it next must not find it still being sent.
    if now.plus_millis(destination.timeout_ms.into()) > delivery.lease {
        return Err(Next::postponed(now));
    }
    Ok((destination, lead))
}

/// A request that is ready to be sent.
struct Ready {
    request: http::Request<Vec<u8>>,
    notes: Vec<Note>,
    credential: String,
}

/// The request of this attempt, or what the delivery becomes if there is none.
fn prepare(
    bindings: &Bindings,
    destination: &Destination,
    lead: &Lead,
    delivery: &Claimed,
    now: Timestamp,
) -> Result<Ready, Next> {
    let credential = credential::of(bindings, destination).map_err(Next::paused)?;
    let (lead_id, idempotency_key) = (delivery.id.lead.to_string(), delivery.id.to_string());
    let call = Call {
        url: destination.url.as_str(),
        credential: &credential,
        idempotency_key: &idempotency_key,
        lead_id: &lead_id,
        form: &delivery.form,
        created_at: delivery.id.lead.created_at(),
        now,
    };
    let prepared = match &delivery.follow_up {
        Some(step) => {
            destination.provider.follow_up(step, &call).map(|request| Prepared { request, notes: Vec::new() })
        }
        None => destination.provider.request(lead, &call),
    };
    match prepared {
        Ok(Prepared { request, notes }) => Ok(Ready { request, notes, credential }),
        Err(reason @ CannotSend::Lacks(_)) => Err(Next::settled(Status::Skipped, Some(reason.to_string()))),
        Err(CannotSend::Misconfigured(reason)) => Err(Next::paused(reason)),
    }
}

/// Takes a place of the day for a lead that was not sent yet, where the destination has a cap.
async fn place(
    bindings: &Bindings,
    destination: &Destination,
    delivery: &Claimed,
    now: Timestamp,
) -> Result<Option<Timestamp>, Next> {
    let Some(cap) = destination.daily_cap.filter(|_| delivery.attempts == 0) else { return Ok(None) };
    let Ok(db) = bindings.db() else { return Err(Next::postponed(now)) };
    match daily_cap::take(&db, &destination.id, cap, now).await {
        Ok(true) => Ok(Some(now)),
        Ok(false) => {
            let reason = format!("The destination was given its {cap} leads of {} (UTC).", daily_cap::day(now));
            Err(Next::settled(Status::Skipped, Some(reason)))
        }
        Err(_) => Err(Next::postponed(now)),
    }
}

/// What came back.
pub(super) struct Sent {
    /// What it means.
    pub(super) outcome: Outcome,
    /// The provider's status, if it answered.
    pub(super) status_code: Option<u16>,
    /// The beginning of the answer, or what went wrong.
    pub(super) excerpt: Option<String>,
}

/// Sends the request and reads what came of it.
pub(super) async fn send(
    destination: &Destination,
    lead: &Lead,
    delivery: &Claimed,
    request: http::Request<Vec<u8>>,
    credential: &str,
) -> Sent {
    let uri = request.uri().clone();
    let holds = destination.on_unconfirmed == OnUnconfirmed::Hold;
    let refused = || TransportError::NotSent("The connection was refused.".to_owned());
    // Where a repeat does harm, asked before: afterwards, somebody may have read the request and gone.
    let sent = if holds && reach::refuses(&uri).await {
        Err(refused())
    } else {
        outbound::send(request, destination.timeout_ms).await
    };
    let sent = match sent {
        Err(TransportError::Broken(_)) if !holds && reach::refuses(&uri).await => Err(refused()),
        sent => sent,
    };
    match sent {
        Ok(answer) => {
            let answer = answer.map(|body| credential::removed(body, credential));
            let text = String::from_utf8_lossy(answer.body());
            let excerpt = shortened(text.trim(), EXCERPT_MAX_CHARS).to_owned();
            let now = clock::now();
            Sent {
                outcome: match &delivery.follow_up {
                    Some(_) => provider::follow_up_outcome(&answer, delivery.reference.clone(), now),
                    None => destination.provider.outcome(lead, &answer, now),
                },
                status_code: Some(answer.status().as_u16()),
                excerpt: (!excerpt.is_empty()).then_some(excerpt),
            }
        }
        Err(error) => without_answer(error, destination.timeout_ms),
    }
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
