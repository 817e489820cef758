//! What a type does not take, in words for the operator: serde's own are for whoever wrote the type.

use serde_json::{Map, Value};

/// What to change, made of what serde says.
pub fn words(error: &str) -> String {
    let (wrong, expected) = error.rsplit_once("expected ").unwrap_or((error, ""));
    if wrong.starts_with("missing field") {
        return "This is missing.".to_owned();
    }
    let is_unknown = wrong.starts_with("unknown field");
    if is_unknown || wrong.starts_with("unknown variant") {
        let names: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
        let names = names.join(", ");
        return if is_unknown {
            ["There is no such member. There are: ", &names, "."]
        } else {
            ["Use one of: ", &names, "."]
        }
        .concat();
    }
    let what = match expected.trim_end_matches('.') {
        "a string" => "a text",
        "a boolean" => "true or false",
        "u8" => "a whole number from 0 to 255",
        "u32" => "a whole number from 0 to 4294967295",
        "a sequence" => "a list",
        "a JSON number" => "a number",
        kind if is_object(kind) => "an object",
        // Types that check themselves have words of their own.
        _ => return ["Change this: ", error, "."].concat(),
    };
    ["Give ", what, "."].concat()
}

/// Something of the kind that is expected: a text, where it is none of the others.
pub fn expected(error: &str) -> Value {
    match error.rsplit_once("expected ").map(|(_, expected)| expected) {
        Some("a sequence") => Value::Array(Vec::new()),
        Some(kind) if is_object(kind) => Value::Object(Map::new()),
        _ => Value::from(""),
    }
}

fn is_object(expected: &str) -> bool {
    expected.starts_with("struct ") || expected == "a map"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_say_what_to_give() {
        for (error, expected) in [
            ("missing field `url`", "This is missing."),
            ("unknown field `nmae`, expected one of `id`, `name`", "There is no such member. There are: id, name."),
            ("unknown field `x`, expected `message`", "There is no such member. There are: message."),
            ("unknown variant `picture`, expected one of `text`, `email`", "Use one of: text, email."),
            ("unknown variant `expected `, expected `a` or `b`", "Use one of: a, b."),
            ("invalid type: string \"x\", expected u32", "Give a whole number from 0 to 4294967295."),
            ("invalid value: integer `-1`, expected u32", "Give a whole number from 0 to 4294967295."),
            ("invalid type: integer `5`, expected a string", "Give a text."),
            ("invalid type: string \"a\", expected a sequence", "Give a list."),
            ("invalid type: null, expected struct ConsentRule", "Give an object."),
            ("two letters are needed", "Change this: two letters are needed."),
        ] {
            assert_eq!(words(error), expected, "{error}");
        }
    }
}
