//! One attempt: from a claimed delivery to what it becomes.

use http::HeaderValue;
use shared::{field::Choice, lead::Lead, timestamp::Timestamp};

use super::{
    bindings::Bindings,
    clock, credential, daily_cap,
    delivery_store::{Attempt, Claimed, Settled},
    pause,
    provider_call::{self, Sent},
};
use crate::{
    catalog::{Catalog, Configured},
    delivery::{
        self, Next, Situation, Status,
        backoff::{Jitter, Schedule},
    },
    destination::Destination,
    hops::{self, LEADGATE_VIA},
    provider::{Call, CannotSend, Note, OnUnconfirmed, Outcome, Prepared},
    telemetry::{Event, log},
};

/// What an attempt came to.
#[derive(Debug)]
pub struct AttemptResult {
    /// What the delivery becomes.
    pub next: Next,
    /// Whether the destination showed that it works, that it does not, or nothing.
    pub sign: Sign,
    /// Whether this was to find out if a paused destination works again.
    pub is_probe: bool,
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
    fn without_sending(next: Next, is_probe: bool) -> Self {
        Self { next, sign: Sign::None, is_probe, attempt: None, notes: None, counts: false }
    }

    /// Why the destination must be left alone, if it must: the status of its answer, or a sentence of
    /// ours. What the provider said stays with the delivery that it was said of.
    pub fn pause_reason(&self) -> Option<String> {
        let status = self.attempt.as_ref().and_then(|attempt| attempt.status_code);
        let reason = || match status {
            Some(status) => format!("HTTP {status}."),
            None => self.next.reason.clone().unwrap_or_default(),
        };
        self.next.pauses_destination.then(reason)
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
    let patience = patience(catalog, delivery);
    if let Some(since) = delivery.abandoned {
        return abandoned(bindings, catalog, delivery, patience, since, started);
    }
    // In a group nobody waits for a destination that is left alone, but for the last.
    let passes_by = patience.is_some() && !delivery.may_be_there;
    let in_turn = |next: Next| if passes_by { next.in_turn() } else { next };
    let unable = |next, is_probe| AttemptResult::without_sending(in_turn(next), is_probe);
    let (destination, lead) = match ready(catalog, delivery, started) {
        Ok(ready) => ready,
        Err(next) => return unable(next, delivery.is_probe),
    };
    let is_probe =
        delivery.is_probe || delivery.is_paused && passes_by && takes_probe(bindings, &destination.id, started).await;
    if delivery.is_paused && !is_probe {
        return unable(Next::parked("The destination is paused.".to_owned()), false);
    }
    let prepared = match prepare(bindings, destination, lead, delivery, started) {
        Ok(prepared) => prepared,
        Err(next) => return unable(next, is_probe),
    };
    if let Err(next) = take_place(bindings, destination, delivery, started).await {
        return unable(next, is_probe);
    }
    let Sent { outcome, status_code, excerpt } =
        provider_call::send(destination, lead, delivery, prepared.request, &prepared.credential).await;
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
    // Only a failure needs the schedule and a roll of the dice, and both are calls out of the WASM.
    let (schedule, jitter) = match sign {
        Sign::Fails => (bindings.schedule(), roll()),
        Sign::Works | Sign::None => (Schedule::default(), Jitter::NONE),
    };
    let situation = Situation {
        tries: delivery.retries.saturating_add(1),
        schedule: &schedule,
        policy: destination.on_unconfirmed,
        is_probe,
        follow_up: delivery.follow_up.as_deref(),
        patience,
        may_be_there: delivery.may_be_there,
    };
    AttemptResult {
        next: delivery::after(outcome, &situation, ended, jitter),
        sign,
        is_probe,
        attempt: Some(Attempt { at: started, status_code, duration_ms, outcome: name, excerpt }),
        notes: Some(prepared.notes),
        counts: sign == Sign::Fails && !is_probe,
    }
}

/// What becomes of a delivery whose sender never said what came of it: nobody knows, and so it counts as
/// an attempt like any other. It is decided before anything else, since it is forgotten with the claim.
fn abandoned(
    bindings: &Bindings,
    catalog: &Catalog,
    delivery: &Claimed,
    patience: Option<u32>,
    since: Timestamp,
    now: Timestamp,
) -> AttemptResult {
    let policy = match catalog.destination(&delivery.destination) {
        Configured::Ready(destination) => destination.on_unconfirmed,
        // What cannot be read may say `hold`.
        Configured::Outdated => OnUnconfirmed::Hold,
        Configured::Gone => return AttemptResult::without_sending(gone(delivery), false),
    };
    let situation = Situation {
        tries: delivery.retries.saturating_add(1),
        schedule: &bindings.schedule(),
        policy,
        is_probe: false,
        follow_up: delivery.follow_up.as_deref(),
        patience,
        may_be_there: true,
    };
    let reason = "The sender stopped before it could say whether the provider has the lead.".to_owned();
    let outcome = Outcome::Unconfirmed { reason: reason.clone() };
    let duration_ms = now.millis().saturating_sub(since.millis());
    let attempt = Attempt { at: since, status_code: None, duration_ms, outcome: outcome.name(), excerpt: Some(reason) };
    AttemptResult {
        next: delivery::after(outcome, &situation, now, roll()),
        // It says nothing of the destination.
        sign: Sign::None,
        is_probe: false,
        attempt: Some(attempt),
        notes: None,
        counts: true,
    }
}

fn roll() -> Jitter {
    Jitter::from_random(u16::from_be_bytes(clock::random()))
}

/// How often the delivery is tried again before somebody else of its group gets the lead; `None` where
/// nobody could.
fn patience(catalog: &Catalog, delivery: &Claimed) -> Option<u32> {
    let (group, lead) = (delivery.group.as_deref()?, delivery.lead.as_ref()?);
    let mut others = catalog.next_in_turn(group, &delivery.destination, &delivery.form, lead);
    others.next().map(|_| catalog.patience(group))
}

/// Whether this delivery is to find out if its destination works again. If D1 cannot say, it is not.
async fn takes_probe(bindings: &Bindings, destination: &str, now: Timestamp) -> bool {
    let Ok(db) = bindings.db() else { return false };
    pause::take_probe(&db, destination, now).await.unwrap_or(false)
}

/// What becomes of a delivery whose destination was removed.
fn gone(delivery: &Claimed) -> Next {
    let (status, reason) = match delivery.follow_up {
        Some(_) => {
            (Status::Delivered, "The lead is there, but was not completed: its destination is not configured any more.")
        }
        None => (Status::Cancelled, "Its destination is not configured any more."),
    };
    Next::settled(status, Some(reason.to_owned()))
}

/// The destination and the lead, or what the delivery becomes without being sent.
fn ready<'a>(catalog: &'a Catalog, delivery: &'a Claimed, now: Timestamp) -> Result<(&'a Destination, &'a Lead), Next> {
    let destination = match catalog.destination(&delivery.destination) {
        Configured::Ready(destination) => destination,
        Configured::Outdated => {
            return Err(Next::paused("Its configuration is not understood by this version.".to_owned()));
        }
        Configured::Gone => return Err(gone(delivery)),
    };
    let Some(lead) = &delivery.lead else {
        let reason = "What is stored of the lead cannot be read.".to_owned();
        return Err(Next::settled(Status::Failed, Some(reason)));
    };
    if !destination.is_enabled() {
        return Err(Next::paused("The destination is disabled.".to_owned()));
    }
    // Whoever claims it next must not find it still being sent.
    if !delivery::is_time_left(delivery.lease, destination.timeout_ms, now) {
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
    let credential = credential::of(bindings, destination.credential.as_deref()).map_err(Next::paused)?;
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
    if !lead.contact.is_reachable() {
        let reason = CannotSend::Lacks("an email or a phone").to_string();
        return Err(Next::settled(Status::Skipped, Some(reason)));
    }
    let prepared = match &delivery.follow_up {
        Some(step) => {
            destination.provider.follow_up(step, &call).map(|request| Prepared { request, notes: Vec::new() })
        }
        None => destination.provider.request(lead, &call),
    };
    match prepared {
        Ok(Prepared { mut request, notes }) => {
            if let Ok(way) = HeaderValue::try_from(hops::onwards(delivery.via.as_deref(), delivery.id.lead)) {
                request.headers_mut().insert(LEADGATE_VIA, way);
            }
            Ok(Ready { request, notes, credential })
        }
        Err(reason @ CannotSend::Lacks(_)) => Err(Next::settled(Status::Skipped, Some(reason.to_string()))),
        Err(CannotSend::Misconfigured(reason)) => Err(Next::paused(reason)),
    }
}

/// Takes a place of the day, where the destination has a cap and the lead is not there already.
async fn take_place(
    bindings: &Bindings,
    destination: &Destination,
    delivery: &Claimed,
    now: Timestamp,
) -> Result<(), Next> {
    let Some(cap) = destination.daily_cap.filter(|_| delivery.follow_up.is_none()) else { return Ok(()) };
    let Ok(db) = bindings.db() else { return Err(Next::postponed(now)) };
    match daily_cap::take(&db, &destination.id, delivery.id, cap, now).await {
        Ok(true) => Ok(()),
        Ok(false) => {
            let reason = format!("The destination was given its {cap} leads of {} (UTC).", daily_cap::day(now));
            Err(Next::settled(Status::Skipped, Some(reason)))
        }
        Err(_) => Err(Next::postponed(now)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_repeats_nothing_that_a_provider_said_of_a_lead() {
        let said = |status_code, reason: &str| {
            let attempt = Attempt {
                at: Timestamp::from_millis(0),
                status_code,
                duration_ms: 1,
                outcome: "misconfigured",
                excerpt: None,
            };
            let next = Next::paused(reason.to_owned());
            AttemptResult { attempt: Some(attempt), ..AttemptResult::without_sending(next, false) }.pause_reason()
        };
        assert_eq!(said(Some(403), "HTTP 403: marla@example.com is blocked.").as_deref(), Some("HTTP 403."));
        let own = AttemptResult::without_sending(Next::paused("The destination is disabled.".to_owned()), false);
        assert_eq!(own.pause_reason().as_deref(), Some("The destination is disabled."));
        let parked = AttemptResult::without_sending(Next::parked("HTTP 503.".to_owned()), true);
        assert_eq!(parked.pause_reason(), None);
    }
}
