//! One field: its label, control, help and error.

mod control;

use leptos::prelude::*;
use shared::field::{Field, FieldKind};

use super::{element::Element, error};
use crate::{form_state::FormState, messages::MESSAGES};

/// The field at `index` of the form; nothing for one that is not shown.
pub fn form_field(state: RwSignal<FormState>, index: usize, field: &Field) -> Option<Element> {
    let mut shown = match field.kind {
        FieldKind::Hidden => return None,
        FieldKind::Radio => control::radio(state, index, field, label("legend", state, index, field)),
        FieldKind::Checkbox => control::checkbox(state, index, field, label("label", state, index, field)),
        _ => {
            let mut shown = Element::new("div", &[("class", "field")]);
            shown.child(label("label", state, index, field));
            shown.child(control::of(state, index, field));
            shown
        }
    };
    if let Some(text) = &field.help {
        let mut help = Element::new("p", &[("class", "help"), ("id", &help_id(field))]);
        help.text(text);
        shown.child(help);
    }
    shown.child(error(&error_id(field), state, move |state| state.problem(index)));
    Some(shown)
}

fn label(tag: &'static str, state: RwSignal<FormState>, index: usize, field: &Field) -> Element {
    let mut label = Element::new(tag, &[]);
    if tag == "label" {
        label.set("for", Some(&id(field)));
    }
    label.text(&field.label);
    if state.with_untracked(|state| state.is_optional(index)) {
        let mut optional = Element::new("span", &[("class", "optional")]);
        optional.text(MESSAGES.optional);
        label.text(" ");
        label.child(optional);
    }
    label
}

/// What a control tells those who do not see its notes.
fn annotate(control: &mut Element, state: RwSignal<FormState>, index: usize, field: &Field) {
    let ids = match field.help {
        Some(_) => [&help_id(field), " ", &error_id(field)].concat(),
        None => error_id(field),
    };
    control.set("aria-describedby", Some(&ids));
    control.live("aria-invalid", move || Some(state.with(|state| state.problem(index).is_some()).to_string()));
}

/// The field's name as an id: a reference to an id cannot hold spaces, a name can.
fn id(field: &Field) -> String {
    field.name.chars().map(|c| if c.is_whitespace() { '-' } else { c }).collect()
}

fn help_id(field: &Field) -> String {
    id(field) + "-help"
}

fn error_id(field: &Field) -> String {
    id(field) + "-error"
}
