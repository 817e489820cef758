//! Form tokens: what shows that a submission comes from a form that was loaded, and when it was.
//!
//! A token is a version, the time of issue and a truncated MAC in base64url: 23 characters. The form's id
//! is under the MAC and so needs no place of its own. A token is no secret and may be used more than once:
//! it makes a direct post visible, it does not make it impossible.

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use shared::timestamp::Timestamp;

/// How long a token is fresh, in seconds: 2 hours. A page that stays open longer is unusual and no more.
pub const FRESH_SECONDS: i64 = 2 * 60 * 60;

const VERSION: u8 = 1;

/// Bytes of the MAC that are kept: to guess 96 bits takes more requests than any limit lets through.
const MAC_BYTES: usize = 12;

/// Sets the key apart from other uses of the secret it is derived from.
const PURPOSE: &[u8] = b"leadgate form token 1";

/// The key that signs tokens.
pub struct TokenKey(Hmac<Sha256>);

/// What a token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The form was loaded that many seconds ago.
    Fresh {
        /// Since the token was issued; 0 for one that a faster clock issued.
        age_seconds: i64,
    },
    /// It was loaded more than [`FRESH_SECONDS`] ago.
    Old,
    /// No token of this form: forged, garbled, for another form, or signed by another key.
    Invalid,
}

impl TokenKey {
    /// The key that belongs to a secret of the Worker.
    pub fn derive(secret: &str) -> Option<Self> {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
        mac.update(PURPOSE);
        Hmac::new_from_slice(&mac.finalize().into_bytes()).ok().map(Self)
    }

    /// A token for the form, issued now.
    pub fn issue(&self, form: &str, now: Timestamp) -> String {
        let head = head(now);
        let mut token = head.to_vec();
        token.extend(self.over(head, form).finalize().into_bytes().iter().take(MAC_BYTES));
        Base64UrlUnpadded::encode_string(&token)
    }

    /// What a text that came as the token of a form says. Compared in constant time.
    pub fn read(&self, token: &str, form: &str, now: Timestamp) -> Standing {
        let Some((issued_at, mac, head)) = parse(token) else { return Standing::Invalid };
        if self.over(head, form).verify_truncated_left(&mac).is_err() {
            return Standing::Invalid;
        }
        let age_seconds = now.seconds().saturating_sub(issued_at).max(0);
        if age_seconds > FRESH_SECONDS { Standing::Old } else { Standing::Fresh { age_seconds } }
    }

    fn over(&self, head: [u8; 5], form: &str) -> Hmac<Sha256> {
        self.0.clone().chain_update(head).chain_update(form)
    }
}

/// The version and the second of issue, which fits into 32 bits until the year 2106.
fn head(now: Timestamp) -> [u8; 5] {
    let [a, b, c, d] = u32::try_from(now.seconds()).unwrap_or(u32::MAX).to_be_bytes();
    [VERSION, a, b, c, d]
}

/// The second of issue, the MAC and what it is over.
fn parse(token: &str) -> Option<(i64, [u8; MAC_BYTES], [u8; 5])> {
    let mut bytes = [0; 5 + MAC_BYTES];
    let decoded = Base64UrlUnpadded::decode(token, &mut bytes).ok()?;
    let (head, mac) = decoded.split_first_chunk::<5>()?;
    let [VERSION, a, b, c, d] = *head else { return None };
    Some((u32::from_be_bytes([a, b, c, d]).into(), mac.try_into().ok()?, *head))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    #[test]
    fn a_token_is_short_and_says_how_long_ago_the_form_was_loaded() {
        let key = TokenKey::derive("secret").unwrap();
        let token = key.issue("contact", at(1_000_000));
        assert_eq!(token.len(), 23);
        assert_eq!(key.read(&token, "contact", at(1_000_007)), Standing::Fresh { age_seconds: 7 });
        assert_eq!(key.read(&token, "contact", at(999_999)), Standing::Fresh { age_seconds: 0 });
        assert_eq!(key.read(&token, "contact", at(1_000_000 + FRESH_SECONDS + 1)), Standing::Old);
    }

    #[test]
    fn one_changed_character_makes_it_invalid() {
        let key = TokenKey::derive("secret").unwrap();
        let token = key.issue("contact", at(1_000_000));
        for at_character in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[at_character] = if bytes[at_character] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(key.read(&changed, "contact", at(1_000_001)), Standing::Invalid, "{changed}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_invalid(text in any::<String>(), short in "[A-Za-z0-9_-]{0,30}") {
            let key = TokenKey::derive("secret").unwrap();
            prop_assert_eq!(key.read(&text, "contact", at(0)), Standing::Invalid);
            prop_assert_eq!(key.read(&short, "contact", at(0)), Standing::Invalid);
        }

        #[test]
        fn a_token_of_another_form_time_or_key_is_invalid(
            form in "[a-z0-9]{1,20}", other in "[a-z0-9]{1,20}", seconds in 0_i64..4_000_000_000, shift in 1_i64..1_000_000,
        ) {
            let (key, another) = (TokenKey::derive("one").unwrap(), TokenKey::derive("two").unwrap());
            let token = key.issue(&form, at(seconds));
            prop_assert_eq!(key.read(&token, &form, at(seconds)), Standing::Fresh { age_seconds: 0 });
            prop_assert_eq!(another.read(&token, &form, at(seconds)), Standing::Invalid);
            if form != other {
                prop_assert_eq!(key.read(&token, &other, at(seconds)), Standing::Invalid);
            }
            // The time of another token under the MAC of this one.
            let later = key.issue(&form, at(seconds + shift));
            let mixed = format!("{}{}", later.split_at(6).0, token.split_at(6).1);
            prop_assume!(mixed != token);
            prop_assert_eq!(key.read(&mixed, &form, at(seconds)), Standing::Invalid);
        }
    }
}
