//! The form's definition out of the Worker's JSON: the part of `shared::form::PublicForm` that is needed once
//! the form is painted. Read by hand, since derived deserialisers cost a fifth of the download; the loader has
//! given what is missing its default.

use shared::field::{Field, FieldKind, FieldOption, ShowWhen};
use wasm_bindgen::JsValue;

use crate::handover::{list, member, optional_text, text};

/// What a form asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Its fields, in order.
    pub fields: Vec<Field>,
    /// Whether a submission without consent is refused.
    pub consent_required: bool,
}

/// Reads the definition.
pub fn read(json: &JsValue) -> Definition {
    Definition {
        fields: list(json, "fields").into_iter().map(|json| field(&json)).collect(),
        consent_required: member(&member(json, "consent"), "required").is_truthy(),
    }
}

fn field(json: &JsValue) -> Field {
    let option = |json: JsValue| FieldOption { value: text(&json, "value"), label: String::new() };
    let condition = member(json, "show_when");
    Field {
        name: text(json, "name"),
        kind: kind(&text(json, "kind")),
        label: text(json, "label"),
        placeholder: None,
        help: None,
        required: member(json, "required").is_truthy(),
        max_length: member(json, "max_length").as_f64().map(|max| max as usize),
        options: list(json, "options").into_iter().map(option).collect(),
        autocomplete: None,
        step: member(json, "step").as_f64().map_or(1, |step| step as u8),
        show_when: optional_text(&condition, "field").map(|field| ShowWhen {
            field,
            is: list(&condition, "is").into_iter().filter_map(|answer| answer.as_string()).collect(),
        }),
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
