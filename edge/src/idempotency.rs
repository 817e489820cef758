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

    /// A lead of a platform that has proved itself, such as `meta 1234`, which stays the same whatever else has
    /// changed of the request. No `Idempotency-Key` has a space, so none is the same.
    pub fn of_platform(id: &str) -> Self {
        Self { key: id.to_owned(), fingerprint: id.to_owned(), kept_seconds: PLATFORM_KEPT_SECONDS }
    }

    /// A lead that somebody says is a platform's. Anybody may say so, and of any id: only the very same body is
    /// the same lead, so that nobody uses up an id that another lead will have.
    pub fn of_claimed_platform(id: &str, fingerprint: String) -> Self {
        Self { key: format!("? {id} {fingerprint}"), fingerprint, kept_seconds: PLATFORM_KEPT_SECONDS }
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
    fn an_id_that_is_only_claimed_is_used_up_for_nobody_but_who_sends_the_same_again() {
        let claimed = |id: &str, body: &[u8]| Repeatable::of_claimed_platform(id, fingerprint("", "", "", body));
        assert_eq!(claimed("jotform 1", b"a"), claimed("jotform 1", b"a"));
        assert_ne!(claimed("jotform 1", b"a").key, claimed("jotform 1", b"b").key);
        assert_ne!(claimed("jotform 1", b"a").key, Repeatable::of_platform("jotform 1").key);
        assert_eq!(Repeatable::of_platform("jotform 1").key, "jotform 1");
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
