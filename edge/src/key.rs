//! API keys: their format, how they are presented, and what their holders may do.
//!
//! A key is `lg_pk_` or `lg_sk_`, 32 random base62 characters, and 6 base62 characters that are the
//! CRC-32 of everything before, so that a mistyped key is refused without a look into any store.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared::timestamp::Timestamp;

use crate::{base62, rate_limit::RateLimit};

/// Random characters of a key: 190 bits.
const RANDOM_CHARS: usize = 32;
/// Characters of the checksum: 62^6 is more than 2^32.
const CHECKSUM_CHARS: usize = 6;
/// Hexadecimal characters of the hash that make up a key's id: 96 bits, which tell two keys apart
/// and say nothing about either.
const ID_CHARS: usize = 24;

/// The two kinds of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// May stand in a web page.
    Publishable,
    /// Stays on a server.
    Secret,
}

impl KeyKind {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Publishable => "lg_pk_",
            Self::Secret => "lg_sk_",
        }
    }
}

/// A well-formed key. It cannot be printed: only its hash and id leave this type.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    kind: KeyKind,
    text: String,
}

impl ApiKey {
    /// Reads a key; `None` when its form or its checksum is wrong.
    pub fn parse(text: &str) -> Option<Self> {
        let kind = [KeyKind::Publishable, KeyKind::Secret].into_iter().find(|k| text.starts_with(k.prefix()))?;
        let rest = text.strip_prefix(kind.prefix())?;
        let well_formed =
            rest.len() == RANDOM_CHARS.saturating_add(CHECKSUM_CHARS) && rest.bytes().all(base62::is_digit);
        let (body, checksum) =
            well_formed.then(|| text.split_at_checked(text.len().saturating_sub(CHECKSUM_CHARS)))??;
        (checksum == checksum_of(body)).then(|| Self { kind, text: text.to_owned() })
    }

    /// Makes a key of random bytes. A byte modulo 62 favours eight of the digits a little, which
    /// costs less than 2 of the 190 bits.
    pub fn generate(kind: KeyKind, random: [u8; 32]) -> Self {
        let mut text = kind.prefix().to_owned();
        text.extend(random.iter().map(|byte| char::from(base62::digit(u32::from(*byte)))));
        let checksum = checksum_of(&text);
        text.push_str(&checksum);
        Self { kind, text }
    }

    /// Which kind it is.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The lower-case hexadecimal SHA-256, by which a key is known everywhere else.
    pub fn hash(&self) -> KeyHash {
        let digest = Sha256::digest(self.text.as_bytes());
        KeyHash(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The key itself, to be shown once to who created it.
    pub fn reveal(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…", self.kind.prefix())
    }
}

fn checksum_of(body: &str) -> String {
    base62::padded(crc32fast::hash(body.as_bytes()), CHECKSUM_CHARS)
}

/// What a key is known by in KV: `key:{hash}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyHash(String);

impl KeyHash {
    /// The lower-case hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of the key with this hash: what people and logs call it.
    pub fn key_id(&self) -> String {
        self.0.get(..ID_CHARS).unwrap_or(&self.0).to_owned()
    }
}

/// What is stored of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRecord {
    /// What people and logs call it.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// What its holder may do: the members `kind`, and `form` or `forms` and `scopes`.
    #[serde(flatten)]
    pub grant: Grant,
    /// How much.
    #[serde(default)]
    pub rate_limit: RateLimit,
    /// Whether it works at all.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Until when it works.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

const fn yes() -> bool {
    true
}

impl KeyRecord {
    /// Whether the key works at that time.
    pub fn is_valid_at(&self, now: Timestamp) -> bool {
        self.enabled && self.expires_at.is_none_or(|expiry| now < expiry)
    }
}

/// What a key's holder may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Grant {
    /// Read one form and write leads to it.
    Publishable {
        /// The form's id.
        form: String,
    },
    /// What the scopes say, with the leads of these forms.
    Secret {
        /// Form ids, or `["*"]` for all.
        forms: Vec<String>,
        /// What may be done.
        scopes: Vec<Scope>,
    },
}

/// One thing a secret key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    /// Submit leads.
    #[serde(rename = "leads:write")]
    Write,
    /// Read leads and deliveries.
    #[serde(rename = "leads:read")]
    Read,
    /// Change, export and erase leads. Includes reading.
    #[serde(rename = "leads:manage")]
    Manage,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Write => "leads:write",
            Self::Read => "leads:read",
            Self::Manage => "leads:manage",
        })
    }
}

impl Grant {
    /// Whether the holder may do that.
    pub fn has(&self, scope: Scope) -> bool {
        match self {
            Self::Publishable { .. } => scope == Scope::Write,
            Self::Secret { scopes, .. } => {
                scopes.contains(&scope) || (scope == Scope::Read && scopes.contains(&Scope::Manage))
            }
        }
    }

    /// Whether the holder may work with that form.
    pub fn covers(&self, form: &str) -> bool {
        match self {
            Self::Publishable { form: own } => own == form,
            Self::Secret { forms, .. } => forms.iter().any(|f| f == "*" || f == form),
        }
    }

    /// The forms it is bound to; `None` for all.
    pub fn forms(&self) -> Option<&[String]> {
        match self {
            Self::Publishable { form } => Some(std::slice::from_ref(form)),
            Self::Secret { forms, .. } if forms.iter().any(|form| form == "*") => None,
            Self::Secret { forms, .. } => Some(forms),
        }
    }

    /// The one form it is bound to, if it is just one.
    pub fn only_form(&self) -> Option<&str> {
        match self {
            Self::Publishable { form } => Some(form),
            Self::Secret { forms, .. } => match forms.as_slice() {
                [form] if form != "*" => Some(form),
                _ => None,
            },
        }
    }

    /// Which kind of key it is.
    pub fn kind(&self) -> KeyKind {
        match self {
            Self::Publishable { .. } => KeyKind::Publishable,
            Self::Secret { .. } => KeyKind::Secret,
        }
    }
}

/// Why no key could be read from a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyRefusal {
    /// None was presented.
    Missing,
    /// It is not of the form of a key, or its checksum is wrong.
    Malformed,
    /// A secret key stood in the address, where logs and browsers keep it.
    SecretInQuery,
    /// Unknown, revoked, disabled or expired: which of them is nobody's business.
    NotValid,
}

/// The key of a request: `Authorization: Bearer K` or `Token K`, then `X-Api-Key: K`, then `?key=K`
/// for a publishable one.
///
/// # Errors
/// Why there is none.
pub fn presented(
    authorization: Option<&str>,
    x_api_key: Option<&str>,
    query: Option<&str>,
) -> Result<ApiKey, KeyRefusal> {
    // Even beside a good header: whoever put it there has to learn that it is exposed.
    if query.is_some_and(|text| text.starts_with(KeyKind::Secret.prefix())) {
        return Err(KeyRefusal::SecretInQuery);
    }
    let in_header = authorization.map(credentials).or(x_api_key.map(str::trim));
    match (in_header, query) {
        (Some(text), _) => ApiKey::parse(text).ok_or(KeyRefusal::Malformed),
        (None, Some(text)) => ApiKey::parse(text).ok_or(KeyRefusal::Malformed),
        (None, None) => Err(KeyRefusal::Missing),
    }
}

/// What follows the scheme `Bearer` or `Token` of an `Authorization` header (RFC 9110 §11.4: schemes
/// are written in any case).
pub fn credentials(authorization: &str) -> &str {
    match authorization.trim().split_once(' ') {
        Some((scheme, rest)) if ["bearer", "token"].iter().any(|s| scheme.eq_ignore_ascii_case(s)) => rest.trim(),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(kind: KeyKind) -> ApiKey {
        ApiKey::generate(kind, [7; 32])
    }

    #[test]
    fn a_made_key_reads_back() {
        let key = key(KeyKind::Secret);
        assert_eq!(key.reveal().len(), "lg_sk_".len() + 38);
        assert_eq!(ApiKey::parse(key.reveal()), Some(key));
    }

    const DIGITS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    #[test]
    fn the_checksum_is_the_crc_32_of_all_before_in_base62() {
        let text = key(KeyKind::Publishable).reveal().to_owned();
        let (body, checksum) = text.split_at(38);
        assert_eq!(body, format!("lg_pk_{}", "7".repeat(32)));
        let value =
            checksum.bytes().fold(0_u64, |sum, digit| sum * 62 + DIGITS.find(char::from(digit)).unwrap() as u64);
        assert_eq!(value, u64::from(crc32fast::hash(body.as_bytes())));
    }

    #[test]
    fn one_wrong_character_is_noticed() {
        let text = key(KeyKind::Publishable).reveal().to_owned();
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
            assert_eq!(ApiKey::parse(std::str::from_utf8(&bytes).unwrap()), None, "at {at}");
        }
    }

    #[test]
    fn a_key_is_presented_in_any_of_the_documented_ways() {
        let key = key(KeyKind::Publishable);
        let text = key.reveal();
        let bearer = format!("bearer  {text}");
        let token = format!("Token {text}");
        assert_eq!(presented(Some(&bearer), None, None), Ok(key.clone()));
        assert_eq!(presented(Some(&token), None, None), Ok(key.clone()));
        assert_eq!(presented(None, Some(text), None), Ok(key.clone()));
        assert_eq!(presented(None, None, Some(text)), Ok(key.clone()));
        assert_eq!(presented(None, None, None), Err(KeyRefusal::Missing));
        assert_eq!(presented(Some("Basic abc"), None, None), Err(KeyRefusal::Malformed));
    }

    #[test]
    fn a_secret_key_never_works_from_an_address() {
        let text = key(KeyKind::Secret).reveal().to_owned();
        assert_eq!(presented(None, None, Some(&text)), Err(KeyRefusal::SecretInQuery));
        assert_eq!(presented(None, None, Some("lg_sk_mistyped")), Err(KeyRefusal::SecretInQuery));
        let good = format!("Bearer {text}");
        assert_eq!(presented(Some(&good), None, Some(&text)), Err(KeyRefusal::SecretInQuery));
    }

    #[test]
    fn a_record_has_the_documented_members() {
        let json = r#"{"id":"k1","kind":"secret","name":"CRM","forms":["contact"],"scopes":["leads:write","leads:manage"],
            "rate_limit":{"limit":5,"window_seconds":60},"enabled":true,"expires_at":null,"created_at":"2026-01-01T00:00:00.000Z"}"#;
        let record: KeyRecord = serde_json::from_str(json).unwrap();
        assert!(record.grant.has(Scope::Read) && record.grant.has(Scope::Write));
        assert!(record.grant.covers("contact") && !record.grant.covers("other"));
        assert_eq!(serde_json::to_value(&record).unwrap(), serde_json::from_str::<serde_json::Value>(json).unwrap());
    }

    #[test]
    fn a_key_works_while_it_is_enabled_and_before_it_expires() {
        let at = Timestamp::from_millis;
        let record = |enabled: bool, expires_at: Option<i64>| KeyRecord {
            id: "k1".to_owned(),
            name: String::new(),
            grant: Grant::Publishable { form: "contact".to_owned() },
            rate_limit: RateLimit::default(),
            enabled,
            expires_at: expires_at.map(at),
            created_at: at(0),
        };
        assert!(record(true, None).is_valid_at(at(1_000)));
        assert!(record(true, Some(1_001)).is_valid_at(at(1_000)));
        assert!(!record(true, Some(1_000)).is_valid_at(at(1_000)));
        assert!(!record(false, None).is_valid_at(at(1_000)));
    }

    #[test]
    fn printing_a_key_does_not_show_it() {
        assert_eq!(format!("{:?}", key(KeyKind::Secret)), "lg_sk_…");
    }

    proptest! {
        #[test]
        fn any_text_is_a_key_or_is_not(text in any::<String>()) {
            prop_assert!(ApiKey::parse(&text).is_none());
        }
    }
}
