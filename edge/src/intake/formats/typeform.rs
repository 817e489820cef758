//! Typeform's webhook.
//!
//! <https://www.typeform.com/developers/webhooks/example-payload/>: `form_response` has `token`, `hidden`,
//! `definition.fields` with the titles, and `answers`, each with `type`, `field` and a member that is
//! called as `type` says.

use serde_json::{Map, Value};

use super::{Flat, answers::Answers};

/// The fields of a response.
pub fn flatten(body: Map<String, Value>) -> Option<Flat> {
    let response = body.get("form_response")?.as_object()?;
    let definition = response.get("definition");
    let mut found = Answers::new("typeform");
    for answer in response.get("answers").and_then(Value::as_array)? {
        take(&mut found, answer, definition);
    }
    for (name, value) in response.get("hidden").and_then(Value::as_object).into_iter().flatten() {
        found.named(name, name, value);
    }
    for variable in response.get("variables").and_then(Value::as_array).into_iter().flatten() {
        let (name, kind) = (text(variable, "key"), text(variable, "type"));
        found.keep(name, variable.get(kind).unwrap_or(&Value::Null));
    }
    if let Some(title) = definition.and_then(|definition| definition.get("title")) {
        found.came_from("form_name", title);
    }
    found.keep_members(response, &[("form_id", "form_id"), ("token", "response_id")]);
    Some(found.finish(response.get("token")))
}

fn take(found: &mut Answers, answer: &Value, definition: Option<&Value>) {
    let kind = text(answer, "type");
    let field = answer.get("field").unwrap_or(&Value::Null);
    let (id, name) = (text(field, "id"), text(field, "ref"));
    let title = definition.and_then(|definition| title_of(definition, id));
    let label = title.unwrap_or(if name.is_empty() { id } else { name });
    let value = answer.get(kind).unwrap_or(&Value::Null);
    match (kind, text(field, "type")) {
        ("email", _) => found.typed("email", label, value),
        ("phone_number", _) => found.typed("phone", label, value),
        (_, "legal") => found.agreed(label, value.as_bool() == Some(true), value),
        (_, "long_text") => found.long(name, label, value),
        ("choice" | "choices", _) => found.named(name, label, &chosen(value)),
        _ => found.named(name, label, value),
    }
}

/// The title of a question. Questions of a group stand inside it.
fn title_of<'a>(definition: &'a Value, id: &str) -> Option<&'a str> {
    definition.get("fields")?.as_array()?.iter().find_map(|field| {
        let inside = || field.get("properties").and_then(|group| title_of(group, id));
        if text(field, "id") == id { field.get("title")?.as_str() } else { inside() }
    })
}

/// What was chosen: the labels, and what was typed beside "other".
fn chosen(value: &Value) -> Value {
    let parts = ["label", "labels", "other"].iter().filter_map(|name| value.get(*name)).cloned();
    Value::Array(parts.collect())
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or("")
}
