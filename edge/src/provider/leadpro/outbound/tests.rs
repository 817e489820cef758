//! Golden requests, limits, and one answer for each outcome.

mod limits;

use http::Request;
use serde_json::{Value, json};
use shared::field::Choice;

use super::*;
use crate::provider::{
    Note,
    leadpro::wire::{LeadType, NewLead, Source},
};

const NOW: Timestamp = Timestamp::from_millis(1_772_379_900_000);

fn call(credential: &str) -> Call<'_> {
    Call {
        url: "https://api.lead.pro/api/v103/leads",
        credential,
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
    request(&lead, &settings, &call("s3cret"))
}

fn body(request: &Request<Vec<u8>>) -> Value {
    serde_json::from_slice(request.body()).unwrap()
}

/// The body that goes out, and the notes as `kind field: detail`.
fn sent(lead: Value, settings: Value) -> (Value, Vec<String>) {
    let prepared = prepare(lead, settings).unwrap();
    (body(&prepared.request), prepared.notes.iter().map(told).collect())
}

fn told(note: &Note) -> String {
    let kind = serde_json::to_value(note.kind).unwrap();
    format!("{} {}: {}", kind.as_str().unwrap(), note.field, note.detail)
}

/// What LeadPro requires, with more members.
fn lead(more: Value) -> Value {
    let mut lead =
        json!({"name": "Marla Singer", "email": "cloud9@cloud.com", "phone": "01623000000", "intent": "buy"});
    lead.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    lead
}

#[test]
fn the_documented_example_goes_out_as_documented() {
    let prepared = prepare(
        json!({
            "name": "Marla Singer", "first_name": "Marla", "last_name": "Singer", "title": "Mrs", "intent": "buy",
            "email": "cloud9@cloud.com", "phone": "01623000000", "phone_e164": "+441623000000",
            "message": "I would like a valuation please",
            "property": {"address": "123 Example Street, Example town", "postcode": "DE1 1JX", "url": "https://placeholder.com/150"},
            "availability": ["2025-01-01T08:00:00Z", "2025-01-01T09:00:00Z"],
            "attribution": {"utm_source": "social_media", "utm_campaign": "newsletter_2025"},
            "meta": {"Property Type": "detached", "Virtual Tour": "true", "Property ID": "7362"},
        }),
        json!({}),
    )
    .unwrap();
    let request = &prepared.request;
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://api.lead.pro/api/v103/leads");
    assert_eq!(request.headers()["x-api-key"], "s3cret");
    assert_eq!(request.headers()["content-type"], "application/json");
    assert_eq!(request.headers()["idempotency-key"], "0197_1");
    assert!(!request.headers().contains_key("authorization"));
    assert_eq!(prepared.notes, []);
    assert_eq!(
        body(request),
        json!({
            "type": "sale", "phone": "01623000000", "first_name": "Marla", "last_name": "Singer",
            "email": "cloud9@cloud.com", "title": "Mrs",
            "advert_address": "123 Example Street, Example town", "advert_postcode": "DE1 1JX",
            "advert_url": "https://placeholder.com/150",
            "utm_source": "social_media", "utm_campaign": "newsletter_2025",
            "appointment_availability": {"hours": ["2025-01-01T08:00:00.000Z", "2025-01-01T09:00:00.000Z"]},
            "message": "I would like a valuation please",
            "meta": {"Property Type": "detached", "Virtual Tour": "true", "Property ID": "7362"},
        })
    );
}

#[test]
fn the_least_that_leadpro_takes_goes_out_with_nothing_else() {
    let (body, notes) = sent(lead(json!({})), json!({}));
    assert_eq!(
        body,
        json!({"first_name": "Marla", "last_name": "Singer", "email": "cloud9@cloud.com", "phone": "01623000000", "type": "sale"})
    );
    assert_eq!(notes, [""; 0]);
}

#[test]
fn every_field_of_the_page_can_go_out() {
    let full = lead(json!({
        "title": "Mrs", "message": "Hello", "address": "1 Home St", "postcode": "DE2 2AA", "international": true,
        "property": {"uid": "P-7", "address": "2 High St", "postcode": "DE1 1JX", "url": "https://a.example/7",
            "image": "https://a.example/7.jpg", "type": "flat-maisonette"},
        "availability": ["2025-01-01T08:00:00Z"], "questionnaire": {"1": ["Is it leasehold?", "no"]},
        "consent": {"given": true, "version": "2026-11", "at": "2026-03-01T15:44:00Z"}, "office_id": 12, "source": "Zoopla",
        "attribution": {"utm_source": "s", "utm_medium": "m", "utm_campaign": "c", "utm_term": "t", "utm_content": "x",
            "gclid": "g", "page": "https://shop.example/contact?a=b"},
        "meta": {"Colour": "red"}, "interest_level": "hot", "city": "Derby",
        "conversation": [{"direction": "inbound", "body": "Hi"}],
    }));
    let (body, notes) = sent(full, json!({"office_id": 3, "source": "gumtree", "type": "let"}));
    let expected = json!({
        "first_name": "Marla", "last_name": "Singer", "email": "cloud9@cloud.com", "phone": "01623000000", "type": "sale",
        "title": "Mrs", "advert_address": "2 High St", "advert_postcode": "DE1 1JX", "advert_url": "https://a.example/7",
        "advert_image": "https://a.example/7.jpg", "message": "Hello",
        "appointment_availability": {"hours": ["2025-01-01T08:00:00.000Z"]},
        "meta": {
            "Colour": "red", "Interest": "hot", "City": "Derby", "Property": "P-7", "gclid": "g",
            "Consent": "given 2026-03-01T15:44:00.000Z, version 2026-11, receipt 01970000-0000-7000-8000-000000000000",
            "Conversation": "inbound\nHi",
        },
        "questionnaire": {"1": ["Is it leasehold?", "no"]}, "gdpr_checkbox": true,
        "host": "https://shop.example/contact?a=b", "office_id": 12, "address": "1 Home St", "postcode": "DE2 2AA",
        "source": "zoopla", "international": true, "utm_source": "s", "utm_campaign": "c", "utm_medium": "m",
        "utm_term": "t", "utm_content": "x", "property_type": "flat-maisonette",
    });
    assert_eq!(body.as_object().unwrap().len(), 27);
    assert_eq!(body, expected);
    let moved = ["interest_level", "city", "property.uid", "attribution.gclid", "consent", "conversation"];
    assert_eq!(notes, moved.map(|field| format!("moved {field}: into meta")));
    let read: NewLead = serde_json::from_value(body).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), expected);
}

#[test]
fn the_type_follows_from_the_intent_and_else_from_the_settings() {
    for (intent, expected) in [
        ("buy", "sale"),
        ("rent", "let"),
        ("sell", "vendor"),
        ("let_out", "landlord"),
        ("mortgage", "mortgage_request"),
    ] {
        let (body, notes) = sent(lead(json!({"intent": intent})), json!({"type": "let"}));
        assert_eq!((body["type"].as_str(), &notes[..]), (Some(expected), &[][..]), "{intent}");
    }
    let (body, notes) = sent(lead(json!({"intent": "buy_and_sell"})), json!({"type": "let"}));
    assert_eq!((&body["type"], &body["meta"]), (&json!("vendor"), &json!({"Intent": "buy and sell"})));
    assert_eq!(notes, ["assumed type: vendor, of a lead that sells and buys", "moved intent: into meta"]);
    let (body, notes) = sent(lead(json!({"intent": null})), json!({"type": "mortgage_request"}));
    assert_eq!(body["type"], "mortgage_request");
    assert_eq!(notes, ["assumed type: mortgage_request, by the destination's settings"]);
}

#[test]
fn a_vendor_has_the_persons_own_address_and_no_advert() {
    let property =
        json!({"address": "2 High St", "postcode": "DE1 1JX", "url": "https://a.example/7", "type": "detached"});
    for intent in ["sell", "let_out"] {
        let own = lead(json!({"intent": intent, "address": "1 Home St", "postcode": "DE2 2AA", "property": property}));
        let (body, _) = sent(own, json!({}));
        assert_eq!((&body["address"], &body["postcode"]), (&json!("1 Home St"), &json!("DE2 2AA")));
        assert_eq!(body["property_type"], "detached");
        assert_eq!(
            body["meta"],
            json!({"Property address": "2 High St", "Property postcode": "DE1 1JX", "Property page": "https://a.example/7"})
        );
        assert!(!body.as_object().unwrap().keys().any(|name| name.starts_with("advert_")), "{body}");
        let (body, _) = sent(lead(json!({"intent": intent, "property": property})), json!({}));
        assert_eq!((&body["address"], &body["postcode"]), (&json!("2 High St"), &json!("DE1 1JX")));
        assert_eq!(body["meta"], json!({"Property page": "https://a.example/7"}));
    }
}

#[test]
fn halves_of_two_addresses_are_never_joined_to_one() {
    let property = json!({"address": "2 High St", "postcode": "DE1 1JX"});
    let (body, _) = sent(lead(json!({"intent": "sell", "postcode": "NG1 1AA", "property": property})), json!({}));
    assert_eq!((body.get("address"), &body["postcode"]), (None, &json!("NG1 1AA")));
    let (body, _) =
        sent(lead(json!({"intent": "sell", "postcode": "NG1 1AA", "property": {"address": "2 High St"}})), json!({}));
    assert_eq!((&body["address"], &body["postcode"]), (&json!("2 High St"), &json!("NG1 1AA")));
}

#[test]
fn a_source_out_of_the_list_wins_and_another_goes_into_meta() {
    let source = |lead_source: Value, settings: Value| {
        let (body, _) = sent(lead(json!({"source": lead_source})), settings);
        (body["source"].clone(), body["meta"]["Source"].clone())
    };
    assert_eq!(
        source(json!("rightmove_valuation"), json!({"source": "ivt"})),
        (json!("rightmove_valuation"), json!(null))
    );
    assert_eq!(source(json!("fair"), json!({"source": "propertynews"})), (json!("propertynews"), json!("fair")));
    assert_eq!(source(json!("fair"), json!({})), (json!(null), json!("fair")));
    assert_eq!(source(json!(null), json!({})), (json!(null), json!(null)));
}

#[test]
fn the_names_in_configuration_and_in_requests_are_the_same() {
    let same = |written: serde_json::Result<Value>, name: &str| assert_eq!(written.unwrap(), name);
    LeadType::ALL.iter().for_each(|(name, value)| same(serde_json::to_value(value), name));
    Source::ALL.iter().for_each(|(name, value)| same(serde_json::to_value(value), name));
}

#[test]
fn a_lead_without_what_is_required_cannot_be_sent() {
    let refused = |changed: Value, settings: Value| prepare(lead(changed), settings).unwrap_err();
    assert_eq!(refused(json!({"name": null}), json!({})), CannotSend::Lacks("a name"));
    assert_eq!(refused(json!({"email": null}), json!({})), CannotSend::Lacks("an email"));
    assert_eq!(refused(json!({"phone": null}), json!({})), CannotSend::Lacks("a phone"));
    assert_eq!(refused(json!({"intent": null}), json!({})), CannotSend::Lacks("what the person wants"));
    let asked = json!({"require_postcode": true});
    for lacking in [json!({"intent": "sell"}), json!({"intent": "let_out", "postcode": "12345678901"})] {
        assert_eq!(refused(lacking.clone(), asked.clone()), CannotSend::Lacks("a postcode of 2 to 10 characters"));
        assert!(prepare(lead(lacking), json!({})).is_ok());
    }
    assert!(prepare(lead(json!({"intent": "buy"})), asked).is_ok());
}

#[test]
fn a_missing_last_name_is_a_dash_and_the_delivery_says_so() {
    let (body, notes) = sent(lead(json!({"name": "Cher"})), json!({}));
    assert_eq!((&body["first_name"], &body["last_name"]), (&json!("Cher"), &json!("-")));
    assert_eq!(notes, ["assumed last_name: -"]);
}

#[test]
fn the_credential_goes_in_the_header_that_the_settings_name() {
    for (header, value) in
        [("X-LeadPro-Key", "s3cret"), ("Authorization", "Bearer s3cret"), ("authorization", "Bearer s3cret")]
    {
        let request = prepare(lead(json!({})), json!({"auth_header": header})).unwrap().request;
        assert_eq!(request.headers()[header], value);
        assert!(!request.headers().contains_key("x-api-key"));
    }
    for header in ["", "two words", "näme", "Content-Type", "host", "a:b"] {
        assert!(serde_json::from_value::<Settings>(json!({"auth_header": header})).is_err(), "{header}");
    }
    for unknown in [json!({"office": 1}), json!({"source": "fair"}), json!({"type": "buy"}), json!({"office_id": -1})] {
        assert!(serde_json::from_value::<Settings>(unknown).is_err());
    }
}

fn meaning(status: u16, body: &str) -> Outcome {
    let answer = Response::builder().status(status).header("retry-after", "7").body(body.as_bytes().to_vec()).unwrap();
    outcome(&answer, NOW)
}

#[test]
fn any_success_is_a_delivery_with_the_reference_that_the_body_may_give() {
    for (body, reference) in [
        (r#"{"id": 77}"#, Some("77")),
        (r#"{"lead_id": "L-7"}"#, Some("L-7")),
        (r#"{"data": {"id": "d7"}}"#, Some("d7")),
        (r#"{"id": null, "data": []}"#, None),
        ("Success", None),
        ("<html>ok</html>", None),
        ("", None),
    ] {
        for status in [200, 201, 202, 204] {
            assert_eq!(meaning(status, body), Outcome::delivered(reference.map(str::to_owned)), "{status} {body}");
        }
    }
}

#[test]
fn a_failure_is_refused_with_its_reason_in_whatever_shape_it_comes() {
    for (body, reason) in [
        (r#"{"message": "phone is too long"}"#, "HTTP 400: phone is too long"),
        (r#"{"error": "phone is too long"}"#, "HTTP 400: phone is too long"),
        (r#"{"reason": "phone is too long"}"#, "HTTP 400: phone is too long"),
        (r#"{"errors": {"phone": ["too long"]}}"#, r#"HTTP 400: {"phone":["too long"]}"#),
        (r#"{"message": "Invalid", "errors": {"phone": ["too long"]}}"#, "HTTP 400: Invalid (phone)"),
        ("phone is too long\n", "HTTP 400: phone is too long"),
        ("<html>Bad Request</html>", "HTTP 400."),
        ("", "HTTP 400."),
        ("[]", "HTTP 400."),
    ] {
        assert_eq!(meaning(400, body), Outcome::Refused { reason: reason.to_owned() }, "{body}");
    }
    for status in [409, 413, 415, 422] {
        assert_eq!(meaning(status, "").name(), "refused", "{status}");
    }
}

#[test]
fn a_wrong_credential_address_or_redirect_is_a_misconfiguration() {
    for status in [301, 302, 307, 401, 403, 404, 405] {
        assert_eq!(meaning(status, r#"{"message": "no"}"#).name(), "misconfigured", "{status}");
    }
}

#[test]
fn too_many_requests_and_faults_are_tried_again_when_the_provider_says() {
    for status in [408, 425, 429, 500, 502, 503, 504] {
        let Outcome::RetryLater { after, .. } = meaning(status, "") else { panic!("{status}") };
        assert_eq!(after, Some(NOW.plus_seconds(7)));
    }
}
