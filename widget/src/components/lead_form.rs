//! The whole form, and what takes its place once it is sent.

use std::{pin::Pin, rc::Rc};

use leptos::{prelude::*, task::spawn_local};

use super::{consent::consent_box, element::Element, field::form_field, status::status};
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
    (move || if is_sent.get() { sent(state, way) } else { fillable(state, way) }.finish()).into_any()
}

fn fillable(state: RwSignal<FormState>, way: Way) -> Element {
    let definition = state.with_untracked(|state| state.form().clone());
    let is_sending = move || Some(state.with(FormState::is_sending).to_string());
    let mut form = Element::new("form", &[("class", "form"), ("novalidate", ""), ("aria-label", &definition.name)]);
    form.live("aria-busy", is_sending);
    form.on("submit", move |event| {
        event.prevent_default();
        let sending = way.get_value();
        start(async move { sending.submit(state).await });
    });
    for (index, field) in definition.fields.iter().enumerate() {
        if let Some(field) = form_field(state, index, field) {
            form.child(field);
        }
    }
    if let Some(consent) = consent_box(state) {
        form.child(consent);
    }
    form.child(trap(state));
    let mut send = Element::new("button", &[("class", "send"), ("type", "submit")]);
    send.live("aria-disabled", is_sending);
    // Kept from taking the focus by mouse: the field that would lose it could show an error, move
    // the button from under the pointer, and so swallow the click.
    send.on("mousedown", |event| event.prevent_default());
    send.live_text(move || state.with(|state| button(state.phase()).to_owned()));
    form.child(send);
    form.child(status(state));
    form
}

/// A field that people neither see nor reach, and that programs fill which fill whatever there is. Its name
/// means nothing to a browser that fills forms by itself.
fn trap(state: RwSignal<FormState>) -> Element {
    let mut trap = Element::new(
        "input",
        &[
            ("class", "trap"),
            ("name", "_lg_trap"),
            ("aria-hidden", "true"),
            ("tabindex", "-1"),
            ("autocomplete", "off"),
        ],
    );
    trap.on("input", move |event| state.update(|state| state.trap(event_target_value(&event))));
    trap
}

fn button(phase: &Phase) -> &'static str {
    match phase {
        Phase::Sending { .. } => MESSAGES.sending,
        Phase::Failed(_) => MESSAGES.send_again,
        _ => MESSAGES.send,
    }
}

fn sent(state: RwSignal<FormState>, way: Way) -> Element {
    let message = state.with_untracked(|state| state.form().success.message.clone());
    let mut words = Element::new("p", &[("role", "status")]);
    words.text(message.as_deref().unwrap_or(MESSAGES.sent));
    let mut another = Element::new("button", &[("class", "another"), ("type", "button")]);
    another.text(MESSAGES.another);
    another.on("click", move |_| {
        let sending = way.get_value();
        state.update(|state| *state = state.anew(clock::idempotency_key(&sending.window)));
        start(async move { focus::to_first_field(&sending.content).await });
    });
    let mut sent = Element::new("div", &[("class", "sent"), ("tabindex", "-1")]);
    sent.child(words);
    sent.child(another);
    sent
}

/// Boxed, since the executor's code is compiled anew for every type of future.
fn start(work: impl Future<Output = ()> + 'static) {
    let work: Pin<Box<dyn Future<Output = ()>>> = Box::pin(work);
    spawn_local(work);
}
