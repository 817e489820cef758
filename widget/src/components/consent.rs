//! The consent box: never ticked beforehand, with the exact words that the lead carries.

use leptos::prelude::*;

use super::problem_text;
use crate::{clock, form_state::FormState, messages::MESSAGES, web_address::is_web_address};

/// The box, its words, and the link to the policy they speak of.
#[component]
pub fn ConsentBox(state: RwSignal<FormState>) -> AnyView {
    let rule = state.with_untracked(|state| state.form().consent.clone());
    if rule.text.is_empty() {
        return ().into_any();
    }
    let policy = rule
        .policy_url
        .filter(|address| is_web_address(address))
        .map(|address| view! { " " <a href=address target="_blank" rel="noopener">{MESSAGES.policy}</a> }.into_any());
    let error = move || state.with(|state| problem_text(state.consent_problem()));
    let is_wrong = move || state.with(|state| state.consent_problem().is_some()).to_string();
    let tick = move |event| {
        let given_at = event_target_checked(&event).then(clock::now);
        state.update(|state| state.consent(given_at));
    };
    view! {
        <div class="field consent">
            <div class="choice">
                <input
                    id="consent"
                    name="consent"
                    type="checkbox"
                    required=rule.required
                    aria-invalid=is_wrong
                    aria-describedby="consent-error"
                    on:change=tick
                />
                <label for="consent">{rule.text}</label>
            </div>
            {policy}
            <p class="error" id="consent-error" aria-live="polite">{error}</p>
        </div>
    }
    .into_any()
}
