//! Golden requests, and one answer for each outcome.

use http::Request;
use serde_json::{Value, json};

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_772_379_900_000);

/// The call that the golden requests are made for.
fn call(credential: &str) -> Call<'_> {
    Call {
        url: "https://anyhouse.app/api/partner/leads",
        credential,
        idempotency_key: "0197_1",
        lead_id: "01970000-0000-7000-8000-000000000000",
        form: "contact",
        created_at: NOW,
        now: NOW,
    }
}

fn lead(value: Value) -> Lead {
    serde_json::from_value(value).unwrap()
}

fn send(lead: &Lead, settings: Value) -> Result<Request<Vec<u8>>, CannotSend> {
    let settings: Settings = serde_json::from_value(settings).unwrap();
    request(lead, &settings, &call("s3cret")).map(|prepared| prepared.request)
}

fn body(request: &Request<Vec<u8>>) -> Value {
    serde_json::from_slice(request.body()).unwrap()
}

#[test]
fn the_documented_example_goes_out_as_documented() {
    let lead = lead(json!({
        "name": "John Doe", "email": "john@example.com", "phone": "+1 809 555 1234", "phone_e164": "+18095551234",
        "message": "Interested in Punta Cana properties around $200k.", "interest_level": "hot",
        "conversation": [
            {"date": "2026-03-01T15:45:00Z", "direction": "inbound", "from": "john@example.com", "to": "sales@partner.com",
             "subject": "Interested in property", "body": "Hi, I'm looking for a 2 bedroom apartment in Punta Cana."},
        ],
    }));
    let request = send(&lead, json!({})).unwrap();
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://anyhouse.app/api/partner/leads");
    assert_eq!(request.headers()["authorization"], "Bearer s3cret");
    assert_eq!(request.headers()["content-type"], "application/json");
    assert_eq!(request.headers()["idempotency-key"], "0197_1");
    assert_eq!(request.headers()["accept"], "application/json");
    assert!(!request.headers().contains_key("x-api-key"));
    assert_eq!(
        body(&request),
        json!({
            "name": "John Doe", "email": "john@example.com", "phone": "+1 809 555 1234", "lead_type": "hot",
            "notes": "Interested in Punta Cana properties around $200k.",
            "previous_conversation": [
                {"date": "2026-03-01T15:45:00.000Z", "direction": "inbound", "from": "john@example.com", "to": "sales@partner.com",
                 "subject": "Interested in property", "body": "Hi, I'm looking for a 2 bedroom apartment in Punta Cana."},
            ],
        })
    );
}

#[test]
fn the_partner_key_may_go_in_its_own_header() {
    let request = send(&lead(json!({"name": null, "email": "a@b.co"})), json!({"auth": "x-api-key"})).unwrap();
    assert_eq!(request.headers()["x-api-key"], "s3cret");
    assert!(!request.headers().contains_key("authorization"));
    assert_eq!(body(&request), json!({"email": "a@b.co"}));
}

#[test]
fn what_has_no_field_of_its_own_goes_into_the_notes() {
    let lead = lead(json!({
        "name": "Marla", "phone": "01623 000000", "message": "Please call", "notes": "From the fair", "intent": "buy_and_sell",
        "interest_level": "warm", "budget": 380000, "postcode": "DE1 1JX", "city": "Derby", "source": "homepage",
        "property": {"address": "1 High St", "type": "semi-detached"}, "questionnaire": {"1": ["Is it leasehold?", "no"]},
        "attribution": {"utm_source": "google", "gclid": "abc"}, "meta": {"Colour": "red"},
        "consent": {"given": true, "version": "2026-11", "at": "2026-03-01T15:44:00Z"},
    }));
    let body = body(&send(&lead, json!({})).unwrap());
    assert_eq!(body.get("lead_type"), None);
    assert_eq!(
        body["notes"],
        "Please call\n\nFrom the fair\n\nIntent: buy and sell\nInterest: warm\nBudget: 380000\nPostcode: DE1 1JX\n\
         City: Derby\nProperty type: semi-detached\nProperty address: 1 High St\nIs it leasehold?: no\nColour: red\n\
         Source: homepage\n\
         utm_source: google\ngclid: abc\nConsent: given 2026-03-01T15:44:00.000Z, version 2026-11, \
         receipt 01970000-0000-7000-8000-000000000000"
    );
}

#[test]
fn what_the_name_does_not_say_and_what_was_agreed_to_goes_into_the_notes() {
    let notes = |value: Value| body(&send(&lead(value), json!({})).unwrap())["notes"].clone();
    let said = notes(json!({
        "name": "Dr Marla J. Singer", "first_name": "Marla", "last_name": "Singer", "email": "a@b.co",
        "attribution": {"first_touch": {"utm_source": "radio", "at": "2026-01-01T00:00:00Z"}},
        "consent": {"given": true, "text": "You may call.", "policy_url": "https://example.com/p", "at": "2026-03-01T15:44:00.000Z"},
    }));
    assert_eq!(
        said,
        "First name: Marla\nLast name: Singer\nFirst utm_source: radio\nFirst visit: 2026-01-01T00:00:00Z\n\
         Consent: given 2026-03-01T15:44:00.000Z, receipt 01970000-0000-7000-8000-000000000000\n\
         Consent text: You may call.\nPrivacy policy: https://example.com/p"
    );
    let same = json!({"name": "Marla Singer", "first_name": "Marla", "last_name": "Singer", "email": "a@b.co"});
    assert_eq!(notes(same), Value::Null);
}

#[test]
fn a_lead_without_contact_cannot_be_sent() {
    let lead = lead(json!({"name": "Marla"}));
    assert_eq!(send(&lead, json!({})).unwrap_err(), CannotSend::Lacks("an email or a phone"));
}

#[test]
fn a_credential_that_is_no_header_value_is_not_sent() {
    let lead = lead(json!({"name": null, "email": "a@b.co"}));
    let refused = request(&lead, &Settings::default(), &call("two\nlines"));
    assert_eq!(refused.unwrap_err(), CannotSend::not_a_request());
}

fn meaning(status: u16, body: &str) -> Outcome {
    let answer = Response::builder().status(status).header("retry-after", "7").body(body.as_bytes().to_vec()).unwrap();
    outcome(&answer, NOW)
}

#[test]
fn a_created_lead_is_delivered_with_its_id_as_reference() {
    for (body, reference) in
        [(r#"{"id": 12345, "name": "John Doe", "lead_type": "hot"}"#, "12345"), (r#"{"id":"a1"}"#, "a1")]
    {
        for status in [200, 201] {
            assert_eq!(meaning(status, body), Outcome::delivered(Some(reference.to_owned())));
        }
    }
}

#[test]
fn a_success_of_unknown_shape_is_unconfirmed() {
    for body in ["", "{}", "[]", "<html>ok</html>", r#"{"id": null}"#, r#"{"id": ""}"#, r#"{"id": 12"#] {
        assert_eq!(meaning(200, body).name(), "unconfirmed", "{body}");
    }
}

#[test]
fn a_validation_error_is_refused_in_the_providers_words() {
    let body = r#"{"message": "The given data was invalid.", "errors": {"email": ["Email is required when phone is missing."],
        "phone": ["Phone is required when email is missing."]}}"#;
    let reason = "HTTP 422: The given data was invalid. (email, phone)".to_owned();
    assert_eq!(meaning(422, body), Outcome::Refused { reason });
}

#[test]
fn a_wrong_credential_is_a_misconfiguration() {
    assert_eq!(meaning(401, r#"{"message": "Unauthenticated."}"#).name(), "misconfigured");
    assert_eq!(meaning(403, "").name(), "misconfigured");
}

#[test]
fn too_many_requests_and_faults_are_tried_again_when_the_provider_says() {
    for status in [429, 503] {
        let Outcome::RetryLater { after, .. } = meaning(status, "") else { panic!("{status}") };
        assert_eq!(after, Some(NOW.plus_seconds(7)));
    }
}
