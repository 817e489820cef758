//! The signature of Standard Webhooks: HMAC-SHA256 over `{id}.{timestamp}.{body}`.

use base64ct::{Base64, Encoding};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::provider::CannotSend;

/// What a secret may begin with, so that people recognise one.
const PREFIX: &str = "whsec_";

/// Bytes of a secret: 192 to 512 bits.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// The value of `webhook-signature`: a signature with each of the `secrets`, which stand apart by
/// spaces or commas. More than one is for rotation: the receiver accepts any of them.
///
/// # Errors
/// When one of them is no secret, in words that show nothing of it.
pub fn sign(secrets: &str, id: &str, timestamp: i64, body: &[u8]) -> Result<String, CannotSend> {
    let mut signatures = String::new();
    for secret in secrets.split(|c: char| c.is_ascii_whitespace() || c == ',').filter(|secret| !secret.is_empty()) {
        let mut mac = key(secret).and_then(|key| Hmac::<Sha256>::new_from_slice(&key).ok()).ok_or_else(not_a_secret)?;
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        if !signatures.is_empty() {
            signatures.push(' ');
        }
        signatures.push_str("v1,");
        signatures.push_str(&Base64::encode_string(&mac.finalize().into_bytes()));
    }
    if signatures.is_empty() { Err(not_a_secret()) } else { Ok(signatures) }
}

fn key(secret: &str) -> Option<Vec<u8>> {
    let key = Base64::decode_vec(secret.strip_prefix(PREFIX).unwrap_or(secret)).ok()?;
    KEY_BYTES.contains(&key.len()).then_some(key)
}

fn not_a_secret() -> CannotSend {
    CannotSend::Misconfigured(
        "The destination's credential is no Standard Webhooks secret: whsec_ and 24 to 64 random bytes in base64. \
         Several for a rotation stand apart by a space. If the receiver wants it in a header, set auth_header."
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    fn signed(secrets: &str) -> Result<String, CannotSend> {
        sign(secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#)
    }

    #[test]
    fn the_test_vector_of_the_reference_libraries_comes_out() {
        assert_eq!(signed(SECRET).unwrap(), SIGNATURE);
        assert_eq!(signed("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap(), SIGNATURE);
    }

    #[test]
    fn each_secret_of_a_rotation_signs() {
        let second = format!("whsec_{}", Base64::encode_string(&[7; 64]));
        let other = signed(&second).unwrap();
        assert_ne!(other, SIGNATURE);
        for secrets in [format!("{SECRET} {second}"), format!("{SECRET},{second}"), format!(" {SECRET} ,\n{second}\n")]
        {
            assert_eq!(signed(&secrets).unwrap(), format!("{SIGNATURE} {other}"));
        }
    }

    #[test]
    fn what_is_no_secret_is_refused_without_showing_it() {
        let encoded = |bytes: usize| format!("whsec_{}", Base64::encode_string(&vec![1; bytes]));
        let bad = [
            encoded(23),
            encoded(65),
            "whsec_".to_owned(),
            "hunter2-hunter2!".to_owned(),
            format!("{SECRET} nonsense!"),
        ];
        for secrets in bad {
            let CannotSend::Misconfigured(sentence) = signed(&secrets).unwrap_err() else { panic!("{secrets}") };
            assert!(!secrets.split(' ').any(|secret| secret != "whsec_" && sentence.contains(secret)), "{sentence}");
        }
        assert!(signed(" , ").is_err());
        assert!(signed(&encoded(24)).is_ok() && signed(&encoded(64)).is_ok());
    }
}
