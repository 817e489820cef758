//! The receipt of a consent: what was agreed to, in the one form that is signed.
//!
//! The form is RFC 8785's. A receipt has texts and `true`, no numbers, and names in ASCII, and for those what
//! serde_json writes of a sorted map is that form already; a test holds it against an implementation of the RFC.

use std::collections::BTreeMap;

use serde_json::Value;
use shared::{lead::Lead, timestamp::Timestamp};

/// The member of `meta` with the words of the second box, for marketing.
const MARKETING: &str = "consent.marketing";

/// What is known of a lead's consent beside the lead.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// The lead's id.
    pub lead_id: &'a str,
    /// Its form.
    pub form: &'a str,
    /// When the consent was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
}

/// A receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentReceipt(BTreeMap<&'static str, Value>);

impl ConsentReceipt {
    /// The receipt of a lead; `None` where no consent was given.
    pub fn new(head: &Head<'_>, lead: &Lead) -> Option<Self> {
        let consent = lead.consent.as_ref()?;
        let mut members = BTreeMap::from([("given", Value::Bool(true))]);
        let mut add = |name, text: Option<&str>| {
            if let Some(text) = text {
                members.insert(name, Value::from(text));
            }
        };
        add("lead_id", Some(head.lead_id));
        add("form", Some(head.form));
        add("text", consent.text.as_deref());
        add("version", consent.version.as_deref());
        add("policy_url", consent.policy_url.as_deref());
        add("at", Some(&consent.at.to_string()));
        add("locale", lead.locale.as_deref());
        add("page", lead.attribution.page.as_deref());
        add("marketing", lead.meta.get(MARKETING).map(String::as_str));
        add("withdrawn_at", head.withdrawn_at.map(|at| at.to_string()).as_deref());
        Some(Self(members))
    }

    /// The text that is signed.
    pub fn canonical(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn receipt(lead: Value, withdrawn_at: Option<Timestamp>) -> Option<ConsentReceipt> {
        let head = Head { lead_id: "019a", form: "contact", withdrawn_at };
        ConsentReceipt::new(&head, &serde_json::from_value(lead).unwrap())
    }

    fn lead(text: &str, page: &str) -> Value {
        json!({
            "email": "marla@example.com", "phone": null, "phone_e164": null, "locale": "en", "name": "Marla",
            "consent": {"given": true, "text": text, "version": "2", "policy_url": null, "at": "2026-11-21T10:00:00Z"},
            "attribution": {"page": page}, "meta": {MARKETING: "News, please.", "colour": "violet"},
        })
    }

    #[test]
    fn a_receipt_says_what_was_agreed_to_and_nothing_else_of_the_person() {
        let withdrawn = Timestamp::from_millis(1_795_600_800_000);
        let canonical =
            receipt(lead("You may \"call\" me.", "https://example.com/"), Some(withdrawn)).unwrap().canonical();
        assert_eq!(
            canonical,
            format!(
                "{{\"at\":\"2026-11-21T10:00:00.000Z\",\"form\":\"contact\",\"given\":true,\"lead_id\":\"019a\",\"locale\":\"en\",\
                 \"marketing\":\"News, please.\",\"page\":\"https://example.com/\",\"text\":\"You may \\\"call\\\" me.\",\
                 \"version\":\"2\",\"withdrawn_at\":\"{withdrawn}\"}}"
            )
        );
        assert_eq!(receipt(json!({"email": "a@example.com"}), None), None);
    }

    proptest! {
        #[test]
        fn what_is_signed_is_the_form_of_rfc_8785(text in any::<String>(), page in any::<String>()) {
            let canonical = receipt(lead(&text, &page), None).unwrap().canonical();
            let value: Value = serde_json::from_str(&canonical).unwrap();
            prop_assert_eq!(serde_json_canonicalizer::to_string(&value).unwrap(), canonical);
        }
    }
}
