//! A partner's request in AlterEstate's words, and the answers in the same.

use serde_json::{Map, Value};
use shared::submission::Submission;

use super::outbound::html_safe;
use crate::{
    intake,
    partner::{
        Taken, Words,
        fields::{Fields, Rejected, Renamed},
        number::number,
        object,
        refusal::Refusal,
    },
};

const REQUIRED: [&str; 3] = ["full_name", "phone", "email"];

/// AlterEstate's names and ours.
pub const NAMES: &[Renamed] = &[
    ("full_name", "name"),
    ("phone", "phone"),
    ("email", "email"),
    ("property_uid", "property.uid"),
    ("utm_source", "attribution.utm_source"),
    ("utm_campaign", "attribution.utm_campaign"),
    ("utm_content", "attribution.utm_content"),
    ("utm_medium", "attribution.utm_medium"),
    ("utm_term", "attribution.utm_term"),
    ("adset_name", "attribution.adset_name"),
    ("campaign_name", "attribution.campaign_name"),
    ("form_name", "attribution.form_name"),
    ("platform", "attribution.platform"),
    ("notes", "notes"),
];

/// What a new lead's fields say. `round_robin`, `related` and `via` mean something to AlterEstate only and
/// stay in `meta`.
///
/// # Errors
/// What is missing.
pub fn submission(given: Map<String, Value>) -> Result<Submission, Rejected> {
    let mut fields = Fields::new(given);
    fields.require(&REQUIRED);
    if let Some((field, value)) = fields.given("listing_type").and_then(|kind| intake::meaning("listing_type", kind)) {
        fields.take("listing_type");
        fields.put(field, value.into());
    }
    fields.place(NAMES);
    fields.finish()
}

/// The answer of a success, or to a contact that is there already. What AlterEstate numbers is the lead's
/// number; `company` and `ctype` are numbers of its own that nothing here goes by.
pub fn taken(taken: &Taken<'_>) -> Words {
    let (lead, number) = (taken.lead, number(taken.id));
    if taken.is_duplicate {
        let message = "This contact already exists. No new deal was created.";
        let log_id = format!("LOG{number}");
        return (200, object(vec![("status", 200.into()), ("message", message.into()), ("log_id", log_id.into())]));
    }
    let via = lead.meta.get("via").and_then(|via| via.parse::<u64>().ok()).unwrap_or_default();
    let data = object(vec![
        ("id", number.into()),
        ("company", 0.into()),
        ("uid", taken.id.to_string().into()),
        ("full_name", lead.name.as_deref().into()),
        ("email", taken.email().into()),
        ("description", lead.notes.as_deref().map(html_safe).unwrap_or_default().into()),
        ("via", via.into()),
        ("phone", taken.phone().into()),
        ("distinct_id", Value::Null),
        ("ctype", 0.into()),
        ("related_contacts", Value::Array(Vec::new())),
    ]);
    let members = vec![("status", 201.into()), ("data", data), ("log_id", number.into()), ("deal_id", number.into())];
    (201, object(members))
}

/// The answer of an error.
pub fn refused(refusal: &Refusal) -> Words {
    let message = match refusal.missing() {
        Some(fields) => format!("Missing required field: {fields}"),
        None => match refusal.wrong.first() {
            Some(wrong) => format!("Invalid field: {}. {}", wrong.field, wrong.text),
            None => refusal.detail.clone(),
        },
    };
    (refusal.status_without_422(), object(vec![("status", "error".into()), ("message", message.into())]))
}

#[cfg(test)]
mod tests;
