//! A partner's request in AnyHouse's words, and the answers in the same.

use serde_json::{Map, Value, json};
use shared::{
    conversation::Direction, field::Choice, lead::InterestLevel, submission::Submission, timestamp::Timestamp,
};

use super::wire::LeadType;
use crate::partner::{
    Taken, Words,
    fields::{Fields, Renamed, Wrong, WrongKind, by_field},
    number::number,
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
pub fn submission(given: Map<String, Value>) -> Result<Submission, Vec<Wrong>> {
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
            text => Map::from_iter([("body".to_owned(), text)]),
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
    let body = json!({
        "id": number(taken.id),
        "name": lead.name,
        "email": lead.contact.email.as_ref().map(|email| email.as_typed()),
        "phone": lead.contact.phone.as_ref().map(|phone| phone.typed.as_str()),
        "lead_type": lead_type.map(Choice::name),
        "created_at": taken.id.created_at(),
    });
    (if taken.is_duplicate { 200 } else { 201 }, body)
}

/// The answer of an error.
pub fn refused(refusal: &Refusal) -> Words {
    if refusal.wrong.is_empty() {
        return (refusal.status, json!({ "message": refusal.detail }));
    }
    (refusal.status, json!({ "message": "The given data was invalid.", "errors": by_field(&refusal.wrong) }))
}

#[cfg(test)]
mod tests;
