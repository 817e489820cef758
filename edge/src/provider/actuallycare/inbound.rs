//! A partner's request in ActuallyCare's words, and the answers in the same.

use serde_json::{Map, Number, Value};
use shared::{
    field::Choice,
    lead::{InterestLevel, Lead, LeadStatus},
    submission::Submission,
    timestamp::Timestamp,
};

use super::wire::LeadType;
use crate::{
    intake,
    partner::{
        Taken, Words,
        fields::{Fields, Rejected, Renamed, by_field},
        object,
        refusal::Refusal,
    },
};

/// ActuallyCare's names and ours.
pub const NAMES: &[Renamed] = &[
    ("name", "name"),
    ("email", "email"),
    ("phone", "phone"),
    ("source", "source"),
    ("lead_type", "intent"),
    ("interest_level", "interest_level"),
    ("budget", "budget"),
];

/// What a new lead's fields say. The page documents five of them; what its answers show besides is
/// understood too.
///
/// # Errors
/// Where there is no name, or a value is none of those that the page has.
pub fn submission(given: Map<String, Value>) -> Result<Submission, Rejected> {
    let mut fields = Fields::new(given);
    fields.require(&["name"]);
    if let Some(kind) = fields.choice::<LeadType>("lead_type")
        && let Some((field, value)) = intake::meaning("lead_type", &kind.name().into())
    {
        fields.put(field, value.into());
    }
    if let Some(level) = fields.choice::<InterestLevel>("interest_level") {
        fields.put("interest_level", level.name().into());
    }
    let budget = fields.given("budget").map(|budget| match budget {
        Value::String(text) => serde_json::from_str::<Number>(text.trim()).is_ok(),
        other => other.is_number(),
    });
    if budget == Some(false)
        && let Some(words) = fields.take("budget")
    {
        fields.put_meta("budget".to_owned(), words);
    }
    fields.place(NAMES);
    fields.finish()
}

/// A lead as every answer shows it.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// Its id.
    pub id: &'a str,
    /// What it says.
    pub lead: &'a Lead,
    /// Where it stands.
    pub status: &'a str,
    /// Rises with each change.
    pub version: u32,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When it changed last.
    pub updated_at: Timestamp,
    /// The client it became.
    pub client_id: Option<&'a str>,
}

/// The lead with all members that the page shows in one answer or another. Leadgate has no users and no
/// appointments, so those are `null`.
pub fn shown(shown: &Shown<'_>) -> Value {
    let lead = shown.lead;
    object(vec![
        ("id", shown.id.into()),
        ("user_id", Value::Null),
        ("name", lead.name.as_deref().into()),
        ("email", lead.contact.email.as_ref().map(|email| email.as_typed()).into()),
        ("phone", lead.contact.phone.as_ref().map(|phone| phone.typed.as_str()).into()),
        ("source", lead.source.as_deref().into()),
        ("status", shown.status.into()),
        ("lead_type", lead.intent.and_then(LeadType::of).map(Choice::name).into()),
        ("interest_level", lead.interest_level.map(Choice::name).into()),
        ("budget", lead.budget.clone().map(Value::Number).unwrap_or_default()),
        ("timeline", lead.timeline.as_deref().into()),
        ("message", lead.message.as_deref().into()),
        ("notes", lead.notes.as_deref().into()),
        ("last_contact_date", Value::Null),
        ("next_follow_up", Value::Null),
        ("converted_to_client_id", shown.client_id.into()),
        ("version", shown.version.into()),
        ("created_at", shown.created_at.to_string().into()),
        ("updated_at", shown.updated_at.to_string().into()),
    ])
}

/// The envelope of a success.
pub fn envelope(data: Value, message: Option<&str>, now: Timestamp) -> Value {
    let mut members = vec![("success", true.into()), ("data", data), ("timestamp", now.to_string().into())];
    if let Some(message) = message {
        members.push(("message", message.into()));
    }
    object(members)
}

/// What a change may name. The page documents the status and the interest level; the rest is what its
/// answers show of the person.
pub const CHANGEABLE: [&str; 6] = ["status", "interest_level", "name", "email", "phone", "notes"];

/// The data of a conversion: the client with the range of prices that the page's example has around a
/// budget, 10 % to either side.
pub fn converted(client: &Value, lead_id: &str, lead: &Lead) -> Value {
    let budget = lead.budget.as_ref().and_then(Number::as_f64);
    // Whole numbers, as the example has them.
    let price = |share: f64| Value::from(budget.map(|budget| (budget * share).round() as i64));
    let of = |value: Option<&Value>| value.cloned().unwrap_or_default();
    let (id, contact_id) = (of(client.get("id")), of(client.get("contact").and_then(|contact| contact.get("id"))));
    object(vec![
        (
            "client",
            object(vec![
                ("id", id.clone()),
                ("contact_id", contact_id.clone()),
                ("client_type", of(client.get("type"))),
                ("status", "active".into()),
                ("price_range_min", price(0.9)),
                ("price_range_max", price(1.1)),
            ]),
        ),
        (
            "lead",
            object(vec![
                ("id", lead_id.into()),
                ("lead_status", LeadStatus::Converted.name().into()),
                ("client_id", id),
            ]),
        ),
        ("primaryContactId", contact_id),
        ("additionalContactsCount", 0.into()),
    ])
}

/// The answer to a new lead. The page documents none for a person who is there already: it is answered with
/// that lead's id.
pub fn taken(taken: &Taken<'_>) -> Words {
    let (id, created_at) = (taken.id.to_string(), taken.id.created_at());
    let lead = Shown {
        id: &id,
        lead: taken.lead,
        status: LeadStatus::New.name(),
        version: 1,
        created_at,
        updated_at: created_at,
        client_id: None,
    };
    let (status, message) =
        if taken.is_duplicate { (200, "Lead exists already") } else { (201, "Lead created successfully") };
    (status, envelope(shown(&lead), Some(message), taken.now))
}

/// The envelope of an error, which another page has: a sentence, and a code for programs.
pub fn refused(refusal: &Refusal) -> Words {
    let message = refusal.detail.as_str();
    let mut error = vec![("code", refusal.code.into()), ("message", message.into())];
    if !refusal.wrong.is_empty() {
        error.push(("fields", by_field(&refusal.wrong)));
    }
    let members = vec![
        ("success", false.into()),
        ("message", message.into()),
        ("error", object(error)),
        ("timestamp", refusal.now.to_string().into()),
    ];
    (refusal.status_without_422(), object(members))
}

#[cfg(test)]
mod tests;
