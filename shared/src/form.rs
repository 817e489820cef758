//! The definition of a form: what is rendered, accepted and shown afterwards.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Number;

use crate::{
    contact::Region,
    field::{Field, FieldKind},
};

/// A form as the operator configures it. Everything but the id has a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(rename = "Form"))]
#[serde(default, deny_unknown_fields)]
pub struct FormDefinition {
    /// The id in addresses and key records: see [`is_id`].
    #[cfg_attr(not(target_arch = "wasm32"), schemars(description = "The form's id."))]
    pub id: String,
    /// What the operator calls it.
    pub name: String,
    /// The language of its texts (BCP 47).
    pub locale: String,
    /// What it asks, in order.
    pub fields: Vec<Field>,
    /// What the person agrees to.
    pub consent: ConsentRule,
    /// How telephone numbers without a country code are read.
    pub phone_region: Region,
    /// What happens after a lead was accepted.
    pub success: Success,
    /// Another way to reach the owner, such as a telephone number, told when nothing can be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_contact: Option<String>,
    /// Origins a publishable key may be used from; empty for the Worker's own, `["*"]` for any.
    pub allowed_origins: Vec<String>,
    /// Whether a publishable key is refused where no `Origin` header came.
    pub require_origin: bool,
    /// What a second lead of the same person means.
    pub duplicates: Duplicates,
    /// How suspicion is scored.
    pub spam: Spam,
    /// Style values by name.
    pub theme: BTreeMap<String, String>,
    /// Its texts in other languages.
    pub translations: BTreeMap<String, Translation>,
    /// Days after which leads are erased; 0 keeps them.
    pub retention_days: u32,
    /// What is kept of the address that a lead is sent from.
    pub client_address: KeptAddress,
    /// What partners who sell leads call the receiver of this form's: codes or slugs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sellers: Vec<String>,
    /// The categories of leads that are bought, by name; empty for any.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub campaigns: BTreeMap<String, Campaign>,
}

/// What a category of leads that are bought must have, and what is paid.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Campaign {
    /// Fields that a lead must have besides, by the names that the partner writes.
    pub required: Vec<String>,
    /// The price of one, told to the partner when a lead is sold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Number>,
}

/// What of a form a publishable key may read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct PublicForm {
    /// The form's id.
    pub id: String,
    /// What the operator calls it.
    pub name: String,
    /// The language of its texts (BCP 47).
    pub locale: String,
    /// What it asks, in order.
    pub fields: Vec<Field>,
    /// What the person agrees to.
    pub consent: ConsentRule,
    /// How telephone numbers without a country code are read.
    pub phone_region: Region,
    /// What happens after a lead was accepted.
    pub success: Success,
    /// Another way to reach the owner, told when nothing can be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_contact: Option<String>,
    /// Style values by name.
    #[serde(default)]
    pub theme: BTreeMap<String, String>,
    /// Its texts in other languages.
    #[serde(default)]
    pub translations: BTreeMap<String, Translation>,
    /// The public key of the Turnstile widget that stands in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turnstile_site_key: Option<String>,
    /// Shows with a submission that the form was loaded, and when; given out anew with each load.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// The words of consent, and whether a lead needs them agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ConsentRule {
    /// Whether a submission without consent is refused.
    pub required: bool,
    /// The words beside the box.
    pub text: String,
    /// Their version.
    pub version: String,
    /// The privacy policy.
    pub policy_url: Option<String>,
    /// The words of a second box, for marketing, which is never required. Where it is ticked they stand
    /// in the lead's `meta` as `consent.marketing`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marketing: Option<String>,
}

/// What happens after a lead was accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Success {
    /// The text shown in place of the form.
    pub message: Option<String>,
    /// The page to go to instead.
    pub redirect_url: Option<String>,
}

/// What a second lead of the same person means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Duplicates {
    /// What to do with it.
    pub policy: DuplicatePolicy,
    /// What makes two leads the same person.
    pub by: Vec<DuplicateBy>,
    /// How many days the first one counts.
    pub window_days: u32,
}

/// What to do with a second lead of the same person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum DuplicatePolicy {
    /// Accept it as a lead of its own.
    #[default]
    Allow,
    /// Add what it says to the first.
    Merge,
    /// Answer with the first and keep nothing.
    Reject,
}

/// What makes two leads the same person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum DuplicateBy {
    /// The same e-mail address.
    Email,
    /// The same telephone number.
    Phone,
}

/// What is kept of the address that a lead is sent from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum KeptAddress {
    /// Nothing.
    #[default]
    None,
    /// Its network: 24 bits of an IPv4 address, 48 of an IPv6 one.
    Truncated,
}

/// How suspicion is scored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Spam {
    /// Faster than this nobody fills the form, in seconds.
    pub min_fill_seconds: u32,
    /// The public key of a Cloudflare Turnstile widget.
    pub turnstile_site_key: Option<String>,
    /// The name of the Worker secret that belongs to it.
    pub turnstile_secret: String,
    /// A lead that scores more than this is held back; 0 to 100, which none exceeds.
    pub threshold: u8,
}

/// A form's texts in another language; what is missing stays in the form's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Translation {
    /// By field name.
    pub fields: BTreeMap<String, FieldTexts>,
    /// The consent text.
    pub consent: Option<TranslatedConsent>,
    /// The button.
    pub submit: Option<String>,
    /// After a lead was accepted.
    pub success: Option<TranslatedSuccess>,
}

/// The texts of one field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct FieldTexts {
    /// The label.
    pub label: Option<String>,
    /// The example inside an empty control.
    pub placeholder: Option<String>,
    /// The line of help.
    pub help: Option<String>,
    /// The labels of its options, by value.
    pub options: BTreeMap<String, String>,
}

/// The translated words of consent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TranslatedConsent {
    /// The words beside the box.
    pub text: Option<String>,
    /// Those beside the box for marketing.
    pub marketing: Option<String>,
}

/// The translated success message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TranslatedSuccess {
    /// The message.
    pub message: String,
}

/// Whether `text` can be the id of a form or a destination: 1 to 64 of `a-z`, `0-9`, `-` and `_`,
/// beginning with a letter or digit. Such an id needs no escaping anywhere.
pub fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
        && text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric())
}

impl FormDefinition {
    /// What a publishable key may read: no origins, duplicates, spam rules, retention or addresses. The token is for
    /// who hands it out to add.
    pub fn public(&self) -> PublicForm {
        PublicForm {
            id: self.id.clone(),
            name: self.name.clone(),
            locale: self.locale.clone(),
            fields: self.fields.iter().cloned().map(Field::with_autocomplete).collect(),
            consent: self.consent.clone(),
            phone_region: self.phone_region,
            success: self.success.clone(),
            fallback_contact: self.fallback_contact.clone(),
            theme: self.theme.clone(),
            translations: self.translations.clone(),
            turnstile_site_key: self.spam.turnstile_site_key.clone(),
            token: None,
        }
    }
}

impl Default for FormDefinition {
    fn default() -> Self {
        Self {
            id: String::new(),
            name: "Contact".to_owned(),
            locale: "en".to_owned(),
            fields: default_fields(),
            consent: ConsentRule::default(),
            phone_region: Region::GB,
            success: Success::default(),
            fallback_contact: None,
            allowed_origins: Vec::new(),
            require_origin: false,
            duplicates: Duplicates::default(),
            spam: Spam::default(),
            theme: BTreeMap::new(),
            translations: BTreeMap::new(),
            retention_days: 365,
            client_address: KeptAddress::None,
            sellers: Vec::new(),
            campaigns: BTreeMap::new(),
        }
    }
}

/// Name, e-mail, telephone and message: none required by itself, since one contact is enough.
fn default_fields() -> Vec<Field> {
    let field = |name: &str, kind, label: &str| Field {
        name: name.to_owned(),
        kind,
        label: label.to_owned(),
        placeholder: None,
        help: None,
        required: false,
        max_length: None,
        options: Vec::new(),
        autocomplete: None,
        step: 1,
        show_when: None,
    };
    vec![
        field("name", FieldKind::Text, "Name"),
        field("email", FieldKind::Email, "Email"),
        field("phone", FieldKind::Tel, "Phone"),
        field("message", FieldKind::Textarea, "Message"),
    ]
}

impl Default for ConsentRule {
    fn default() -> Self {
        Self {
            required: true,
            text: "I agree that my details are stored and used to answer my enquiry.".to_owned(),
            version: "1".to_owned(),
            policy_url: None,
            marketing: None,
        }
    }
}

impl Default for Duplicates {
    fn default() -> Self {
        Self { policy: DuplicatePolicy::Allow, by: vec![DuplicateBy::Email, DuplicateBy::Phone], window_days: 30 }
    }
}

impl Default for Spam {
    fn default() -> Self {
        Self {
            min_fill_seconds: 2,
            turnstile_site_key: None,
            turnstile_secret: "TURNSTILE_SECRET".to_owned(),
            threshold: 60,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_but_the_id_has_a_default() {
        let form: FormDefinition = serde_json::from_str(r#"{"id":"contact"}"#).unwrap();
        assert_eq!(form.fields.len(), 4);
        assert!(form.consent.required);
    }

    #[test]
    fn the_public_form_leaves_out_what_only_the_operator_may_know() {
        let form = FormDefinition { allowed_origins: vec!["https://example.com".into()], ..FormDefinition::default() };
        let json = serde_json::to_value(form.public()).unwrap();
        for secret in [
            "allowed_origins",
            "duplicates",
            "spam",
            "retention_days",
            "client_address",
            "require_origin",
            "sellers",
            "campaigns",
        ] {
            assert!(json.get(secret).is_none(), "{secret}");
        }
    }

    #[test]
    fn an_id_needs_no_escaping() {
        assert!(is_id("contact") && is_id("a-b_1") && is_id("9"));
        assert!(!is_id("") && !is_id("A") && !is_id("-a") && !is_id("a/b") && !is_id(&"a".repeat(65)));
    }
}
