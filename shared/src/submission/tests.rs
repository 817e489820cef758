//! Tables and properties of validation.

use std::borrow::Cow;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::contact::{E164, Region};

/// Leaves text alone and takes `+` and digits for a telephone number.
pub(crate) struct Plain;

impl Normaliser for Plain {
    fn nfc<'a>(&self, text: &'a str) -> Cow<'a, str> {
        Cow::Borrowed(text)
    }

    fn e164(&self, typed: &str, _: Region) -> Option<E164> {
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        E164::parse(&format!("+{digits}"))
    }
}

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn form() -> FormDefinition {
    serde_json::from_value(json!({"id": "contact", "consent": {"required": false}})).unwrap()
}

fn validate(form: &FormDefinition, fields: Value) -> Result<Lead, FieldErrors> {
    let Value::Object(fields) = fields else { panic!("an object") };
    Submission::new(fields).validate(form, &Plain, NOW)
}

fn problems(form: &FormDefinition, fields: Value) -> Value {
    serde_json::to_value(validate(form, fields).unwrap_err()).unwrap()
}

#[test]
fn one_valid_contact_is_enough() {
    let lead = validate(&form(), json!({"email": " Marla@Example.com "})).unwrap();
    assert_eq!(lead.contact.email.unwrap().as_typed(), "Marla@Example.com");
    assert!(validate(&form(), json!({"phone": 441_623_000_000_u64})).is_ok());
}

#[test]
fn no_contact_is_an_error_on_both_fields() {
    let errors = problems(&form(), json!({"name": "Marla", "email": " "}));
    assert_eq!(errors["email"], errors["phone"]);
    assert_eq!(errors["email"], json!(["Enter an email address or a phone number."]));
}

#[test]
fn one_invalid_contact_beside_a_valid_one_is_an_error_on_the_invalid_one() {
    let errors = validate(&form(), json!({"email": "a@b.co", "phone": "12"})).unwrap_err();
    assert_eq!(errors.fields().collect::<Vec<_>>(), ["phone"]);
}

#[test]
fn all_problems_come_at_once() {
    let fields = json!({
        "email": "nobody", "intent": "steal", "budget": "much", "country": "Britain", "message": {"a": 1},
        "property": {"type": "castle"}, "availability": ["soon"], "conversation": [{"direction": "up"}, 3],
        "questionnaire": {"1": ["only a question"]}, "office_id": -1, "international": "perhaps",
    });
    let errors = validate(&form(), fields).unwrap_err();
    assert_eq!(
        errors.fields().collect::<Vec<_>>(),
        [
            "availability.0",
            "budget",
            "conversation.0.direction",
            "conversation.1",
            "country",
            "email",
            "intent",
            "international",
            "message",
            "office_id",
            "property.type",
            "questionnaire.1",
        ]
    );
}

#[test]
fn consent_is_asked_for_where_the_form_requires_it() {
    let form = FormDefinition { id: "contact".into(), ..FormDefinition::default() };
    for consent in [json!(null), json!({}), json!({"given": false}), json!({"given": "off"})] {
        let errors = validate(&form, json!({"email": "a@b.co", "consent": consent})).unwrap_err();
        assert_eq!(errors.of("consent"), [FieldProblem::ConsentRequired]);
    }
    let lead = validate(&form, json!({"email": "a@b.co", "consent": {"given": "on", "version": "7"}})).unwrap();
    let consent = lead.consent.unwrap();
    assert_eq!((consent.version.as_deref(), consent.at), (Some("7"), NOW));
    assert_eq!(consent.text, Some(form.consent.text));
}

#[test]
fn unknown_fields_are_kept_in_meta() {
    let fields = json!({"email": "a@b.co", "colour": "red", "floors": 3, "tags": ["x"], "nothing": null, "meta": {"colour": "blue"}});
    let meta = validate(&form(), fields).unwrap().meta;
    assert_eq!(
        serde_json::to_value(meta).unwrap(),
        json!({"colour": "red", "colour_2": "blue", "floors": "3", "tags": "[\"x\"]"})
    );
}

#[test]
fn unknown_members_of_objects_are_kept_in_meta() {
    let fields = json!({
        "email": "a@b.co", "property": {"uid": "1", "bedrooms": 3}, "consent": {"given": true, "channel": "web"},
        "attribution": {"utm_source": "x", "utm_id": "7", "first_touch": {"utm_source": "y", "utm_id": "8"}},
        "conversation": [{"body": "Hello", "agent": "Tyler"}, {"body": "Bye", "mood": null}],
    });
    let meta = validate(&form(), fields).unwrap().meta;
    assert_eq!(
        serde_json::to_value(meta).unwrap(),
        json!({
            "attribution.utm_id": "7", "attribution.first_touch.utm_id": "8", "consent.channel": "web",
            "conversation.0.agent": "Tyler", "property.bedrooms": "3",
        })
    );
    let touch = json!({"email": "a@b.co", "attribution": {"first_touch": "google", "utm_source": "x"}});
    let lead = validate(&form(), touch).unwrap();
    assert_eq!(lead.meta.get("attribution.first_touch").map(String::as_str), Some("google"));
    assert_eq!((lead.attribution.utm_source.as_deref(), lead.attribution.first_touch), (Some("x"), None));
}

#[test]
fn control_characters_do_not_fill_a_required_field() {
    let mut form = form();
    form.fields = serde_json::from_value(json!([{"name": "name", "required": true}])).unwrap();
    let errors = validate(&form, json!({"email": "a@b.co", "name": "\u{1}"})).unwrap_err();
    assert_eq!(errors.of("name"), [FieldProblem::Required]);
}

#[test]
fn a_form_may_ask_for_a_field_by_another_name_than_the_canonical_one() {
    let mut form = form();
    form.fields = serde_json::from_value(json!([
        {"name": "type", "kind": "select", "required": true, "options": [{"value": "vendor", "label": "Sell"}]},
        {"name": "utm_source", "kind": "hidden", "required": true},
    ]))
    .unwrap();
    let canonical = json!({"email": "a@b.co", "intent": "sell", "attribution": {"utm_source": "x"}});
    let sent = json!({"email": "a@b.co", "type": "vendor", "utm_source": "x"});
    let (Value::Object(canonical), Value::Object(sent)) = (canonical, sent) else { panic!("objects") };
    assert!(Submission::new(canonical).sent_as(sent).validate(&form, &Plain, NOW).is_ok());
}

#[test]
fn meta_is_bounded_in_entries_and_bytes() {
    let many: Map<String, Value> = (0..51).map(|i| (i.to_string(), json!("x"))).collect();
    assert_eq!(
        problems(&form(), json!({"email": "a@b.co", "meta": many}))["meta"],
        json!(["Send at most 50 entries."])
    );
    let large = json!({"email": "a@b.co", "note": "x".repeat(META_MAX_BYTES)});
    assert_eq!(
        problems(&form(), large)["meta"],
        json!(["Too long altogether: shorten the longest texts, to at most 8192 bytes of JSON."])
    );
}

/// Counts what it is asked.
#[derive(Default)]
struct Counting(std::cell::Cell<usize>);

impl Normaliser for Counting {
    fn nfc<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.0.update(|count| count.saturating_add(1));
        Plain.nfc(text)
    }

    fn e164(&self, typed: &str, region: Region) -> Option<E164> {
        Plain.e164(typed, region)
    }
}

#[test]
fn of_names_that_become_the_same_no_more_are_looked_at_than_it_takes_to_refuse_them() {
    // Names of control characters alone between two letters: all of them become `ab`.
    let name = |number: u32| {
        let digits = format!("{number:05o}");
        let controls = digits.bytes().map(|digit| char::from(digit.saturating_sub(b'0').saturating_add(1)));
        format!("a{}b", controls.collect::<String>())
    };
    let mut fields: Map<String, Value> = (0..5_000).map(|number| (name(number), json!(number))).collect();
    fields.insert("email".to_owned(), json!("a@b.co"));
    let counting = Counting::default();
    let errors = Submission::new(fields).validate(&form(), &counting, NOW).unwrap_err();
    assert_eq!(errors.of("meta"), [FieldProblem::TooMany { max: META_MAX_ENTRIES }]);
    assert!(counting.0.get() < 4 * META_MAX_ENTRIES, "{} texts were read", counting.0.get());
}

#[test]
fn a_long_landing_page_never_costs_a_lead() {
    let page = format!("https://example.com/?{}", "x".repeat(5000));
    let lead =
        validate(&form(), json!({"email": "a@b.co", "attribution": {"landing_page": page, "gclid": ["odd"]}})).unwrap();
    assert_eq!(lead.attribution.landing_page.unwrap().len(), 2048);
    assert_eq!(lead.attribution.gclid, None);
}

#[test]
fn a_form_may_require_and_bound_its_fields() {
    let mut form = form();
    form.fields = serde_json::from_value(json!([
        {"name": "name", "required": true},
        {"name": "size", "kind": "select", "required": true, "options": [{"value": "s", "label": "Small"}]},
        {"name": "message", "kind": "textarea", "max_length": 5},
    ]))
    .unwrap();
    let errors = validate(&form, json!({"email": "a@b.co", "size": "xl", "message": "too long"})).unwrap_err();
    assert_eq!(errors.fields().collect::<Vec<_>>(), ["message", "name", "size"]);
    let lead = validate(&form, json!({"email": "a@b.co", "first_name": "Marla", "meta": {"size": "s"}})).unwrap();
    assert_eq!(lead.name.as_deref(), Some("Marla"));
}

#[test]
fn a_lead_reads_back_from_its_json() {
    let fields = json!({
        "first_name": "Marla", "last_name": "Singer", "email": "a@b.co", "phone": "+441623000000", "intent": "buy_and_sell",
        "interest_level": "hot", "message": "a\nb", "budget": "380000", "availability": ["2025-01-01T08:00:00.000Z"],
        "questionnaire": {"1": ["Is it leasehold?", false]}, "property": {"type": "flat-maisonette"},
        "conversation": [{"date": "2026-03-01T15:45:00Z", "direction": "inbound", "body": "Hello"}],
        "attribution": {"utm_source": "x", "first_touch": {"utm_source": "y", "at": "2026-01-01T00:00:00Z"}},
        "consent": {"given": true}, "office_id": "12", "meta": {"k": "v"},
    });
    let lead = validate(&form(), fields).unwrap();
    assert_eq!(lead.name.as_deref(), Some("Marla Singer"));
    let json = serde_json::to_string(&lead).unwrap();
    assert_eq!(serde_json::from_str::<Lead>(&json).unwrap(), lead);
    assert!(json.contains(r#""budget":380000,"#), "{json}");
}

/// Any JSON at all, a few levels deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[a-z]{1,6}@[a-z]{1,6}\\.[a-z]{2}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any_name(), inner, 0..6).prop_map(|map| Value::from(Map::from_iter(map))),
        ]
    })
}

fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![prop::sample::select(CANONICAL_FIELDS).prop_map(str::to_owned), any::<String>()]
}

proptest! {
    #[test]
    fn any_submission_is_a_lead_or_has_errors(fields in prop::collection::btree_map(any_name(), any_json(), 0..12)) {
        match Submission::new(Map::from_iter(fields)).validate(&form(), &Plain, NOW) {
            Err(errors) => prop_assert!(!errors.is_empty()),
            Ok(lead) => {
                // What was accepted once is accepted again, unchanged: normalising is idempotent.
                let json = serde_json::to_value(&lead).unwrap();
                let Value::Object(mut fields) = json else { panic!("an object") };
                fields.remove("phone_e164");
                let again = Submission::new(fields).validate(&form(), &Plain, NOW).unwrap();
                prop_assert_eq!(again, lead);
            }
        }
    }
}

#[test]
fn a_required_field_that_was_not_asked_may_be_missing_but_not_wrong() {
    let form: FormDefinition = serde_json::from_value(json!({
        "id": "contact", "consent": {"required": false},
        "fields": [
            {"name": "intent", "kind": "select", "options": [{"value": "buy", "label": "Buy"}, {"value": "sell", "label": "Sell"}]},
            {"name": "since", "kind": "date", "required": true, "show_when": {"field": "intent", "is": ["sell"]}},
        ],
    }))
    .unwrap();
    let sent = |fields: Value| {
        let mut sent = json!({"email": "a@b.co"});
        sent.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        validate(&form, sent)
    };
    // What the form offers is said, and not once more what leads in general may have.
    let wrong = serde_json::to_value(sent(json!({"intent": "steal"})).unwrap_err()).unwrap();
    assert_eq!(wrong, json!({"intent": ["Use one of these values: buy, sell."]}));
    assert!(sent(json!({"intent": "buy"})).is_ok());
    assert!(sent(json!({"intent": "sell"})).is_err());
    assert!(sent(json!({"intent": "sell", "since": "2026-03-01"})).is_ok());
    assert!(sent(json!({"intent": "buy", "since": "yesterday"})).is_err());
}

#[test]
fn a_partner_is_not_asked_for_what_the_form_asks() {
    let strict: FormDefinition = serde_json::from_value(json!({
        "id": "contact", "fields": [{"name": "message", "required": true}, {"name": "name", "max_length": 3}],
    }))
    .unwrap();
    let accepted = |fields: Value| {
        let Value::Object(fields) = fields else { panic!("an object") };
        Submission::new(fields).of_partner().validate(&strict, &Plain, NOW)
    };
    let lead = accepted(json!({"name": "Jordan Lee"})).unwrap();
    assert!(!lead.contact.is_reachable() && lead.consent.is_none());
    let phone = accepted(json!({"phone": "call me"})).unwrap().contact.phone.unwrap();
    assert_eq!((phone.typed.as_str(), phone.e164), ("call me", None));
    let entries: Map<String, Value> = (0..=META_MAX_ENTRIES).map(|n| (n.to_string(), "x".repeat(200).into())).collect();
    let lead = accepted(json!({"message": "x".repeat(LINES_MAX_CHARS + 1), "meta": entries})).unwrap();
    assert_eq!((lead.message.unwrap().len(), lead.meta.len()), (LINES_MAX_CHARS + 1, META_MAX_ENTRIES + 1));
    let consent = accepted(json!({"consent": {"given": true}})).unwrap().consent.unwrap();
    assert_eq!((consent.text, consent.version), (None, None));
    assert_eq!(accepted(json!({"email": "nobody"})).unwrap_err().fields().collect::<Vec<_>>(), ["email"]);
}
