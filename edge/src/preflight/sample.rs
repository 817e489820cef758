//! Leads that a form can bring, made up: with as little as it takes, and with as much.

use serde_json::{Map, Value, json};
use shared::{
    contact::EMAIL_MAX_CHARS,
    field::{Field, FieldKind},
    form::FormDefinition,
    lead::Lead,
    text::Normaliser,
    timestamp::Timestamp,
};

use crate::intake;

/// Characters of a text that says no more than it must.
const SHORT: usize = 12;

/// A number of the range that the North American plan keeps for fiction.
const PHONE: &str = "+1 201-555-0123";

/// A lead that a form can bring.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// In words that complete "a lead with …".
    pub with: &'static str,
    /// Whether everything that the form asks is filled in.
    pub is_full: bool,
    /// The lead.
    pub lead: Lead,
}

/// What the form can bring, made by the code that takes submissions: a sample that it would not take
/// is left out. None at all for a form that no submission can satisfy.
pub fn samples(form: &FormDefinition, normaliser: &impl Normaliser, now: Timestamp) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (with, email, phone) in
        [("an email alone", true, false), ("a phone alone", false, true), ("email and phone alone", true, true)]
    {
        let wanted = |field: &Field| match field.name.as_str() {
            "email" => email,
            "phone" => phone,
            _ => field.required,
        };
        samples.extend(lead(form, wanted, SHORT, normaliser, now).map(|lead| Sample { with, is_full: false, lead }));
    }
    // As long as the fields take; shorter where all of them together would be more than a lead may hold.
    let mut chars = usize::MAX;
    let longest = form.fields.iter().map(Field::max_chars).max().unwrap_or(0);
    while chars > 0 {
        if let Some(lead) = lead(form, |_| true, chars, normaliser, now) {
            samples.push(Sample { with: "everything the form asks", is_full: true, lead });
            break;
        }
        chars = chars.min(longest) / 2;
    }
    samples
}

/// The lead of a submission of the fields that are wanted, with texts of at most `chars` characters.
fn lead(
    form: &FormDefinition,
    wanted: impl Fn(&Field) -> bool,
    chars: usize,
    normaliser: &impl Normaliser,
    now: Timestamp,
) -> Option<Lead> {
    let mut fields = Map::new();
    for field in form.fields.iter().filter(|field| wanted(field)) {
        fields.insert(field.name.clone(), value(field, field.max_chars().min(chars)));
    }
    fields.insert("consent".to_owned(), json!({ "given": true }));
    let body = Value::Object(fields).to_string();
    let intake = intake::submission(Some("application/json"), body.as_bytes(), "").ok()?;
    intake.submission.validate(form, normaliser, now).ok()
}

/// A value that the field takes. Fields with values of their own get one that every provider knows, so
/// that what is found is the form's doing and not the sample's.
fn value(field: &Field, chars: usize) -> Value {
    if let Some(option) = field.options.first() {
        return Value::from(option.value.as_str());
    }
    match (field.name.as_str(), field.kind) {
        ("email", _) | (_, FieldKind::Email) => Value::from(email(chars)),
        ("phone", _) | (_, FieldKind::Tel) => Value::from(PHONE),
        ("name", _) => Value::from(two_words(chars)),
        ("intent", _) => Value::from("buy"),
        ("interest_level", _) => Value::from("hot"),
        ("country", _) => Value::from("US"),
        ("state", _) => Value::from("TX"),
        ("postcode", _) => Value::from("75001"),
        ("property_type", _) => Value::from("detached"),
        ("international", _) | (_, FieldKind::Checkbox) => Value::from(true),
        ("budget" | "office_id", _) | (_, FieldKind::Number) => Value::from(1),
        ("availability", _) => json!(["2026-03-02T08:00:00Z"]),
        ("questionnaire", _) => json!({ "1": ["x", "x"] }),
        ("conversation", _) => json!([{ "body": "x" }]),
        ("property" | "attribution" | "meta", _) => json!({}),
        (_, FieldKind::Date) => Value::from("2026-03-02"),
        _ => Value::from("x".repeat(chars)),
    }
}

fn email(chars: usize) -> String {
    const DOMAIN: &str = "@example.com";
    let local = chars.min(EMAIL_MAX_CHARS).saturating_sub(DOMAIN.len()).max(1);
    format!("{}{DOMAIN}", "x".repeat(local))
}

fn two_words(chars: usize) -> String {
    let first = chars.saturating_sub(1) / 2;
    let last = chars.saturating_sub(1).saturating_sub(first);
    format!("{} {}", "x".repeat(first), "x".repeat(last))
}
