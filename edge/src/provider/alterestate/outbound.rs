//! A lead as AlterEstate wants it, and what AlterEstate's answers mean.

use http::{Response, header::AUTHORIZATION};
use serde_json::Value;
use shared::{
    lead::{Intent, Lead},
    timestamp::Timestamp,
};

use super::{Settings, wire::NewLead};
use crate::provider::{Call, CannotSend, Credential, Notes, Outcome, Prepared, answer, facts};

/// Facts of a lead that have a field of their own, besides the intent, which has one for some values.
const PLACED: &[&str] = &[
    "name",
    "property.uid",
    "attribution.utm_source",
    "attribution.utm_medium",
    "attribution.utm_campaign",
    "attribution.utm_term",
    "attribution.utm_content",
    "attribution.platform",
    "attribution.campaign_name",
    "attribution.adset_name",
    "attribution.form_name",
];

/// The request that gives `lead` to AlterEstate.
///
/// # Errors
/// When the lead has no name, no phone or no email.
pub fn request(lead: &Lead, settings: &Settings, call: &Call<'_>) -> Result<Prepared, CannotSend> {
    let mut notes = Notes::default();
    let body = new_lead(lead, settings, call.lead_id, &mut notes)?;
    Ok(Prepared::new(call.post(&body, Some(credential(call.credential)))?, notes))
}

/// The header with the credential.
pub fn credential(credential: &str) -> Credential {
    (AUTHORIZATION, format!("Token {credential}"))
}

/// The lead in AlterEstate's words. The phone goes as typed, like the page's example.
///
/// # Errors
/// When the lead has no name, no phone or no email.
pub fn new_lead(lead: &Lead, settings: &Settings, lead_id: &str, notes: &mut Notes) -> Result<NewLead, CannotSend> {
    let Some(full_name) = lead.name.clone() else { return Err(CannotSend::Lacks("a name")) };
    let Some(phone) = &lead.contact.phone else { return Err(CannotSend::Lacks("a phone")) };
    let Some(email) = &lead.contact.email else { return Err(CannotSend::Lacks("an email")) };
    let listing_type = match lead.intent {
        Some(Intent::Rent) => Some("rent"),
        Some(Intent::Buy) => Some("buy"),
        _ => None,
    };
    let mut rest = facts::facts(lead, lead_id);
    rest.extend(facts::conversation(lead));
    if listing_type.is_some() {
        rest.retain(|fact| fact.field != "intent");
    }
    let text = facts::as_text(facts::without(rest, PLACED), "notes", notes);
    let attribution = &lead.attribution;
    Ok(NewLead {
        full_name,
        phone: phone.typed.clone(),
        email: email.as_typed().to_owned(),
        property_uid: lead.property.as_ref().and_then(|property| property.uid.clone()),
        utm_source: attribution.utm_source.clone(),
        utm_campaign: attribution.utm_campaign.clone(),
        utm_content: attribution.utm_content.clone(),
        utm_medium: attribution.utm_medium.clone(),
        utm_term: attribution.utm_term.clone(),
        adset_name: attribution.adset_name.clone(),
        campaign_name: attribution.campaign_name.clone(),
        form_name: attribution.form_name.clone().or_else(|| settings.form_name.clone()),
        platform: attribution.platform.clone(),
        round_robin: settings.round_robin.clone(),
        listing_type: listing_type.map(str::to_owned),
        related: settings.related.clone().filter(|_| settings.round_robin.is_none()),
        notes: text.map(|text| html_safe(&text)),
        via: settings.via.clone(),
    })
}

/// `text` with the characters escaped that mean something in HTML: AlterEstate puts the notes into an
/// HTML description, and the words are a stranger's. Line breaks stay line breaks.
pub fn html_safe(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}

/// What an answer means. The body decides where there is one that the page knows: a deal or a duplicate
/// is one whatever status it came with, and an error may come with any that has no meaning of its own.
pub fn outcome(answer: &Response<Vec<u8>>, now: Timestamp) -> Outcome {
    let body = answer::value(answer);
    let by_body = success(&body);
    if matches!(by_body, Outcome::Delivered { .. } | Outcome::Duplicate { .. }) {
        return by_body;
    }
    let complaint = answer::complaint(&body);
    let is_error = body.get("status").and_then(Value::as_str) == Some("error");
    let by_status = answer::by_status(answer, now, complaint.clone());
    let speaks_for_itself = matches!(answer.status().as_u16(), 300..=399 | 401 | 403 | 408 | 425 | 429 | 500..);
    if is_error && !speaks_for_itself {
        return Outcome::Refused { reason: answer::reason(answer.status(), complaint) };
    }
    by_status.unwrap_or(by_body)
}

/// What the body of a success means.
fn success(body: &Value) -> Outcome {
    let reference = |value: Option<&Value>| answer::id(value).map(|id| answer::reference(&id));
    let status = answer::id(body.get("status"));
    let deal = reference(body.get("deal_id"));
    let contact = body.get("data").filter(|data| data.is_object());
    match (status.as_deref(), deal, contact) {
        (_, Some(deal), _) => Outcome::delivered(Some(deal)),
        (Some("201"), None, Some(contact)) => {
            Outcome::delivered(reference(contact.get("uid")).or_else(|| reference(contact.get("id"))))
        }
        (Some("200"), None, _) if body.get("message").is_some_and(Value::is_string) => {
            Outcome::Duplicate { reference: reference(body.get("log_id")) }
        }
        _ => Outcome::Unconfirmed { reason: "The answer does not say what became of the lead.".to_owned() },
    }
}

#[cfg(test)]
mod tests;
