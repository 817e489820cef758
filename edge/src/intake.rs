//! From the bytes of a request to a [`Submission`]: what was sent, under canonical names.

mod aliases;
mod formats;
pub mod signals;

use serde_json::{Map, Value};
use shared::submission::Submission;

use self::signals::Signals;

/// Largest body that is read. A lead with a long conversation is a few KiB; the rest bounds what one
/// request can make the Worker hold and D1 store.
pub const BODY_MAX_BYTES: usize = 64 * 1024;

/// Query parameters that speak to the API and are no fields of a lead.
const QUERY_CONTROLS: [&str; 2] = ["format", "key"];

/// What a request says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Intake {
    /// The fields of a lead.
    pub submission: Submission,
    /// What came beside them.
    pub signals: Signals,
}

/// Why a body could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntakeError {
    /// More than [`BODY_MAX_BYTES`].
    TooLarge,
    /// No `Content-Type`, or one that is not understood.
    UnsupportedType,
    /// Not JSON, nested too deeply, or not an object.
    NotAnObject,
}

/// The submission in a request. A field in the body wins over the same field in the query.
///
/// # Errors
/// Why the body cannot be read.
pub fn submission(content_type: Option<&str>, body: &[u8], query: &str) -> Result<Intake, IntakeError> {
    if body.len() > BODY_MAX_BYTES {
        return Err(IntakeError::TooLarge);
    }
    let format = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "format").map(|(_, value)| value);
    let body = formats::flatten(format.as_deref(), json_object(content_type, body)?);
    let mut as_sent = query_fields(query);
    let mut fields = aliases::canonical(as_sent.clone());
    merge(&mut as_sent, body.clone());
    merge(&mut fields, aliases::canonical(body));
    Signals::take(&mut as_sent);
    let signals = Signals::take(&mut fields);
    Ok(Intake { submission: Submission::new(fields).sent_as(as_sent), signals })
}

/// The object in a JSON body. The type may have parameters, and may be any `+json`.
fn json_object(content_type: Option<&str>, body: &[u8]) -> Result<Map<String, Value>, IntakeError> {
    let media_type = content_type.unwrap_or("").split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if media_type != "application/json" && !media_type.ends_with("+json") {
        return Err(IntakeError::UnsupportedType);
    }
    let body = str::from_utf8(body).map_err(|_| IntakeError::NotAnObject)?;
    match serde_json::from_str(body.strip_prefix('\u{feff}').unwrap_or(body)) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) | Err(_) => Err(IntakeError::NotAnObject),
    }
}

fn query_fields(query: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if !QUERY_CONTROLS.contains(&name.as_ref()) {
            fields.insert(name.into_owned(), Value::String(value.into_owned()));
        }
    }
    fields
}

/// Puts `over` over `base`; where both have an object its members are merged the same way.
fn merge(base: &mut Map<String, Value>, over: Map<String, Value>) {
    for (name, value) in over {
        match (base.get_mut(&name), value) {
            (Some(Value::Object(below)), Value::Object(above)) => below.extend(above),
            (_, value) => {
                base.insert(name, value);
            }
        }
    }
}

/// The canonical name of a form field that an operator spelled in one of the other ways.
pub fn canonical_name(name: &str) -> String {
    aliases::top_level(name).map_or_else(|| name.to_owned(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn read(body: Value, query: &str) -> Value {
        let submission =
            submission(Some("application/json; charset=utf-8"), body.to_string().as_bytes(), query).unwrap().submission;
        let names =
            shared::submission::CANONICAL_FIELDS.iter().copied().chain(["colour", "lead_type", "type", "full_name"]);
        Value::Object(names.filter_map(|n| submission.get(n).map(|v| (n.to_owned(), v.clone()))).collect())
    }

    #[test]
    fn a_field_in_the_body_wins_over_the_query() {
        let found = read(
            json!({"email": "body@example.com", "attribution": {"utm_source": "body"}}),
            "email=query@example.com&name=Marla+Singer&utm_source=query&utm_medium=cpc&key=lg_pk_x",
        );
        assert_eq!(
            found,
            json!({"email": "body@example.com", "name": "Marla Singer", "attribution": {"utm_source": "body", "utm_medium": "cpc"}})
        );
    }

    #[test]
    fn other_spellings_become_canonical() {
        let found = read(
            json!({
                "firstName": "Marla", "zip": "75001", "comments": "Hello", "utmSource": "x", "fbclid": "f", "referrer": "r",
                "advert_postcode": "DE1 1JX", "propertyType": "detached", "gdpr_checkbox": "on", "lead_type": "hot", "type": "vendor",
                "previous_conversation": [], "colour": "red",
            }),
            "",
        );
        assert_eq!(
            found,
            json!({
                "first_name": "Marla", "postcode": "75001", "message": "Hello",
                "attribution": {"utm_source": "x", "fbclid": "f", "referrer": "r"},
                "property": {"postcode": "DE1 1JX", "type": "detached"}, "consent": {"given": "on"},
                "interest_level": "hot", "intent": "sell", "conversation": [], "colour": "red",
            })
        );
    }

    #[test]
    fn words_for_an_intent_are_understood_and_others_kept() {
        for (field, word, intent) in [
            ("lead_type", "Both", "buy_and_sell"),
            ("lead_type", "seller", "sell"),
            ("type", "let", "rent"),
            ("type", "landlord", "let_out"),
            ("type", "mortgage_request", "mortgage"),
            ("listing_type", "alquiler", "rent"),
            ("listingType", "Venta", "buy"),
        ] {
            assert_eq!(read(json!({field: word}), ""), json!({"intent": intent}), "{field}={word}");
        }
        assert_eq!(read(json!({"type": "boat"}), ""), json!({"type": "boat"}));
    }

    #[test]
    fn nothing_is_lost_when_two_spellings_meet() {
        assert_eq!(
            read(json!({"full_name": "M. Singer", "name": "Marla"}), ""),
            json!({"name": "Marla", "full_name": "M. Singer"})
        );
    }

    #[test]
    fn a_boolean_like_consent_is_one() {
        assert_eq!(read(json!({"consent": true}), ""), json!({"consent": {"given": true}}));
        assert_eq!(
            read(json!({"consent": {"given": true, "policyUrl": "u"}}), ""),
            json!({"consent": {"given": true, "policy_url": "u"}})
        );
    }

    #[test]
    fn what_is_not_a_json_object_is_refused() {
        fn read(kind: &str, body: &str) -> IntakeError {
            submission(Some(kind), body.as_bytes(), "").unwrap_err()
        }
        assert_eq!(read("application/json", "[1]"), IntakeError::NotAnObject);
        assert_eq!(read("application/json", "{\"a\":"), IntakeError::NotAnObject);
        assert_eq!(read("application/json", &"[".repeat(10_000)), IntakeError::NotAnObject);
        assert_eq!(read("text/plain", "{}"), IntakeError::UnsupportedType);
        assert_eq!(read("application/json", &" ".repeat(BODY_MAX_BYTES + 1)), IntakeError::TooLarge);
        assert_eq!(submission(None, b"{}", "").unwrap_err(), IntakeError::UnsupportedType);
        assert!(submission(Some("application/ld+json"), "\u{feff}{}".as_bytes(), "").is_ok());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(body in any::<String>(), query in any::<String>()) {
            let _ = submission(Some("application/json"), body.as_bytes(), &query);
            let _ = submission(Some("application/json"), b"{}", &query).unwrap();
        }
    }
}
