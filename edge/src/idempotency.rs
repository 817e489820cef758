//! Repeated requests: the key that marks them and the fingerprint that tells them from others.

use sha2::{Digest, Sha256};

/// How long an answer can be asked for again, in seconds: 24 hours.
pub const KEPT_SECONDS: i64 = 24 * 60 * 60;

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
