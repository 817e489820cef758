//! API keys: their format, how they are presented, and what their holders may do.
//!
//! A key is `lg_pk_` or `lg_sk_`, 32 random base62 characters, and 6 base62 characters that are the
//! CRC-32 of everything before, so that a mistyped key is refused without a look into any store.

mod record;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::base62;
pub use record::{Grant, KeyRecord, Scope};

/// What finds keys in texts, for secret scanners; it matches whatever has the form of a key. A match
/// whose checksum is right is one.
pub const PATTERN: &str = "lg_[ps]k_[0-9A-Za-z]{38}";

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
    /// How many characters a key has behind its prefix.
    pub const CHARS: usize = RANDOM_CHARS + CHECKSUM_CHARS;

    /// What a key of this kind begins with.
    pub const fn prefix(self) -> &'static str {
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

/// Whether a text is a secret key, with the right checksum and whatever space around it.
pub fn is_secret(text: &str) -> bool {
    ApiKey::parse(text.trim()).is_some_and(|key| key.kind == KeyKind::Secret)
}

/// The key of a request: `Authorization: Bearer K` or `Token K`, then `X-Api-Key: K`, then `?key=K`
/// for a publishable one. `query` are the parameters of the address.
///
/// # Errors
/// Why there is none.
pub fn presented<'a>(
    authorization: Option<&str>,
    x_api_key: Option<&str>,
    query: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>,
) -> Result<ApiKey, KeyRefusal> {
    let mut in_query = None;
    for (name, value) in query {
        let is_key = name == "key";
        // Under any name and even beside a good header: whoever put it there has to learn that it is exposed.
        if is_key && value.trim_start().starts_with(KeyKind::Secret.prefix()) || is_secret(&value) || is_secret(&name) {
            return Err(KeyRefusal::SecretInQuery);
        }
        if is_key && in_query.is_none() {
            in_query = Some(value);
        }
    }
    let in_query = in_query.as_deref().map(str::trim);
    let text = authorization.map(credentials).or(x_api_key.map(str::trim)).or(in_query).ok_or(KeyRefusal::Missing)?;
    ApiKey::parse(text).ok_or(KeyRefusal::Malformed)
}

/// What follows the scheme `Bearer` or `Token` of an `Authorization` header (RFC 9110 §11.4: schemes
/// are written in any case).
pub fn credentials(authorization: &str) -> &str {
    match authorization.trim().split_once([' ', '\t']) {
        Some((scheme, rest)) if ["bearer", "token"].iter().any(|s| scheme.eq_ignore_ascii_case(s)) => rest.trim(),
        _ => "",
    }
}
