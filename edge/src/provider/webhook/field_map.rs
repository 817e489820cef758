//! A body made of parts of a lead under the receiver's own names, so that a provider nobody foresaw
//! needs no code.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::provider::path;

/// Deepest member that a body can have: a bound for what is nested by recursion.
const MAX_DEPTH: usize = 32;

/// What the receiver's members are, by their path in its body. Names in a path are parted by dots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldMap {
    map: BTreeMap<String, String>,
    constants: Map<String, Value>,
}

impl FieldMap {
    /// `map` leads from the receiver's paths to ours, `constants` from the receiver's paths to what
    /// stands there where the lead has nothing. `None` when both are empty.
    ///
    /// # Errors
    /// When a path is no path, or two cannot stand in one body.
    pub fn new(map: BTreeMap<String, String>, constants: Map<String, Value>) -> Result<Option<Self>, String> {
        for path in map.keys().chain(constants.keys()) {
            if path.split('.').any(str::is_empty) || path.split('.').count() > MAX_DEPTH {
                return Err(format!("{path:?} is no path such as contact.email, of at most {MAX_DEPTH} names"));
            }
            for (dot, _) in path.match_indices('.') {
                let outer = path.get(..dot).unwrap_or_default();
                if map.contains_key(outer) || constants.contains_key(outer) {
                    return Err(format!("{outer} and {path} cannot both be set: one stands inside the other"));
                }
            }
        }
        if let Some((theirs, _)) = map.iter().find(|(_, ours)| ours.is_empty()) {
            return Err(format!("{theirs} is mapped to nothing"));
        }
        Ok((!map.is_empty() || !constants.is_empty()).then_some(Self { map, constants }))
    }

    /// The body for `data`. What the lead has goes before a constant at the same path; what neither
    /// has is not there.
    pub fn body(&self, data: &Value) -> Value {
        let mut body = Map::new();
        for (theirs, value) in &self.constants {
            put(&mut body, theirs, value.clone());
        }
        for (theirs, ours) in &self.map {
            if let Some(value) = path::resolve(data, ours) {
                put(&mut body, theirs, value.clone());
            }
        }
        Value::Object(body)
    }
}

fn put(mut object: &mut Map<String, Value>, path: &str, value: Value) {
    let mut rest = path;
    while let Some((name, inner)) = rest.split_once('.') {
        let member = object.entry(name).or_insert_with(|| Value::Object(Map::new()));
        // That no value stands where an object is needed was checked when the settings were read.
        let Value::Object(next) = member else { return };
        (object, rest) = (next, inner);
    }
    object.insert(rest.to_owned(), value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn field_map(map: Value, constants: Value) -> Result<Option<FieldMap>, String> {
        FieldMap::new(serde_json::from_value(map).unwrap(), serde_json::from_value(constants).unwrap())
    }

    #[test]
    fn members_are_nested_by_their_paths() {
        let map =
            json!({"contact.email": "email", "contact.name.full": "name", "fields.0": "meta.Roof", "want": "property"});
        let constants = json!({"source": "web", "contact.tags": ["lead", 1], "list": {"id": 7}});
        let body = field_map(map, constants).unwrap().unwrap().body(&json!({
            "name": "Marla", "email": "m@example.com", "meta": {"Roof": "tile"}, "property": {"type": "detached"},
        }));
        assert_eq!(
            body,
            json!({
                "contact": {"email": "m@example.com", "name": {"full": "Marla"}, "tags": ["lead", 1]},
                "fields": {"0": "tile"}, "want": {"type": "detached"}, "source": "web", "list": {"id": 7},
            })
        );
    }

    #[test]
    fn what_the_lead_lacks_is_left_out_or_the_constant() {
        let fields = field_map(json!({"a.b": "name", "c": "phone", "d": "nothing.there"}), json!({"c": "none"}));
        let body = fields.unwrap().unwrap().body(&json!({"name": null, "phone": null}));
        assert_eq!(body, json!({"c": "none"}));
        let body =
            field_map(json!({"c": "phone"}), json!({"c": "none"})).unwrap().unwrap().body(&json!({"phone": "1"}));
        assert_eq!(body, json!({"c": "1"}));
    }

    #[test]
    fn nothing_mapped_is_no_map() {
        assert_eq!(field_map(json!({}), json!({})), Ok(None));
    }

    #[test]
    fn paths_that_are_none_or_exclude_one_another_are_refused() {
        let deep = vec!["a"; 33].join(".");
        for (map, constants, words) in [
            (json!({"": "name"}), json!({}), "is no path"),
            (json!({"a..b": "name"}), json!({}), "is no path"),
            (json!({}), json!({".a": 1}), "is no path"),
            (json!({deep: "name"}), json!({}), "is no path"),
            (json!({"a": "name", "a.b": "email"}), json!({}), "a and a.b cannot both be set"),
            (json!({"a.b.c": "name"}), json!({"a.b": {}}), "a.b and a.b.c cannot both be set"),
            (json!({"a": ""}), json!({}), "a is mapped to nothing"),
        ] {
            let problem = field_map(map, constants).unwrap_err();
            assert!(problem.contains(words), "{problem}");
        }
    }
}
