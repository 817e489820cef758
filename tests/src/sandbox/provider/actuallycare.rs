//! ActuallyCare leads, strictly by the provider's page: a new lead, and a change of one.
//!
//! The page gives no body of an error: `success`, `message` and `errors` by field here. Every lead made
//! here has version 1 and, as in the page's example, the interest level `warm`; nothing is kept, so a
//! change is made of that version only. Fields that the page does not name are refused, so that
//! whatever passes here is exactly documented.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Answer, Call, Provider};

pub(super) const PROVIDER: Provider = Provider { name: "actuallycare", endpoint: ENDPOINT, answer };

const ENDPOINT: &str = "/v1/leads";
const KEY: &str = "sandbox-actuallycare-token";
const LEAD_TYPES: &[&str] = &["buyer", "seller", "both"];
const STATUSES: &[&str] = &["new", "contacted", "qualified", "unqualified", "converted", "lost"];
const INTEREST_LEVELS: &[&str] = &["hot", "warm", "cold"];

/// Ids are UUIDs whose last twelve digits are the number of the call that made the lead.
const ID_PREFIX: &str = "f2b8d4a6-3c5e-4f7a-9b1d-";

fn answer(call: &Call<'_>) -> Answer {
    let Some(rest) = call.path.strip_prefix(ENDPOINT) else {
        return error(404, "Resource not found");
    };
    if call.headers.get("x-api-key").and_then(|value| value.to_str().ok()) != Some(KEY) {
        return error(401, "Authentication required");
    }
    let body = match serde_json::from_slice(call.body) {
        Ok(Value::Object(body)) if is_json(call) => body,
        _ => return error(400, "The body must be a JSON object in application/json"),
    };
    match (call.method.as_str(), rest) {
        ("POST", "") => create(call, &body),
        ("PUT", _) => match rest.strip_prefix('/').filter(|id| was_made_before(id, call.number)) {
            Some(id) => change(call, id, &body),
            None => error(404, "Resource not found"),
        },
        _ => error(405, "Method not allowed"),
    }
}

fn create(call: &Call<'_>, lead: &Map<String, Value>) -> Answer {
    let mut errors = unexpected(lead, &["name", "email", "phone", "source", "lead_type"]);
    if lead.get("name").and_then(Value::as_str).is_none_or(|name| name.trim().is_empty()) {
        errors.insert("name".to_owned(), "is required");
    }
    choice(lead, "lead_type", LEAD_TYPES, &mut errors);
    if !errors.is_empty() {
        return invalid(errors);
    }
    let data = json!({
        "id": format!("{ID_PREFIX}{:012}", call.number),
        "name": lead["name"],
        "email": lead.get("email"),
        "phone": lead.get("phone"),
        "source": lead.get("source"),
        "status": "new",
        "lead_type": lead.get("lead_type"),
        "interest_level": "warm",
        "version": 1,
        "created_at": call.at,
    });
    (201, json!({"success": true, "data": data, "message": "Lead created successfully", "timestamp": call.at}))
}

fn change(call: &Call<'_>, id: &str, change: &Map<String, Value>) -> Answer {
    let mut errors = unexpected(change, &["status", "interest_level", "version"]);
    choice(change, "status", STATUSES, &mut errors);
    choice(change, "interest_level", INTEREST_LEVELS, &mut errors);
    if change.get("version").is_some_and(|version| version.as_u64() != Some(1)) {
        errors.insert("version".to_owned(), "is not the current version");
    }
    if !errors.is_empty() {
        return invalid(errors);
    }
    let data = json!({
        "id": id,
        "status": change.get("status").unwrap_or(&json!("new")),
        "interest_level": change.get("interest_level").unwrap_or(&json!("warm")),
        "version": 2,
        "updated_at": call.at,
    });
    (200, json!({"success": true, "data": data, "timestamp": call.at}))
}

fn was_made_before(id: &str, number: u64) -> bool {
    let digits = id.strip_prefix(ID_PREFIX).filter(|digits| digits.len() == 12);
    digits.and_then(|digits| digits.parse::<u64>().ok()).is_some_and(|made| made < number)
}

fn is_json(call: &Call<'_>) -> bool {
    let content_type = call.headers.get("content-type").and_then(|value| value.to_str().ok());
    content_type.is_some_and(|kind| kind.starts_with("application/json"))
}

/// What is not documented, or not a string where the page wants one.
fn unexpected(body: &Map<String, Value>, known: &[&str]) -> BTreeMap<String, &'static str> {
    let mut errors = BTreeMap::new();
    for (field, value) in body {
        if !known.contains(&field.as_str()) {
            errors.insert(field.clone(), "is not a documented field");
        } else if field != "version" && !value.is_string() {
            errors.insert(field.clone(), "must be a string");
        }
    }
    errors
}

fn choice(body: &Map<String, Value>, field: &str, allowed: &[&str], errors: &mut BTreeMap<String, &'static str>) {
    if body.get(field).and_then(Value::as_str).is_some_and(|value| !allowed.contains(&value)) {
        errors.insert(field.to_owned(), "is not one of the documented values");
    }
}

fn invalid(errors: BTreeMap<String, &'static str>) -> Answer {
    (400, json!({"success": false, "message": "Invalid request data", "errors": errors}))
}

fn error(status: u16, message: &str) -> Answer {
    (status, json!({"success": false, "message": message}))
}
