//! Whether a request was signed by the platform it says it is from.

use base64ct::{Base64, Encoding};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::Format;

/// Whether the body was signed with one of the `secrets`, which stand apart by spaces or commas: forms of one
/// platform may have different ones, and a new one has to work beside the old. `header` gives a header's
/// value. A platform that does not sign has signed nothing.
///
/// - Typeform, <https://www.typeform.com/developers/webhooks/secure-your-webhooks/>: `Typeform-Signature` is
///   `sha256=` and the base64 of the HMAC-SHA256 of the body.
/// - Meta, <https://developers.facebook.com/docs/graph-api/webhooks/getting-started>: `X-Hub-Signature-256` is
///   `sha256=` and the same in hexadecimal.
/// - Webflow, <https://developers.webflow.com/data/docs/working-with-webhooks>: `X-Webflow-Signature` is the
///   hexadecimal HMAC-SHA256 of `X-Webflow-Timestamp`, a colon and the body.
pub fn is_signed(format: Format, secrets: &str, header: impl Fn(&str) -> Option<String>, body: &[u8]) -> bool {
    let (name, before, timestamp) = match format {
        Format::Typeform => ("typeform-signature", "sha256=", None),
        Format::Meta => ("x-hub-signature-256", "sha256=", None),
        Format::Webflow => ("x-webflow-signature", "", header("x-webflow-timestamp")),
        _ => return false,
    };
    let Some(given) = header(name) else { return false };
    let Some(given) = given.strip_prefix(before) else { return false };
    each(secrets).any(|secret| {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return false };
        if format == Format::Webflow {
            mac.update(timestamp.as_deref().unwrap_or("").as_bytes());
            mac.update(b":");
        }
        mac.update(body);
        let bytes = mac.finalize().into_bytes();
        let expected = match format {
            Format::Typeform => Base64::encode_string(&bytes),
            _ => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        };
        bool::from(expected.as_bytes().ct_eq(given.as_bytes()))
    })
}

/// Whether `given` is one of the `secrets`, in a time that does not tell how much of it is right.
pub fn is_one_of(secrets: &str, given: &str) -> bool {
    each(secrets).any(|secret| secret.as_bytes().ct_eq(given.as_bytes()).into())
}

fn each(secrets: &str) -> impl Iterator<Item = &str> {
    secrets.split([' ', ',']).filter(|secret| !secret.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// HMAC-SHA256 of `what do ya want for nothing?` under `Jefe`: RFC 4231, test case 2.
    const BODY: &[u8] = b"what do ya want for nothing?";
    const HEX: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    const BASE64: &str = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=";

    fn signed(format: Format, secrets: &str, signature: &str) -> bool {
        is_signed(format, secrets, |name| (name != "x-webflow-timestamp").then(|| signature.to_owned()), BODY)
    }

    #[test]
    fn each_platform_signs_in_its_own_way() {
        assert!(signed(Format::Typeform, "Jefe", &format!("sha256={BASE64}")));
        assert!(signed(Format::Meta, "Jefe", &format!("sha256={HEX}")));
        let webflow = |name: &str| Some(if name == "x-webflow-timestamp" { "what" } else { HEX }.to_owned());
        assert!(!is_signed(Format::Webflow, "Jefe", webflow, BODY));
        assert!(!signed(Format::Jotform, "Jefe", HEX));
    }

    #[test]
    fn webflow_signs_its_timestamp_with_the_body() {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"Jefe").unwrap();
        mac.update(b"1700000000000:{}");
        let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let header = |name: &str| match name {
            "x-webflow-timestamp" => Some("1700000000000".to_owned()),
            _ => Some(hex.clone()),
        };
        assert!(is_signed(Format::Webflow, "Jefe", header, b"{}"));
        assert!(!is_signed(Format::Webflow, "Jefe", header, b"{} "));
    }

    #[test]
    fn any_of_several_secrets_will_do_and_no_other() {
        let signature = format!("sha256={HEX}");
        assert!(signed(Format::Meta, "old Jefe", &signature) && signed(Format::Meta, "old,Jefe", &signature));
        for (secrets, signature) in
            [("", signature.as_str()), ("jefe", &signature), ("Jefe", HEX), ("Jefe", "sha256="), ("Jefe", "")]
        {
            assert!(!signed(Format::Meta, secrets, signature), "{secrets} {signature}");
        }
        assert!(is_one_of("a b", "b") && !is_one_of("a b", "a b") && !is_one_of("", ""));
    }
}
