//! The answers that each provider's page documents, beside what they mean there.

use serde_json::{Value, json};
use tests::harness::PROVIDERS;
use tests::sandbox::Fault;

use super::super::rules::{DELIVERED, Meaning, RETRY_LATER};
use super::{Case, Exchange, Setting};

/// A status, a body (none if `null`), and what they mean.
type Documented = (u16, Value, Meaning);

/// The first case has the providers' usual answers, the next the first documented answer of each, and so
/// on; a provider that has no more answers as usual.
pub fn cases() -> Vec<Case> {
    let documented = PROVIDERS.map(|provider| (provider, answers(provider)));
    let most = documented.iter().map(|(_, answers)| answers.len()).max().unwrap_or_default();
    let exchange = |provider: &'static str, answer: Option<&Documented>| match answer {
        None => Exchange { provider, fault: None, meaning: DELIVERED },
        Some((status, body, meaning)) => {
            let fault = Fault {
                status: Some(*status),
                empty_body: body.is_null(),
                body: Some(body.clone()),
                ..Fault::of(provider)
            };
            Exchange { provider, fault: Some(fault), meaning: *meaning }
        }
    };
    let case = |number: usize| Case {
        name: format!("documented answer {number}"),
        setting: Setting::Usual,
        exchanges: documented
            .iter()
            .map(|(provider, answers)| exchange(provider, number.checked_sub(1).and_then(|index| answers.get(index))))
            .collect(),
    };
    (0..=most).map(case).collect()
}

fn delivered(reference: &'static str) -> Meaning {
    Meaning::Delivered { reference: Some(reference) }
}

fn answers(provider: &str) -> Vec<Documented> {
    match provider {
        "anyhouse" => anyhouse(),
        "leadpro" => leadpro(),
        "marketplace" => marketplace(),
        "alterestate" => alterestate(),
        "actuallycare" => actuallycare(),
        "webhook" => webhook(),
        unknown => panic!("no answers of {unknown}"),
    }
}

fn anyhouse() -> Vec<Documented> {
    let created = json!({
        "id": 12345, "name": "John Doe", "email": "john@example.com", "phone": "+1 809 555 1234", "lead_type": "hot",
        "created_at": "2026-03-03T12:00:00Z",
    });
    let errors = json!({"email": ["Email is required when phone is missing."]});
    vec![
        (201, created.clone(), delivered("12345")),
        // The page does not give the status of a success.
        (200, created, delivered("12345")),
        (422, json!({"message": "The given data was invalid.", "errors": errors}), Meaning::Refused),
        (401, json!({"message": "Unauthenticated."}), Meaning::Misconfigured),
    ]
}

/// The page says 200 for a success and 4xx with a reason for a failure, and shows no body.
fn leadpro() -> Vec<Documented> {
    vec![
        (200, json!({"id": 981}), delivered("981")),
        (200, json!({"lead_id": "L-981"}), delivered("L-981")),
        (200, json!({"data": {"id": 981}}), delivered("981")),
        (200, Value::Null, DELIVERED),
        (201, json!({"message": "Created"}), DELIVERED),
        (400, json!({"message": "The type field is required."}), Meaning::Refused),
        (422, json!({"errors": {"postcode": ["The postcode is too long."]}}), Meaning::Refused),
    ]
}

fn marketplace() -> Vec<Documented> {
    let sold =
        json!({"success": true, "lead_id": "abc123", "status": "sold", "price": 45.00, "buyer_ids": ["buyer-uuid-1"]});
    vec![
        (200, sold, delivered("abc123")),
        (200, json!({"success": true, "lead_id": "abc123", "status": "pending"}), delivered("abc123")),
        (401, json!({"error": "Invalid API Key"}), Meaning::Misconfigured),
        (400, json!({"error": "No matching campaign"}), Meaning::Misconfigured),
        (400, json!({"error": "Missing required field"}), Meaning::Refused),
        (429, json!({"error": "Rate limit exceeded"}), RETRY_LATER),
        (500, json!({"error": "Internal error"}), Meaning::Unconfirmed),
    ]
}

/// The body decides here, whatever the HTTP status is.
fn alterestate() -> Vec<Documented> {
    let created = json!({
        "status": 201,
        "data": {"id": 1_238_837, "company": 0, "uid": "D9dEML2g39", "full_name": "Test Lead", "related_contacts": []},
        "log_id": 453_995,
        "deal_id": 640_682,
    });
    let error = json!({"status": "error", "message": "Missing required field: phone"});
    let known = "This contact already exists. No new deal was created.";
    vec![
        (201, created.clone(), DELIVERED),
        (200, created, DELIVERED),
        (200, error.clone(), Meaning::Refused),
        (400, error, Meaning::Refused),
        (200, json!({"status": 200, "message": known, "log_id": "LOG123456"}), Meaning::Duplicate),
        (200, json!({"status": 200, "message": known, "log_id": 123_456}), Meaning::Duplicate),
    ]
}

fn actuallycare() -> Vec<Documented> {
    const ID: &str = "f2b8d4a6-3c5e-4f7a-9b1d-8e0c6a4f2d9b";
    let created = json!({
        "success": true,
        "data": {"id": ID, "name": "Rachel Kim", "source": "Website Form", "status": "new", "lead_type": "buyer",
            "interest_level": "warm", "version": 1, "created_at": "2026-07-01T22:53:05.882Z"},
        "message": "Lead created successfully",
        "timestamp": "2026-07-01T22:53:05.890Z",
    });
    let error = |message: &str| json!({"success": false, "error": {"message": message}});
    vec![
        (201, created, delivered(ID)),
        (400, error("Invalid request data"), Meaning::Refused),
        (401, error("Authentication required"), Meaning::Misconfigured),
        // A key without the scopes, as other pages of the provider say.
        (403, error("Insufficient scope"), Meaning::Misconfigured),
        (429, error("Rate limit exceeded"), RETRY_LATER),
        (500, error("Internal server error"), RETRY_LATER),
    ]
}

fn webhook() -> Vec<Documented> {
    vec![
        (200, json!({}), DELIVERED),
        (201, json!({"id": "evt_981"}), delivered("evt_981")),
        (202, json!({"lead_id": 981}), delivered("981")),
        (200, json!({"data": {"id": "evt_981"}}), delivered("evt_981")),
        (204, Value::Null, DELIVERED),
        (410, Value::Null, Meaning::Misconfigured),
        (404, Value::Null, RETRY_LATER),
    ]
}
