//! Whatever a lead says, the request holds to the limits of the page, and the notes tell what was cut.

use proptest::{collection, option, prelude::*};
use serde_json::json;

use super::*;
use crate::provider::leadpro::wire::{self, Times};

fn long(text: &str, times: usize) -> String {
    text.repeat(times)
}

#[test]
fn a_long_message_goes_on_in_meta() {
    let message = long("é", 300);
    let (body, notes) = sent(lead(json!({"message": message})), json!({}));
    assert_eq!(body["message"], long("é", 255));
    assert_eq!(body["meta"], json!({"Message (continued)": long("é", 45)}));
    assert_eq!(
        notes,
        ["shortened message: to 255 characters", "moved message: into meta, what its own field has no room for"]
    );
}

#[test]
fn a_message_too_long_for_message_and_meta_fills_both_after_everything_else_has_its_place() {
    let (body, notes) =
        sent(lead(json!({"message": long("é", 9_000), "city": "Derby", "meta": {"a": "b"}})), json!({}));
    let meta = body["meta"].as_object().unwrap();
    assert_eq!((&meta["a"], &meta["City"]), (&json!("b"), &json!("Derby")));
    assert!((1023..=1024).contains(&body["meta"].to_string().len()));
    let kept = meta["Message (continued)"].as_str().unwrap().chars().count();
    assert_eq!(notes[0], "shortened message: to 255 characters");
    assert_eq!(notes[2..], [format!("shortened message: to {kept} characters in meta")]);
}

#[test]
fn a_long_address_or_page_stands_whole_in_meta() {
    let property = json!({"address": long("a", 101), "url": format!("https://a.example/{}", long("b", 250))});
    let (body, notes) = sent(lead(json!({"property": property})), json!({}));
    assert_eq!(body["advert_address"], long("a", 100));
    assert_eq!(body["advert_url"].as_str().unwrap().len(), 255);
    assert_eq!(
        (&body["meta"]["Property address"], &body["meta"]["Property page"]),
        (&property["address"], &property["url"])
    );
    assert_eq!(
        notes[..2],
        ["shortened property.address: to 100 characters", "shortened property.url: to 255 characters"]
    );
}

#[test]
fn a_long_page_gives_up_its_query_first() {
    let page = format!("https://shop.example/contact?{}", long("q", 300));
    let (body, _) = sent(lead(json!({"attribution": {"page": page}})), json!({}));
    assert_eq!((&body["host"], &body["meta"]["page"]), (&json!("https://shop.example/contact"), &json!(page)));
}

#[test]
fn a_postcode_is_never_cut() {
    let (body, notes) = sent(lead(json!({"postcode": "12345678901", "property": {"postcode": "1"}})), json!({}));
    assert_eq!((body.get("postcode"), body.get("advert_postcode")), (None, None));
    assert_eq!(body["meta"], json!({"Postcode": "12345678901", "Property postcode": "1"}));
    assert_eq!(notes, ["moved postcode: into meta", "moved property.postcode: into meta"]);
}

#[test]
fn a_long_name_stands_whole_in_meta() {
    let (body, notes) = sent(lead(json!({"name": format!("{} Singer", long("M", 60))})), json!({}));
    assert_eq!(body["first_name"], long("M", 50));
    assert_eq!(body["meta"]["Full name"], format!("{} Singer", long("M", 60)));
    assert_eq!(notes[0], "shortened first_name: to 50 characters");
}

#[test]
fn what_meta_has_no_room_for_is_left_out_from_the_end() {
    let meta: serde_json::Map<String, Value> = (10..50).map(|n| (format!("k{n}"), json!(long("v", 40)))).collect();
    let (body, notes) = sent(lead(json!({"meta": meta})), json!({}));
    let kept = body["meta"].as_object().unwrap().len();
    let whole = 1023 / (r#""k10":"",""#.len() + 40);
    assert_eq!(kept, whole + 1);
    assert!(notes[0].starts_with(&format!("shortened meta.k{}: to ", 10 + whole)), "{}", notes[0]);
    let dropped = (10 + kept..50).map(|n| format!("left_out meta.k{n}: no room left in meta"));
    assert_eq!(notes[1..], dropped.collect::<Vec<_>>());
}

#[test]
fn an_entry_of_meta_named_as_a_field_is_not_lost() {
    let (body, _) = sent(lead(json!({"budget": 5, "meta": {"Budget": "ten"}})), json!({}));
    assert_eq!(body["meta"], json!({"Budget": "ten", "Budget (budget)": "5"}));
}

#[test]
fn a_long_value_gives_up_its_end_and_not_all_of_itself() {
    let (body, notes) = sent(lead(json!({"meta": {"Story": long("s", 2_000)}})), json!({}));
    let kept = body["meta"]["Story"].as_str().unwrap().len();
    assert_eq!(
        (body["meta"].to_string().len(), notes),
        (1024, vec![format!("shortened meta.Story: to {kept} characters in meta")])
    );
}

#[test]
fn a_long_answer_fills_the_questionnaire_and_goes_on_in_meta() {
    let questionnaire = json!({"1": ["Why?", long("w", 2_400)], "2": ["Sure?", "yes"]});
    let (body, notes) = sent(lead(json!({"questionnaire": questionnaire})), json!({}));
    assert_eq!(body["questionnaire"]["2"], json!(["Sure?", "yes"]));
    assert_eq!(body["questionnaire"].to_string().len(), 2048);
    let kept = body["questionnaire"]["1"][1].as_str().unwrap().len();
    assert_eq!(body["meta"]["Why? (continued)"].as_str().unwrap().len(), 2_400 - kept);
    assert_eq!(notes[0], format!("shortened questionnaire.1: to {kept} characters"));
}

fn text(max: usize) -> impl Strategy<Value = Option<String>> {
    option::of(collection::vec(any::<char>(), 1..max).prop_map(|chars| chars.into_iter().collect()))
}

prop_compose! {
    /// The person: names, addresses and words of any length.
    fn person()(
        first_name in text(80), last_name in text(80), title in text(80), message in text(700), notes in text(400),
        address in text(150), postcode in text(14), city in text(60), page in text(400), source in text(20),
    ) -> Value {
        json!({
            "name": "Marla", "first_name": first_name, "last_name": last_name, "title": title, "message": message,
            "notes": notes, "address": address, "postcode": postcode, "city": city, "source": source,
            "email": "cloud9@cloud.com", "phone": "01623000000", "attribution": {"page": page, "gclid": city},
        })
    }
}

prop_compose! {
    fn any_lead()(
        mut lead in person(),
        intent in prop::sample::select(vec!["buy", "sell", "buy_and_sell", "rent", "let_out", "mortgage"]),
        property in (text(150), text(14), text(400), text(400)),
        times in collection::vec(0_i64..253_402_300_799_999, 0..60),
        questions in collection::btree_map("[0-9a-z]{1,4}", (text(300), text(300)), 0..8),
        meta in collection::btree_map("\\PC{1,30}", text(300), 0..10),
    ) -> Value {
        let or_empty = |text: Option<String>| text.unwrap_or_default();
        lead["intent"] = json!(intent);
        lead["property"] = json!({"address": property.0, "postcode": property.1, "url": property.2, "image": property.3});
        lead["availability"] = times.into_iter().map(|time| Timestamp::from_millis(time).to_string()).collect();
        lead["questionnaire"] = questions.into_iter().map(|(k, (q, a))| (k, json!([or_empty(q), or_empty(a)]))).collect();
        lead["meta"] = meta.into_iter().map(|(name, value)| (name, json!(or_empty(value)))).collect();
        lead
    }
}

fn bytes(value: &Value) -> usize {
    if value.is_null() { 0 } else { value.to_string().len() }
}

proptest! {
    #[test]
    fn every_limit_of_the_page_holds(lead in any_lead()) {
        let (body, _) = sent(lead, json!({}));
        for (field, min, max) in [
            ("first_name", 1, wire::NAME_MAX_CHARS), ("last_name", 1, wire::NAME_MAX_CHARS), ("title", 1, wire::NAME_MAX_CHARS),
            ("advert_address", 1, wire::ADDRESS_MAX_CHARS), ("address", 1, wire::ADDRESS_MAX_CHARS),
            ("advert_postcode", wire::POSTCODE_MIN_CHARS, wire::POSTCODE_MAX_CHARS),
            ("postcode", wire::POSTCODE_MIN_CHARS, wire::POSTCODE_MAX_CHARS),
            ("advert_url", 1, wire::URL_MAX_CHARS), ("advert_image", 1, wire::URL_MAX_CHARS), ("host", 1, wire::URL_MAX_CHARS),
            ("message", 1, wire::MESSAGE_MAX_CHARS),
        ] {
            if let Some(text) = body.get(field) {
                let chars = text.as_str().unwrap().chars().count();
                prop_assert!((min..=max).contains(&chars), "{} has {} characters", field, chars);
            }
        }
        prop_assert!(bytes(&body["appointment_availability"]) <= wire::AVAILABILITY_MAX_BYTES);
        prop_assert!(bytes(&body["questionnaire"]) <= wire::QUESTIONNAIRE_MAX_BYTES);
        prop_assert!(bytes(&body["meta"]) <= wire::META_MAX_BYTES);
        if let Some(meta) = body.get("meta") {
            prop_assert!(meta.as_object().unwrap().values().all(Value::is_string));
        }
    }

    #[test]
    fn whatever_is_not_sent_whole_is_noted(lead in any_lead()) {
        let prepared = prepare(lead.clone(), json!({})).unwrap();
        let body = body(&prepared.request);
        let noted = |field: &str| prepared.notes.iter().any(|note| note.field == field);
        let sent = |text: &str| body.as_object().unwrap().values().any(|value| value == text);
        for field in ["title", "message", "notes", "address", "postcode", "city"] {
            if let Some(text) = lead[field].as_str() {
                prop_assert!(sent(text) || noted(field), "{}", field);
            }
        }
        for field in ["address", "postcode", "url", "image"] {
            if let Some(text) = lead["property"][field].as_str() {
                prop_assert!(sent(text) || noted(&format!("property.{field}")), "property.{}", field);
            }
        }
        let in_meta = body["meta"].as_object().cloned().unwrap_or_default();
        for (name, value) in lead["meta"].as_object().unwrap() {
            prop_assert!(in_meta.get(name) == Some(value) || noted(&format!("meta.{name}")), "meta.{}", name);
        }
        for key in lead["questionnaire"].as_object().unwrap().keys() {
            let is_noted = noted(&format!("questionnaire.{key}"));
            prop_assert!(is_noted || body["questionnaire"].get(key).is_some());
        }
        let hours = body["appointment_availability"]["hours"].as_array().map_or(0, Vec::len);
        prop_assert!(hours == lead["availability"].as_array().unwrap().len() || noted("availability"));
    }

    #[test]
    fn a_body_reads_back_as_it_was_written(lead in any_lead(), one in any::<bool>()) {
        let lead: Lead = serde_json::from_value(lead).unwrap();
        let mut written = new_lead(&lead, &Settings::default(), "id", &mut Notes::default()).unwrap();
        if one {
            written.appointment_availability = Some([("day".to_owned(), Times::One("2025-01-01".to_owned()))].into());
        }
        let read: NewLead = serde_json::from_slice(&serde_json::to_vec(&written).unwrap()).unwrap();
        prop_assert_eq!(read, written);
    }
}
