//! LeadPro, strictly by the provider's page.
//!
//! The page documents the fields with their limits, 200 for a success and 4xx with a reason for a failure,
//! but neither the bodies nor the header of the credential: `X-API-KEY` here, or `Authorization: Bearer`.
//! Members that the page does not name are accepted, since it forbids none.

use serde_json::{Map, Value, json};

use super::{Answer, Call, Provider};

pub(super) const PROVIDER: Provider = Provider { name: "leadpro", endpoint: ENDPOINT, answer };

const ENDPOINT: &str = "/api/v103/leads";
const TOKEN: &str = "sandbox-leadpro-token";
const REQUIRED: [&str; 5] = ["first_name", "last_name", "email", "phone", "type"];
const TYPES: [&str; 5] = ["sale", "vendor", "landlord", "let", "mortgage_request"];
const PROPERTY_TYPES: [&str; 4] = ["detached", "semi-detached", "terraced", "flat-maisonette"];

/// Texts with their least and most characters.
const TEXTS: [(&str, usize, usize); 20] = [
    ("first_name", 1, 50),
    ("last_name", 1, 50),
    ("email", 1, usize::MAX),
    ("phone", 0, 255),
    ("type", 0, usize::MAX),
    ("title", 1, 50),
    ("advert_address", 0, 100),
    ("advert_postcode", 2, 10),
    ("advert_url", 0, 255),
    ("advert_image", 0, 255),
    ("message", 0, 255),
    ("host", 0, 255),
    ("address", 0, 100),
    ("postcode", 2, 10),
    ("source", 0, usize::MAX),
    ("utm_source", 0, usize::MAX),
    ("utm_campaign", 0, usize::MAX),
    ("utm_medium", 0, usize::MAX),
    ("utm_term", 0, usize::MAX),
    ("utm_content", 0, usize::MAX),
];

fn answer(call: &Call<'_>) -> Answer {
    if call.path != ENDPOINT {
        return (404, json!({"message": "There is no such endpoint."}));
    }
    if call.method != "POST" {
        return (405, json!({"message": "Leads are created with POST."}));
    }
    let bearer = call.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
    if bearer.or(call.header("x-api-key")) != Some(TOKEN) {
        return (401, json!({"message": "The API key is missing or wrong."}));
    }
    if !call.is_json() {
        return (415, json!({"message": "The body must be application/json."}));
    }
    let Ok(Value::Object(lead)) = serde_json::from_slice(call.body) else {
        return (400, json!({"message": "The body must be a JSON object."}));
    };
    let errors = errors(&lead);
    if errors.is_empty() {
        (200, json!({"id": 7_361 + call.number}))
    } else {
        (422, json!({"message": "The lead is not valid.", "errors": errors}))
    }
}

/// What is wrong, by field.
fn errors(lead: &Map<String, Value>) -> Map<String, Value> {
    let mut errors = Map::new();
    let mut check = |field: &str, problem: Option<String>| {
        if let Some(problem) = problem {
            errors.entry(field).or_insert(json!(problem));
        }
    };
    for field in REQUIRED {
        check(field, (!lead.contains_key(field)).then(|| "is required".to_owned()));
    }
    for (field, value) in lead {
        check(field, problem(field, value));
    }
    let owns = lead.get("type").is_some_and(|kind| kind == "vendor" || kind == "landlord");
    for field in ["advert_address", "advert_postcode"] {
        check(field, (owns && lead.contains_key(field)).then(|| "is not for a vendor or landlord".to_owned()));
    }
    errors
}

fn problem(field: &str, value: &Value) -> Option<String> {
    let said = |holds: bool, problem: &str| (!holds).then(|| problem.to_owned());
    if let Some((_, min, max)) = TEXTS.iter().find(|(name, ..)| *name == field) {
        let Value::String(text) = value else { return said(false, "must be a string") };
        let chars = text.chars().count();
        return said((*min..=*max).contains(&chars), "is too short or too long").or_else(|| match field {
            "type" => said(TYPES.contains(&text.as_str()), "must be one of the five types"),
            "email" => said(is_email(text), "must be a valid email address"),
            _ => None,
        });
    }
    match field {
        "property_type" => said(PROPERTY_TYPES.iter().any(|kind| value == kind), "must be one of the four kinds"),
        "gdpr_checkbox" | "international" => said(value.is_boolean(), "must be true or false"),
        "office_id" => said(value.is_u64(), "must be an office of the account"),
        "meta" => object(value, 1024, Value::is_string),
        // The page says "only string values" and shows a list of strings.
        "appointment_availability" => object(value, 1024, |times| times.is_string() || strings(times).is_some()),
        "questionnaire" => object(value, 2048, |pair| strings(pair) == Some(2)),
        _ => None,
    }
}

/// What is wrong with an object of at most so many bytes whose values are all as `holds` says.
fn object(value: &Value, max_bytes: usize, holds: impl Fn(&Value) -> bool) -> Option<String> {
    match value {
        Value::Object(members) if !members.values().all(holds) => Some("has a value of the wrong type".to_owned()),
        Value::Object(_) => {
            let bytes = value.to_string().len();
            (bytes > max_bytes).then(|| format!("has {bytes} bytes of JSON, more than {max_bytes}"))
        }
        _ => Some("must be an object".to_owned()),
    }
}

/// How many strings an array of strings has.
fn strings(value: &Value) -> Option<usize> {
    value.as_array().filter(|items| items.iter().all(Value::is_string)).map(Vec::len)
}

fn is_email(text: &str) -> bool {
    let space = |letter: char| letter.is_whitespace() || letter.is_control();
    text.split_once('@').is_some_and(|(local, domain)| {
        let labels = || domain.split('.').all(|label| !label.is_empty());
        !local.is_empty() && domain.contains('.') && labels() && !domain.contains('@') && !text.contains(space)
    })
}
