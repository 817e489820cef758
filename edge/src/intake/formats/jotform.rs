//! Jotform's webhook.
//!
//! <https://www.jotform.com/help/245-how-to-setup-a-webhook-with-jotform/>: a form with `formID`,
//! `submissionID`, `formTitle`, and `rawRequest`, a JSON object with the answers as `q{number}_{name}`. Names,
//! addresses, telephone numbers and dates are objects. The sender's address (`ip`) is not kept.

use serde_json::{Map, Value};
use shared::attribution::Attribution;

use super::{
    Flat,
    answers::{Answers, in_order, text_of},
};
use crate::intake::exposed;

/// Members of a name and an address, and the fields they are.
const PARTS: &[(&str, &str)] = &[
    ("prefix", "title"),
    ("first", "first_name"),
    ("last", "last_name"),
    ("city", "city"),
    ("state", "state"),
    ("postal", "postcode"),
    ("country", "country"),
];

/// The fields of a submission. The first answer that fits a field is it, so they come by the numbers of their
/// questions.
pub fn flatten(body: Map<String, Value>) -> Option<Flat> {
    let mut raw = match body.get("rawRequest")? {
        Value::String(raw) => serde_json::from_str::<Value>(raw).ok()?,
        raw => raw.clone(),
    };
    exposed::cover_value(&mut raw);
    let Value::Object(raw) = raw else { return None };
    let mut found = Answers::new("jotform");
    let mut answers: Map<String, Value> = Map::new();
    for (key, value) in raw {
        match question(&key) {
            Some((number, _)) => {
                answers.insert(in_order(number) + &key, value);
            }
            // The other members are the form's own machinery.
            None if Attribution::NAMES.contains(&key.as_str()) => found.came_from(&key, &value),
            None => {}
        }
    }
    for (key, value) in &answers {
        let Some((_, name)) = key.split_once('q').and_then(|(_, key)| key.split_once('_')) else { continue };
        match value {
            Value::Object(parts) => composed(&mut found, name, parts),
            value => found.named(name, name, &plain(value)),
        }
    }
    if let Some(title) = body.get("formTitle") {
        found.came_from("form_name", title);
    }
    found.keep_members(&body, &[("formID", "form_id"), ("submissionID", "submission_id")]);
    Some(found.finish(body.get("submissionID")))
}

/// `q3_name` as `3` and `name`.
fn question(key: &str) -> Option<(&str, &str)> {
    let (number, name) = key.strip_prefix('q')?.split_once('_')?;
    number.bytes().all(|b| b.is_ascii_digit()).then_some((number, name))
}

fn composed(found: &mut Answers, name: &str, parts: &Map<String, Value>) {
    let joined = |names: &[&str], between: &str| {
        let texts = names.iter().filter_map(|name| parts.get(*name)).filter_map(text_of);
        texts.collect::<Vec<_>>().join(between)
    };
    if parts.contains_key("first") || parts.contains_key("last") {
        found.keep(&format!("{name} middle"), &joined(&["middle", "suffix"], " ").into());
    } else if parts.contains_key("addr_line1") {
        found.typed("address", name, &plain(&joined(&["addr_line1", "addr_line2"], ", ").into()));
    } else if parts.contains_key("full") || parts.contains_key("area") {
        return found.typed("phone", name, &joined(&["full", "country", "area", "phone"], " ").into());
    } else if parts.contains_key("year") {
        let (date, time) = (joined(&["year", "month", "day"], "-"), joined(&["hour", "min"], ":"));
        let when = [date, time, joined(&["ampm"], "")].join(" ");
        return found.named(name, name, &when.into());
    } else {
        // What is not documented stays whole.
        return found.named(name, name, &Value::Object(parts.clone()));
    }
    for (part, field) in PARTS {
        if let Some(value) = parts.get(*part) {
            found.typed(field, &format!("{name} {part}"), &plain(value));
        }
    }
}

/// Text without the HTML entities that Jotform puts in the place of five characters.
fn plain(value: &Value) -> Value {
    match value {
        Value::String(text) if text.contains('&') => {
            let mut text = text.clone();
            // `&amp;` last: what it stands before is text that somebody typed.
            for (entity, character) in [("&quot;", "\""), ("&#039;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")]
            {
                text = text.replace(entity, character);
            }
            Value::String(text)
        }
        value => value.clone(),
    }
}
