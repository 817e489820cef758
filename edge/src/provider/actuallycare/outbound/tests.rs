//! Golden requests, and the answers that the page shows.

use http::Request;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::provider::any_lead::any_lead;

const NOW: Timestamp = Timestamp::from_millis(1_772_379_900_000);

/// The page's answer to a new lead.
const CREATED: &str = r#"{"success": true, "data": {"id": "f2b8d4a6-3c5e-4f7a-9b1d-8e0c6a4f2d9b", "name": "Rachel Kim",
    "source": "Website Form", "status": "new", "lead_type": "buyer", "interest_level": "warm", "version": 1,
    "created_at": "2026-07-01T22:53:05.882Z"}, "message": "Lead created successfully",
    "timestamp": "2026-07-01T22:53:05.890Z"}"#;

const ID: &str = "f2b8d4a6-3c5e-4f7a-9b1d-8e0c6a4f2d9b";

/// The call that the golden requests are made for.
fn call(credential: &str) -> Call<'_> {
    Call {
        url: "https://api.actuallycare.com/v1/leads",
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

fn send(lead: &Lead, settings: Value) -> Result<Prepared, CannotSend> {
    request(lead, &serde_json::from_value(settings).unwrap(), &call("s3cret"))
}

fn body(request: &Request<Vec<u8>>) -> Value {
    serde_json::from_slice(request.body()).unwrap()
}

#[test]
fn the_documented_example_goes_out_as_documented() {
    let prepared = send(&lead(json!({"name": "Jordan Lee"})), json!({})).unwrap();
    let request = prepared.request;
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://api.actuallycare.com/v1/leads");
    assert_eq!(request.headers()["x-api-key"], "s3cret");
    assert_eq!(request.headers()["content-type"], "application/json");
    assert_eq!(request.headers()["idempotency-key"], "0197_1");
    assert!(!request.headers().contains_key("authorization"));
    assert_eq!(body(&request), json!({"name": "Jordan Lee"}));
    assert_eq!(prepared.notes, []);
}

#[test]
fn what_has_no_field_is_left_out_and_noted() {
    let lead = lead(json!({
        "name": "Marla Singer", "email": "Marla@example.com", "phone": "+44 1623 000000", "phone_e164": "+441623000000",
        "intent": "buy_and_sell", "interest_level": "hot", "source": "homepage", "message": "Please call",
        "budget": 380_000, "meta": {"Colour": "red"}, "conversation": [{"body": "Hello"}],
    }));
    let prepared = send(&lead, json!({"source": "Website Form"})).unwrap();
    assert_eq!(
        body(&prepared.request),
        json!({"name": "Marla Singer", "email": "Marla@example.com", "phone": "+44 1623 000000", "source": "homepage",
            "lead_type": "both"})
    );
    let mut expected = Notes::default();
    for field in ["message", "budget", "meta.Colour", "conversation"] {
        expected.left_out(field, "the provider has no field for it");
    }
    assert_eq!(prepared.notes, expected.into_vec());
}

#[test]
fn a_source_comes_from_the_settings_where_the_lead_has_none() {
    let sent = body(&send(&lead(json!({"name": "Marla"})), json!({"source": "Website Form"})).unwrap().request);
    assert_eq!(sent["source"], "Website Form");
}

#[test]
fn only_buyers_and_sellers_have_a_lead_type() {
    for (intent, expected) in [("buy", json!("buyer")), ("sell", json!("seller")), ("buy_and_sell", json!("both"))] {
        let prepared = send(&lead(json!({"name": "Marla", "intent": intent})), json!({})).unwrap();
        assert_eq!((&body(&prepared.request)["lead_type"], prepared.notes.len()), (&expected, 0));
    }
    for intent in ["rent", "let_out", "mortgage"] {
        let prepared = send(&lead(json!({"name": "Marla", "intent": intent})), json!({})).unwrap();
        assert_eq!(body(&prepared.request), json!({"name": "Marla"}));
        assert_eq!(prepared.notes[0].field, "intent");
    }
}

#[test]
fn a_lead_without_a_name_cannot_be_sent() {
    let lead = lead(json!({"name": null, "email": "a@b.co"}));
    assert_eq!(send(&lead, json!({})).unwrap_err(), CannotSend::Lacks("a name"));
}

fn meaning(interest: Option<&str>, status: u16, body: &str) -> Outcome {
    let lead = lead(json!({"name": "Marla", "interest_level": interest}));
    let answer = Response::builder().status(status).header("retry-after", "7").body(body.as_bytes().to_vec()).unwrap();
    outcome(&lead, &answer, NOW)
}

#[test]
fn a_created_lead_is_delivered_with_its_id_as_reference() {
    for status in [200, 201] {
        assert_eq!(meaning(None, status, CREATED), Outcome::delivered(Some(ID.to_owned())));
    }
    assert_eq!(meaning(Some("warm"), 201, CREATED), Outcome::delivered(Some(ID.to_owned())));
    assert_eq!(meaning(None, 201, r#"{"data": {"id": 12}}"#), Outcome::delivered(Some("12".to_owned())));
}

#[test]
fn an_interest_level_that_the_answer_does_not_have_goes_with_a_second_request() {
    let then = |body: Value| FollowUp { method: "PUT".to_owned(), path: format!("/{ID}"), body };
    let expected = then(json!({"interest_level": "hot", "version": 1}));
    let Outcome::Continued { reference, then: step } = meaning(Some("hot"), 201, CREATED) else { panic!() };
    assert_eq!((reference.as_deref(), step), (Some(ID), expected));
    let without_version = format!(r#"{{"success": true, "data": {{"id": "{ID}"}}}}"#);
    let Outcome::Continued { then: step, .. } = meaning(Some("cold"), 201, &without_version) else { panic!() };
    assert_eq!(step, then(json!({"interest_level": "cold"})));
}

#[test]
fn a_success_that_names_no_lead_is_unconfirmed() {
    let long = format!(r#"{{"success": true, "data": {{"id": "{}"}}}}"#, "a".repeat(101));
    for body in [
        "",
        "[]",
        "<html>ok</html>",
        r#"{"success": true}"#,
        r#"{"success": true, "data": {}}"#,
        r#"{"success": true, "data": {"id": ""}}"#,
        r#"{"success": true, "data": {"id": "../keys"}}"#,
        r#"{"success": true, "data": {"id": "a1""#,
        &long,
    ] {
        assert_eq!(meaning(Some("hot"), 201, body).name(), "unconfirmed", "{body}");
    }
}

#[test]
fn an_error_is_refused_in_the_providers_words() {
    for body in [
        r#"{"success": false, "message": "Name is required"}"#,
        r#"{"success": false, "error": "Name is required"}"#,
        r#"{"success": false, "error": {"code": "INVALID", "message": "Name is required"}}"#,
    ] {
        for status in [201, 400, 409, 422] {
            let reason = format!("HTTP {status}: Name is required");
            assert_eq!(meaning(None, status, body), Outcome::Refused { reason });
        }
    }
}

#[test]
fn the_other_documented_statuses_mean_what_they_say() {
    for status in [401, 403, 404] {
        assert_eq!(meaning(Some("hot"), status, "").name(), "misconfigured");
    }
    for status in [429, 500, 503] {
        let Outcome::RetryLater { after, .. } = meaning(Some("hot"), status, "") else { panic!("{status}") };
        assert_eq!(after, Some(NOW.plus_seconds(7)));
    }
}

proptest! {
    #[test]
    fn any_lead_can_be_sent_and_reads_back(lead in any_lead()) {
        let prepared = request(&lead, &Settings::default(), &call("s3cret")).unwrap();
        let read: NewLead = serde_json::from_slice(prepared.request.body()).unwrap();
        let sent = new_lead(&lead, &Settings::default(), call("s3cret").lead_id, &mut Notes::default()).unwrap();
        prop_assert_eq!(read, sent);
    }

    #[test]
    fn any_answer_names_a_path_that_can_be_called_or_none(id in any::<String>()) {
        let lead = lead(json!({"name": "Marla", "interest_level": "hot"}));
        let answer = Response::new(json!({"success": true, "data": {"id": id, "version": 3}}).to_string().into_bytes());
        if let Outcome::Continued { then, .. } = outcome(&lead, &answer, NOW) {
            let change: Change = serde_json::from_value(then.body.clone()).unwrap();
            prop_assert_eq!(serde_json::to_value(change).unwrap(), then.body);
            let path = then.path.strip_prefix('/').unwrap();
            prop_assert!(!path.is_empty() && path.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        }
    }
}
