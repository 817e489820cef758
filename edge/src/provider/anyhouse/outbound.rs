//! A lead as AnyHouse wants it, and what AnyHouse's answers mean.

use http::{
    Request, Response,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue},
};
use shared::{
    field::Choice,
    lead::{InterestLevel, Lead},
    text::shortened,
    timestamp::Timestamp,
};

use super::{
    Auth, Settings,
    wire::{Created, LeadType, Message, NewLead, Refusal},
};
use crate::{
    destination::Destination,
    provider::{Call, CannotSend, IDEMPOTENCY_KEY, Outcome, answer},
};

/// The other way to present the credential.
const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Longest reference that is kept of an answer, in characters.
const REFERENCE_MAX_CHARS: usize = 100;

/// The request that gives `lead` to AnyHouse.
///
/// # Errors
/// When the lead has neither e-mail nor phone.
pub fn request(
    lead: &Lead,
    destination: &Destination,
    settings: &Settings,
    credential: &str,
    call: &Call<'_>,
) -> Result<Request<Vec<u8>>, CannotSend> {
    if !lead.contact.is_reachable() {
        return Err(CannotSend::Lacks("an email or a phone"));
    }
    let body = serde_json::to_vec(&new_lead(lead, call.lead_id)).map_err(|_| CannotSend::NotARequest)?;
    let (name, value) = match settings.auth {
        Auth::Bearer => (AUTHORIZATION, format!("Bearer {credential}")),
        Auth::XApiKey => (X_API_KEY, credential.to_owned()),
    };
    let mut value = HeaderValue::from_str(&value).map_err(|_| CannotSend::NotARequest)?;
    value.set_sensitive(true);
    Request::post(destination.url.as_str())
        .header(CONTENT_TYPE, "application/json")
        .header(IDEMPOTENCY_KEY, call.idempotency_key)
        .header(name, value)
        .body(body)
        .map_err(|_| CannotSend::NotARequest)
}

/// The lead in AnyHouse's words. The phone goes as typed, as the page's example shows it.
pub fn new_lead(lead: &Lead, lead_id: &str) -> NewLead {
    NewLead {
        name: lead.name.clone(),
        email: lead.contact.email.as_ref().map(|email| email.as_typed().to_owned()),
        phone: lead.contact.phone.as_ref().map(|phone| phone.typed.clone()),
        notes: notes(lead, lead_id),
        // The page has hot and cold. A warm lead is neither, so nothing is claimed of it.
        lead_type: match lead.interest_level {
            Some(InterestLevel::Hot) => Some(LeadType::Hot),
            Some(InterestLevel::Cold) => Some(LeadType::Cold),
            Some(InterestLevel::Warm) | None => None,
        },
        previous_conversation: lead
            .conversation
            .iter()
            .map(|message| Message {
                date: message.date,
                direction: message.direction,
                from: message.from.clone(),
                to: message.to.clone(),
                subject: message.subject.clone(),
                body: message.body.clone(),
            })
            .collect(),
    }
}

/// What AnyHouse has no field for, in its one free field: the message first, then a line a fact.
fn notes(lead: &Lead, lead_id: &str) -> Option<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut fact = |label: &str, value: Option<String>| {
        if let Some(value) = value {
            lines.push(format!("{label}: {value}"));
        }
    };
    let words = |name: &str| name.replace('_', " ");
    fact("Intent", lead.intent.map(|intent| words(intent.name())));
    fact("Interest", lead.interest_level.map(|level| words(level.name())));
    fact("Category", lead.category.clone());
    fact("Budget", lead.budget.as_ref().map(ToString::to_string));
    fact("Timeline", lead.timeline.clone());
    let address = [&lead.address, &lead.postcode, &lead.city, &lead.state, &lead.country];
    fact("Address", joined(address.into_iter().flatten()));
    if let Some(property) = &lead.property {
        fact(
            "Property",
            joined([&property.uid, &property.address, &property.postcode, &property.url].into_iter().flatten()),
        );
        fact("Property type", property.kind.map(|kind| words(kind.name())));
    }
    let times = lead.availability.iter().map(ToString::to_string).collect::<Vec<_>>();
    fact("Available", joined(times.iter()));
    for [question, answer] in lead.questionnaire.values() {
        fact(question, Some(answer.clone()));
    }
    for (name, value) in &lead.meta {
        fact(name, Some(value.clone()));
    }
    fact("Source", lead.source.clone());
    for (name, value) in lead.attribution.iter() {
        fact(name, Some(value.to_owned()));
    }
    if let Some(consent) = &lead.consent {
        let version = consent.version.as_deref().map(|v| format!(", version {v}")).unwrap_or_default();
        fact("Consent", Some(format!("given {}{version}, receipt {lead_id}", consent.at)));
    }
    let facts = (!lines.is_empty()).then(|| lines.join("\n"));
    let parts: Vec<String> = [lead.message.clone(), lead.notes.clone(), facts].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

fn joined<'a>(parts: impl Iterator<Item = &'a String>) -> Option<String> {
    let parts: Vec<&str> = parts.map(String::as_str).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// What an answer means: a 2xx is a delivery only if it names the lead it made.
pub fn outcome(answer: &Response<Vec<u8>>, now: Timestamp) -> Outcome {
    let refusal = answer::json::<Refusal>(answer);
    if let Some(outcome) = answer::by_status(answer, now, refusal.as_ref().map(sentence)) {
        return outcome;
    }
    match answer::json::<Created>(answer) {
        Some(Created { id }) => {
            Outcome::Delivered { reference: Some(shortened(&id.to_string(), REFERENCE_MAX_CHARS).to_owned()) }
        }
        None => Outcome::Unconfirmed { reason: "The answer does not name the lead it made.".to_owned() },
    }
}

fn sentence(refusal: &Refusal) -> String {
    let fields: Vec<&str> = refusal.errors.keys().map(String::as_str).collect();
    if fields.is_empty() { refusal.message.clone() } else { format!("{} ({})", refusal.message, fields.join(", ")) }
}

#[cfg(test)]
mod tests;
