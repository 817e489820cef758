//! Golden requests, and the answers that the page shows.

use http::Request;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::provider::{any_lead::any_lead, note::NoteKind};

const NOW: Timestamp = Timestamp::from_millis(1_772_379_900_000);

/// The call that the golden requests are made for.
fn call(credential: &str) -> Call<'_> {
    Call {
        url: "https://secure.alterestate.com/api/v1/leads/",
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

fn john() -> Value {
    json!({"name": "John Doe", "email": "johndoe@email.com", "phone": "8091234567"})
}

#[test]
fn the_documented_example_goes_out_as_documented() {
    let prepared = send(&lead(john()), json!({})).unwrap();
    let request = prepared.request;
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://secure.alterestate.com/api/v1/leads/");
    assert_eq!(request.headers()["authorization"], "Token s3cret");
    assert_eq!(request.headers()["content-type"], "application/json");
    assert_eq!(request.headers()["idempotency-key"], "0197_1");
    assert_eq!(body(&request), json!({"full_name": "John Doe", "phone": "8091234567", "email": "johndoe@email.com"}));
    assert_eq!(prepared.notes, []);
}

#[test]
fn every_field_of_a_full_lead_has_its_place_or_stands_in_the_notes() {
    let lead = lead(json!({
        "name": "Marla Singer", "title": "Mrs", "email": "Marla@example.com", "phone": "+44 1623 000000",
        "phone_e164": "+441623000000", "intent": "rent", "interest_level": "hot", "message": "Is <b>it</b> free?\nYours & mine",
        "notes": "From the fair", "budget": 1200, "source": "homepage", "property": {"uid": "P-1", "type": "terraced"},
        "conversation": [{"date": "2026-03-01T15:45:00Z", "direction": "inbound", "from": "a@b.co", "to": "us@b.co",
            "subject": "Rent", "body": "Hello"}, {"body": "Again"}],
        "attribution": {"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "spring", "utm_term": "flat",
            "utm_content": "red", "platform": "Facebook", "campaign_name": "Spring", "adset_name": "One",
            "form_name": "Landing", "gclid": "abc"},
        "meta": {"Colour": "\"red\" 'n' blue"},
    }));
    let settings = json!({"round_robin": "rr-1", "related": "agent@example.com", "via": "104", "form_name": "Default"});
    let prepared = send(&lead, settings).unwrap();
    assert_eq!(
        body(&prepared.request),
        json!({
            "full_name": "Marla Singer", "phone": "+44 1623 000000", "email": "Marla@example.com", "property_uid": "P-1",
            "utm_source": "google", "utm_medium": "cpc", "utm_campaign": "spring", "utm_term": "flat", "utm_content": "red",
            "platform": "Facebook", "campaign_name": "Spring", "adset_name": "One", "form_name": "Landing",
            "round_robin": "rr-1", "listing_type": "rent", "via": "104",
            "notes": "Is &lt;b&gt;it&lt;/b&gt; free?\nYours &amp; mine\n\nFrom the fair\n\nTitle: Mrs\nInterest: hot\n\
                Budget: 1200\nProperty type: terraced\nColour: &quot;red&quot; &#39;n&#39; blue\nSource: homepage\n\
                gclid: abc\nConversation: 2026-03-01T15:45:00.000Z inbound from a@b.co to us@b.co\nRent\nHello\n\nAgain",
        })
    );
    assert!(prepared.notes.iter().all(|note| note.kind == NoteKind::Moved && note.detail == "into notes"));
    let fields: Vec<&str> = prepared.notes.iter().map(|note| note.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "title",
            "interest_level",
            "budget",
            "property.type",
            "meta.Colour",
            "source",
            "attribution.gclid",
            "conversation"
        ]
    );
}

#[test]
fn settings_stand_in_for_what_a_lead_does_not_bring() {
    let settings = json!({"related": "agent@example.com", "form_name": "Default"});
    let sent = body(&send(&lead(john()), settings).unwrap().request);
    assert_eq!((&sent["related"], &sent["form_name"]), (&json!("agent@example.com"), &json!("Default")));
}

#[test]
fn only_renting_and_buying_are_listing_types() {
    for (intent, expected, notes) in [
        ("rent", json!("rent"), Value::Null),
        ("buy", json!("buy"), Value::Null),
        ("sell", Value::Null, json!("Intent: sell")),
        ("buy_and_sell", Value::Null, json!("Intent: buy and sell")),
        ("mortgage", Value::Null, json!("Intent: mortgage")),
    ] {
        let mut value = john();
        value["intent"] = json!(intent);
        let sent = body(&send(&lead(value), json!({})).unwrap().request);
        assert_eq!((&sent["listing_type"], &sent["notes"]), (&expected, &notes), "{intent}");
    }
}

#[test]
fn a_lead_without_a_required_field_cannot_be_sent() {
    for (field, what) in [("name", "a name"), ("phone", "a phone"), ("email", "an email")] {
        let mut value = john();
        value[field] = Value::Null;
        assert_eq!(send(&lead(value), json!({})).unwrap_err(), CannotSend::Lacks(what));
    }
}

#[test]
fn unknown_settings_are_refused() {
    assert!(serde_json::from_value::<Settings>(json!({"round-robin": "1"})).is_err());
}

fn meaning(status: u16, body: &str) -> Outcome {
    let answer = Response::builder().status(status).header("retry-after", "7").body(body.as_bytes().to_vec()).unwrap();
    outcome(&answer, NOW)
}

fn delivered(reference: &str) -> Outcome {
    Outcome::delivered(Some(reference.to_owned()))
}

#[test]
fn the_documented_success_is_delivered_with_its_deal_as_reference() {
    let body = r#"{"status": 201, "data": {"id": 1238837, "company": 0, "uid": "D9dEML2g39", "full_name": "Test Lead",
        "via": 104, "distinct_id": null, "related_contacts": []}, "log_id": 453995, "deal_id": 640682}"#;
    for status in [200, 201] {
        assert_eq!(meaning(status, body), delivered("640682"));
    }
    assert_eq!(meaning(201, r#"{"deal_id": "D-1"}"#), delivered("D-1"));
    assert_eq!(
        meaning(201, r#"{"status": 201, "data": {"id": 1238837, "uid": "D9dEML2g39"}}"#),
        delivered("D9dEML2g39")
    );
    assert_eq!(meaning(201, r#"{"status": 201, "data": {"id": 1238837}, "deal_id": null}"#), delivered("1238837"));
    assert_eq!(meaning(201, r#"{"status": 201, "data": {}}"#), Outcome::delivered(None));
}

#[test]
fn the_documented_duplicate_is_one_with_its_log_as_reference() {
    let body = |log: &str| {
        format!(
            r#"{{"status": 200, "message": "This contact already exists. No new deal was created.", "log_id": {log}}}"#
        )
    };
    for (log, reference) in [(r#""LOG123456""#, Some("LOG123456")), ("453995", Some("453995")), ("null", None)] {
        assert_eq!(meaning(200, &body(log)), Outcome::Duplicate { reference: reference.map(str::to_owned) });
    }
    assert_eq!(meaning(409, &body("null")), Outcome::Duplicate { reference: None });
}

#[test]
fn a_deal_that_was_made_is_not_made_again_whatever_status_it_comes_with() {
    for status in [400, 409, 500, 503] {
        assert_eq!(meaning(status, r#"{"status": "error", "deal_id": 640682}"#), delivered("640682"));
    }
}

#[test]
fn the_documented_error_is_refused_whatever_status_it_comes_with() {
    for status in [200, 400, 404, 409, 422] {
        let reason = format!("HTTP {status}: Missing required field: phone");
        let body = r#"{"status": "error", "message": "Missing required field: phone"}"#;
        assert_eq!(meaning(status, body), Outcome::Refused { reason });
    }
}

#[test]
fn an_error_about_the_credential_or_the_load_is_not_the_leads() {
    let body = r#"{"status": "error", "message": "Not now"}"#;
    for (status, expected) in [
        (301, "misconfigured"),
        (401, "misconfigured"),
        (403, "misconfigured"),
        (408, "retry_later"),
        (425, "retry_later"),
        (429, "retry_later"),
        (500, "retry_later"),
        (503, "retry_later"),
    ] {
        assert_eq!(meaning(status, body).name(), expected, "{status}");
    }
    let reason = "HTTP 401: Invalid token.".to_owned();
    assert_eq!(meaning(401, r#"{"detail": "Invalid token."}"#), Outcome::Misconfigured { reason });
    let Outcome::RetryLater { after, .. } = meaning(429, "") else { panic!("429") };
    assert_eq!(after, Some(NOW.plus_seconds(7)));
    assert_eq!(meaning(404, "").name(), "misconfigured");
    assert_eq!(meaning(422, "").name(), "refused");
}

#[test]
fn a_success_of_unknown_shape_is_unconfirmed() {
    for body in [
        "",
        "[]",
        "<html>ok</html>",
        "{}",
        r#"{"status": 201}"#,
        r#"{"status": 200}"#,
        r#"{"status": 200, "message": {}}"#,
        r#"{"status": 500, "message": "Oh"}"#,
        r#"{"status": 201, "data": []}"#,
        r#"{"deal_id": ""}"#,
        r#"{"status": 201, "deal_id": 64"#,
    ] {
        assert_eq!(meaning(200, body).name(), "unconfirmed", "{body}");
    }
}

proptest! {
    #[test]
    fn any_lead_can_be_sent_reads_back_and_brings_no_markup(lead in any_lead()) {
        let prepared = request(&lead, &Settings::default(), &call("s3cret")).unwrap();
        let read: NewLead = serde_json::from_slice(prepared.request.body()).unwrap();
        let sent = new_lead(&lead, &Settings::default(), call("s3cret").lead_id, &mut Notes::default()).unwrap();
        prop_assert_eq!(&read, &sent);
        let notes = read.notes.unwrap();
        prop_assert!(!notes.contains(['<', '>', '"', '\'']), "{}", notes);
    }
}
