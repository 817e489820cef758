//! Paths into a lead's JSON, such as `property.type` or `meta.Roof type`, as settings name what a
//! provider is to get.

use serde_json::Value;
use shared::lead::Lead;

/// What paths lead through: the lead as its JSON has it.
pub fn tree(lead: &Lead) -> Option<Value> {
    // By way of text, since leads are written as text already: a second way costs the Worker's bytes.
    serde_json::to_string(lead).ok().and_then(|text| serde_json::from_str(&text).ok())
}

/// What stands at `path`; `None` where the lead has nothing there, or null. Names are parted by dots.
/// A name may itself have dots and spaces, as those of `meta` do: the longest member that exists
/// goes first. In a list a name is a position from 0, such as `questionnaire.1.0`.
pub fn resolve<'a>(lead: &'a Value, path: &str) -> Option<&'a Value> {
    if let Some(value) = member(lead, path) {
        return (!value.is_null()).then_some(value);
    }
    path.rmatch_indices('.').find_map(|(dot, _)| {
        let (name, rest) = path.split_at_checked(dot)?;
        resolve(member(lead, name)?, rest.strip_prefix('.')?)
    })
}

fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(members) => members.get(name),
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_path_leads_through_objects_and_lists() {
        let lead =
            json!({"name": "Marla", "property": {"type": "detached"}, "questionnaire": {"1": ["Leasehold?", "no"]}});
        assert_eq!(resolve(&lead, "name"), Some(&json!("Marla")));
        assert_eq!(resolve(&lead, "property.type"), Some(&json!("detached")));
        assert_eq!(resolve(&lead, "property"), Some(&json!({"type": "detached"})));
        assert_eq!(resolve(&lead, "questionnaire.1.1"), Some(&json!("no")));
    }

    #[test]
    fn a_name_may_have_dots_and_spaces_and_the_longest_that_exists_goes_first() {
        let lead = json!({"meta": {"Roof type": "tile", "a.b": 1, "a": {"b": 2, "c": 3}, "x.": 4, ".y": 5}});
        assert_eq!(resolve(&lead, "meta.Roof type"), Some(&json!("tile")));
        assert_eq!(resolve(&lead, "meta.a.b"), Some(&json!(1)));
        assert_eq!(resolve(&lead, "meta.a.c"), Some(&json!(3)));
        assert_eq!(resolve(&lead, "meta.x."), Some(&json!(4)));
        assert_eq!(resolve(&lead, "meta..y"), Some(&json!(5)));
    }

    #[test]
    fn a_path_to_nothing_finds_nothing() {
        let lead = json!({"name": null, "meta": {"a": "b"}, "availability": ["2026-03-01T15:45:00.000Z"]});
        for path in
            ["", ".", "name", "name.x", "meta.b", "meta.a.b", "meta.", ".meta", "availability.1", "availability.x"]
        {
            assert_eq!(resolve(&lead, path), None, "{path}");
        }
    }
}
