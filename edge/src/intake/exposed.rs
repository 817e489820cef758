//! Secret keys that somebody sent as a value: what is stored is read by more people than may have one.

use serde_json::{Map, Value};

use crate::key::{self, KeyKind};

/// What stands in the place of a key, so that it shows that something was sent.
const COVER: &str = "[a secret key was removed]";

/// Covers every value that is a secret key, however deep it stands. A name that is one goes with its value.
pub fn cover(fields: &mut Map<String, Value>) {
    while let Some(name) = fields.keys().find(|name| key::is_secret(name)).cloned() {
        fields.remove(&name);
    }
    fields.values_mut().for_each(cover_value);
}

/// Covers every secret key in a value, also one in the middle of a text, such as the address of a page.
pub fn cover_value(value: &mut Value) {
    match value {
        Value::String(text) if key::is_secret(text) => COVER.clone_into(text),
        Value::String(text) => cover_inside(text),
        Value::Array(list) => list.iter_mut().for_each(cover_value),
        Value::Object(members) => cover(members),
        _ => {}
    }
}

fn cover_inside(text: &mut String) {
    let prefix = KeyKind::Secret.prefix();
    let (mut covered, mut rest) = (String::new(), text.as_str());
    while let Some((before, from)) = rest.find(prefix).and_then(|at| rest.split_at_checked(at)) {
        // Whatever stands around it: the checksum tells where it ends.
        let key = from.get(..prefix.len().saturating_add(KeyKind::CHARS)).filter(|key| key::is_secret(key));
        let (taken, kept) = key.map_or((prefix, prefix), |key| (key, COVER));
        covered.push_str(before);
        covered.push_str(kept);
        rest = from.get(taken.len()..).unwrap_or_default();
    }
    if !covered.is_empty() {
        covered.push_str(rest);
        *text = covered;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::ApiKey;
    use serde_json::json;

    #[test]
    fn a_secret_key_is_covered_wherever_it_stands_and_nothing_else_is() {
        let key = ApiKey::generate(KeyKind::Secret, [7; 32]);
        let publishable = ApiKey::generate(KeyKind::Publishable, [7; 32]);
        let (key, publishable) = (key.reveal(), publishable.reveal());
        let mistyped = key.replace("lg_sk_", "lg_sk_x");
        let mut sent = json!({
            "key": key, "list": [1, [format!(" {key}\n")]], "meta": {"api": key, key: "1"}, "phone": publishable,
            "notes": mistyped, "message": format!("It is _{key}_, and {key}x!"), "page": format!("https://a.test/?key={key}&b=1"),
        });
        cover_value(&mut sent);
        assert_eq!(
            sent,
            json!({
                "key": COVER, "list": [1, [COVER]], "meta": {"api": COVER}, "phone": publishable,
                "notes": mistyped, "message": format!("It is _{COVER}_, and {COVER}x!"), "page": format!("https://a.test/?key={COVER}&b=1"),
            })
        );
    }
}
