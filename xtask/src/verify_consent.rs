//! `cargo xtask verify-consent`: whether consent receipts are what a Worker signed. Needs no network.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use clap::Args as Arguments;
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::progress::say;

/// What to verify, and by which key.
#[derive(Arguments)]
pub struct Args {
    /// The answer of /v1/leads/{id}/consent or of /v1/privacy/export, or a file of
    /// /v1/leads/export?format=jsonl&receipts=true
    file: PathBuf,
    /// The public key: a file with the answer of /.well-known/leadgate-consent-key, or its `x`
    #[arg(long)]
    key: String,
}

/// Verifies each receipt in the file and prints what was agreed to.
///
/// # Errors
/// When one is not what the holder of the key signed, or there is none.
pub fn run(args: &Args) -> Result<()> {
    let signed = receipts(&read(&args.file)?).with_context(|| format!("cannot read {}", args.file.display()))?;
    let public = if Path::new(&args.key).exists() {
        text(&serde_json::from_str(&read(args.key.as_ref())?).context("the key is no JSON")?, "x")?
    } else {
        args.key.clone()
    };
    for answer in &signed {
        let receipt = verified(answer, &public)?;
        say(format_args!("The signature is that of the key {}. This was agreed to:", thumbprint(&public)));
        for (name, value) in receipt.as_object().into_iter().flatten() {
            say(format_args!("  {name}: {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
        }
    }
    Ok(())
}

/// The signed receipts in a file: one by itself, those of a person, or those of leads, one a line.
fn receipts(file: &str) -> Result<Vec<Value>> {
    let mut found = Vec::new();
    // Each document is followed by the next, however it is laid out.
    for document in serde_json::Deserializer::from_str(file).into_iter::<Value>() {
        let mut document = document.context("it is no JSON")?;
        if document.get("receipt").is_some() {
            found.push(document);
        } else if let Some(Value::Array(receipts)) = document.get_mut("receipts").map(Value::take) {
            found.extend(receipts);
        } else if let Some(receipt) = document.get_mut("consent_receipt").map(Value::take) {
            found.push(receipt);
        }
    }
    ensure!(!found.is_empty(), "it has no receipt");
    Ok(found)
}

/// The receipt in an answer whose signature is that of the key, given in base64url.
fn verified<'a>(answer: &'a Value, public: &str) -> Result<&'a Value> {
    let receipt = answer.get("receipt").context("the file has no `receipt`")?;
    let algorithm = text(answer, "algorithm")?;
    ensure!(algorithm == "Ed25519", "the algorithm is {algorithm}, not Ed25519");
    let named = text(answer, "key_id")?;
    let known = thumbprint(public);
    ensure!(named == known, "it was signed by the key {named}, and the key given is {known}");
    let key = bytes(public).context("the public key is not 32 bytes in base64url")?;
    let key = VerifyingKey::from_bytes(&key).context("the public key is none of Ed25519")?;
    let signature = bytes(&text(answer, "signature")?).context("the signature is not 64 bytes in base64url")?;
    // However the file is laid out: what is signed is the receipt in the form of RFC 8785.
    let canonical = serde_json_canonicalizer::to_vec(receipt).context("the receipt has no canonical form")?;
    key.verify_strict(&canonical, &Signature::from_bytes(&signature))
        .context("the signature is not of this receipt: one of them was changed")?;
    Ok(receipt)
}

/// What a key is called (RFC 7638).
fn thumbprint(public: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{public}"}}"#)))
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

fn text(object: &Value, member: &str) -> Result<String> {
    let value = object.get(member).and_then(Value::as_str);
    value.map(str::to_owned).with_context(|| format!("the file has no `{member}`"))
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::{Signer, SigningKey};
    use serde_json::json;

    fn signed(receipt: &Value) -> (Value, String) {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes());
        let signature = key.sign(&serde_json_canonicalizer::to_vec(receipt).unwrap());
        let answer = json!({
            "receipt": receipt, "signature": URL_SAFE_NO_PAD.encode(signature.to_bytes()), "algorithm": "Ed25519",
            "key_id": thumbprint(&public),
        });
        (answer, public)
    }

    #[test]
    fn a_receipt_is_verified_and_a_changed_one_is_not() {
        let (answer, public) =
            signed(&json!({"text": "You may call me.", "given": true, "at": "2026-11-21T10:00:00Z"}));
        assert!(verified(&answer, &public).is_ok());
        let changes: [(&str, Value); 4] = [
            ("/receipt/text", "You may call and write me.".into()),
            ("/signature", URL_SAFE_NO_PAD.encode([0; 64]).into()),
            ("/algorithm", "none".into()),
            ("/key_id", "another".into()),
        ];
        for (place, value) in changes {
            let mut changed = answer.clone();
            *changed.pointer_mut(place).unwrap() = value;
            assert!(verified(&changed, &public).is_err(), "{place}");
        }
        assert!(verified(&answer, &URL_SAFE_NO_PAD.encode([1; 32])).is_err());
    }

    #[test]
    fn receipts_are_found_wherever_they_are_handed_out() {
        let (one, _) = signed(&json!({"text": "You may call me."}));
        let (two, _) = signed(&json!({"text": "You may write me."}));
        let lead = |receipt: &Value| json!({"id": "1", "consent_receipt": receipt}).to_string();
        let lines = [lead(&one), r#"{"id": "2"}"#.to_owned(), lead(&two)].join("\n");
        assert_eq!(receipts(&format!("{one:#}")).unwrap(), std::slice::from_ref(&one));
        assert_eq!(
            receipts(&json!({"leads": [], "receipts": [one, two]}).to_string()).unwrap(),
            [one.clone(), two.clone()]
        );
        assert_eq!(receipts(&lines).unwrap(), [one, two]);
        for nothing in ["", "receipt", r#"{"id": "2"}"#, r#"{"receipts": []}"#] {
            assert!(receipts(nothing).is_err(), "{nothing}");
        }
    }

    /// The example of RFC 7638's form for Ed25519 in RFC 8037, appendix A.3.
    #[test]
    fn a_key_is_called_by_its_thumbprint() {
        let public = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        assert_eq!(thumbprint(public), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    /// The example of RFC 8785, section 3.2.
    #[test]
    fn the_form_that_is_signed_is_that_of_rfc_8785() {
        let value: Value = serde_json::from_str(
            r#"{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"#,
        )
        .unwrap();
        assert_eq!(
            serde_json_canonicalizer::to_string(&value).unwrap(),
            r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
        );
    }
}
