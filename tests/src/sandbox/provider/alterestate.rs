//! AlterEstate leads, strictly by the provider's page.
//!
//! The page documents the fields, all of them strings, the answers of a success, of an error and of a
//! duplicate, and that the body says which it is. It gives no HTTP status: 201, 400 and 200 here. An
//! e-mail address that begins with `duplicate` belongs to somebody who is there already. Fields that the
//! page does not name are refused, so that whatever passes here is exactly documented.

use serde_json::{Map, Value, json};

use super::{Answer, Call, Provider};

pub(super) const PROVIDER: Provider = Provider { name: "alterestate", endpoint: ENDPOINT, answer };

const ENDPOINT: &str = "/api/v1/leads/";
const TOKEN: &str = "sandbox-alterestate-token";
const REQUIRED: [&str; 3] = ["full_name", "phone", "email"];
const OPTIONAL: [&str; 15] = [
    "property_uid",
    "utm_source",
    "utm_campaign",
    "utm_content",
    "utm_medium",
    "utm_term",
    "adset_name",
    "campaign_name",
    "form_name",
    "platform",
    "round_robin",
    "listing_type",
    "related",
    "notes",
    "via",
];

fn answer(call: &Call<'_>) -> Answer {
    if call.path != ENDPOINT {
        return error(404, "Not found.");
    }
    if call.method != "POST" {
        return error(405, &format!("Method {} not allowed.", call.method));
    }
    let header = |name| call.headers.get(name).and_then(|value| value.to_str().ok());
    if header("authorization").and_then(|value| value.strip_prefix("Token ")) != Some(TOKEN) {
        return error(401, "Invalid token.");
    }
    if !header("content-type").is_some_and(|kind| kind.starts_with("application/json")) {
        return error(415, "The body must be application/json.");
    }
    let Ok(Value::Object(lead)) = serde_json::from_slice(call.body) else {
        return error(400, "The body must be a JSON object.");
    };
    match problem(&lead) {
        Some(problem) => error(400, &problem),
        None if text(&lead, "email").starts_with("duplicate") => {
            let message = "This contact already exists. No new deal was created.";
            (200, json!({"status": 200, "message": message, "log_id": format!("LOG{}", 123_455 + call.number)}))
        }
        None => (201, created(&lead, call.number)),
    }
}

fn error(status: u16, message: &str) -> Answer {
    (status, json!({"status": "error", "message": message}))
}

fn text<'a>(lead: &'a Map<String, Value>, field: &str) -> &'a str {
    lead.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn problem(lead: &Map<String, Value>) -> Option<String> {
    if let Some(field) = REQUIRED.iter().find(|field| text(lead, field).trim().is_empty()) {
        return Some(format!("Missing required field: {field}"));
    }
    for (field, value) in lead {
        if !REQUIRED.contains(&field.as_str()) && !OPTIONAL.contains(&field.as_str()) {
            return Some(format!("Unknown field: {field}"));
        }
        if !value.is_string() {
            return Some(format!("Not a string: {field}"));
        }
    }
    text(lead, "notes").contains(['<', '>']).then(|| "Markup in field: notes".to_owned())
}

fn created(lead: &Map<String, Value>, number: u64) -> Value {
    let notes = lead.get("notes").and_then(Value::as_str).unwrap_or("No hay ninguna nota.");
    json!({
        "status": 201,
        "data": {
            "id": 1_238_836 + number,
            "company": 0,
            "uid": format!("D9dEML{number}"),
            "full_name": lead["full_name"],
            "email": lead["email"],
            "description": format!("Creado a través de la API de Leads.<br/><strong>Notas:</strong>{notes}"),
            "via": 104,
            "phone": lead["phone"],
            "distinct_id": null,
            "ctype": 37,
            "related_contacts": [],
        },
        "log_id": 453_994 + number,
        "deal_id": 640_681 + number,
    })
}
