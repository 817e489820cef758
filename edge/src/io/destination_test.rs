//! Sending the test lead to a destination: as an attempt is made, but nothing is recorded of it, and
//! neither pauses nor counts change.

use serde_json::{Value, json};
use shared::{lead::Lead, timestamp::Timestamp};

use super::{
    bindings::Bindings,
    clock, credential,
    delivery_store::Claimed,
    provider_call::{self, Sent},
};
use crate::{
    delivery::DeliveryId,
    destination::Destination,
    destination_test::{shown, told},
    provider::{Call, CannotSend, FollowUp, Note, Outcome},
};

/// What came of a test.
#[derive(Debug, Default)]
struct Report {
    request: Value,
    answer: Value,
    outcome: &'static str,
    reference: Option<String>,
    reason: Option<String>,
    notes: Vec<Note>,
    follow_up: Value,
}

/// Sends the lead, and the request that completes it where there is one. What was sent, what came back
/// and what it means, as JSON.
pub async fn run(bindings: &Bindings, destination: &Destination, lead: &Lead, now: Timestamp) -> Value {
    let Report { request, answer, outcome, reference, reason, notes, follow_up } =
        report(bindings, destination, lead, now).await;
    json!({
        "request": request, "answer": answer, "outcome": outcome, "reference": reference, "reason": reason,
        "notes": notes, "follow_up": follow_up,
    })
}

async fn report(bindings: &Bindings, destination: &Destination, lead: &Lead, now: Timestamp) -> Report {
    let credential = match credential::of(bindings, destination.credential.as_deref()) {
        Ok(credential) => credential,
        Err(reason) => return without_request(CannotSend::Misconfigured(reason)),
    };
    let id = clock::new_id(now);
    let (lead_id, idempotency_key) = (id.to_string(), format!("test_{id}"));
    let call = Call {
        url: destination.url.as_str(),
        credential: &credential,
        idempotency_key: &idempotency_key,
        lead_id: &lead_id,
        form: "test",
        created_at: now,
        now,
    };
    let prepared = match destination.provider.request(lead, &call) {
        Ok(prepared) => prepared,
        Err(reason) => return without_request(reason),
    };
    let mut delivery = claimed(destination, DeliveryId { lead: id, ordinal: 1 }, now);
    let request = shown(&prepared.request, &credential);
    let sent = provider_call::send(destination, lead, &delivery, prepared.request, &credential).await;
    let mut report = Report { request, notes: prepared.notes, ..Report::of(&sent) };
    if let Outcome::Continued { reference, then } = sent.outcome {
        delivery.reference = reference;
        report.follow_up = complete(destination, lead, &mut delivery, then, &call).await;
    }
    report
}

/// Makes the request that completes the test lead.
async fn complete(
    destination: &Destination,
    lead: &Lead,
    delivery: &mut Claimed,
    step: FollowUp,
    call: &Call<'_>,
) -> Value {
    let request = match destination.provider.follow_up(&step, call) {
        Ok(request) => request,
        Err(reason) => return json!({ "request": null, "answer": null, "reason": reason.to_string() }),
    };
    delivery.follow_up = Some(Box::new(step));
    let shown = shown(&request, call.credential);
    let sent = provider_call::send(destination, lead, delivery, request, call.credential).await;
    let Report { answer, outcome, reason, .. } = Report::of(&sent);
    json!({ "request": shown, "answer": answer, "outcome": outcome, "reason": reason })
}

impl Report {
    fn of(sent: &Sent) -> Self {
        let (reference, reason) = told(&sent.outcome);
        let answer = sent.status_code.map(|status| json!({ "status": status, "body": sent.excerpt }));
        Self {
            answer: answer.unwrap_or_default(),
            outcome: sent.outcome.name(),
            reference: reference.map(str::to_owned),
            reason: reason.map(str::to_owned),
            ..Self::default()
        }
    }
}

fn without_request(reason: CannotSend) -> Report {
    let outcome = match reason {
        CannotSend::Lacks(_) => "skipped",
        CannotSend::Misconfigured(_) => "misconfigured",
    };
    Report { outcome, reason: Some(reason.to_string()), ..Report::default() }
}

/// A delivery that stands nowhere, for the code that sends deliveries.
fn claimed(destination: &Destination, id: DeliveryId, now: Timestamp) -> Claimed {
    Claimed {
        id,
        destination: destination.id.clone(),
        lease: now,
        form: String::new(),
        via: None,
        group: None,
        attempts: 0,
        retries: 0,
        reference: None,
        follow_up: None,
        is_probe: false,
        is_paused: false,
        abandoned: None,
        may_be_there: false,
        lead: None,
    }
}
