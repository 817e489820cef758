//! Which member of a document a type does not take: the words of serde say what is wrong, and not where.
//!
//! Nothing is read a second way: the same reader is asked about smaller documents, so a Worker that
//! names the member weighs no more than one that does not. It costs a reading for each member on the
//! way, and only a request that is refused pays it.

mod words;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

pub use words::words;

/// Most that is told at once: each costs some readings of the document.
const MAX: usize = 20;

/// How often one member is made to fit: left out, and put there as a text and as something else.
const TRIES: usize = 3;

/// Reads a document: `None`, or what is wrong.
pub type Reader<'a> = &'a dyn Fn(Value) -> Option<String>;

/// What is wrong with a configuration: sentences by member, its path with dots, such as `fields.2.kind`.
pub type Errors = BTreeMap<String, Vec<String>>;

/// All members that `reader` does not take, below the member `whole`, or the document itself where that is empty. They
/// are taken out of the document, and what is missing is put there, so that the rest of it can be read.
pub fn all(document: &mut Value, whole: &str, reader: Reader<'_>) -> Errors {
    let (mut errors, mut seen) = (Errors::new(), Vec::new());
    while let Some(error) = reader(document.clone()) {
        let path = path(document, &error, reader);
        let times = seen.iter().filter(|earlier| **earlier == path).count();
        let names: Vec<&str> = [whole].into_iter().chain(path.iter().map(String::as_str)).collect();
        let name = names.join(".");
        let name = name.trim_start_matches('.');
        let is_new = times == 0 && !errors.keys().any(|told| is_about(told, name));
        if is_new {
            let name = if name.is_empty() { "body" } else { name };
            errors.insert(name.to_owned(), vec![words(&error)]);
        }
        if path.is_empty() || times == TRIES || errors.len() == MAX {
            break;
        }
        make_fit(document, &path, &error, times == 0);
        seen.push(path);
    }
    errors
}

/// These errors and more, but for those of members that do not fit as they are: who mends one meets the other then.
pub fn joined(misfits: Errors, more: Errors) -> Errors {
    let mut errors = misfits.clone();
    for (name, texts) in more {
        if !misfits.keys().any(|told| is_about(told, &name) || is_about(&name, told)) {
            errors.insert(name, texts);
        }
    }
    errors
}

/// Whether `name` is the member `told` or stands in it.
fn is_about(told: &str, name: &str) -> bool {
    name.strip_prefix(told).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Leaves a member out that was not taken; what must be there becomes something of the kind that is expected. An
/// entry of a list stays in its place, since those behind it are told by theirs.
fn make_fit(document: &mut Value, path: &[String], error: &str, is_first: bool) {
    let Some((name, parents)) = path.split_last() else { return };
    match place(document, parents) {
        Some(Value::Object(members)) if is_first && members.contains_key(name) => drop(members.remove(name)),
        Some(Value::Object(members)) => drop(members.insert(name.clone(), words::expected(error))),
        Some(parent) => {
            if let Some(entry) = place(parent, std::slice::from_ref(name)) {
                *entry = words::expected(error);
            }
        }
        None => {}
    }
}

/// The path of the member that `error` is about; empty for the document as a whole. `error` is what `reader` says of
/// `document`.
fn path(document: &Value, error: &str, reader: Reader<'_>) -> Vec<String> {
    let mut path: Vec<String> = Vec::new();
    let lacking = error.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    loop {
        let says_the_same = |part: Value| reader(with(document, &path, part)).as_deref() == Some(error);
        let next = match part(document, &path) {
            Some(Value::Object(members)) if lacking.is_some() => {
                let inner = lacking_inside(members, &says_the_same);
                if inner.is_none() {
                    path.extend(lacking.map(str::to_owned));
                    break;
                }
                inner
            }
            Some(Value::Object(members)) => first_in_object(members, &says_the_same),
            Some(Value::Array(items)) => first_in_array(items, &says_the_same),
            _ => None,
        };
        let Some(name) = next else { break };
        path.push(name);
        // Whatever stands there: it is the name that is wrong.
        if lacking.is_none() && reader(with(document, &path, Value::Null)).as_deref() == Some(error) {
            break;
        }
    }
    path
}

/// The member with which the error begins when members are added one after the other.
fn first_in_object(members: &Map<String, Value>, says_the_same: &dyn Fn(Value) -> bool) -> Option<String> {
    let mut some = Map::new();
    for (name, value) in members {
        some.insert(name.clone(), value.clone());
        if says_the_same(Value::Object(some.clone())) {
            return Some(name.clone());
        }
    }
    None
}

/// The member that holds what lacks something: without it nothing lacks it any more.
fn lacking_inside(members: &Map<String, Value>, says_the_same: &dyn Fn(Value) -> bool) -> Option<String> {
    let holders = members.iter().filter(|(_, value)| value.is_object() || value.is_array());
    let mut without = holders.map(|(name, _)| {
        let mut others = members.clone();
        others.remove(name);
        (name, others)
    });
    without.find(|(_, others)| !says_the_same(Value::Object(others.clone()))).map(|(name, _)| name.clone())
}

/// The item with which the error begins.
fn first_in_array(items: &[Value], says_the_same: &dyn Fn(Value) -> bool) -> Option<String> {
    let mut some = Vec::new();
    for (index, item) in items.iter().enumerate() {
        some.push(item.clone());
        if says_the_same(Value::Array(some.clone())) {
            return Some(index.to_string());
        }
    }
    None
}

/// What stands at a path.
fn part<'a>(document: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(document, |value, name| match value {
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        value => value.get(name),
    })
}

/// The place of a path.
fn place<'a>(document: &'a mut Value, path: &[String]) -> Option<&'a mut Value> {
    path.iter().try_fold(document, |value, name| match value {
        Value::Array(items) => items.get_mut(name.parse::<usize>().ok()?),
        value => value.get_mut(name),
    })
}

/// The document with another part at a path.
fn with(document: &Value, path: &[String], part: Value) -> Value {
    let mut whole = document.clone();
    if let Some(place) = place(&mut whole, path) {
        *place = part;
    }
    whole
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::form::FormDefinition;

    use super::*;
    use crate::destination::DestinationFields;

    fn misfits<T: serde::de::DeserializeOwned>(mut document: Value) -> Errors {
        let reader = |value: Value| serde_json::from_value::<T>(value).err().map(|error| error.to_string());
        let errors = all(&mut document, "", &reader);
        assert!(errors.contains_key("body") || reader(document.clone()).is_none(), "{document}");
        errors
    }

    fn misfit<T: serde::de::DeserializeOwned>(document: &Value) -> String {
        misfits::<T>(document.clone()).into_keys().next().unwrap()
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let errors = misfits::<FormDefinition>(json!({
            "nmae": "x", "a.b": 1, "retention_days": "x", "consent": {"colour": "red", "required": "yes"},
            "fields": [{"name": "a", "kind": "picture"}, 5, {"kind": "tel", "options": [{"value": "x"}]}],
            "allowed_origins": ["https://example.com", 5], "success": [], "translations": {"es": {"success": {}}},
        }));
        let told: Vec<(&str, &str)> = errors.iter().map(|(name, texts)| (name.as_str(), texts[0].as_str())).collect();
        let members = "id, name, locale, fields, consent, phone_region, success, fallback_contact, allowed_origins, \
            require_origin, duplicates, spam, theme, translations, retention_days, client_address, sellers, campaigns";
        let unknown = format!("There is no such member. There are: {members}.");
        assert_eq!(
            told,
            [
                ("a.b", &*unknown),
                ("allowed_origins.1", "Give a text."),
                (
                    "consent.colour",
                    "There is no such member. There are: required, text, version, policy_url, marketing."
                ),
                ("consent.required", "Give true or false."),
                (
                    "fields.0.kind",
                    "Use one of: text, email, tel, textarea, select, radio, checkbox, number, date, hidden."
                ),
                ("fields.1", "Give an object."),
                ("fields.2.name", "This is missing."),
                ("fields.2.options.0.label", "This is missing."),
                ("nmae", &*unknown),
                ("retention_days", "Give a whole number from 0 to 4294967295."),
                ("translations.es.success.message", "This is missing."),
            ]
        );
        let errors = misfits::<crate::group::Group>(json!({"mode": "auction", "retries": -1}));
        assert_eq!(errors.keys().collect::<Vec<_>>(), ["mode", "order", "retries"]);
        let errors = misfits::<DestinationFields>(json!({"provider": 5, "when": {"colour": ["red"], "intent": "buy"}}));
        assert_eq!(errors.keys().collect::<Vec<_>>(), ["provider", "url", "when.colour", "when.intent"]);
    }

    #[test]
    fn what_does_not_fit_is_not_judged_besides() {
        let errors = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), vec![])).collect::<Errors>();
        let both = joined(errors(&["fields.1.name", "theme"]), errors(&["fields", "theme.font", "themes", "url"]));
        assert_eq!(both.keys().collect::<Vec<_>>(), ["fields.1.name", "theme", "themes", "url"]);
    }

    #[test]
    fn the_member_is_named_at_any_depth() {
        for (document, expected) in [
            (json!({"nmae": "x"}), "nmae"),
            (json!({"nmae": {"x": [1]}}), "nmae"),
            (json!({"name": 5}), "name"),
            (json!({"name": "x", "retention_days": -1}), "retention_days"),
            (json!({"allowed_origins": "https://example.com"}), "allowed_origins"),
            (json!({"allowed_origins": ["https://example.com", 5]}), "allowed_origins.1"),
            (json!({"fields": [{"name": "a"}, {"name": "b", "kind": "picture"}]}), "fields.1.kind"),
            (json!({"fields": [{"name": "a"}, {"kind": "text"}]}), "fields.1.name"),
            (json!({"fields": [{"name": "a", "options": [{"value": "x"}]}]}), "fields.0.options.0.label"),
            (json!({"consent": {"text": "x", "colour": "red"}}), "consent.colour"),
        ] {
            assert_eq!(misfit::<FormDefinition>(&document), expected, "{document}");
        }
        for (document, expected) in [
            (json!({"provider": "webhook"}), "url"),
            (json!({"url": "x"}), "provider"),
            (json!({"provider": "webhook", "url": "https://a.example", "timeout_ms": "soon"}), "timeout_ms"),
            (json!({"provider": "webhook", "url": 5}), "url"),
            (json!({"provider": "webhook", "url": "x", "when": {"intent": "buy"}}), "when.intent"),
        ] {
            assert_eq!(misfit::<DestinationFields>(&document), expected, "{document}");
        }
    }

    #[test]
    fn what_fits_nowhere_is_the_document_as_a_whole() {
        assert_eq!(misfit::<FormDefinition>(&json!("text")), "body");
    }
}
