//! The key that signs consent receipts. The runtime has Ed25519, so none of it is in the WASM.

use base64ct::{Base64UrlUnpadded, Encoding};
use js_sys::{Array, Reflect, Uint8Array};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Crypto, CryptoKey, SubtleCrypto};

use super::bindings::{Bindings, CONSENT_SIGNING_KEY};
use crate::{consent_receipt::ConsentReceipt, problem::Problem};

/// The runtime's name for it, and ours in answers.
const ALGORITHM: &str = "Ed25519";

/// What stands before the 32 bytes of a seed in PKCS #8 (RFC 8410 §7).
const PKCS8_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// The key in force.
#[derive(Debug)]
pub struct ConsentKey {
    subtle: SubtleCrypto,
    private: CryptoKey,
    /// The public half in base64url.
    public: String,
}

impl ConsentKey {
    /// Reads the key from its secret.
    ///
    /// # Errors
    /// [`Problem::SecretMissing`] and [`Problem::SecretMalformed`].
    pub async fn load(bindings: &Bindings) -> Result<Self, Problem> {
        let secret = bindings.text(CONSENT_SIGNING_KEY).ok_or(Problem::SecretMissing(CONSENT_SIGNING_KEY))?;
        let seed = seed(&secret).ok_or(Problem::SecretMalformed(CONSENT_SIGNING_KEY))?;
        Self::import(&seed).await.map_err(|_| Problem::Internal)
    }

    async fn import(seed: &[u8; 32]) -> Result<Self, JsValue> {
        let subtle = Reflect::get(&js_sys::global(), &"crypto".into())?.unchecked_into::<Crypto>().subtle();
        let bytes = Uint8Array::from([PKCS8_PREFIX.as_slice(), seed].concat().as_slice());
        let usages = Array::of1(&"sign".into());
        // The public half comes with what a key tells of itself, so it has to tell.
        let private = subtle.import_key_with_str("pkcs8", &bytes, ALGORITHM, true, &usages)?;
        let private: CryptoKey = JsFuture::from(private).await?.unchecked_into();
        let told = JsFuture::from(subtle.export_key("jwk", &private)?).await?;
        let public = Reflect::get(&told, &"x".into())?.as_string().ok_or(JsValue::UNDEFINED)?;
        Ok(Self { subtle, private, public })
    }

    /// The signature of a text in base64url.
    async fn sign(&self, text: &str) -> Result<String, Problem> {
        let signature = async {
            let promise = self.subtle.sign_with_str_and_u8_array(ALGORITHM, &self.private, text.as_bytes())?;
            JsFuture::from(promise).await
        };
        let signature = signature.await.map_err(|_| Problem::Internal)?;
        Ok(Base64UrlUnpadded::encode_string(&Uint8Array::new(&signature).to_vec()))
    }

    /// A receipt with its signature, as JSON.
    ///
    /// # Errors
    /// [`Problem::Internal`] when the runtime cannot sign.
    pub async fn signed(&self, receipt: &ConsentReceipt) -> Result<String, Problem> {
        let receipt = receipt.canonical();
        let (signature, key_id) = (self.sign(&receipt).await?, self.id());
        Ok(format!(
            "{{\"receipt\":{receipt},\"signature\":\"{signature}\",\"algorithm\":\"{ALGORITHM}\",\"key_id\":\"{key_id}\"}}"
        ))
    }

    /// What the key is called: its thumbprint (RFC 7638), so that nobody has to hand out names.
    fn id(&self) -> String {
        let members = format!("{{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"{}\"}}", self.public);
        Base64UrlUnpadded::encode_string(&Sha256::digest(members))
    }

    /// The public half as a JSON Web Key (RFC 8037).
    pub fn public_jwk(&self) -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "x": self.public, "kid": self.id(), "use": "sig", "alg": "EdDSA" })
    }
}

/// 64 hexadecimal digits as bytes.
fn seed(hex: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> =
        hex.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect::<Option<_>>()?;
    let (pairs, []) = digits.as_chunks::<2>() else { return None };
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    bytes.try_into().ok()
}
