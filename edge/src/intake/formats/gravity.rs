//! An entry of Gravity Forms, as its Webhooks add-on sends it with "All Fields".
//!
//! <https://docs.gravityforms.com/entry-object/> and <https://docs.gravityforms.com/webhooks-add-on/>: answers stand
//! under the number of their field (`"1"`), parts of one under number and part (`"1.3"`), beside the
//! properties of the entry. There are no labels, so a field's number and what its value looks like have to
//! do. The sender's address and browser are not kept.

use serde_json::{Map, Value};

use super::{
    Flat,
    answers::{Answers, fits, in_order, text_of},
};

/// Properties of an entry that say nothing about the lead.
const PROPERTIES: [&str; 19] = [
    "post_id",
    "date_created",
    "date_updated",
    "is_starred",
    "is_read",
    "ip",
    "user_agent",
    "currency",
    "payment_status",
    "payment_date",
    "payment_amount",
    "payment_method",
    "transaction_id",
    "is_fulfilled",
    "created_by",
    "transaction_type",
    "status",
    "source_id",
    "resume_token",
];

/// Parts of a Name field: <https://docs.gravityforms.com/name-field/>.
const NAME: &[(&str, &str)] = &[("2", "title"), ("3", "first_name"), ("6", "last_name")];

/// Parts of an Address field: <https://docs.gravityforms.com/address-field/>.
const ADDRESS: &[(&str, &str)] =
    &[("1", "address"), ("3", "city"), ("4", "state"), ("5", "postcode"), ("6", "country")];

/// Characters from which a text is a message rather than an answer.
const LONG_CHARS: usize = 100;

/// The fields of an entry. The first answer that fits a field is it, so they come by the numbers of their fields.
pub fn flatten(body: Map<String, Value>) -> Option<Flat> {
    let mut found = Answers::new("gravity");
    let id = id(&body);
    let mut answers: Map<String, Value> = Map::new();
    for (key, value) in body {
        let (number, part) = key.split_once('.').unwrap_or((&key, ""));
        if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) {
            let number = in_order(number);
            if part.is_empty() {
                answers.insert(number, value);
            } else {
                // Behind the whole answer of the same number, should there be one.
                let parts = answers.entry(number + ".").or_insert_with(|| Map::new().into());
                parts.as_object_mut()?.insert(part.to_owned(), value);
            }
            continue;
        }
        match key.as_str() {
            "id" => found.keep("entry_id", &value),
            "form_id" => found.keep("form_id", &value),
            "source_url" => found.came_from("page", &value),
            key if PROPERTIES.contains(&key) => {}
            key => found.named(key, key, &value),
        }
    }
    for (number, answer) in &answers {
        let number = number.trim_start_matches('0').trim_end_matches('.');
        match answer {
            Value::Object(parts) => several(&mut found, number, parts),
            answer => single(&mut found, number, answer),
        }
    }
    Some(found.finish(id.as_ref()))
}

/// What tells an entry from those of all other forms and sites: its id is only a number that each site counts up
/// from one.
fn id(body: &Map<String, Value>) -> Option<Value> {
    let part = |name: &str| body.get(name).and_then(text_of);
    let page = part("source_url")?;
    let host = page.split_once("://")?.1.split(['/', '?', '#']).next().filter(|host| !host.is_empty())?;
    Some([host, "/", &part("form_id")?, "/", &part("id")?].concat().into())
}

/// An answer of one value: what it is shows in the value alone.
fn single(found: &mut Answers, number: &str, value: &Value) {
    let label = format!("field {number}");
    let Some(text) = text_of(value) else { return };
    let is_called = text.starts_with(['+', '(', '0']) || text.contains([' ', '-', '.']);
    if fits("email", &text) {
        found.typed("email", &label, value);
    } else if fits("phone", &text) && is_called && !is_date(&text) {
        found.typed("phone", &label, value);
    } else if text.contains('\n') || text.len() > LONG_CHARS {
        found.long("", &label, value);
    } else {
        found.keep(&label, value);
    }
}

/// `2026-11-20`, and what the other orders of a date look like.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let digits: usize = parts.iter().map(|part| part.len()).sum();
    parts.len() == 3 && digits == 8 && parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()))
}

/// An answer of several parts: a consent, an address, a name, or the ticked boxes of a list.
fn several(found: &mut Answers, number: &str, parts: &Map<String, Value>) {
    let label = format!("field {number}");
    let part = |name: &str| parts.get(name).and_then(text_of).unwrap_or_default();
    let is_revision = !part("3").is_empty() && part("3").bytes().all(|b| b.is_ascii_digit());
    let fields = if part("1") == "1" && !part("2").is_empty() && is_revision {
        // A Consent field: ticked, its words, and the revision of the form that showed them.
        return found.agreed(&part("2"), true, &Value::Bool(true));
    } else if part("5").bytes().any(|b| b.is_ascii_digit()) {
        ADDRESS
    } else if part("1").is_empty() && !(part("3").is_empty() && part("6").is_empty()) {
        NAME
    } else {
        &[]
    };
    for (name, value) in parts {
        match fields.iter().find(|(part, _)| part == name) {
            Some((_, field)) => found.typed(field, &format!("{label}.{name}"), value),
            None => found.keep(&format!("{label}.{name}"), value),
        }
    }
}
