//! How a person can be reached: an e-mail address, a telephone number, or both.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::{Normaliser, is_longer_than};

/// The longest address SMTP can carry in a path, less its angle brackets (RFC 5321 §4.5.3.1.3, erratum 1690).
pub const EMAIL_MAX_CHARS: usize = 254;

/// A label of a host name (RFC 1035 §2.3.4).
const LABEL_MAX_CHARS: usize = 63;

/// The longest telephone number that is looked at; libphonenumber refuses longer ones too.
pub const PHONE_MAX_CHARS: usize = 250;

/// Fewer digits than this are no telephone number in any country.
const PHONE_MIN_DIGITS: usize = 3;

/// An e-mail address as typed, valid by the HTML standard's rule
/// (<https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address>) and with a dot in its domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// The address in `typed`, which must be trimmed already.
    pub fn parse(typed: &str) -> Option<Self> {
        let (local, domain) = typed.split_once('@')?;
        let labels_fit = domain.split('.').all(is_label);
        (!is_longer_than(typed, EMAIL_MAX_CHARS)
            && !local.is_empty()
            && local.bytes().all(is_local_byte)
            && domain.contains('.')
            && labels_fit)
            .then(|| Self(typed.to_owned()))
    }

    /// The address as it was typed.
    pub fn as_typed(&self) -> &str {
        &self.0
    }
}

fn is_local_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte)
}

fn is_label(label: &str) -> bool {
    let bytes = label.as_bytes();
    (1..=LABEL_MAX_CHARS).contains(&bytes.len())
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-')
        && bytes.first() != Some(&b'-')
        && bytes.last() != Some(&b'-')
}

impl TryFrom<String> for Email {
    type Error = &'static str;

    fn try_from(typed: String) -> Result<Self, Self::Error> {
        Self::parse(&typed).ok_or("not an e-mail address")
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

/// A number in the international format of ITU-T E.164: `+` and 2 to 15 digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct E164(String);

impl E164 {
    /// Reads `+` and 2 to 15 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('+')?;
        ((2..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())).then(|| Self(text.to_owned()))
    }

    /// The number, with its leading `+`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for E164 {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a number in E.164 format")
    }
}

impl From<E164> for String {
    fn from(number: E164) -> Self {
        number.0
    }
}

/// The country whose habits a number without a country code is read by: ISO 3166-1 alpha-2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region([u8; 2]);

impl Region {
    /// The United Kingdom, the default of a form.
    pub const GB: Self = Self(*b"GB");
    /// The United States.
    pub const US: Self = Self(*b"US");

    /// Reads two ASCII letters in either case.
    pub fn parse(text: &str) -> Option<Self> {
        let code: [u8; 2] = text.as_bytes().try_into().ok()?;
        code.iter().all(u8::is_ascii_alphabetic).then(|| Self(code.map(|b| b.to_ascii_uppercase())))
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{}", char::from(*b)))
    }
}

impl TryFrom<String> for Region {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("expected a country as two letters, such as GB")
    }
}

impl From<Region> for String {
    fn from(region: Region) -> Self {
        region.to_string()
    }
}

/// A telephone number: as typed, and the number it stands for. `e164` is absent only for a number
/// that another system vouched for and the metadata does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// As the person typed it.
    pub typed: String,
    /// What to dial.
    pub e164: Option<E164>,
}

impl Phone {
    /// The number in `typed` as a person in `region` would mean it.
    pub fn parse(typed: &str, region: Region, normaliser: &impl Normaliser) -> Option<Self> {
        if !could_be_phone(typed) {
            return None;
        }
        let e164 = normaliser.e164(typed, region)?;
        Some(Self { typed: typed.to_owned(), e164: Some(e164) })
    }
}

/// The light check for a browser, which has no numbering plans: refuses only what no country's plan
/// can accept, so it never refuses a number that the edge would take.
pub fn could_be_phone(typed: &str) -> bool {
    // Other scripts have digits of their own; a table that knows them would be a twentieth of the widget.
    let could_be_digit = |c: &char| c.is_ascii_digit() || !c.is_ascii();
    !is_longer_than(typed, PHONE_MAX_CHARS) && typed.chars().filter(could_be_digit).count() >= PHONE_MIN_DIGITS
}

/// How a person can be reached. A submission must give at least one way; a partner's own API may
/// accept a person with none, and such a lead is kept though nobody can be told of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(from = "ContactFields", into = "ContactFields")]
pub struct Contact {
    /// By e-mail.
    pub email: Option<Email>,
    /// By telephone.
    pub phone: Option<Phone>,
}

impl Contact {
    /// Whether there is any way.
    pub fn is_reachable(&self) -> bool {
        self.email.is_some() || self.phone.is_some()
    }
}

/// How a contact stands in a lead's JSON: three members, `null` where there is nothing.
#[derive(Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
struct ContactFields {
    #[serde(default)]
    email: Option<Email>,
    #[serde(default)]
    phone: Option<String>,
    #[serde(default)]
    phone_e164: Option<E164>,
    /// `false` where there is no way to reach the person; else left out.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    contactable: bool,
}

const fn yes() -> bool {
    true
}

const fn is_yes(value: &bool) -> bool {
    *value
}

impl From<ContactFields> for Contact {
    fn from(fields: ContactFields) -> Self {
        let phone = fields.phone.map(|typed| Phone { typed, e164: fields.phone_e164 });
        Self { email: fields.email, phone }
    }
}

impl From<Contact> for ContactFields {
    fn from(contact: Contact) -> Self {
        let contactable = contact.is_reachable();
        let (phone, phone_e164) = contact.phone.map_or((None, None), |p| (Some(p.typed), p.e164));
        Self { email: contact.email, phone, phone_e164, contactable }
    }
}

#[cfg(test)]
mod addresses;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accepts_addresses_people_have() {
        for typed in [
            "marla@example.com",
            "a@b.co",
            "first.last+tag@sub.domain.co.uk",
            "o'brien@example.ie",
            "UPPER@EXAMPLE.COM",
            "x@1-2.de",
            ".dot.first@example.com",
            "a..b@example.com",
        ] {
            assert!(Email::parse(typed).is_some(), "{typed}");
        }
    }

    #[test]
    fn refuses_what_cannot_receive_mail() {
        let long_local = format!("{}@example.com", "a".repeat(243));
        let long_label = format!("a@{}.com", "b".repeat(64));
        for typed in [
            "",
            "marla",
            "@example.com",
            "marla@",
            "marla@localhost",
            "marla@example..com",
            "marla@.com",
            "marla@example.com.",
            "marla@-example.com",
            "marla@example-.com",
            "ma rla@example.com",
            "marla@exa mple.com",
            "a@b@c.com",
            "marla@exämple.com",
            "mär@example.com",
            "<marla@example.com>",
            "marla@[127.0.0.1]",
            &long_local,
            &long_label,
        ] {
            assert!(Email::parse(typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn an_address_may_have_254_characters() {
        let longest = format!("{}@example.com", "a".repeat(242));
        assert_eq!(longest.len(), EMAIL_MAX_CHARS);
        assert!(Email::parse(&longest).is_some());
    }

    #[test]
    fn a_contact_reads_back_from_its_json() {
        let phone = Phone { typed: "01623 000000".into(), e164: E164::parse("+441623000000") };
        let contact = Contact { email: Email::parse("a@b.co"), phone: Some(phone) };
        let json = serde_json::to_string(&contact).unwrap();
        assert_eq!(json, r#"{"email":"a@b.co","phone":"01623 000000","phone_e164":"+441623000000"}"#);
        assert_eq!(serde_json::from_str::<Contact>(&json).unwrap(), contact);
        let nobody: Contact = serde_json::from_str(r#"{"email":null}"#).unwrap();
        assert!(!nobody.is_reachable());
        let json = serde_json::to_string(&nobody).unwrap();
        assert_eq!(json, r#"{"email":null,"phone":null,"phone_e164":null,"contactable":false}"#);
    }

    #[test]
    fn a_region_is_two_letters() {
        assert_eq!(Region::parse("gb"), Some(Region::GB));
        assert!(Region::parse("GBR").is_none() && Region::parse("1A").is_none() && Region::parse("é").is_none());
    }

    proptest! {
        #[test]
        fn any_text_is_an_address_or_is_not(text in any::<String>()) {
            if let Some(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(email.as_typed()), Some(email.clone()));
            }
        }
    }
}
