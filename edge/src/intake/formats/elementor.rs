//! The webhook action of Elementor Pro's form widget.
//!
//! <https://elementor.com/help/form-actions-webhook/> and the action's own source
//! (`modules/forms/actions/webhook.php`): with "Advanced Data" `form[id]`, `form[name]`,
//! `fields[{id}][type|title|value]` and `meta[{id}][title|value]`; without it the labels are the names, beside
//! `form_id`, `form_name`, and the labels of the metadata. The sender's address and browser are not kept.

use serde_json::{Map, Value};

use super::{
    Flat,
    answers::{Answers, is_yes},
};

/// Labels of metadata without "Advanced Data" that say nothing about the lead.
const METADATA: [&str; 5] = ["Date", "Time", "User Agent", "Remote IP", "Powered by"];

/// Whether the body can be nothing else.
pub fn is_payload(body: &Map<String, Value>) -> bool {
    let is_bracketed = |name: &String| name.starts_with("fields[") && name.ends_with("][value]");
    let in_form = || body.contains_key("form[id]") && body.keys().any(is_bracketed);
    let in_json = || {
        let fields = body.get("fields").and_then(Value::as_object)?;
        let form = body.get("form").and_then(Value::as_object)?;
        Some(form.contains_key("id") && !fields.is_empty() && fields.values().all(|field| field.get("value").is_some()))
    };
    let is_simple =
        || body.get("Powered by").and_then(Value::as_str) == Some("Elementor") && body.contains_key("form_id");
    in_form() || in_json().unwrap_or(false) || is_simple()
}

/// What holds others in a payload. Any other name with brackets is a label like all the rest.
const HOLDERS: [&str; 3] = ["fields", "form", "meta"];

/// `fields[email][value]` as the objects it stands for.
fn nested(body: Map<String, Value>) -> Map<String, Value> {
    let mut nested = Map::new();
    for (name, value) in body {
        let place = place(&name).and_then(|(holder, member, part)| {
            let members = nested.entry(holder).or_insert_with(|| Map::new().into()).as_object_mut()?;
            let Some(part) = part else { return Some((members, member)) };
            Some((members.entry(member).or_insert_with(|| Map::new().into()).as_object_mut()?, part))
        });
        match place {
            Some((members, member)) if !members.contains_key(member) => members.insert(member.to_owned(), value),
            _ => nested.insert(name, value),
        };
    }
    nested
}

/// Holder, member and the member's part that a name says, with nothing below these.
fn place(name: &str) -> Option<(&str, &str, Option<&str>)> {
    let (holder, inside) = name.strip_suffix(']')?.split_once('[')?;
    let (member, part) = match inside.split_once("][") {
        Some((member, part)) => (member, Some(part)),
        None => (inside, None),
    };
    let is_plain = |part: &str| !part.contains(['[', ']']);
    (HOLDERS.contains(&holder) && is_plain(member) && part.is_none_or(is_plain)).then_some((holder, member, part))
}

/// The fields of a submission.
pub fn flatten(body: Map<String, Value>) -> Option<Flat> {
    let body = nested(body);
    let mut found = Answers::new("elementor");
    let Some(Value::Object(fields)) = body.get("fields") else { return simple(found, &body) };
    for (id, field) in fields {
        let part = |name: &str| field.get(name).and_then(Value::as_str).unwrap_or("");
        let title = if part("title").is_empty() { id } else { part("title") };
        let value = field.get("value").unwrap_or(&Value::Null);
        match part("type") {
            "email" => found.typed("email", title, value),
            "tel" => found.typed("phone", title, value),
            "textarea" => found.long(id, title, value),
            "acceptance" => found.agreed(title, value.as_str().is_some_and(is_yes), value),
            _ => found.named(id, title, value),
        }
    }
    if let Some(page) = body.get("meta").and_then(|meta| meta.get("page_url")?.get("value")) {
        found.came_from("page", page);
    }
    if let Some(Value::Object(form)) = body.get("form") {
        found.came_from("form_name", form.get("name").unwrap_or(&Value::Null));
        found.keep_members(form, &[("id", "form_id")]);
    }
    Some(found.finish(None))
}

/// A submission whose names are its labels.
fn simple(mut found: Answers, body: &Map<String, Value>) -> Option<Flat> {
    for (label, value) in body {
        match label.as_str() {
            "form_id" => found.keep(label, value),
            "form_name" => found.came_from(label, value),
            "Page URL" => found.came_from("page", value),
            label if METADATA.contains(&label) => {}
            label => found.named(label, label, value),
        }
    }
    Some(found.finish(None))
}
