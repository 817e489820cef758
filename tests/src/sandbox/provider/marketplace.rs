//! The lead marketplace, strictly by the provider's page.
//!
//! The page documents the required fields, which may also come in the query, the two answers of a success
//! and the words of each error, but not the errors' bodies: `error` with those words here. Three campaigns
//! are active. Nobody in Alaska buys: a lead of `AK` is pending. The limit of rate is not kept; order it
//! as a fault. Further fields depend on the campaign, so they are accepted.

use std::collections::BTreeMap;

use axum::extract::Query;
use serde_json::{Map, Value, json};

use super::{Answer, Call, Provider};

pub(super) const PROVIDER: Provider = Provider { name: "marketplace", endpoint: ENDPOINT, answer };

const ENDPOINT: &str = "/api/leads";
const TOKEN: &str = "sandbox-marketplace-token";
const REQUIRED: [&str; 6] = ["seller", "category", "firstName", "lastName", "phone", "state"];
const OPTIONAL: [&str; 3] = ["email", "zip", "city"];
const CAMPAIGNS: [&str; 3] = ["Auto Insurance", "Solar", "Real Estate"];
const STATE_WITHOUT_BUYERS: &str = "AK";

fn answer(call: &Call<'_>) -> Answer {
    if call.path != ENDPOINT {
        return error(404, "Not found");
    }
    if call.method != "POST" {
        return error(405, "Method not allowed");
    }
    if call.header("authorization").and_then(|value| value.strip_prefix("Bearer ")) != Some(TOKEN) {
        return error(401, "Invalid API Key");
    }
    let lead = match lead(call) {
        Ok(lead) => lead,
        Err(problem) => return problem,
    };
    let text = |field: &str| lead.get(field).and_then(Value::as_str).map(str::trim).unwrap_or_default();
    if let Some(field) = REQUIRED.iter().find(|field| text(field).is_empty()) {
        return (400, json!({"success": false, "error": "Missing required field", "field": field}));
    }
    if let Some(field) = OPTIONAL.iter().find(|field| lead.get(**field).is_some_and(|value| !value.is_string())) {
        return error(400, &format!("{field} must be a string"));
    }
    if !is_seller(text("seller")) {
        return error(400, "seller must be a code of 8 characters or a slug");
    }
    if text("state").len() != 2 || !text("state").bytes().all(|letter| letter.is_ascii_uppercase()) {
        return error(400, "state must be a 2-letter code");
    }
    if !CAMPAIGNS.contains(&text("category")) {
        return error(400, "No matching campaign");
    }
    let id = format!("lead-{}", call.number);
    if text("state") == STATE_WITHOUT_BUYERS {
        return (200, json!({"success": true, "lead_id": id, "status": "pending"}));
    }
    let sold = json!({
        "success": true, "lead_id": id, "status": "sold", "price": 45.00, "buyer_ids": ["buyer-uuid-1"],
    });
    (200, sold)
}

/// The fields of the query, and over them those of the body.
fn lead(call: &Call<'_>) -> Result<Map<String, Value>, Answer> {
    let address = format!("/?{}", call.query).parse().map_err(|_| error(400, "The query is not readable"))?;
    let Query(query) = Query::<BTreeMap<String, String>>::try_from_uri(&address)
        .map_err(|_| error(400, "The query is not readable"))?;
    let mut lead: Map<String, Value> = query.into_iter().map(|(field, value)| (field, json!(value))).collect();
    if !call.body.is_empty() {
        if !call.is_json() {
            return Err(error(415, "The body must be application/json"));
        }
        match serde_json::from_slice(call.body) {
            Ok(Value::Object(body)) => lead.extend(body),
            _ => return Err(error(400, "The body must be a JSON object")),
        }
    }
    Ok(lead)
}

fn error(status: u16, words: &str) -> Answer {
    (status, json!({"success": false, "error": words}))
}

/// A code like `ACME1234`, or a slug like `acme-leads`.
fn is_seller(text: &str) -> bool {
    let code = text.len() == 8 && text.bytes().all(|letter| letter.is_ascii_alphanumeric());
    let in_slug = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
    code || text.bytes().all(in_slug)
}
