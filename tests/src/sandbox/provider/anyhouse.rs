//! AnyHouse partner leads, strictly by the provider's page.
//!
//! The page documents the fields, both ways to authenticate, the validation error and the answer of a
//! success, whose status it does not give: 201 here. Stricter than a lenient API on purpose: fields and
//! values that the page does not name are refused, so that whatever passes here is exactly documented.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Answer, Call, Provider};

pub(super) const PROVIDER: Provider = Provider { name: "anyhouse", endpoint: ENDPOINT, answer };

const ENDPOINT: &str = "/api/partner/leads";
const TOKEN: &str = "sandbox-anyhouse-token";
const STRINGS: [&str; 5] = ["name", "email", "phone", "notes", "lead_type"];
const TURN: [&str; 6] = ["date", "direction", "from", "to", "subject", "body"];

fn answer(call: &Call<'_>) -> Answer {
    if call.path != ENDPOINT {
        return (404, json!({"message": format!("The route {} could not be found.", call.path)}));
    }
    if call.method != "POST" {
        return (405, json!({"message": format!("The {} method is not supported for this route.", call.method)}));
    }
    if !authenticated(call) {
        return (401, json!({"message": "Unauthenticated."}));
    }
    if !call.is_json() {
        return (415, json!({"message": "The body must be application/json."}));
    }
    let Ok(Value::Object(lead)) = serde_json::from_slice(call.body) else {
        return (400, json!({"message": "The body must be a JSON object."}));
    };
    let errors = errors(&lead);
    if !errors.is_empty() {
        return (422, json!({"message": "The given data was invalid.", "errors": errors}));
    }
    let created = json!({
        "id": 12_344 + call.number,
        "name": lead.get("name"),
        "email": lead.get("email"),
        "phone": lead.get("phone"),
        "lead_type": lead.get("lead_type"),
        "created_at": call.at,
    });
    (201, created)
}

fn authenticated(call: &Call<'_>) -> bool {
    let bearer = call.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
    bearer.or(call.header("x-api-key")) == Some(TOKEN)
}

fn errors(lead: &Map<String, Value>) -> BTreeMap<String, Vec<String>> {
    let mut errors = Errors::default();
    for (field, value) in lead {
        match field.as_str() {
            "previous_conversation" => conversation(value, &mut errors),
            known if STRINGS.contains(&known) => errors.string(field, value),
            _ => errors.add(field, "is not a documented field"),
        }
    }
    if let Some(kind) = lead.get("lead_type").and_then(Value::as_str)
        && !["hot", "cold"].contains(&kind)
    {
        errors.add("lead_type", "must be hot or cold");
    }
    let filled = |field| lead.get(field).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty());
    if !filled("email") && !filled("phone") {
        errors.0.entry("email".to_owned()).or_default().push("Email is required when phone is missing.".to_owned());
        errors.0.entry("phone".to_owned()).or_default().push("Phone is required when email is missing.".to_owned());
    }
    errors.0
}

fn conversation(value: &Value, errors: &mut Errors) {
    let Value::Array(turns) = value else {
        return errors.add("previous_conversation", "must be an array");
    };
    for (index, turn) in turns.iter().enumerate() {
        let name = format!("previous_conversation.{index}");
        let Value::Object(turn) = turn else {
            errors.add(&name, "must be an object");
            continue;
        };
        for (field, value) in turn {
            let name = format!("{name}.{field}");
            if TURN.contains(&field.as_str()) {
                errors.string(&name, value);
            } else {
                errors.add(&name, "is not a documented field");
            }
        }
        let text = |field| turn.get(field).and_then(Value::as_str);
        if text("direction").is_some_and(|direction| !["inbound", "outbound"].contains(&direction)) {
            errors.add(&format!("{name}.direction"), "must be inbound or outbound");
        }
        if text("date").is_some_and(|date| OffsetDateTime::parse(date, &Rfc3339).is_err()) {
            errors.add(&format!("{name}.date"), "must be a date and time");
        }
    }
}

#[derive(Default)]
struct Errors(BTreeMap<String, Vec<String>>);

impl Errors {
    fn add(&mut self, field: &str, problem: &str) {
        self.0.entry(field.to_owned()).or_default().push(format!("The {field} field {problem}."));
    }

    fn string(&mut self, field: &str, value: &Value) {
        if !value.is_string() {
            self.add(field, "must be a string");
        }
    }
}
