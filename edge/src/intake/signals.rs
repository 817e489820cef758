//! What a submission carries for the judgement of spam, and what is no field of a lead.

use serde_json::{Map, Value};

/// The signed token that a form was loaded with.
const FORM_TOKEN: &str = "_lg_token";
/// The field that people do not see and programs fill.
const TRAP: &str = "_lg_trap";
/// What Cloudflare's Turnstile puts into a form.
/// <https://developers.cloudflare.com/turnstile/get-started/client-side-rendering/>
const TURNSTILE: &str = "cf-turnstile-response";

/// Reserved fields of a submission. They are read here, and never stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signals {
    /// The form's token.
    pub form_token: Option<String>,
    /// What stands in the field that people do not see.
    pub trap: Option<String>,
    /// Turnstile's answer.
    pub turnstile: Option<String>,
}

impl Signals {
    /// Takes the reserved fields out of the top level.
    pub fn take(fields: &mut Map<String, Value>) -> Self {
        let mut text = |name: &str| match fields.remove(name) {
            Some(Value::String(text)) if !text.is_empty() => Some(text),
            _ => None,
        };
        Self { form_token: text(FORM_TOKEN), trap: text(TRAP), turnstile: text(TURNSTILE) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reserved_fields_are_taken_out_and_all_others_stay() {
        let Value::Object(mut fields) =
            json!({"_lg_token": "t", "_lg_trap": "", "cf-turnstile-response": 7, "email": "marla@example.com"})
        else {
            panic!("an object")
        };
        let signals = Signals::take(&mut fields);
        assert_eq!(signals, Signals { form_token: Some("t".into()), trap: None, turnstile: None });
        assert_eq!(Value::Object(fields), json!({"email": "marla@example.com"}));
    }
}
