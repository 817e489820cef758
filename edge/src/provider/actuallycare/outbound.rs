//! A lead as ActuallyCare wants it, and what ActuallyCare's answers mean.

use http::{Response, header::HeaderName};
use serde_json::Value;
use shared::{
    field::Choice,
    lead::{InterestLevel, Lead},
    timestamp::Timestamp,
};

use super::{
    Settings,
    wire::{Change, LeadType, NewLead},
};
use crate::provider::{Call, CannotSend, Credential, FollowUp, Notes, Outcome, Prepared, answer, facts};

/// The header that carries the credential.
const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Longest id of a lead there, in characters. The page says UUID, which has 36; any other id that can
/// stand in a path is believed.
const ID_MAX_CHARS: usize = 100;

/// The request that gives `lead` to ActuallyCare. Its interest level goes with a second request, after
/// the answer to this one.
///
/// # Errors
/// When the lead has no name.
pub fn request(lead: &Lead, settings: &Settings, call: &Call<'_>) -> Result<Prepared, CannotSend> {
    let mut notes = Notes::default();
    let body = new_lead(lead, settings, call.lead_id, &mut notes)?;
    Ok(Prepared::new(call.post(&body, Some(credential(call.credential)))?, notes))
}

/// The header with the credential.
pub fn credential(credential: &str) -> Credential {
    (X_API_KEY, credential.to_owned())
}

/// The lead in ActuallyCare's words, with a note of everything that has no field there.
///
/// # Errors
/// When the lead has no name.
pub fn new_lead(lead: &Lead, settings: &Settings, lead_id: &str, notes: &mut Notes) -> Result<NewLead, CannotSend> {
    let Some(name) = lead.name.clone() else { return Err(CannotSend::Lacks("a name")) };
    let lead_type = lead.intent.and_then(LeadType::of);
    let mut rest = facts::facts(lead, lead_id);
    rest.extend(facts::conversation(lead));
    for fact in facts::without(rest, &["name", "source", "interest_level"]) {
        match fact.field.as_str() {
            "intent" if lead_type.is_some() => {}
            "intent" => notes.left_out("intent", "the provider knows buyer, seller and both"),
            field => notes.left_out(field, "the provider has no field for it"),
        }
    }
    Ok(NewLead {
        name,
        email: lead.contact.email.as_ref().map(|email| email.as_typed().to_owned()),
        phone: lead.contact.phone.as_ref().map(|phone| phone.typed.clone()),
        source: lead.source.clone().or_else(|| settings.source.clone()),
        lead_type,
    })
}

/// What an answer means: a 2xx is a delivery only if it names the lead it made. A lead whose interest
/// level the answer does not have already is completed by a second request.
pub fn outcome(lead: &Lead, answer: &Response<Vec<u8>>, now: Timestamp) -> Outcome {
    let body = answer::value(answer);
    let complaint = answer::complaint(&body);
    if let Some(outcome) = answer::by_status(answer, now, complaint.clone()) {
        return outcome;
    }
    if body.get("success") == Some(&Value::Bool(false)) {
        return Outcome::Refused { reason: answer::reason(answer.status(), complaint) };
    }
    let created = body.get("data");
    let Some(id) = created.and_then(|created| answer::id(created.get("id"))).filter(|id| is_id(id)) else {
        return Outcome::Unconfirmed { reason: "The answer does not name the lead it made.".to_owned() };
    };
    let has = |field: &str| created.and_then(|created| created.get(field));
    match lead.interest_level {
        Some(level) if has("interest_level").and_then(Value::as_str) != Some(level.name()) => {
            let then = interest(&id, level, has("version").and_then(Value::as_u64));
            Outcome::Continued { reference: Some(id), then }
        }
        _ => Outcome::delivered(Some(id)),
    }
}

/// The request that tells the interest level of a lead that was made.
fn interest(id: &str, level: InterestLevel, version: Option<u64>) -> FollowUp {
    let change = Change { status: None, interest_level: Some(level), version };
    let body = serde_json::to_value(change).unwrap_or_default();
    FollowUp { method: "PUT".to_owned(), path: format!("/{id}"), body }
}

/// Whether `id` can stand in a path as it is.
fn is_id(id: &str) -> bool {
    (1..=ID_MAX_CHARS).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

#[cfg(test)]
mod tests;
