//! The form's definition out of the Worker's JSON: the part of `shared::form::PublicForm` that is
//! shown today. Read by hand, since derived deserialisers cost a fifth of the download; what is
//! missing or of another type has the definition's defaults, so a newer Worker does not break it.

use js_sys::{Array, Reflect};
use shared::{
    field::{Field, FieldKind, FieldOption},
    form::{ConsentRule, Success},
};
use wasm_bindgen::{JsCast, JsValue};

/// What a form shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// What the operator calls it.
    pub name: String,
    /// The language of its texts (BCP 47).
    pub locale: String,
    /// What it asks, in order.
    pub fields: Vec<Field>,
    /// What the person agrees to.
    pub consent: ConsentRule,
    /// What happens after a lead was accepted.
    pub success: Success,
    /// Shows with the submission that the form was loaded, and when.
    pub token: Option<String>,
}

/// Reads the answer of `GET /v1/form`. `None` when it is no such answer.
pub fn read(json: &JsValue) -> Option<Definition> {
    let consent = member(json, "consent");
    let success = member(json, "success");
    Some(Definition {
        name: text(json, "name"),
        locale: text(json, "locale"),
        fields: list(json, "fields")?.map(|json| field(&json)).collect(),
        consent: ConsentRule {
            required: flag(&consent, "required"),
            text: text(&consent, "text"),
            version: text(&consent, "version"),
            policy_url: optional_text(&consent, "policy_url"),
        },
        success: Success {
            message: optional_text(&success, "message"),
            redirect_url: optional_text(&success, "redirect_url"),
        },
        token: optional_text(json, "token"),
    })
}

fn field(json: &JsValue) -> Field {
    let option = |json: JsValue| FieldOption { value: text(&json, "value"), label: text(&json, "label") };
    Field {
        name: text(json, "name"),
        kind: kind(&text(json, "kind")),
        label: text(json, "label"),
        placeholder: optional_text(json, "placeholder"),
        help: optional_text(json, "help"),
        required: flag(json, "required"),
        max_length: member(json, "max_length").as_f64().map(|max| max as usize),
        options: list(json, "options").into_iter().flatten().map(option).collect(),
        autocomplete: optional_text(json, "autocomplete"),
    }
}

fn kind(name: &str) -> FieldKind {
    match name {
        "email" => FieldKind::Email,
        "tel" => FieldKind::Tel,
        "textarea" => FieldKind::Textarea,
        "select" => FieldKind::Select,
        "radio" => FieldKind::Radio,
        "checkbox" => FieldKind::Checkbox,
        "number" => FieldKind::Number,
        "date" => FieldKind::Date,
        "hidden" => FieldKind::Hidden,
        _ => FieldKind::Text,
    }
}

fn member(json: &JsValue, name: &str) -> JsValue {
    // Fails only on what is no object.
    Reflect::get(json, &name.into()).unwrap_or_default()
}

fn optional_text(json: &JsValue, name: &str) -> Option<String> {
    member(json, name).as_string()
}

fn text(json: &JsValue, name: &str) -> String {
    optional_text(json, name).unwrap_or_default()
}

fn flag(json: &JsValue, name: &str) -> bool {
    member(json, name).is_truthy()
}

fn list(json: &JsValue, name: &str) -> Option<js_sys::ArrayIntoIter> {
    member(json, name).dyn_into::<Array>().ok().map(|array| array.into_iter())
}
