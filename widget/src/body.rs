//! The body of a submission (docs/CONTRACT.md, "Submitting a lead").

use js_sys::{JSON, Object, Reflect};
use shared::field::FieldKind;
use wasm_bindgen::JsValue;

use crate::{form_state::FormState, handover::Handover, page::Page};

/// What Turnstile calls its answer, and the Worker too.
pub const PROOF: &str = "cf-turnstile-response";

/// The JSON of a filled form. The same answers give the same bytes, since the idempotency key
/// stands for them.
pub fn json(state: &FormState, handover: &Handover, page: &Page) -> Option<String> {
    let body = Object::assign(&Object::new(), &handover.extras);
    for (field, value) in state.answers() {
        let value = if field.kind == FieldKind::Checkbox { JsValue::TRUE } else { value.into() };
        set(&body, &field.name, &value);
    }
    let consent = Object::new();
    if let Some(at) = state.consent_given_at() {
        set(&consent, "given", &JsValue::TRUE);
        for name in ["text", "version", "policy_url"] {
            set(&consent, name, &crate::handover::member(&handover.consent, name));
        }
        set(&consent, "at", &at.into());
    }
    for (path, value) in page.unbound() {
        match path.strip_prefix("consent.") {
            Some(name) => set(&consent, name, &value.into()),
            None => set(&body, &path, &value.into()),
        }
    }
    if Object::keys(&consent).length() > 0 {
        set(&body, "consent", &consent);
    }
    JSON::stringify(&body).ok().map(String::from)
}

/// The same with the proof that a challenge gave the visitor, where there is one.
pub fn with_proof(body: &str, proof: Option<String>) -> String {
    let proof = proof.and_then(|proof| JSON::stringify(&proof.into()).ok()).map(String::from);
    match (proof, body.strip_suffix('}')) {
        (Some(proof), Some(open)) => [open, ",\"", PROOF, "\":", &proof, "}"].concat(),
        _ => body.to_owned(),
    }
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a member of a fresh object cannot fail.
    let _ = Reflect::set(object, &name.into(), value);
}
