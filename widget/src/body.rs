//! The body of a submission (docs/CONTRACT.md, "Submitting a lead").

use js_sys::{JSON, Object, Reflect};
use shared::field::FieldKind;
use wasm_bindgen::JsValue;

use crate::{attribution::Known, form_state::FormState};

/// The JSON of a filled form. The same answers give the same bytes, since the idempotency key
/// stands for them.
pub fn json(state: &FormState, known: &Known) -> Option<String> {
    let form = state.form();
    let body = object(state.answers().map(|(field, value)| {
        let value = if field.kind == FieldKind::Checkbox { JsValue::TRUE } else { value.into() };
        (field.name.as_str(), value)
    }));
    if let Some(at) = state.consent_given_at() {
        let consent = object([
            ("given", JsValue::TRUE),
            ("text", form.consent.text.as_str().into()),
            ("version", form.consent.version.as_str().into()),
            ("at", at.into()),
        ]);
        if let Some(policy) = &form.consent.policy_url {
            set(&consent, "policy_url", &policy.into());
        }
        set(&body, "consent", &consent);
    }
    set(&body, "locale", &form.locale.as_str().into());
    set(&body, "attribution", &known.to_object());
    for (name, value) in [("_lg_token", form.token.as_deref()), ("_lg_trap", state.trapped())] {
        if let Some(value) = value {
            set(&body, name, &value.into());
        }
    }
    JSON::stringify(&body).ok().map(String::from)
}

fn object<'a>(members: impl IntoIterator<Item = (&'a str, JsValue)>) -> Object {
    let object = Object::new();
    for (name, value) in members {
        set(&object, name, &value);
    }
    object
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a member of a fresh object cannot fail.
    let _ = Reflect::set(object, &name.into(), value);
}
