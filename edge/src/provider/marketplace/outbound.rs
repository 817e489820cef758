//! A lead as the marketplace wants it, and what the marketplace's answers mean.

mod verdict;

use http::header::AUTHORIZATION;
use serde_json::{Map, Value};
use shared::lead::Lead;

use super::{
    Settings, state,
    wire::{NewLead, REQUIRED},
};
use crate::provider::{Call, CannotSend, Credential, Notes, Prepared, facts, path, person};

pub use verdict::outcome;

/// The request that gives `lead` to the marketplace.
///
/// # Errors
/// When the settings name no seller, or the lead lacks a name, a phone, a state or a category.
pub fn request(lead: &Lead, settings: &Settings, call: &Call<'_>) -> Result<Prepared, CannotSend> {
    let mut notes = Notes::default();
    let body = new_lead(lead, settings, call.lead_id, &mut notes)?;
    Ok(Prepared::new(call.post(&body, Some(credential(call.credential)))?, notes))
}

/// The header with the credential.
pub fn credential(credential: &str) -> Credential {
    (AUTHORIZATION, format!("Bearer {credential}"))
}

/// The lead in the marketplace's words, with the further fields that the settings name. The phone goes
/// as typed, as the page's examples show it.
///
/// # Errors
/// When the settings or the lead lack what the marketplace requires.
pub fn new_lead(lead: &Lead, settings: &Settings, lead_id: &str, notes: &mut Notes) -> Result<NewLead, CannotSend> {
    let seller = said(settings.seller.as_deref()).ok_or_else(no_seller)?;
    let category = category(lead, settings).ok_or(CannotSend::Lacks("a category"))?;
    let names = person::two_names(lead).ok_or(CannotSend::Lacks("a name"))?;
    let phone = lead.contact.phone.as_ref().ok_or(CannotSend::Lacks("a phone"))?;
    let state = lead.state.as_deref().and_then(state::code).ok_or(CannotSend::Lacks("a two-letter state"))?;
    if let Some(missing) = names.assumed {
        let field = if missing == person::Missing::First { "firstName" } else { "lastName" };
        notes.assumed(field, person::NO_NAME);
    }
    let (further, mut placed) = further(lead, settings, category)?;
    placed.extend(["category", "state"]);
    placed.extend(names.fields_of(lead));
    let mut unless_further = |name: &str, field: &'static str, value: Option<&str>| {
        let value = value.filter(|_| !further.contains_key(name))?;
        placed.push(field);
        Some(value.to_owned())
    };
    let body = NewLead {
        seller: seller.to_owned(),
        category: category.to_owned(),
        first_name: names.first,
        last_name: names.last,
        phone: phone.typed.clone(),
        state: state.to_owned(),
        email: unless_further("email", "email", lead.contact.email.as_ref().map(|email| email.as_typed())),
        zip: unless_further("zip", "postcode", lead.postcode.as_deref()),
        city: unless_further("city", "city", lead.city.as_deref()),
        further,
    };
    let mut all = facts::facts(lead, lead_id);
    all.extend(facts::conversation(lead));
    for fact in all {
        let holds = |path: &&str| fact.field.strip_prefix(*path).is_some_and(|r| r.is_empty() || r.starts_with('.'));
        if !placed.iter().any(holds) {
            notes.left_out(&fact.field, "the marketplace has no field for it");
        }
    }
    Ok(body)
}

/// The category that a lead goes out with: its own, else the one of the settings.
fn category<'a>(lead: &'a Lead, settings: &'a Settings) -> Option<&'a str> {
    said(lead.category.as_deref()).or(said(settings.category.as_deref()))
}

fn said(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn no_seller() -> CannotSend {
    CannotSend::Misconfigured(
        "The destination's settings lack `seller`: the code of the seller that receives the leads.".to_owned(),
    )
}

/// The fields that the settings name and the lead has, and the paths they come from. None takes the
/// place of a required one.
fn further<'a>(
    lead: &Lead,
    settings: &'a Settings,
    category: &'a str,
) -> Result<(Map<String, Value>, Vec<&'a str>), CannotSend> {
    let (mut further, mut sources) = (Map::new(), Vec::new());
    if !settings.fields.is_empty() {
        let lead = path::tree(lead).ok_or_else(CannotSend::not_a_request)?;
        for (name, path) in settings.further(category) {
            if let Some(value) = path::resolve(&lead, path).filter(|_| !REQUIRED.contains(&name)) {
                further.insert(name.to_owned(), value.clone());
                sources.retain(|(other, _)| *other != name);
                sources.push((name, path));
            }
        }
    }
    Ok((further, sources.into_iter().map(|(_, path)| path).collect()))
}

#[cfg(test)]
mod tests;
