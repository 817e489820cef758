//! Arbitrary leads for properties of providers: any Unicode in every text, each part there or not.

use proptest::{collection::btree_map, option, prelude::*};
use serde_json::{Map, Value, json};
use shared::lead::Lead;

/// Fields that hold any text, by their path.
const TEXTS: [&str; 20] = [
    "first_name",
    "last_name",
    "title",
    "message",
    "notes",
    "address",
    "postcode",
    "city",
    "state",
    "country",
    "category",
    "timeline",
    "source",
    "locale",
    "property.uid",
    "property.url",
    "attribution.utm_source",
    "attribution.form_name",
    "attribution.first_touch.landing_page",
    "consent.version",
];

/// A lead with a name, an e-mail and a phone, and any of the rest.
pub fn any_lead() -> impl Strategy<Value = Lead> {
    let texts = prop::collection::vec(option::of(any::<String>()), TEXTS.len());
    let choices = (
        option::of(prop::sample::select(vec!["buy", "sell", "buy_and_sell", "rent", "let_out", "mortgage"])),
        option::of(prop::sample::select(vec!["hot", "warm", "cold"])),
    );
    let meta = btree_map(any::<String>(), any::<String>(), 0..4);
    let questionnaire = btree_map(any::<String>(), any::<[String; 2]>(), 0..3);
    (any::<String>(), texts, choices, meta, questionnaire, any::<String>()).prop_map(
        |(name, texts, (intent, interest), meta, questionnaire, said)| {
            let mut lead = json!({
                "name": name, "email": "marla@example.com", "phone": "01623 000000", "phone_e164": "+441623000000",
                "meta": meta, "questionnaire": questionnaire, "conversation": [{"direction": "inbound", "body": said}],
                "availability": ["2026-03-01T15:45:00.000Z"], "budget": 380_000,
                "consent": {"given": true, "at": "2026-03-01T15:44:00.000Z"},
            });
            for (path, text) in TEXTS.iter().zip(texts) {
                if let Some(text) = text {
                    set(&mut lead, path, Value::from(text));
                }
            }
            for (field, choice) in [("intent", intent), ("interest_level", interest)] {
                if let Some(choice) = choice {
                    set(&mut lead, field, Value::from(choice));
                }
            }
            serde_json::from_value(lead).unwrap()
        },
    )
}

fn set(object: &mut Value, path: &str, value: Value) {
    match path.split_once('.') {
        Some((name, rest)) => {
            let members = object.as_object_mut().unwrap();
            set(members.entry(name).or_insert_with(|| Value::Object(Map::new())), rest, value);
        }
        None => object[path] = value,
    }
}
