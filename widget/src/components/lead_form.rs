//! The whole form, and what takes its place once it is sent.

use std::rc::Rc;

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::{consent::ConsentBox, field::FormField, status::Status};
use crate::{
    clock, focus,
    form_state::{FormState, Phase},
    messages::MESSAGES,
    sending::Sending,
};

/// The way a form is sent: of the browser, so on one thread, for as long as the form stands.
type Way = StoredValue<Rc<Sending>, LocalStorage>;

/// The form of `state`, sent by `sending`.
#[component]
pub fn LeadForm(state: RwSignal<FormState>, sending: Rc<Sending>) -> AnyView {
    let way = StoredValue::new_local(sending);
    let is_sent = Memo::new(move |_| state.with(|state| *state.phase() == Phase::Sent));
    (move || if is_sent.get() { sent(state, way) } else { fillable(state, way) }).into_any()
}

fn fillable(state: RwSignal<FormState>, way: Way) -> AnyView {
    let (name, fields) = state.with_untracked(|state| (state.form().name.clone(), state.form().fields.clone()));
    let fields: Vec<AnyView> = fields
        .into_iter()
        .enumerate()
        .map(|(index, field)| view! { <FormField state index field /> }.into_any())
        .collect();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let sending = way.get_value();
        spawn_local(async move { sending.submit(state).await });
    };
    let is_sending = move || state.with(FormState::is_sending);
    let button = move || {
        state.with(|state| match state.phase() {
            Phase::Sending { .. } => MESSAGES.sending,
            Phase::Failed(_) => MESSAGES.send_again,
            _ => MESSAGES.send,
        })
    };
    view! {
        <form class="form" novalidate aria-label=name aria-busy=move || is_sending().to_string() on:submit=submit>
            {fields}
            <ConsentBox state />
            // Kept from taking the focus by mouse: the field that would lose it could show an error,
            // move the button from under the pointer, and so swallow the click.
            <button
                class="send"
                type="submit"
                aria-disabled=move || is_sending().to_string()
                on:mousedown=|event| event.prevent_default()
            >
                {button}
            </button>
            <Status state />
        </form>
    }
    .into_any()
}

fn sent(state: RwSignal<FormState>, way: Way) -> AnyView {
    let message = state.with_untracked(|state| state.form().success.message.clone());
    let again = move |_| {
        let sending = way.get_value();
        state.update(|state| *state = state.anew(clock::idempotency_key(&sending.window)));
        spawn_local(async move { focus::to_first_field(&sending.content).await });
    };
    view! {
        <div class="sent" tabindex="-1">
            <p role="status">{message.unwrap_or_else(|| MESSAGES.sent.to_owned())}</p>
            <button class="another" type="button" on:click=again>{MESSAGES.another}</button>
        </div>
    }
    .into_any()
}
