//! A lead as AnyHouse wants it, and what AnyHouse's answers mean.

use http::{
    Response,
    header::{AUTHORIZATION, HeaderName},
};
use shared::{
    lead::{InterestLevel, Lead},
    timestamp::Timestamp,
};

use super::{
    Auth, Settings,
    wire::{LeadType, Message, NewLead},
};
use crate::provider::{Call, CannotSend, Credential, Notes, Outcome, Prepared, answer, facts};

/// The other way to present the credential.
const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// The request that gives `lead` to AnyHouse.
///
/// # Errors
/// When the lead has neither e-mail nor phone.
pub fn request(lead: &Lead, settings: &Settings, call: &Call<'_>) -> Result<Prepared, CannotSend> {
    if !lead.contact.is_reachable() {
        return Err(CannotSend::Lacks("an email or a phone"));
    }
    let mut notes = Notes::default();
    let body = new_lead(lead, call.lead_id, &mut notes);
    Ok(Prepared::new(call.post(&body, Some(credential(settings, call.credential)))?, notes))
}

/// The header with the credential.
pub fn credential(settings: &Settings, credential: &str) -> Credential {
    match settings.auth {
        Auth::Bearer => (AUTHORIZATION, format!("Bearer {credential}")),
        Auth::XApiKey => (X_API_KEY, credential.to_owned()),
    }
}

/// The lead in AnyHouse's words. The phone goes as typed, as the page's example shows it; what has no
/// field goes into the notes, which have no limit.
pub fn new_lead(lead: &Lead, lead_id: &str, notes: &mut Notes) -> NewLead {
    // The page has hot and cold. A warm lead is neither, so nothing is claimed of it.
    let lead_type = match lead.interest_level {
        Some(InterestLevel::Hot) => Some(LeadType::Hot),
        Some(InterestLevel::Cold) => Some(LeadType::Cold),
        Some(InterestLevel::Warm) | None => None,
    };
    let placed: &[&str] = if lead_type.is_some() { &["name", "interest_level"] } else { &["name"] };
    NewLead {
        name: lead.name.clone(),
        email: lead.contact.email.as_ref().map(|email| email.as_typed().to_owned()),
        phone: lead.contact.phone.as_ref().map(|phone| phone.typed.clone()),
        notes: facts::as_text(facts::without(facts::facts(lead, lead_id), placed), "notes", notes),
        lead_type,
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

/// What an answer means: a 2xx is a delivery only if it names the lead it made.
pub fn outcome(answer: &Response<Vec<u8>>, now: Timestamp) -> Outcome {
    let body = answer::value(answer);
    if let Some(outcome) = answer::by_status(answer, now, answer::complaint(&body)) {
        return outcome;
    }
    match answer::id(body.get("id")) {
        Some(id) => Outcome::delivered(Some(answer::reference(&id))),
        None => Outcome::Unconfirmed { reason: "The answer does not name the lead it made.".to_owned() },
    }
}

#[cfg(test)]
mod tests;
