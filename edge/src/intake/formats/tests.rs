//! Payloads as the platforms document them, and what becomes of them.

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// Each as `sent`, what it `becomes` and the platform's `id` of it.
const EXAMPLES: &[(Format, &str)] = &[
    (Format::Typeform, include_str!("examples/typeform.json")),
    (Format::Jotform, include_str!("examples/jotform.json")),
    (Format::Webflow, include_str!("examples/webflow.json")),
    (Format::Webflow, include_str!("examples/webflow_v1.json")),
    (Format::Elementor, include_str!("examples/elementor.json")),
    (Format::Elementor, include_str!("examples/elementor_simple.json")),
    (Format::Gravity, include_str!("examples/gravity.json")),
    (Format::Meta, include_str!("examples/meta.json")),
    (Format::Google, include_str!("examples/google.json")),
];

fn object(value: Value) -> Map<String, Value> {
    let Value::Object(object) = value else { panic!("not an object: {value}") };
    object
}

fn flattened(format: Format, body: Value) -> Value {
    Value::Object(format.flatten(object(body)).expect("the platform's own payload").fields)
}

#[test]
fn every_documented_payload_becomes_a_lead() {
    for (format, text) in EXAMPLES {
        let example: Value = serde_json::from_str(text).unwrap();
        let sent = object(example["sent"].clone());
        assert_eq!(Format::detect(&sent), Some(*format));
        let flat = format.flatten(sent).unwrap();
        assert_eq!(Value::Object(flat.fields), example["becomes"], "{format:?}");
        assert_eq!(flat.id.as_deref(), example["id"].as_str(), "{format:?}");
    }
}

#[test]
fn what_no_platform_sends_is_left_alone() {
    for body in [
        json!({}),
        json!({"email": "marla@example.com", "name": "Marla", "form": "contact", "data": {"a": 1}}),
        json!({"event_type": "form_response"}),
        json!({"fields": {"email": "marla@example.com"}, "form": {"id": "contact"}}),
        json!({"field_data": "none", "form_id": "7"}),
        json!({"field_data": [{"label": "mine"}]}),
        json!({"user_column_data": []}),
        json!({"object": "user", "entry": []}),
    ] {
        assert_eq!(Format::detect(&object(body.clone())), None, "{body}");
    }
}

#[test]
fn a_body_of_another_shape_is_not_what_the_named_platform_sends() {
    for format in [Format::Typeform, Format::Jotform, Format::Webflow, Format::Meta, Format::Google] {
        assert_eq!(format.flatten(object(json!({"email": "marla@example.com"}))), None, "{format:?}");
    }
    assert_eq!(Format::Jotform.flatten(object(json!({"rawRequest": "{", "formID": "1"}))), None);
}

#[test]
fn an_answer_that_does_not_fit_its_field_is_kept_and_refuses_nobody() {
    let fields = [
        ("phone_number", "<test lead: dummy data for phone_number>"),
        ("how_did_you_hear_about_us_(phone,_email)", "A friend"),
        ("country", "Germany"),
        ("budget", "about 300,000"),
        ("intent", "to be happy"),
    ];
    let data: Vec<Value> = fields.iter().map(|(name, value)| json!({"name": name, "values": [value]})).collect();
    let becomes = flattened(Format::Meta, json!({"field_data": data}));
    let meta = object(becomes["meta"].clone());
    assert_eq!(meta.len(), fields.len());
    for (name, value) in fields {
        assert_eq!(meta[name], value);
    }
    assert_eq!(object(becomes).len(), 2);
}

#[test]
fn a_box_that_is_not_ticked_is_no_consent() {
    let answer = |ticked: bool| {
        let legal =
            json!({"type": "boolean", "boolean": ticked, "field": {"id": "a", "type": "legal", "ref": "terms"}});
        flattened(Format::Typeform, json!({"form_response": {"answers": [legal]}}))
    };
    assert_eq!(answer(true)["consent"]["given"], true);
    assert_eq!((&answer(false)["consent"], &answer(false)["meta"]["terms"]), (&Value::Null, &json!("false")));

    let boxes = |second: &str| {
        let boxes = json!([{"checkbox_key": "a", "is_checked": "1"}, {"checkbox_key": "b", "is_checked": second}]);
        flattened(Format::Meta, json!({"field_data": [], "custom_disclaimer_responses": boxes}))
    };
    assert_eq!(boxes("1")["consent"]["given"], true);
    assert_eq!((&boxes("")["consent"], &boxes("")["meta"]["disclaimer.b"]), (&Value::Null, &json!("false")));
}

#[test]
fn the_key_of_googles_webhook_is_kept_nowhere_and_its_test_data_arrives_each_time() {
    let body = json!({"lead_id": "t", "google_key": "hush", "is_test": true, "user_column_data": []});
    let flat = Format::Google.flatten(object(body)).unwrap();
    assert_eq!((flat.id, &flat.fields["meta"]["is_test"]), (None, &json!("true")));
    assert!(!Value::Object(flat.fields).to_string().contains("hush"));
}

#[test]
fn hidden_fields_about_the_property_keep_their_name() {
    let hidden = json!({"property_uid": "P-7", "advert_url": "https://example.com/p7"});
    let becomes = flattened(Format::Typeform, json!({"form_response": {"answers": [], "hidden": hidden}}));
    assert_eq!((&becomes["property_uid"], &becomes["advert_url"]), (&json!("P-7"), &json!("https://example.com/p7")));
}

#[test]
fn a_notification_names_each_lead_once_and_only_by_digits() {
    let change = |field: &str, id: Value| json!({"field": field, "value": {"leadgen_id": id, "form_id": 3}});
    let changes = json!([
        change("leadgen", json!(444_444_444_444_u64)),
        change("leadgen", json!("444444444444")),
        change("leadgen", json!("5555")),
        change("feed", json!("6666")),
        change("leadgen", json!("../me")),
    ]);
    let body = object(json!({"object": "page", "entry": [{"id": 1, "time": 2, "changes": changes}, {"id": 1}]}));
    assert_eq!(notified(&body), Some(vec!["444444444444".to_owned(), "5555".to_owned()]));
    assert_eq!(Format::detect(&body), Some(Format::Meta));
}

#[test]
fn an_entry_of_gravity_forms_is_told_from_those_of_other_sites_and_forms() {
    let id = |source_url: Value, form_id: &str| {
        let body = json!({"id": "93", "form_id": form_id, "source_url": source_url, "is_starred": 0});
        Format::Gravity.flatten(object(body)).unwrap().id
    };
    assert_eq!(id(json!("https://a.example/x?y"), "7").as_deref(), Some("a.example/7/93"));
    assert_ne!(id(json!("https://a.example/x"), "7"), id(json!("https://b.example/x"), "7"));
    assert_ne!(id(json!("https://a.example/x"), "7"), id(json!("https://a.example/x"), "8"));
    for nowhere in [json!(null), json!("contact"), json!("https:///x")] {
        assert_eq!(id(nowhere.clone(), "7"), None, "{nowhere}");
    }
}

#[test]
fn of_two_answers_for_one_field_the_one_that_stands_first_in_the_form_counts() {
    let raw = json!({"q10_email2": "second@example.com", "q3_email": "first@example.com"}).to_string();
    let jotform = flattened(Format::Jotform, json!({"rawRequest": raw}));
    let gravity = flattened(Format::Gravity, json!({"10": "second@example.com", "3": "first@example.com"}));
    let schema = json!([{"fieldName": "Work email", "fieldType": "FormTextInput"}, {"fieldName": "Another email", "fieldType": "FormTextInput"}]);
    let data = json!({"Another email": "second@example.com", "Work email": "first@example.com", "Colour": "red"});
    let webflow = flattened(Format::Webflow, json!({"payload": {"data": data, "schema": schema}}));
    for (becomes, second) in [(jotform, "email2"), (gravity, "field 10"), (webflow, "Another email")] {
        assert_eq!(becomes["email"], "first@example.com", "{becomes}");
        assert_eq!(becomes["meta"][second], "second@example.com", "{becomes}");
    }
}

#[test]
fn a_date_of_jotform_says_which_part_is_the_month() {
    let raw = json!({
        "q1_when": {"month": "11", "day": "21", "year": "2026", "hour": "10", "min": "30", "ampm": "AM"},
        "q2_stars": {"b": "5", "a": "4"},
    });
    let becomes = flattened(Format::Jotform, json!({"rawRequest": raw}));
    assert_eq!(becomes["meta"]["when"], "2026-11-21 10:30 AM");
    assert_eq!(becomes["meta"]["stars"], r#"{"a":"4","b":"5"}"#);
}

#[test]
fn a_label_of_elementor_with_brackets_is_a_label() {
    let simple =
        json!({"Phone": "01623 000000", "Phone[alt]": "01623 000001", "Powered by": "Elementor", "form_id": "1"});
    let becomes = flattened(Format::Elementor, simple);
    assert_eq!(becomes["phone"], "01623 000000");
    assert_eq!(becomes["meta"]["Phone[alt]"], "01623 000001");
}

#[test]
fn a_name_with_any_number_of_brackets_costs_no_more_than_its_length() {
    let deep = format!("x{}", "[".repeat(20_000));
    let closed = format!("fields{}", "[a]".repeat(20_000));
    let body = json!({"form[id]": "1", "fields[email][value]": "a@example.com", deep: "1", closed: "1"});
    assert_eq!(flattened(Format::Elementor, body)["email"], "a@example.com");
}

#[test]
fn of_more_answers_than_a_lead_may_keep_one_is_looked_at_so_that_it_is_refused_for_them() {
    let answers: Map<String, Value> = (0..5_000).map(|number| (format!("q{number}_a"), json!(1))).collect();
    let raw = Value::Object(answers).to_string();
    let becomes = flattened(Format::Jotform, json!({"rawRequest": raw}));
    assert_eq!(becomes["meta"].as_object().unwrap().len(), shared::submission::META_MAX_ENTRIES + 1);
}

#[test]
fn a_secret_key_inside_the_text_of_a_payload_is_kept_nowhere() {
    let key = crate::key::ApiKey::generate(crate::key::KeyKind::Secret, [7; 32]);
    let raw = json!({"q1_key": key.reveal(), "q2_list": ["a", key.reveal()]}).to_string();
    let becomes = flattened(Format::Jotform, json!({"rawRequest": raw}));
    assert!(!becomes.to_string().contains(key.reveal()), "{becomes}");
    assert_eq!(becomes["meta"]["list"], "a, [a secret key was removed]");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z@.+0-9 \\[\\]ß]{0,12}".prop_map(Value::from),
    ];
    let name = prop_oneof![
        "[a-z0-9_.\\[\\]]{0,12}".boxed(),
        proptest::sample::select(vec![
            "form_response",
            "answers",
            "field",
            "type",
            "rawRequest",
            "payload",
            "data",
            "fields",
            "form",
            "value",
            "meta",
            "user_column_data",
            "column_id",
            "string_value",
            "field_data",
            "name",
            "values",
            "entry",
            "changes",
            "1.3",
            "q3_name",
            "custom_disclaimer_responses",
            "schema",
            "hidden",
            "definition",
            "properties",
            "id",
            "title",
        ])
        .prop_map(str::to_owned)
        .boxed(),
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_body_is_flattened_or_left_alone_and_every_field_is_one_a_lead_has(body in any_json()) {
        let Value::Object(body) = body else { return Ok(()) };
        let _ = Format::detect(&body);
        for (_, format) in Format::ALL {
            let Some(flat) = format.flatten(body.clone()) else { continue };
            for (name, value) in &flat.fields {
                let is_known = shared::submission::CANONICAL_FIELDS.contains(&name.as_str());
                prop_assert!(is_known || crate::intake::aliases::is_about_property(name), "{name}");
                prop_assert!(value.is_string() || ["attribution", "consent", "meta"].contains(&name.as_str()));
            }
        }
    }
}
