//! Golden requests, and one answer for each outcome.

use http::{Request, Response};
use proptest::{collection, option, prelude::*};
use serde_json::json;
use shared::timestamp::Timestamp;

use super::*;
use crate::provider::Outcome;

const NOW: Timestamp = Timestamp::from_millis(1_772_379_900_000);

fn call() -> Call<'static> {
    Call {
        url: "https://market.example/api/leads",
        credential: "s3cret",
        idempotency_key: "0197_1",
        lead_id: "01970000-0000-7000-8000-000000000000",
        form: "contact",
        created_at: NOW,
        now: NOW,
    }
}

fn prepare(lead: Value, settings: Value) -> Result<Prepared, CannotSend> {
    let lead: Lead = serde_json::from_value(lead).unwrap();
    let settings: Settings = serde_json::from_value(settings).unwrap();
    request(&lead, &settings, &call())
}

fn body(request: &Request<Vec<u8>>) -> Value {
    serde_json::from_slice(request.body()).unwrap()
}

/// What the marketplace requires, with more members.
fn lead(more: Value) -> Value {
    let mut lead = json!({"name": "John Doe", "phone": "555-123-4567", "state": "TX", "category": "Auto Insurance"});
    lead.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    lead
}

fn seller() -> Value {
    json!({"seller": "ACME1234"})
}

#[test]
fn the_documented_example_goes_out_as_documented() {
    let lead = lead(json!({"email": "john.doe@email.com", "postcode": "75001", "city": "Dallas"}));
    let prepared = prepare(lead, seller()).unwrap();
    let request = &prepared.request;
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://market.example/api/leads");
    assert_eq!(request.headers()["authorization"], "Bearer s3cret");
    assert_eq!(request.headers()["content-type"], "application/json");
    assert_eq!(request.headers()["idempotency-key"], "0197_1");
    assert_eq!(prepared.notes, []);
    assert_eq!(
        body(request),
        json!({
            "seller": "ACME1234", "category": "Auto Insurance", "firstName": "John", "lastName": "Doe",
            "email": "john.doe@email.com", "phone": "555-123-4567", "state": "TX", "zip": "75001", "city": "Dallas",
        })
    );
}

#[test]
fn the_least_that_the_marketplace_takes_goes_out_with_nothing_else() {
    let prepared = prepare(
        lead(json!({"name": "Cher", "state": "new york", "category": null})),
        json!({"seller": "acme", "category": "Solar"}),
    );
    let prepared = prepared.unwrap();
    assert_eq!(
        body(&prepared.request),
        json!({"seller": "acme", "category": "Solar", "firstName": "Cher", "lastName": "-", "phone": "555-123-4567", "state": "NY"})
    );
    assert_eq!(prepared.notes.len(), 1);
    assert_eq!((prepared.notes[0].field.as_str(), prepared.notes[0].detail.as_str()), ("lastName", "-"));
}

#[test]
fn further_fields_go_out_of_every_lead_or_of_those_of_one_category() {
    let full = lead(json!({
        "message": "Call me", "budget": 380, "timeline": "soon", "postcode": "75001", "email": "john@email.com",
        "property": {"type": "detached", "postcode": "75002"}, "meta": {"Roof type": "tile", "Age": "7"},
        "questionnaire": {"1": ["Own it?", "yes"]}, "conversation": [{"body": "Hi"}],
    }));
    let settings = json!({
        "seller": "ACME1234", "category": "Solar",
        "fields": {
            "comments": "message", "maxPrice": "budget", "zip": "property.postcode", "missing": "meta.Nothing",
            "state": "city", "firstName": "message", "seller": "message",
            "auto insurance": {"roofType": "meta.Roof type", "maxPrice": "timeline", "survey": "questionnaire"},
            "Solar": {"homeType": "property.type"},
        },
    });
    let prepared = prepare(full, settings).unwrap();
    assert_eq!(
        body(&prepared.request),
        json!({
            "seller": "ACME1234", "category": "Auto Insurance", "firstName": "John", "lastName": "Doe", "phone": "555-123-4567",
            "state": "TX", "email": "john@email.com", "zip": "75002", "comments": "Call me", "maxPrice": "soon",
            "roofType": "tile", "survey": {"1": ["Own it?", "yes"]},
        })
    );
    let left_out: Vec<&str> = prepared.notes.iter().map(|note| note.field.as_str()).collect();
    assert_eq!(left_out, ["budget", "postcode", "property.type", "meta.Age", "conversation"]);
}

#[test]
fn what_is_required_of_lead_and_settings_is_named() {
    let refused = |lead: Value, settings: Value| prepare(lead, settings).unwrap_err();
    assert_eq!(refused(lead(json!({"name": null})), seller()), CannotSend::Lacks("a name"));
    assert_eq!(refused(lead(json!({"phone": null, "email": "a@b.co"})), seller()), CannotSend::Lacks("a phone"));
    assert_eq!(refused(lead(json!({"category": null})), seller()), CannotSend::Lacks("a category"));
    for state in [json!(null), json!("Kent"), json!("ZZ")] {
        assert_eq!(refused(lead(json!({"state": state})), seller()), CannotSend::Lacks("a two-letter state"));
    }
    for settings in [json!({}), json!({"seller": " "})] {
        let CannotSend::Misconfigured(sentence) = refused(lead(json!({})), settings) else { panic!() };
        assert!(sentence.contains("`seller`"), "{sentence}");
    }
    for wrong in [json!({"sellers": "A"}), json!({"fields": {"a": 5}}), json!({"fields": {"Solar": {"a": ["b"]}}})] {
        assert!(serde_json::from_value::<Settings>(wrong).is_err());
    }
}

fn meaning_of(lead: Value, settings: Value, status: u16, headers: &[(&str, &str)], body: &str) -> Outcome {
    let mut answer = Response::builder().status(status);
    for (name, value) in headers {
        answer = answer.header(*name, *value);
    }
    let lead: Lead = serde_json::from_value(lead).unwrap();
    let settings: Settings = serde_json::from_value(settings).unwrap();
    outcome(&lead, &settings, &answer.body(body.as_bytes().to_vec()).unwrap(), NOW)
}

fn meaning(status: u16, body: &str) -> Outcome {
    meaning_of(lead(json!({})), seller(), status, &[("retry-after", "7")], body)
}

fn delivered(reference: &str, remark: &str) -> Outcome {
    Outcome::Delivered { reference: Some(reference.to_owned()), remark: Some(remark.to_owned()) }
}

#[test]
fn a_sold_lead_is_delivered_with_price_and_buyers() {
    let sold =
        |more: &str| meaning(200, &format!(r#"{{"success": true, "lead_id": "abc123", "status": "sold"{more}}}"#));
    assert_eq!(
        sold(r#", "price": 45.00, "buyer_ids": ["buyer-uuid-1"]"#),
        delivered("abc123", "Sold for 45.00 to 1 buyer: buyer-uuid-1.")
    );
    assert_eq!(
        sold(r#", "price": 7.25, "buyer_ids": ["a", "b"]"#),
        delivered("abc123", "Sold for 7.25 to 2 buyers: a, b.")
    );
    assert_eq!(sold(r#", "price": 45"#), delivered("abc123", "Sold for 45.00."));
    assert_eq!(sold(r#", "price": "45 USD", "buyer_ids": []"#), delivered("abc123", "Sold for 45 USD to 0 buyers."));
    assert_eq!(sold(""), delivered("abc123", "Sold."));
    let many = format!(r#", "buyer_ids": ["{}"]"#, "b".repeat(5_000));
    let Outcome::Delivered { remark: Some(remark), .. } = sold(&many) else { panic!() };
    assert!(remark.len() < 300);
}

#[test]
fn a_pending_lead_is_delivered_without_a_buyer() {
    let outcome = meaning(200, r#"{"success": true, "lead_id": 77, "status": "pending"}"#);
    assert_eq!(outcome, delivered("77", "Pending: no buyer was there yet."));
}

#[test]
fn a_success_that_says_it_was_none_is_refused() {
    let outcome = meaning(200, r#"{"success": false, "error": "Duplicate lead"}"#);
    assert_eq!(outcome, Outcome::Refused { reason: "HTTP 200: Duplicate lead".to_owned() });
}

#[test]
fn a_success_of_unknown_shape_is_unconfirmed() {
    for body in [
        "",
        "{}",
        "[]",
        "<html>ok</html>",
        r#"{"success": true}"#,
        r#"{"success": "true", "lead_id": "a", "status": "sold"}"#,
        r#"{"success": true, "lead_id": "a"}"#,
        r#"{"success": true, "lead_id": "", "status": "sold"}"#,
        r#"{"success": true, "lead_id": "a", "status": "queued"}"#,
        r#"{"success": true, "status": "sold", "price": 45.00}"#,
        r#"{"success": true, "lead_id": "abc1"#,
    ] {
        assert_eq!(meaning(200, body).name(), "unconfirmed", "{body}");
    }
}

#[test]
fn a_category_without_a_campaign_pauses_the_destination_only_if_the_destination_is_to_blame() {
    let asked = |own: Value, settings: Value| {
        let outcome = |body| meaning_of(lead(json!({"category": own})), settings.clone(), 400, &[], body).name();
        let shapes = [
            r#"{"error": "No matching campaign"}"#,
            r#"{"success":false,"message":"no MATCHING campaign"}"#,
            "No matching campaign",
        ];
        let [first, second, third] = shapes.map(outcome);
        assert!(first == second && second == third);
        first
    };
    assert_eq!(asked(json!(null), json!({"seller": "A", "category": "Solr"})), "misconfigured");
    assert_eq!(asked(json!("solr"), json!({"seller": "A", "category": "Solr"})), "misconfigured");
    assert_eq!(asked(json!("Solr"), json!({"seller": "A"})), "misconfigured");
    assert_eq!(asked(json!("Anything"), json!({"seller": "A", "category": "Solar"})), "refused");
}

#[test]
fn a_lead_that_is_found_wanting_is_refused_in_the_marketplaces_words() {
    let outcome = meaning(400, r#"{"error": "Missing required field", "field": "state"}"#);
    assert_eq!(outcome, Outcome::Refused { reason: "HTTP 400: Missing required field".to_owned() });
    for status in [409, 422] {
        assert_eq!(meaning(status, "").name(), "refused", "{status}");
    }
}

#[test]
fn a_wrong_credential_address_or_redirect_is_a_misconfiguration() {
    for status in [302, 401, 403, 404, 405] {
        assert_eq!(meaning(status, r#"{"error": "Invalid API Key"}"#).name(), "misconfigured", "{status}");
    }
}

#[test]
fn a_limit_of_rate_is_waited_for() {
    let reset = (NOW.seconds() + 30).to_string();
    for (headers, seconds) in [
        (vec![("retry-after", "7")], Some(7)),
        (vec![("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset.as_str())], Some(30)),
        (vec![], None),
    ] {
        let outcome = meaning_of(lead(json!({})), seller(), 429, &headers, r#"{"error": "Rate limit exceeded"}"#);
        let reason = "HTTP 429: Rate limit exceeded".to_owned();
        assert_eq!(outcome, Outcome::RetryLater { reason, after: seconds.map(|seconds| NOW.plus_seconds(seconds)) });
    }
}

#[test]
fn a_fault_after_which_the_lead_may_be_sold_is_unconfirmed() {
    for status in [408, 500, 502, 503, 504, 520, 522, 524, 599] {
        assert_eq!(meaning(status, r#"{"error": "Internal error"}"#).name(), "unconfirmed", "{status}");
    }
}

#[test]
fn an_origin_that_was_not_reached_is_tried_again() {
    for status in [521, 523] {
        let Outcome::RetryLater { after, .. } = meaning(status, "<html>") else { panic!("{status}") };
        assert_eq!(after, Some(NOW.plus_seconds(7)));
    }
}

fn text(max: usize) -> impl Strategy<Value = Option<String>> {
    option::of(collection::vec(any::<char>(), 1..max).prop_map(|chars| chars.into_iter().collect()))
}

proptest! {
    #[test]
    fn a_body_has_what_is_required_reads_back_and_the_notes_name_the_rest(
        first in text(20), city in text(20), message in text(40), roof in text(20), category in text(9),
    ) {
        let lead = lead(json!({
            "first_name": first, "city": city, "message": message, "meta": {"Roof type": roof.clone().unwrap_or_default()},
            "category": category,
        }));
        let settings = json!({"seller": "ACME1234", "category": "Solar", "fields": {"roof": "meta.Roof type"}});
        let lead: Lead = serde_json::from_value(lead).unwrap();
        let settings: Settings = serde_json::from_value(settings).unwrap();
        let mut notes = Notes::default();
        let written = new_lead(&lead, &settings, "id", &mut notes).unwrap();
        let json = serde_json::to_value(&written).unwrap();
        for field in REQUIRED {
            prop_assert!(json[field].as_str().is_some_and(|text| !text.trim().is_empty()), "{}", field);
        }
        prop_assert_eq!(&json["roof"], &json!(roof.unwrap_or_default()));
        let noted: Vec<String> = notes.into_vec().into_iter().map(|note| note.field).collect();
        prop_assert_eq!(noted.contains(&"message".to_owned()), message.is_some());
        let read: NewLead = serde_json::from_slice(&serde_json::to_vec(&written).unwrap()).unwrap();
        prop_assert_eq!(read, written);
    }
}
