//! What preflight finds, by form and destination.

use std::borrow::Cow;

use serde_json::{Value, json};
use shared::contact::{E164, Region};
use shared::text::Normaliser;

use super::*;
use crate::telephone;

struct Host;

impl Normaliser for Host {
    fn nfc<'a>(&self, text: &'a str) -> Cow<'a, str> {
        Cow::Borrowed(text)
    }

    fn e164(&self, typed: &str, region: Region) -> Option<E164> {
        telephone::e164(typed, region)
    }
}

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const WELL: Standing<'_> = Standing { credential: Ok("token"), paused: None };

fn form(fields: Value) -> FormDefinition {
    serde_json::from_value(json!({"id": "contact", "fields": fields})).unwrap()
}

fn checked(form: &FormDefinition, extra: Value, standing: Standing<'_>) -> Preflight {
    let mut destination = json!({"provider": "anyhouse", "url": "https://example.com/", "credential": "TOKEN"});
    destination.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let destination = Destination::parse("crm", serde_json::from_value(destination).unwrap()).unwrap();
    check(form, &sample::samples(form, &Host, NOW), &destination, standing, NOW)
}

fn found(preflight: &Preflight) -> Vec<(Kind, &str)> {
    preflight.findings.iter().map(|finding| (finding.kind, finding.field.as_str())).collect()
}

#[test]
fn a_form_whose_fields_the_provider_has_is_ok() {
    let form = FormDefinition {
        consent: shared::form::ConsentRule { required: false, ..Default::default() },
        ..form(json!([{"name": "name"}, {"name": "email", "kind": "email"}]))
    };
    // The samples give consent all the same, which AnyHouse gets among its notes.
    let preflight = checked(&form, json!({}), WELL);
    assert_eq!(found(&preflight), [(Kind::Moved, "consent"), (Kind::Moved, "consent.text")]);
    assert_eq!(preflight.verdict, Verdict::Adapts);
    assert_eq!(Preflight::new("crm", "anyhouse", Vec::new()).verdict, Verdict::Ok);
}

#[test]
fn what_has_no_field_at_the_provider_is_found_with_names_of_the_forms_own() {
    let form = form(json!([
        {"name": "email", "kind": "email"}, {"name": "budget", "kind": "number"}, {"name": "Colour"},
        {"name": "utm_source", "kind": "hidden"}, {"name": "property_type", "kind": "select",
          "options": [{"value": "terraced", "label": "Terraced"}]},
    ]));
    let preflight = checked(&form, json!({}), WELL);
    for field in ["budget", "meta.Colour", "attribution.utm_source", "property.type"] {
        assert!(found(&preflight).contains(&(Kind::Moved, field)), "{field} in {:?}", preflight.findings);
    }
}

#[test]
fn what_stops_every_lead_is_a_refusal() {
    let form = form(json!([{"name": "email", "kind": "email"}]));
    let cases = [
        (json!({"enabled": false}), WELL, (Kind::Disabled, "enabled")),
        (
            json!({}),
            Standing { credential: Err("The secret TOKEN is not set."), paused: None },
            (Kind::Misconfigured, "credential"),
        ),
        (json!({}), Standing { credential: Ok("t"), paused: Some("HTTP 401.") }, (Kind::Paused, "destination")),
        (json!({"when": {"intent": ["buy"]}}), WELL, (Kind::NeverMatches, "when.intent")),
    ];
    for (extra, standing, expected) in cases {
        let preflight = checked(&form, extra, standing);
        assert_eq!((found(&preflight)[0], preflight.verdict), (expected, Verdict::Refuses));
    }
}

#[test]
fn a_condition_matches_what_the_form_or_the_page_can_say() {
    let asks = |field: Value| form(json!([{"name": "email", "kind": "email"}, field]));
    let options =
        |value: &str| json!({"name": "intent", "kind": "select", "options": [{"value": value, "label": "x"}]});
    let when = json!({"when": {"intent": ["Buy"], "utm_source": ["google"], "consent": [true]}});
    let never = |form: &FormDefinition| {
        found(&checked(form, when.clone(), WELL)).contains(&(Kind::NeverMatches, "when.intent"))
    };
    assert!(!never(&asks(options("buy"))));
    assert!(!never(&asks(json!({"name": "intent"}))));
    assert!(!never(&asks(json!({"name": "lead_type"}))));
    assert!(never(&asks(options("sell"))));
    assert!(never(&asks(json!({"name": "message"}))));
}

#[test]
fn a_form_that_nothing_satisfies_refuses() {
    for fields in [
        json!([{"name": "name"}]),
        json!([{"name": "email", "kind": "email"}, {"name": "x", "kind": "radio", "required": true}]),
    ] {
        let preflight = checked(&form(fields), json!({}), WELL);
        assert_eq!((found(&preflight), preflight.verdict), (vec![(Kind::Refused, "form")], Verdict::Refuses));
    }
}

#[test]
fn what_some_leads_lack_is_told_from_what_all_of_them_lack() {
    let form = form(json!([{"name": "email", "kind": "email"}, {"name": "phone", "kind": "tel"}]));
    let samples = sample::samples(&form, &Host, NOW);
    assert_eq!(samples.iter().map(|s| s.is_full).collect::<Vec<_>>(), [false, false, false, true]);
    let lacking = |lacks: &dyn Fn(&Sample) -> Option<&'static str>| {
        let mut findings = Findings(Vec::new());
        samples.iter().for_each(|sample| lacks(sample).into_iter().for_each(|what| findings.lacks(what, sample)));
        Preflight::new("crm", "any", findings.0)
    };
    let no_phone = lacking(&|sample| sample.lead.contact.phone.is_none().then_some("a phone"));
    assert_eq!((found(&no_phone), no_phone.verdict), (vec![(Kind::Skipped, "phone")], Verdict::Adapts));
    let no_category = lacking(&|_| Some("a category"));
    assert_eq!((found(&no_category), no_category.verdict), (vec![(Kind::Refused, "category")], Verdict::Refuses));
}

#[test]
fn a_full_sample_is_as_long_as_the_form_allows_and_a_lead_can_hold() {
    let form = form(json!([
        {"name": "email", "kind": "email"}, {"name": "message", "kind": "textarea"}, {"name": "city", "max_length": 40},
    ]));
    let samples = sample::samples(&form, &Host, NOW);
    let full = &samples.last().unwrap().lead;
    assert_eq!(full.message.as_ref().unwrap().len(), 10_000);
    assert_eq!(full.city.as_ref().unwrap().len(), 40);
    assert_eq!(full.contact.email.as_ref().unwrap().as_typed().len(), 254);

    let many: Vec<Value> =
        (0..40).map(|n| json!({"name": format!("own{n}")})).chain([json!({"name": "email"})]).collect();
    let samples = sample::samples(&self::form(Value::from(many)), &Host, NOW);
    assert_eq!(samples.last().unwrap().lead.meta.len(), 40);
}
