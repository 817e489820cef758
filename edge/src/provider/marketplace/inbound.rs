//! A partner's request in the marketplace's words, and the answers in the same.

use serde_json::{Map, Number, Value};
use shared::{contact::Region, form::Campaign, submission::Submission};

use super::{state, wire::REQUIRED};
use crate::{
    partner::{
        Taken, Words,
        fields::{Fields, Rejected, Renamed, Wrong, WrongKind, is_empty},
        object,
        refusal::Refusal,
    },
    provider::person::NO_NAME,
};

/// The marketplace's names and ours.
pub const NAMES: &[Renamed] = &[
    ("category", "category"),
    ("firstName", "first_name"),
    ("lastName", "last_name"),
    ("phone", "phone"),
    ("state", "state"),
    ("email", "email"),
    ("zip", "postcode"),
    ("city", "city"),
];

/// What a new lead's fields say. The seller says which form it is for, and is no part of the lead.
///
/// # Errors
/// What is missing, or a state that is not two letters.
pub fn submission(given: Map<String, Value>) -> Result<Submission, Rejected> {
    let mut fields = Fields::new(given);
    fields.require(REQUIRED);
    fields.take("seller");
    if let Some(given) = fields.given("state") {
        match given.as_str().and_then(two_letters) {
            Some(state) => {
                fields.take("state");
                fields.put("state", state.into());
            }
            None => fields.invalid("state", "Send the state as two letters, such as TX."),
        }
    }
    for name in ["firstName", "lastName"] {
        if fields.given(name).and_then(Value::as_str) == Some(NO_NAME) {
            fields.take(name);
        }
    }
    fields.place(NAMES);
    // Its states are American, and so are its numbers.
    fields.finish().map(|submission| submission.of_region(Region::US))
}

/// The page requires a last name, and its example of a query has none: a query by itself may lack it.
pub fn complete_query(fields: &mut Map<String, Value>) {
    let is_named = fields.get("firstName").and_then(Value::as_str).is_some_and(|name| !name.trim().is_empty());
    if is_named && !fields.contains_key("lastName") {
        fields.insert("lastName".to_owned(), NO_NAME.into());
    }
}

/// A state by its code, or an American one by its name.
fn two_letters(text: &str) -> Option<String> {
    let text = text.trim();
    let is_code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    state::code(text).map(str::to_owned).or_else(|| is_code.then(|| text.to_ascii_uppercase()))
}

/// The fields that a campaign asks for and that did not come.
pub fn lacking(campaign: &Campaign, given: &Map<String, Value>) -> Vec<Wrong> {
    let came = |name: &str| given.get(name).is_some_and(|value| !is_empty(value));
    let missing = campaign.required.iter().filter(|name| !REQUIRED.contains(&name.as_str()) && !came(name));
    let wrong = |name: &String| Wrong {
        field: name.clone(),
        text: format!("The field {name} is required."),
        kind: WrongKind::Missing,
    };
    missing.map(wrong).collect()
}

/// The answer to a lead that has no buyer yet.
pub fn taken(taken: &Taken<'_>) -> Words {
    let id = taken.id.to_string();
    (200, object(vec![("success", true.into()), ("lead_id", id.into()), ("status", "pending".into())]))
}

/// The answer to a lead that somebody took already, for `price` if the campaign has one.
pub fn sold(lead_id: &str, buyer: &str, price: Option<&Number>) -> Value {
    let mut members = vec![
        ("success", true.into()),
        ("lead_id", lead_id.into()),
        ("status", "sold".into()),
        ("buyer_ids", Value::Array(vec![buyer.into()])),
    ];
    if let Some(price) = price {
        members.push(("price", Value::Number(price.clone())));
    }
    object(members)
}

/// The answer of an error, with the page's words for it where it has some.
pub fn refused(refusal: &Refusal) -> Words {
    let lacks_campaign = refusal.wrong.iter().any(|wrong| wrong.kind == WrongKind::NoCampaign);
    let error = match refusal.status {
        401 => "Invalid API Key",
        429 => "Rate limit exceeded",
        500.. => "Internal error",
        _ if refusal.missing().is_some() => "Missing required field",
        _ if lacks_campaign => "No matching campaign",
        _ => "Invalid request",
    };
    let mut members =
        vec![("success", false.into()), ("error", error.into()), ("message", refusal.detail.as_str().into())];
    if !refusal.wrong.is_empty() {
        let fields = refusal.wrong.iter().map(|wrong| Value::from(wrong.field.as_str())).collect();
        members.push(("fields", Value::Array(fields)));
    }
    (refusal.status_without_422(), object(members))
}

#[cfg(test)]
mod tests;
