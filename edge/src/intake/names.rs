//! Names that say where a value stands: `attribution[utm_source]`, `meta.colour`, `questionnaire[1][0]`.

use serde_json::{Map, Value};
use shared::submission::LIST_MAX_ENTRIES;

use super::aliases;

/// Fields that hold others. Any other name with brackets or dots is a name like all the rest.
const HOLDERS: [&str; 7] =
    ["attribution", "availability", "consent", "conversation", "meta", "property", "questionnaire"];

/// Most parts of a name: nothing of a lead is deeper than `attribution[first_touch][utm_source]`.
const MAX_PARTS: usize = 3;

/// The fields with every value where its name says. A value that has no room there keeps its name.
pub fn nest(fields: Map<String, Value>) -> Map<String, Value> {
    if !fields.keys().any(|name| name.contains(['[', '.'])) {
        return fields;
    }
    let (mut nested, mut deep) = (Map::new(), Vec::new());
    for (name, value) in fields {
        match parts(&name) {
            Some(_) => deep.push((name, value)),
            None => {
                nested.insert(name, value);
            }
        }
    }
    for (name, value) in deep {
        let left = parts(&name).and_then(|parts| put(&mut nested, &parts, value));
        if let Some(value) = left {
            nested.insert(name, value);
        }
    }
    nested
}

/// Lists whose entries came one by one, in the order of their numbers: a form has no other way to send
/// them. A single time is a list of one.
pub fn gather_lists(fields: &mut Map<String, Value>) {
    for name in ["availability", "conversation"] {
        if let Some(value) = fields.get_mut(name) {
            to_list(value);
        }
    }
    if let Some(text @ Value::String(_)) = fields.get_mut("availability") {
        *text = Value::Array(vec![text.take()]);
    }
    if let Some(Value::Object(questions)) = fields.get_mut("questionnaire") {
        questions.values_mut().for_each(to_list);
    }
}

/// An object whose members are all numbered becomes the list of them.
fn to_list(value: &mut Value) {
    let Value::Object(members) = value else { return };
    if members.len() > LIST_MAX_ENTRIES {
        return;
    }
    let mut list: Vec<(u16, &mut Value)> = Vec::new();
    for (name, member) in members {
        let Ok(number) = name.parse() else { return };
        let at = list.partition_point(|(other, _)| *other <= number);
        list.insert(at, (number, member));
    }
    *value = Value::Array(list.into_iter().map(|(_, member)| member.take()).collect());
}

/// The parts of a name that leads into one of [`HOLDERS`]; `None` for any other.
fn parts(name: &str) -> Option<Vec<&str>> {
    let (head, mut rest) = name.split_at_checked(name.find(['[', '.'])?)?;
    if !HOLDERS.contains(&head) {
        return None;
    }
    let mut parts = vec![head];
    while !rest.is_empty() {
        let part;
        (part, rest) = match rest.strip_prefix('[') {
            Some(inside) => inside.split_once(']')?,
            // Names in `meta` are free, and may have dots of their own.
            None if head == "meta" => (rest.strip_prefix('.')?, ""),
            None => {
                let rest = rest.strip_prefix('.')?;
                rest.split_at_checked(rest.find(['[', '.']).unwrap_or(rest.len()))?
            }
        };
        if part.is_empty() || parts.len() == MAX_PARTS {
            return None;
        }
        parts.push(part);
    }
    Some(parts)
}

/// Puts a value where its name says; gives it back when something else stands there.
fn put(fields: &mut Map<String, Value>, parts: &[&str], value: Value) -> Option<Value> {
    match parts {
        [] => Some(value),
        [name] if fields.contains_key(*name) => Some(value),
        [name] => {
            fields.insert((*name).to_owned(), value);
            None
        }
        [head, rest @ ..] => {
            let below = fields.entry(*head).or_insert_with(|| Value::Object(Map::new()));
            if *head == "consent" {
                aliases::consent_as_object(below);
            }
            match below {
                Value::Object(members) => put(members, rest, value),
                _ => Some(value),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn nested(fields: Value) -> Value {
        let Value::Object(fields) = fields else { panic!("an object") };
        let mut fields = nest(fields);
        gather_lists(&mut fields);
        Value::Object(fields)
    }

    #[test]
    fn a_name_says_where_its_value_stands() {
        assert_eq!(
            nested(json!({
                "attribution[utm_source]": "a", "attribution.utm_medium": "b", "attribution[first_touch][gclid]": "c",
                "property.address": "d", "meta.colour.of.door": "e", "meta[size]": "f", "consent[given]": "on",
            })),
            json!({
                "attribution": {"utm_source": "a", "utm_medium": "b", "first_touch": {"gclid": "c"}},
                "property": {"address": "d"}, "meta": {"colour.of.door": "e", "size": "f"}, "consent": {"given": "on"},
            })
        );
    }

    #[test]
    fn entries_of_lists_come_in_the_order_of_their_numbers() {
        assert_eq!(
            nested(json!({
                "questionnaire[7][1]": "no", "questionnaire[7][0]": "Is it leasehold?",
                "availability[10]": "later", "availability[9]": "sooner",
                "conversation[0][body]": "Hello", "conversation[0].from": "Marla",
            })),
            json!({
                "questionnaire": {"7": ["Is it leasehold?", "no"]}, "availability": ["sooner", "later"],
                "conversation": [{"body": "Hello", "from": "Marla"}],
            })
        );
        assert_eq!(nested(json!({"availability": "now"})), json!({"availability": ["now"]}));
    }

    #[test]
    fn other_names_with_brackets_and_dots_stay_as_they_are() {
        let others = json!({
            "fields[email][value]": "1", "your.name": "2", "meta[": "3", "meta.": "4", "[meta]": "5", "property[]x": "6",
            "attribution[a][b][c]": "7", "form[id]": "8", "meta]": "9",
        });
        assert_eq!(nested(others.clone()), others);
    }

    #[test]
    fn a_value_without_room_keeps_its_name() {
        assert_eq!(
            nested(json!({"property": "a house", "property[address]": "1 High St", "meta": {"a": "1"}, "meta.a": "2"})),
            json!({"property": "a house", "property[address]": "1 High St", "meta": {"a": "1"}, "meta.a": "2"})
        );
        assert_eq!(
            nested(json!({"consent": "on", "consent[version]": "2"})),
            json!({"consent": {"given": "on", "version": "2"}})
        );
    }
}
