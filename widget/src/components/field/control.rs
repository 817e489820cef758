//! The control of a field, by its kind.

use leptos::prelude::*;
use shared::field::{Field, FieldKind};

use super::{annotate, id};
use crate::{components::element::Element, form_state::FormState, messages::MESSAGES};

/// Every control that is one element: an input, a text area or a list.
pub fn of(state: RwSignal<FormState>, index: usize, field: &Field) -> Element {
    let (tag, kind, mode) = match field.kind {
        FieldKind::Email => ("input", Some("email"), Some("email")),
        FieldKind::Tel => ("input", Some("tel"), Some("tel")),
        // Browsers give the value of an unfinished `type="number"` as empty, so its error would be wrong.
        FieldKind::Number => ("input", Some("text"), Some("decimal")),
        FieldKind::Date => ("input", Some("date"), None),
        FieldKind::Textarea => ("textarea", None, None),
        FieldKind::Select => ("select", None, None),
        _ => ("input", Some("text"), None),
    };
    let value = value(state, index);
    let mut control = Element::new(tag, &[("id", &id(field)), ("name", &field.name)]);
    control.set("type", kind);
    control.set("inputmode", mode);
    control.set("autocomplete", autocomplete(field));
    control.set("placeholder", field.placeholder.as_deref());
    control.flag("required", field.required);
    control.live("readonly", move || state.with(FormState::is_sending).then(String::new));
    annotate(&mut control, state, index, field);
    match field.kind {
        FieldKind::Textarea => control.text(&value),
        FieldKind::Select => {
            control.child(option("", MESSAGES.choose, &value));
            for offered in &field.options {
                control.child(option(&offered.value, &offered.label, &value));
            }
        }
        _ => control.set("value", Some(&value)),
    }
    control.on("input", move |event| edit(state, index, event_target_value(&event)));
    // A form that is taken from the page loses its focus too, and its state before.
    control.on("blur", move |_| {
        state.try_update(|state| state.leave(index));
    });
    control
}

/// The buttons of a choice, under their legend.
pub fn radio(state: RwSignal<FormState>, index: usize, field: &Field, legend: Element) -> Element {
    let chosen = value(state, index);
    let required = if field.required { "true" } else { "false" };
    let attributes = [("class", "field"), ("role", "radiogroup"), ("aria-required", required)];
    let mut group = Element::new("fieldset", &attributes);
    annotate(&mut group, state, index, field);
    group.child(legend);
    for offered in &field.options {
        let id = [&id(field), "-", &offered.value].concat();
        let mut input =
            Element::new("input", &[("id", &id), ("name", &field.name), ("type", "radio"), ("value", &offered.value)]);
        input.flag("checked", offered.value == chosen);
        let value = offered.value.clone();
        input.on("change", move |_| edit(state, index, value.clone()));
        let mut label = Element::new("label", &[("for", &id)]);
        label.text(&offered.label);
        group.child(choice(input, label));
    }
    group
}

/// A box to tick.
pub fn checkbox(state: RwSignal<FormState>, index: usize, field: &Field, label: Element) -> Element {
    let mut input = Element::new("input", &[("id", &id(field)), ("name", &field.name), ("type", "checkbox")]);
    input.flag("required", field.required);
    input.flag("checked", !value(state, index).is_empty());
    annotate(&mut input, state, index, field);
    input.on("change", move |event| {
        let value = if event_target_checked(&event) { "true" } else { "" };
        edit(state, index, value.to_owned());
    });
    let mut shown = Element::new("div", &[("class", "field")]);
    shown.child(choice(input, label));
    shown
}

fn choice(input: Element, label: Element) -> Element {
    let mut choice = Element::new("div", &[("class", "choice")]);
    choice.child(input);
    choice.child(label);
    choice
}

fn option(value: &str, label: &str, chosen: &str) -> Element {
    let mut option = Element::new("option", &[("value", value)]);
    option.flag("selected", value == chosen);
    option.text(label);
    option
}

fn value(state: RwSignal<FormState>, index: usize) -> String {
    state.with_untracked(|state| state.value(index).to_owned())
}

fn edit(state: RwSignal<FormState>, index: usize, value: String) {
    state.update(|state| state.edit(index, value));
}

/// The form's own token, or the one that the field's name and kind mean.
fn autocomplete(field: &Field) -> Option<&str> {
    let meant = match (field.name.as_str(), field.kind) {
        ("name", _) => Some("name"),
        ("first_name", _) => Some("given-name"),
        ("last_name", _) => Some("family-name"),
        ("postcode", _) => Some("postal-code"),
        (_, FieldKind::Email) => Some("email"),
        (_, FieldKind::Tel) => Some("tel"),
        _ => None,
    };
    field.autocomplete.as_deref().or(meant)
}
