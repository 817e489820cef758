//! Jotform's webhook.
//!
//! <https://www.jotform.com/help/245-how-to-setup-a-webhook-with-jotform/>: a form with `formID`,
//! `submissionID`, `formTitle`, and `rawRequest`, a JSON object with the answers as `q{number}_{name}`. Names,
//! addresses, telephone numbers and dates are objects. The sender's address (`ip`) is not kept.

use serde_json::{Map, Value};
use shared::attribution::Attribution;

use super::{
    Flat,
    answers::{Answers, text_of},
};

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

/// The fields of a submission.
pub fn flatten(body: Map<String, Value>) -> Option<Flat> {
    let raw = match body.get("rawRequest")? {
        Value::String(raw) => serde_json::from_str::<Value>(raw).ok()?,
        raw => raw.clone(),
    };
    let mut found = Answers::new("jotform");
    for (key, value) in raw.as_object()? {
        let name = question(key);
        match (name, value) {
            (Some(name), Value::Object(parts)) => composed(&mut found, name, parts),
            (Some(name), value) => found.named(name, name, &plain(value)),
            // The other members are the form's own machinery.
            (None, value) if Attribution::NAMES.contains(&key.as_str()) => found.came_from(key, value),
            (None, _) => {}
        }
    }
    if let Some(title) = body.get("formTitle") {
        found.came_from("form_name", title);
    }
    found.keep_members(&body, &[("formID", "form_id"), ("submissionID", "submission_id")]);
    Some(found.finish(body.get("submissionID")))
}

/// `q3_name` as `name`.
fn question(key: &str) -> Option<&str> {
    let (number, name) = key.strip_prefix('q')?.split_once('_')?;
    number.bytes().all(|b| b.is_ascii_digit()).then_some(name)
}

fn composed(found: &mut Answers, name: &str, parts: &Map<String, Value>) {
    let joined = |names: &[&str], between: &str| {
        let texts = names.iter().filter_map(|name| parts.get(*name)).filter_map(text_of);
        Value::String(texts.collect::<Vec<_>>().join(between))
    };
    if parts.contains_key("first") || parts.contains_key("last") {
        found.keep(&format!("{name} middle"), &joined(&["middle", "suffix"], " "));
    } else if parts.contains_key("addr_line1") {
        found.typed("address", name, &plain(&joined(&["addr_line1", "addr_line2"], ", ")));
    } else if parts.contains_key("full") || parts.contains_key("area") {
        return found.typed("phone", name, &joined(&["full", "country", "area", "phone"], " "));
    } else {
        // A date, or something that is not documented: its parts in the order of the form.
        let all: Vec<&str> = parts.keys().map(String::as_str).collect();
        return found.named(name, name, &plain(&joined(&all, " ")));
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
