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
    let mut titles = Map::new();
    add_titles(&mut titles, definition);
    let mut found = Answers::new("typeform");
    for answer in response.get("answers").and_then(Value::as_array)? {
        take(&mut found, answer, &titles);
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

fn take(found: &mut Answers, answer: &Value, titles: &Map<String, Value>) {
    let kind = text(answer, "type");
    let field = answer.get("field").unwrap_or(&Value::Null);
    let (id, name) = (text(field, "id"), text(field, "ref"));
    let title = titles.get(id).and_then(Value::as_str);
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

/// Adds the titles of questions, by their ids. Questions of a group stand inside it.
fn add_titles(titles: &mut Map<String, Value>, group: Option<&Value>) {
    let fields = group.and_then(|group| group.get("fields")).and_then(Value::as_array);
    for field in fields.into_iter().flatten() {
        if let Some(title) = field.get("title") {
            titles.entry(text(field, "id")).or_insert_with(|| title.clone());
        }
        add_titles(titles, field.get("properties"));
    }
}

/// What was chosen: the labels, and what was typed beside "other".
fn chosen(value: &Value) -> Value {
    let parts = ["label", "labels", "other"].iter().filter_map(|name| value.get(*name)).cloned();
    Value::Array(parts.collect())
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or("")
}
