//! One field: its label, control, help and error.

mod control;

use leptos::prelude::*;
use shared::field::{Field, FieldKind};

use super::{
    element::{attribute, element, fixed, group, live, live_text, nothing, text},
    problem_text,
};
use crate::{form_state::FormState, messages::MESSAGES};

/// The field at `index` of the form.
pub fn form_field(state: RwSignal<FormState>, index: usize, field: &Field) -> AnyView {
    let notes = notes(state, index, field);
    let label = |tag, attributes: Option<String>| {
        element(tag, [attribute("for", attributes)], [text(field.label.clone()), optional(state, index)])
    };
    match field.kind {
        FieldKind::Hidden => nothing(),
        FieldKind::Radio => element(
            "fieldset",
            [
                fixed("class", "field"),
                fixed("role", "radiogroup"),
                attribute("aria-required", field.required.to_string()),
                is_wrong(state, index),
                described_by(field),
            ],
            [label("legend", None), control::radio(state, index, field), notes],
        ),
        FieldKind::Checkbox => element(
            "div",
            [fixed("class", "field")],
            [
                element(
                    "div",
                    [fixed("class", "choice")],
                    [control::checkbox(state, index, field), label("label", Some(field.name.clone()))],
                ),
                notes,
            ],
        ),
        FieldKind::Text
        | FieldKind::Email
        | FieldKind::Tel
        | FieldKind::Number
        | FieldKind::Date
        | FieldKind::Textarea
        | FieldKind::Select => element(
            "div",
            [fixed("class", "field")],
            [label("label", Some(field.name.clone())), control::of(state, index, field), notes],
        ),
    }
}

fn optional(state: RwSignal<FormState>, index: usize) -> AnyView {
    if state.with_untracked(|state| state.is_optional(index)) {
        group(vec![text(" "), element("span", [fixed("class", "optional")], [text(MESSAGES.optional)])])
    } else {
        nothing()
    }
}

/// The help and the error below a control. The error's element is always there: it is a live region.
fn notes(state: RwSignal<FormState>, index: usize, field: &Field) -> AnyView {
    let help = match &field.help {
        Some(help) => element("p", [fixed("class", "help"), attribute("id", help_id(field))], [text(help.clone())]),
        None => nothing(),
    };
    let error = element(
        "p",
        [fixed("class", "error"), attribute("id", error_id(field)), fixed("aria-live", "polite")],
        [live_text(move || state.with(|state| problem_text(state.problem(index))))],
    );
    group(vec![help, error])
}

fn help_id(field: &Field) -> String {
    [&field.name, "-help"].concat()
}

fn error_id(field: &Field) -> String {
    [&field.name, "-error"].concat()
}

fn described_by(field: &Field) -> leptos::attr::any_attribute::AnyAttribute {
    let ids = if field.help.is_some() { [&help_id(field), " ", &error_id(field)].concat() } else { error_id(field) };
    attribute("aria-describedby", ids)
}

fn is_wrong(state: RwSignal<FormState>, index: usize) -> leptos::attr::any_attribute::AnyAttribute {
    live("aria-invalid", move || Some(state.with(|state| state.problem(index).is_some()).to_string()))
}
