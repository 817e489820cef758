//! The control of a field, by its kind.

use leptos::prelude::*;
use shared::field::{Field, FieldKind};

use super::{described_by, is_wrong};
use crate::{
    components::element::{attribute, element, fixed, flag, group, listener, live, text},
    form_state::FormState,
    messages::MESSAGES,
};

/// Every control that is one element: an input, a text area or a list.
pub fn of(state: RwSignal<FormState>, index: usize, field: &Field) -> AnyView {
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
    let content = match field.kind {
        FieldKind::Textarea => text(value.clone()),
        FieldKind::Select => options(field, &value),
        _ => group(Vec::new()),
    };
    let is_sending = move || state.with(FormState::is_sending).then(String::new);
    element(
        tag,
        [
            attribute("id", field.name.clone()),
            attribute("name", field.name.clone()),
            attribute("type", kind.map(str::to_owned)),
            attribute("inputmode", mode.map(str::to_owned)),
            attribute("value", kind.is_some().then_some(value)),
            attribute("autocomplete", autocomplete(field)),
            attribute("placeholder", field.placeholder.clone()),
            flag("required", field.required),
            live("readonly", is_sending),
            is_wrong(state, index),
            described_by(field),
            listener("input", move |event| edit(state, index, event_target_value(&event))),
            // A form that is taken from the page loses its focus too.
            listener("blur", move |_| {
                state.try_update(|state| state.leave(index));
            }),
        ],
        [content],
    )
}

/// The buttons of a choice.
pub fn radio(state: RwSignal<FormState>, index: usize, field: &Field) -> AnyView {
    let chosen = value(state, index);
    let choices = field.options.iter().map(|option| {
        let id = [&field.name, "-", &option.value].concat();
        let value = option.value.clone();
        let input = element(
            "input",
            [
                attribute("id", id.clone()),
                attribute("name", field.name.clone()),
                fixed("type", "radio"),
                attribute("value", option.value.clone()),
                flag("checked", option.value == chosen),
                listener("change", move |_| edit(state, index, value.clone())),
            ],
            [],
        );
        let label = element("label", [attribute("for", id)], [text(option.label.clone())]);
        element("div", [fixed("class", "choice")], [input, label])
    });
    group(choices.collect())
}

/// A box to tick.
pub fn checkbox(state: RwSignal<FormState>, index: usize, field: &Field) -> AnyView {
    let tick = move |event| {
        let value = if event_target_checked(&event) { "true" } else { "" };
        edit(state, index, value.to_owned());
    };
    element(
        "input",
        [
            attribute("id", field.name.clone()),
            attribute("name", field.name.clone()),
            fixed("type", "checkbox"),
            flag("required", field.required),
            flag("checked", !value(state, index).is_empty()),
            is_wrong(state, index),
            described_by(field),
            listener("change", tick),
        ],
        [],
    )
}

fn options(field: &Field, chosen: &str) -> AnyView {
    let option = |value: &str, label: &str| {
        let attributes = [attribute("value", value.to_owned()), flag("selected", value == chosen)];
        element("option", attributes, [text(label)])
    };
    let offered = field.options.iter().map(|offered| option(&offered.value, &offered.label));
    group([option("", MESSAGES.choose)].into_iter().chain(offered).collect())
}

fn value(state: RwSignal<FormState>, index: usize) -> String {
    state.with_untracked(|state| state.value(index).to_owned())
}

fn edit(state: RwSignal<FormState>, index: usize, value: String) {
    state.update(|state| state.edit(index, value));
}

/// The form's own token, or the one that the field's name and kind mean.
fn autocomplete(field: &Field) -> Option<String> {
    let meant = match (field.name.as_str(), field.kind) {
        ("name", _) => "name",
        ("first_name", _) => "given-name",
        ("last_name", _) => "family-name",
        ("postcode", _) => "postal-code",
        ("city", _) => "address-level2",
        (_, FieldKind::Email) => "email",
        (_, FieldKind::Tel) => "tel",
        _ => return field.autocomplete.clone(),
    };
    field.autocomplete.clone().or_else(|| Some(meant.to_owned()))
}
