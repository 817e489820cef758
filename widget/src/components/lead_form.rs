//! The whole form, and what takes its place once it is sent.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};

use super::{
    consent::consent_box,
    element::{attribute, element, fixed, flag, group, listener, live, live_text, text},
    field::form_field,
    status::status,
};
use crate::{
    clock, focus,
    form_state::{FormState, Phase},
    messages::MESSAGES,
    sending::Sending,
};

/// The way a form is sent: of the browser, so on one thread, for as long as the form stands.
type Way = StoredValue<Rc<Sending>, LocalStorage>;

/// The form of `state`, sent by `sending`.
pub fn lead_form(state: RwSignal<FormState>, sending: Rc<Sending>) -> AnyView {
    let way = StoredValue::new_local(sending);
    let is_sent = Memo::new(move |_| state.with(|state| *state.phase() == Phase::Sent));
    (move || if is_sent.get() { sent(state, way) } else { fillable(state, way) }).into_any()
}

fn fillable(state: RwSignal<FormState>, way: Way) -> AnyView {
    let (name, fields) = state.with_untracked(|state| (state.form().name.clone(), state.form().fields.clone()));
    let fields = fields.iter().enumerate().map(|(index, field)| form_field(state, index, field));
    let is_sending = move || Some(state.with(FormState::is_sending).to_string());
    element(
        "form",
        [
            fixed("class", "form"),
            flag("novalidate", true),
            attribute("aria-label", name),
            live("aria-busy", is_sending),
            listener("submit", move |event| {
                event.prevent_default();
                let sending = way.get_value();
                spawn_local(async move { sending.submit(state).await });
            }),
        ],
        [
            group(fields.collect()),
            consent_box(state),
            element(
                "button",
                [
                    fixed("class", "send"),
                    fixed("type", "submit"),
                    live("aria-disabled", is_sending),
                    // Kept from taking the focus by mouse: the field that would lose it could show an
                    // error, move the button from under the pointer, and so swallow the click.
                    listener("mousedown", |event| event.prevent_default()),
                ],
                [live_text(move || state.with(|state| button(state.phase()).to_owned()))],
            ),
            status(state),
        ],
    )
}

fn button(phase: &Phase) -> &'static str {
    match phase {
        Phase::Sending { .. } => MESSAGES.sending,
        Phase::Failed(_) => MESSAGES.send_again,
        _ => MESSAGES.send,
    }
}

fn sent(state: RwSignal<FormState>, way: Way) -> AnyView {
    let message = state.with_untracked(|state| state.form().success.message.clone());
    let again = move |_| {
        let sending = way.get_value();
        state.update(|state| *state = state.anew(clock::idempotency_key(&sending.window)));
        spawn_local(async move { focus::to_first_field(&sending.content).await });
    };
    element(
        "div",
        [fixed("class", "sent"), fixed("tabindex", "-1")],
        [
            element("p", [fixed("role", "status")], [text(message.unwrap_or_else(|| MESSAGES.sent.to_owned()))]),
            element(
                "button",
                [fixed("class", "another"), fixed("type", "button"), listener("click", again)],
                [text(MESSAGES.another)],
            ),
        ],
    )
}
