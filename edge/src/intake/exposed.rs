//! Secret keys that somebody sent as a value: what is stored is read by more people than may have one.

use serde_json::{Map, Value};

use crate::key;

/// What stands in the place of a key, so that it shows that something was sent.
const COVER: &str = "[a secret key was removed]";

/// Covers every value that is a secret key, however deep it stands. A name that is one goes with its value.
pub fn cover(fields: &mut Map<String, Value>) {
    while let Some(name) = fields.keys().find(|name| key::is_secret(name)).cloned() {
        fields.remove(&name);
    }
    fields.values_mut().for_each(cover_value);
}

/// Covers a value if it is a secret key, and all that are inside it.
pub fn cover_value(value: &mut Value) {
    match value {
        Value::String(text) if key::is_secret(text) => COVER.clone_into(text),
        Value::Array(list) => list.iter_mut().for_each(cover_value),
        Value::Object(members) => cover(members),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{ApiKey, KeyKind};
    use serde_json::json;

    #[test]
    fn a_secret_key_is_covered_wherever_it_stands_and_nothing_else_is() {
        let key = ApiKey::generate(KeyKind::Secret, [7; 32]);
        let publishable = ApiKey::generate(KeyKind::Publishable, [7; 32]);
        let (key, publishable) = (key.reveal(), publishable.reveal());
        let mistyped = key.replace("lg_sk_", "lg_sk_x");
        let mut sent = json!({
            "key": key, "list": [1, [format!(" {key}\n")]], "meta": {"api": key, key: "1"}, "phone": publishable,
            "notes": mistyped, "message": format!("It is {key}"),
        });
        cover_value(&mut sent);
        assert_eq!(
            sent,
            json!({
                "key": COVER, "list": [1, [COVER]], "meta": {"api": COVER}, "phone": publishable,
                "notes": mistyped, "message": format!("It is {key}"),
            })
        );
    }
}
