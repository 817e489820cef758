//! Golden requests, what the settings may say, and what answers mean.

use http::Request;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::provider::any_lead::any_lead;

const NOW: Timestamp = Timestamp::from_millis(1_772_379_900_000);
const CREATED_AT: Timestamp = Timestamp::from_millis(1_772_379_000_000);
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The call that the golden requests are made for.
fn call(credential: &str) -> Call<'_> {
    Call {
        url: "https://hooks.example.com/leads?x=1",
        credential,
        idempotency_key: "01970000-0000-7000-8000-000000000000_1",
        lead_id: "01970000-0000-7000-8000-000000000000",
        form: "contact",
        created_at: CREATED_AT,
        now: NOW,
    }
}

fn lead(value: Value) -> Lead {
    serde_json::from_value(value).unwrap()
}

fn marla() -> Lead {
    lead(json!({"name": "Marla Singer", "email": "Marla@example.com", "meta": {"Colour": "red"}}))
}

fn settings(value: Value) -> Result<Settings, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}

fn send(lead: &Lead, written: Value, credential: &str) -> Result<Request<Vec<u8>>, CannotSend> {
    request(lead, &settings(written).unwrap(), &call(credential)).map(|prepared| prepared.request)
}

fn body(request: &Request<Vec<u8>>) -> Value {
    serde_json::from_slice(request.body()).unwrap()
}

#[test]
fn the_whole_lead_goes_out_signed() {
    let request = send(&marla(), json!({}), SECRET).unwrap();
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://hooks.example.com/leads?x=1");
    let headers = request.headers();
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(headers["idempotency-key"], "01970000-0000-7000-8000-000000000000_1");
    assert_eq!(headers["webhook-id"], "01970000-0000-7000-8000-000000000000_1");
    assert_eq!(headers["webhook-timestamp"], "1772379900");
    assert!(!headers.contains_key("authorization"));
    assert_eq!(
        body(&request),
        json!({
            "type": "lead.created", "timestamp": "2026-03-01T15:30:00.000Z",
            "data": {"id": "01970000-0000-7000-8000-000000000000", "form": "contact", "created_at": "2026-03-01T15:30:00.000Z",
                "name": "Marla Singer", "email": "Marla@example.com", "phone": null, "phone_e164": null,
                "meta": {"Colour": "red"}},
        })
    );
    let expected = signature::sign(SECRET, call("").idempotency_key, 1_772_379_900, request.body()).unwrap();
    assert_eq!(headers["webhook-signature"], expected.as_str());
}

#[test]
fn a_second_secret_adds_a_second_signature() {
    let secrets = format!("{SECRET} whsec_bGVhZGdhdGUtc2FuZGJveC13ZWJob29rLXNlY3JldC0x");
    let request = send(&marla(), json!({}), &secrets).unwrap();
    let signatures = request.headers()["webhook-signature"].to_str().unwrap();
    assert_eq!(signatures.split(' ').filter(|one| one.starts_with("v1,") && one.len() == 47).count(), 2);
}

#[test]
fn without_a_credential_nothing_is_signed() {
    let request = send(&marla(), json!({}), "").unwrap();
    assert!(!request.headers().contains_key("webhook-signature"));
    assert_eq!(request.headers()["webhook-timestamp"], "1772379900");
}

#[test]
fn a_credential_that_is_no_secret_is_a_misconfiguration_that_does_not_show_it() {
    let CannotSend::Misconfigured(sentence) = send(&marla(), json!({}), "hunter2").unwrap_err() else { panic!() };
    assert!(!sentence.contains("hunter2") && sentence.contains("whsec_"), "{sentence}");
}

#[test]
fn a_field_map_makes_the_whole_body() {
    let written = json!({
        "map": {"contact.mail": "email", "contact.tel": "phone", "ref": "id", "form": "form", "colour": "meta.Colour"},
        "constants": {"list": 7, "contact.tags": ["lead"]},
    });
    let request = send(&marla(), written, SECRET).unwrap();
    assert_eq!(
        body(&request),
        json!({"contact": {"mail": "Marla@example.com", "tags": ["lead"]}, "ref": "01970000-0000-7000-8000-000000000000",
            "form": "contact", "colour": "red", "list": 7})
    );
    assert!(request.headers().contains_key("webhook-signature"));
}

#[test]
fn a_credential_goes_in_the_header_that_is_named_instead_of_signing() {
    for (header, credential, expected) in [
        ("Authorization", "s3cret", "Bearer s3cret"),
        ("authorization", "Basic czNjcmV0", "Basic czNjcmV0"),
        ("X-Api-Key", "s3cret", "s3cret"),
    ] {
        let request = send(&marla(), json!({"auth_header": header}), credential).unwrap();
        let value = &request.headers()[header];
        assert!(value.is_sensitive());
        assert_eq!(value, expected);
        assert!(!request.headers().contains_key("webhook-signature"));
    }
    let missing = send(&marla(), json!({"auth_header": "X-Api-Key"}), "").unwrap_err();
    assert!(matches!(missing, CannotSend::Misconfigured(_)));
}

#[test]
fn headers_of_the_settings_go_out() {
    let written = json!({"headers": {"X-Source": "web", "Content-Type": "application/vnd.api+json"}});
    let request = send(&marla(), written, "").unwrap();
    assert_eq!(request.headers()["x-source"], "web");
    let types: Vec<_> = request.headers().get_all("content-type").iter().collect();
    assert_eq!(types, ["application/vnd.api+json"]);
}

#[test]
fn headers_that_are_illegal_our_own_or_for_credentials_are_refused() {
    let own =
        ["Content-Length", "host", "Connection", "transfer-encoding", "webhook-id", "Webhook-Foo", "Idempotency-Key"];
    for name in own {
        let problem = settings(json!({"headers": {name: "x"}})).unwrap_err();
        assert!(problem.contains("Leadgate's own"), "{problem}");
        assert!(settings(json!({"auth_header": name})).is_err(), "{name}");
    }
    for name in
        ["Authorization", "proxy-authorization", "Cookie", "X-API-Key", "x-auth-token", "x-shared-secret", "apikey"]
    {
        let problem = settings(json!({"headers": {name: "s3cret"}})).unwrap_err();
        assert!(problem.contains("auth_header") && !problem.contains("s3cret"), "{problem}");
        assert!(settings(json!({"auth_header": name})).is_ok(), "{name}");
    }
    for (name, value) in [("", "x"), ("a b", "x"), ("é", "x"), ("x-a", "two\nlines"), ("x-a", "é")] {
        assert!(settings(json!({"headers": {name: value}})).is_err(), "{name}: {value}");
    }
    assert!(settings(json!({"auth_header": "content-type"})).is_err());
    assert!(settings(json!({"auth_header": "X-A", "headers": {"x-a": "1"}})).is_err());
    assert!(settings(json!({"Map": {}})).is_err());
}

#[test]
fn another_event_goes_the_same_way() {
    let prepared = request_of("destination.paused", json!({"id": "crm"}), &Settings::default(), &call(SECRET)).unwrap();
    let expected =
        json!({"type": "destination.paused", "timestamp": "2026-03-01T15:30:00.000Z", "data": {"id": "crm"}});
    assert_eq!(body(&prepared.request), expected);
}

fn meaning(status: u16, body: &str) -> Outcome {
    let answer = Response::builder().status(status).header("retry-after", "7").body(body.as_bytes().to_vec()).unwrap();
    outcome(&answer, NOW)
}

#[test]
fn any_success_is_a_delivery_with_the_id_that_it_names() {
    for (body, reference) in [
        (r#"{"id": 5, "lead_id": "a", "data": {"id": 7}}"#, Some("5")),
        (r#"{"lead_id": "a", "data": {"id": 7}}"#, Some("a")),
        (r#"{"data": {"id": 7}}"#, Some("7")),
        (r#"{"id": null}"#, None),
        ("", None),
        ("<html>ok</html>", None),
        (r#"{"id": 5"#, None),
    ] {
        for status in [200, 201, 202, 204] {
            assert_eq!(meaning(status, body), Outcome::delivered(reference.map(str::to_owned)), "{status} {body}");
        }
    }
}

#[test]
fn an_address_that_is_not_there_is_tried_again_and_one_that_is_gone_is_not() {
    let reason = "HTTP 404: No such hook".to_owned();
    let expected = Outcome::RetryLater { reason, after: Some(NOW.plus_seconds(7)) };
    assert_eq!(meaning(404, r#"{"message": "No such hook"}"#), expected);
    assert_eq!(meaning(410, "").name(), "misconfigured");
}

#[test]
fn other_statuses_mean_what_they_mean_everywhere() {
    for (status, expected) in [
        (302, "misconfigured"),
        (400, "refused"),
        (401, "misconfigured"),
        (403, "misconfigured"),
        (408, "retry_later"),
        (409, "refused"),
        (422, "refused"),
        (425, "retry_later"),
        (429, "retry_later"),
        (500, "retry_later"),
        (502, "retry_later"),
        (504, "retry_later"),
    ] {
        assert_eq!(meaning(status, "").name(), expected, "{status}");
    }
}

proptest! {
    #[test]
    fn any_lead_can_be_sent_and_reads_back(lead in any_lead()) {
        let sent = send(&lead, json!({}), SECRET).unwrap();
        let event: Event = serde_json::from_slice(sent.body()).unwrap();
        prop_assert_eq!(serde_json::to_vec(&event).unwrap(), sent.body().clone());
        prop_assert_eq!(serde_json::from_value::<Lead>(event.data).unwrap(), lead);
    }
}
