//! The names and values of a form or query, as fields: values of one name together, empty ones left out.

use serde_json::{Map, Value};

use super::{aliases, charset::Charset};

/// The field in which a browser names the charset it sends
/// (<https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#attr-fe-name-charset>).
pub const CHARSET: &str = "_charset_";

/// What some editors and languages put before UTF-8; no part of the first name.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Fields that may hold more than one value, or objects whose members may.
const LISTS: [&str; 3] = ["availability", "meta", "questionnaire"];

/// Names and values of `application/x-www-form-urlencoded` text, in order.
pub fn pairs(text: &[u8], charset: Charset) -> Vec<(String, String)> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let raw = || text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).map(name_and_value);
    let named = raw().find(|(name, _)| *name == CHARSET.as_bytes());
    let charset = named.map_or(charset, |(_, label)| Charset::named(&String::from_utf8_lossy(label)));
    let decoded = |bytes: &[u8]| {
        let spaced: Vec<u8> = bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        charset.decode(&percent_encoding::percent_decode(&spaced).collect::<Vec<u8>>())
    };
    let fields = raw().filter(|(name, _)| *name != CHARSET.as_bytes());
    fields.map(|(name, value)| (decoded(name), decoded(value))).collect()
}

fn name_and_value(pair: &[u8]) -> (&[u8], &[u8]) {
    let mut halves = pair.splitn(2, |byte| *byte == b'=');
    (halves.next().unwrap_or_default(), halves.next().unwrap_or_default())
}

/// The fields. An empty value is no value: browsers send one for every field that was left out. Of a name
/// that comes more than once, the last value counts where a lead has room for one, as with a hidden field
/// before a checkbox; elsewhere all of them, as with a group of checkboxes, and always a list where the
/// name ends in `[]`.
pub fn fields(pairs: Vec<(String, String)>) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, value) in pairs {
        let (name, is_list) = match name.strip_suffix("[]") {
            Some(name) => (name, true),
            None => (name.as_str(), false),
        };
        let head = name.split(['[', '.']).next().unwrap_or_default();
        // An answer that was left empty still belongs to its question.
        if name.is_empty() || value.trim().is_empty() && head != "questionnaire" {
            continue;
        }
        let value = Value::String(value);
        let holds_one = aliases::is_known(head) && !LISTS.contains(&head);
        match fields.get_mut(name) {
            Some(Value::Array(list)) => list.push(value),
            Some(before) if holds_one => *before = value,
            Some(before) => *before = Value::Array(vec![before.take(), value]),
            None => {
                let value = if is_list && !holds_one { Value::Array(vec![value]) } else { value };
                fields.insert(name.to_owned(), value);
            }
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(text: &str) -> Value {
        Value::Object(fields(pairs(text.as_bytes(), Charset::Utf8)))
    }

    #[test]
    fn names_and_values_are_decoded() {
        assert_eq!(
            read("name=Marla+Singer&message=1%2B1%3D2%26more&a%20b=%C3%A9&flag&&=x"),
            json!({"name": "Marla Singer", "message": "1+1=2&more", "a b": "é"})
        );
        assert_eq!(read("message=50%&notes=%zz"), json!({"message": "50%", "notes": "%zz"}));
        assert_eq!(read("message=a%FFb"), json!({"message": "a\u{fffd}b"}));
        assert_eq!(read("\u{feff}email=a"), json!({"email": "a"}));
    }

    #[test]
    fn a_charset_is_that_of_the_type_or_of_the_field_that_browsers_fill() {
        let latin = pairs(b"name=Andr%E9", Charset::Windows1252);
        assert_eq!(latin, [("name".to_owned(), "André".to_owned())]);
        assert_eq!(read("name=Andr%E9&_charset_=iso-8859-1"), json!({"name": "André"}));
        assert_eq!(read("name=Andr%C3%A9&_charset_=UTF-8"), json!({"name": "André"}));
    }

    #[test]
    fn the_last_value_counts_where_a_lead_has_room_for_one() {
        assert_eq!(read("consent=0&consent=1"), json!({"consent": "1"}));
        assert_eq!(read("email=a&email=b&email="), json!({"email": "b"}));
        assert_eq!(read("full_name[]=a&utm_source=b&utm_source=c"), json!({"full_name": "a", "utm_source": "c"}));
        assert_eq!(
            read("property[address]=a&property[address]=b&attribution.gclid=c&attribution.gclid=d"),
            json!({"property[address]": "b", "attribution.gclid": "d"})
        );
    }

    #[test]
    fn groups_of_checkboxes_are_lists() {
        assert_eq!(
            read("extras=pool&extras=garden&rooms[]=1&rooms[]=2&single[]=x&one=y&extras=view"),
            json!({"extras": ["pool", "garden", "view"], "rooms": ["1", "2"], "single": ["x"], "one": "y"})
        );
        assert_eq!(read("meta[a]=1&meta[a]=2"), json!({"meta[a]": ["1", "2"]}));
        assert_eq!(read("questionnaire[1][]=Q&questionnaire[1][]="), json!({"questionnaire[1]": ["Q", ""]}));
    }
}
