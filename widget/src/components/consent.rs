//! The consent box: never ticked beforehand, with the exact words that the lead carries.

use leptos::prelude::*;

use super::{
    element::{attribute, element, fixed, flag, listener, live, live_text, nothing, text},
    problem_text,
};
use crate::{clock, form_state::FormState, messages::MESSAGES, web_address::is_web_address};

/// The box, its words, and the link to the policy they speak of.
pub fn consent_box(state: RwSignal<FormState>) -> AnyView {
    let rule = state.with_untracked(|state| state.form().consent.clone());
    if rule.text.is_empty() {
        return nothing();
    }
    let policy = match rule.policy_url.filter(|address| is_web_address(address)) {
        Some(address) => element(
            "a",
            [attribute("href", address), fixed("target", "_blank"), fixed("rel", "noopener")],
            [text(MESSAGES.policy)],
        ),
        None => nothing(),
    };
    let tick = move |event| {
        let given_at = event_target_checked(&event).then(clock::now);
        state.update(|state| state.consent(given_at));
    };
    let is_wrong = move || Some(state.with(|state| state.consent_problem().is_some()).to_string());
    let input = element(
        "input",
        [
            fixed("id", "consent"),
            fixed("name", "consent"),
            fixed("type", "checkbox"),
            flag("required", rule.required),
            live("aria-invalid", is_wrong),
            fixed("aria-describedby", "consent-error"),
            listener("change", tick),
        ],
        [],
    );
    let words = element("label", [fixed("for", "consent")], [text(rule.text)]);
    let error = live_text(move || state.with(|state| problem_text(state.consent_problem())));
    element(
        "div",
        [fixed("class", "field consent")],
        [
            element("div", [fixed("class", "choice")], [input, words]),
            policy,
            element(
                "p",
                [fixed("class", "error"), fixed("id", "consent-error"), fixed("aria-live", "polite")],
                [error],
            ),
        ],
    )
}
