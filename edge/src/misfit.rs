//! Which member of a document a type does not take: the words of serde say what is wrong, and not where.
//!
//! Nothing is read a second way: the same reader is asked about smaller documents, so a Worker that
//! names the member weighs no more than one that does not. It costs a reading for each member on the
//! way, and only a request that is refused pays it.

use serde_json::{Map, Value};

/// Reads a document: `None`, or what is wrong.
pub type Reader<'a> = &'a dyn Fn(Value) -> Option<String>;

/// The path of the member that `error` is about, with dots, such as `fields.2.kind`; empty for the
/// document as a whole. `error` is what `reader` says of `document`.
pub fn path(document: &Value, error: &str, reader: Reader<'_>) -> String {
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
        match next {
            Some(name) => path.push(name),
            None => break,
        }
    }
    path.join(".")
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

/// The document with another part at a path.
fn with(document: &Value, path: &[String], part: Value) -> Value {
    let mut whole = document.clone();
    let place = path.iter().try_fold(&mut whole, |value, name| match value {
        Value::Array(items) => items.get_mut(name.parse::<usize>().ok()?),
        value => value.get_mut(name),
    });
    if let Some(place) = place {
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

    fn misfit<T: serde::de::DeserializeOwned>(document: &Value) -> String {
        let reader = |value: Value| serde_json::from_value::<T>(value).err().map(|error| error.to_string());
        let error = reader(document.clone()).expect("it does not fit");
        path(document, &error, &reader)
    }

    #[test]
    fn the_member_is_named_at_any_depth() {
        for (document, expected) in [
            (json!({"nmae": "x"}), "nmae"),
            (json!({"name": 5}), "name"),
            (json!({"name": "x", "retention_days": -1}), "retention_days"),
            (json!({"allowed_origins": "https://example.com"}), "allowed_origins"),
            (json!({"allowed_origins": ["https://example.com", 5]}), "allowed_origins.1"),
            (json!({"fields": [{"name": "a"}, {"name": "b", "kind": "picture"}]}), "fields.1.kind"),
            (json!({"fields": [{"name": "a"}, {"kind": "text"}]}), "fields.1.name"),
            (json!({"fields": [{"name": "a", "options": [{"value": "x"}]}]}), "fields.0.options.0.label"),
            (json!({"consent": {"text": "x", "colour": "red"}}), "consent.colour"),
            (json!({"fields": [{"name": "a", "kind": "x"}, {"name": "b", "kind": "x"}]}), "fields.0.kind"),
        ] {
            assert_eq!(misfit::<FormDefinition>(&document), expected, "{document}");
        }
        for (document, expected) in [
            (json!({"provider": "webhook"}), "url"),
            (json!({}), "provider"),
            (json!({"provider": "webhook", "url": "https://a.example", "timeout_ms": "soon"}), "timeout_ms"),
            (json!({"provider": "webhook", "url": 5}), "url"),
            (json!({"provider": "webhook", "url": "x", "when": {"intent": "buy"}}), "when.intent"),
        ] {
            assert_eq!(misfit::<DestinationFields>(&document), expected, "{document}");
        }
    }

    #[test]
    fn what_fits_nowhere_is_the_document_as_a_whole() {
        assert_eq!(misfit::<FormDefinition>(&json!("text")), "");
    }
}
