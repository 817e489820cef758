//! A partner's request in AnyHouse's words, and the answers in the same.

use serde_json::{Map, Value};
use shared::{
    conversation::Direction, field::Choice, lead::InterestLevel, submission::Submission, timestamp::Timestamp,
};

use super::wire::LeadType;
use crate::partner::{
    Taken, Words,
    fields::{Fields, Rejected, Renamed, WrongKind, by_field},
    number::number,
    object,
    refusal::Refusal,
};

/// AnyHouse's names and ours.
pub const NAMES: &[Renamed] = &[
    ("name", "name"),
    ("email", "email"),
    ("phone", "phone"),
    ("notes", "notes"),
    ("lead_type", "interest_level"),
    ("previous_conversation", "conversation"),
];

/// What a new lead's fields say.
///
/// # Errors
/// Where neither email nor phone came, or a value is not as the page has it.
pub fn submission(given: Map<String, Value>) -> Result<Submission, Rejected> {
    let mut fields = Fields::new(given);
    if !fields.has("email") && !fields.has("phone") {
        fields.wrong("email", WrongKind::Missing, "Email is required when phone is missing.");
        fields.wrong("phone", WrongKind::Missing, "Phone is required when email is missing.");
    }
    if let Some(kind) = fields.choice::<LeadType>("lead_type") {
        fields.put("interest_level", kind.name().into());
    }
    match fields.take("previous_conversation") {
        Some(Value::Array(messages)) => {
            let messages = conversation(messages, &mut fields);
            fields.put("conversation", messages);
        }
        Some(_) => fields.invalid("previous_conversation", "Send a list."),
        None => {}
    }
    fields.place(NAMES);
    fields.finish()
}

/// The messages as ours. The page shows an example of one and promises nothing of its members: what cannot
/// stand in a message of ours goes to `meta`.
fn conversation(given: Vec<Value>, fields: &mut Fields) -> Value {
    let mut messages = Vec::new();
    for (index, entry) in given.into_iter().enumerate() {
        let members = match entry {
            Value::Object(members) => members,
            text => {
                let mut members = Map::new();
                members.insert("body".to_owned(), text);
                members
            }
        };
        let mut message = Map::new();
        for (name, value) in members {
            let word = value.as_str().map(str::trim);
            let fits = match name.as_str() {
                "date" => word.is_some_and(|word| Timestamp::parse(word).is_some()),
                "direction" => word.is_some_and(|word| Direction::named(word).is_some()),
                "from" | "to" | "subject" | "body" => !value.is_object() && !value.is_array(),
                _ => false,
            };
            if fits {
                message.insert(name, value);
            } else {
                fields.put_meta(format!("previous_conversation.{index}.{name}"), value);
            }
        }
        if !message.is_empty() {
            messages.push(Value::Object(message));
        }
    }
    Value::Array(messages)
}

/// The answer of a success. The page documents none for a lead that is there already: it is answered with
/// that one's id.
pub fn taken(taken: &Taken<'_>) -> Words {
    let lead = taken.lead;
    let lead_type = match lead.interest_level {
        Some(InterestLevel::Hot) => Some(LeadType::Hot),
        Some(InterestLevel::Cold) => Some(LeadType::Cold),
        Some(InterestLevel::Warm) | None => None,
    };
    let body = object(vec![
        ("id", number(taken.id).into()),
        ("name", lead.name.as_deref().into()),
        ("email", taken.email().into()),
        ("phone", taken.phone().into()),
        ("lead_type", lead_type.map(Choice::name).into()),
        ("created_at", taken.id.created_at().to_string().into()),
    ]);
    (if taken.is_duplicate { 200 } else { 201 }, body)
}

/// The answer of an error.
pub fn refused(refusal: &Refusal) -> Words {
    let members = if refusal.wrong.is_empty() {
        vec![("message", refusal.detail.as_str().into())]
    } else {
        vec![("message", "The given data was invalid.".into()), ("errors", by_field(&refusal.wrong))]
    };
    (refusal.status, object(members))
}

#[cfg(test)]
mod tests;
