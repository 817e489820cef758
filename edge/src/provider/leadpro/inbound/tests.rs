//! The page's request, its limits, and what survives the way through this API.

use proptest::prelude::*;
use serde_json::{Value, json};
use shared::lead::LeadId;

use super::*;
use crate::{
    partner::{
        Dialect,
        round_trip::{NOW, back, call, lead, members, stored_lead},
    },
    provider::leadpro::{Settings, outbound},
};

/// What LeadPro requires, with more members.
fn fields(more: Value) -> Value {
    let mut fields = json!({
        "type": "sale", "phone": "01623000000", "first_name": "Marla", "last_name": "Singer", "email": "cloud9@cloud.com",
    });
    fields.as_object_mut().unwrap().extend(members(more));
    fields
}

/// The fields that are wrong.
fn wrong(more: Value) -> Vec<String> {
    let wrong = submission(members(fields(more))).err().map(|rejected| rejected.wrong).unwrap_or_default();
    wrong.into_iter().map(|wrong| wrong.field).collect()
}

#[test]
fn the_documented_example_comes_in_whole() {
    let lead = lead(
        Dialect::LeadPro,
        fields(json!({
            "title": "Mrs", "advert_address": "123 Example Street, Example town", "advert_postcode": "DE1 1JX",
            "advert_url": "https://placeholder.com/150", "utm_source": "social_media", "utm_campaign": "newsletter_2025",
            "appointment_availability": {"hours": ["2025-01-01T08:00:00.000Z", "2025-01-01T09:00:00.000Z"]},
            "message": "I would like a valuation please",
            "meta": {"Property Type": "detached", "Virtual Tour": "true", "Property ID": "7362"},
        })),
    );
    assert_eq!(
        serde_json::to_value(lead).unwrap(),
        json!({
            "name": "Marla Singer", "first_name": "Marla", "last_name": "Singer", "title": "Mrs", "intent": "buy",
            "email": "cloud9@cloud.com", "phone": "01623000000", "phone_e164": "+441623000000",
            "message": "I would like a valuation please", "source": "homepage",
            "property": {"address": "123 Example Street, Example town", "postcode": "DE1 1JX", "url": "https://placeholder.com/150"},
            "availability": ["2025-01-01T08:00:00.000Z", "2025-01-01T09:00:00.000Z"],
            "attribution": {"utm_source": "social_media", "utm_campaign": "newsletter_2025"},
            "meta": {"Property Type": "detached", "Virtual Tour": "true", "Property ID": "7362"},
        })
    );
}

#[test]
fn a_success_is_200_and_names_the_lead() {
    let lead = lead(Dialect::LeadPro, fields(json!({})));
    let id = LeadId::new(NOW, [7; 10]);
    for is_duplicate in [false, true] {
        let (status, body) = taken(&Taken { id, lead: &lead, is_duplicate, now: NOW });
        assert_eq!((status, body), (200, json!({"success": true, "id": id.to_string()})));
    }
}

#[test]
fn everything_that_is_required_is_missed_at_once() {
    let wrong = submission(members(json!({"first_name": " "}))).unwrap_err().wrong;
    let names: Vec<&str> = wrong.iter().map(|wrong| wrong.field.as_str()).collect();
    assert_eq!(names, REQUIRED);
    let answer = Dialect::LeadPro.refused(&crate::problem::Problem::Partner(wrong), "r1", NOW);
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((answer.status, &body["errors"]["phone"]), (422, &json!(["The field phone is required."])));
}

#[test]
fn limits_hold_to_the_character_and_to_the_byte() {
    for (name, min, max) in BOUNDS {
        assert_eq!(wrong(json!({name: "é".repeat(max)})), [""; 0], "{name}");
        assert_eq!(wrong(json!({name: "é".repeat(max + 1)})), [name]);
        if min > 1 {
            assert_eq!(wrong(json!({name: "é".repeat(min - 1)})), [name]);
        }
    }
    let meta = |bytes: usize| json!({"meta": {"a": "x".repeat(bytes - r#"{"a":""}"#.len())}});
    assert_eq!(wrong(meta(META_MAX_BYTES)), [""; 0]);
    assert_eq!(wrong(meta(META_MAX_BYTES + 1)), ["meta"]);
    let hours = |bytes: usize| json!({"appointment_availability": {"a": "x".repeat(bytes - r#"{"a":""}"#.len())}});
    assert_eq!(wrong(hours(AVAILABILITY_MAX_BYTES)), [""; 0]);
    assert_eq!(wrong(hours(AVAILABILITY_MAX_BYTES + 1)), ["appointment_availability"]);
    let asked = |bytes: usize| json!({"questionnaire": {"1": ["q", "x".repeat(bytes - r#"{"1":["q",""]}"#.len())]}});
    assert_eq!(wrong(asked(QUESTIONNAIRE_MAX_BYTES)), [""; 0]);
    assert_eq!(wrong(asked(QUESTIONNAIRE_MAX_BYTES + 1)), ["questionnaire"]);
}

#[test]
fn values_that_the_page_does_not_have_are_refused() {
    for (name, values) in [
        ("type", vec![json!("buy"), json!(1)]),
        ("property_type", vec![json!("castle")]),
        ("gdpr_checkbox", vec![json!("maybe"), json!({"a": 1})]),
        ("international", vec![json!(2)]),
        ("meta", vec![json!({"a": 1}), json!("a"), json!({"a": null})]),
        ("questionnaire", vec![json!({"1": ["q"]}), json!({"1": ["q", 1]}), json!({"1": "q"}), json!("q")]),
        ("appointment_availability", vec![json!({"hours": [1]}), json!({"hours": {}}), json!("noon")]),
    ] {
        for value in values {
            assert_eq!(wrong(json!({name: value})), [name], "{value}");
        }
    }
}

#[test]
fn an_unknown_source_is_the_homepage() {
    let source = |given: Value| {
        let lead = lead(Dialect::LeadPro, fields(json!({"source": given})));
        (lead.source.unwrap(), lead.meta.get("source").cloned())
    };
    assert_eq!(source(json!("Zoopla")), ("zoopla".to_owned(), None));
    assert_eq!(source(json!("fair")), ("homepage".to_owned(), Some("fair".to_owned())));
    assert_eq!(source(json!(null)), ("homepage".to_owned(), None));
}

#[test]
fn types_are_intents_and_hours_are_times_where_they_can_be_read() {
    for (kind, intent) in [
        ("sale", "buy"),
        ("let", "rent"),
        ("vendor", "sell"),
        ("landlord", "let_out"),
        ("mortgage_request", "mortgage"),
    ] {
        let lead = serde_json::to_value(lead(Dialect::LeadPro, fields(json!({"type": kind})))).unwrap();
        assert_eq!(lead["intent"], intent);
    }
    let hours = json!({"hours": "2025-01-01T08:00:00Z", "else": ["Mondays", "2025-01-02T08:00:00Z"]});
    let lead = lead(Dialect::LeadPro, fields(json!({"appointment_availability": hours, "gdpr_checkbox": "1"})));
    assert_eq!(lead.availability.len(), 2);
    assert_eq!(lead.meta["appointment_availability.else"], "Mondays");
    // The words that were shown are the partner's.
    let consent = lead.consent.unwrap();
    assert_eq!((consent.text, consent.version), (None, None));
}

proptest! {
    #[test]
    fn what_has_a_field_and_fits_survives(sent in stored_lead()) {
        let settings: Settings = serde_json::from_value(json!({"type": "let"})).unwrap();
        let Ok(prepared) = outbound::request(&sent, &settings, &call()) else { return Ok(()) };
        let came = back(Dialect::LeadPro, &prepared.request);
        prop_assert_eq!(&came.contact, &sent.contact);
        prop_assert_eq!(came.consent.is_some(), sent.consent.is_some());
        prop_assert_eq!(&came.availability, &sent.availability);
        prop_assert_eq!(&came.attribution.utm_source, &sent.attribution.utm_source);
        let is_whole = |field: &str| !prepared.notes.iter().any(|note| note.field == field);
        if is_whole("intent") && is_whole("type") {
            prop_assert_eq!(came.intent, sent.intent);
        }
        if is_whole("title") {
            prop_assert_eq!(&came.title, &sent.title);
        }
        if is_whole("message") {
            prop_assert_eq!(&came.message, &sent.message);
        }
    }
}
