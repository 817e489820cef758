//! Repeated requests: the key that marks them and the fingerprint that tells them from others.

use sha2::{Digest, Sha256};

/// How long an answer can be asked for again, in seconds: 24 hours.
pub const KEPT_SECONDS: i64 = 24 * 60 * 60;

/// How long a platform's lead is known by the platform's own id, in seconds: 7 days, since Meta sends a
/// notification again for 36 hours, and people send old submissions again by hand.
pub const PLATFORM_KEPT_SECONDS: i64 = 7 * 24 * 60 * 60;

/// Longest key, in characters.
const KEY_MAX_CHARS: usize = 255;

/// An `Idempotency-Key`: 1 to 255 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Reads the header's value.
    pub fn parse(text: &str) -> Option<Self> {
        let good = (1..=KEY_MAX_CHARS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        good.then(|| Self(text.to_owned()))
    }

    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a request is known by when it comes again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeatable {
    /// The name under which its answer is kept.
    pub key: String,
    /// What tells the same request from another under that name.
    pub fingerprint: String,
    /// How long it is known, in seconds.
    pub kept_seconds: i64,
}

impl Repeatable {
    /// A request whose sender wants it known.
    pub fn asked(key: IdempotencyKey, fingerprint: String) -> Self {
        Self { key: key.0, fingerprint, kept_seconds: KEPT_SECONDS }
    }

    /// A lead of a platform, such as `meta 1234`, which stays the same whatever else has changed of the
    /// request. No `Idempotency-Key` has a space, so none is the same; and who has not proved to be the
    /// platform cannot use up the ids of its leads.
    pub fn of_platform(id: &str, is_proved: bool) -> Self {
        let key = if is_proved { id.to_owned() } else { format!("? {id}") };
        Self { fingerprint: key.clone(), key, kept_seconds: PLATFORM_KEPT_SECONDS }
    }
}

/// What makes two requests the same: SHA-256 over path, query, content type and body, each with its
/// length before it so that no two requests run together into the same bytes.
pub fn fingerprint(path: &str, query: &str, content_type: &str, body: &[u8]) -> String {
    let mut hash = Sha256::new();
    for part in [path.as_bytes(), query.as_bytes(), content_type.as_bytes(), body] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_1_to_255_visible_ascii_characters() {
        assert!(IdempotencyKey::parse("a").is_some() && IdempotencyKey::parse(&"~".repeat(255)).is_some());
        for wrong in ["", "a b", "ä", "a\u{7f}", &"a".repeat(256)] {
            assert!(IdempotencyKey::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn every_part_of_a_request_counts() {
        let base = fingerprint("/v1/leads", "a=1", "application/json", b"{}");
        assert_eq!(base, fingerprint("/v1/leads", "a=1", "application/json", b"{}"));
        for other in [
            fingerprint("/v1/lead", "sa=1", "application/json", b"{}"),
            fingerprint("/v1/leads", "", "application/json", b"{}"),
            fingerprint("/v1/leads", "a=1", "text/json", b"{}"),
            fingerprint("/v1/leads", "a=1", "application/json", b"{ }"),
        ] {
            assert_ne!(base, other);
        }
    }
}
