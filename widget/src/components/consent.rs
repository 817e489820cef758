//! The consent box: never ticked beforehand, with the exact words that the lead carries.

use leptos::prelude::*;

use super::{element::Element, error};
use crate::{clock, form_state::FormState, messages::MESSAGES, web_address::is_web_address};

/// The box, its words, and the link to the policy they speak of; nothing where the form has no words.
pub fn consent_box(state: RwSignal<FormState>) -> Option<Element> {
    let rule = state.with_untracked(|state| state.form().consent.clone());
    if rule.text.is_empty() {
        return None;
    }
    let mut input = Element::new(
        "input",
        &[("id", "consent"), ("name", "consent"), ("type", "checkbox"), ("aria-describedby", "consent-error")],
    );
    input.flag("required", rule.required);
    input.live("aria-invalid", move || Some(state.with(|state| state.consent_problem().is_some()).to_string()));
    input.on("change", move |event| {
        let given_at = event_target_checked(&event).then(clock::now);
        state.update(|state| state.consent(given_at));
    });
    let mut words = Element::new("label", &[("for", "consent")]);
    words.text(&rule.text);
    let mut choice = Element::new("div", &[("class", "choice")]);
    choice.child(input);
    choice.child(words);

    let mut consent = Element::new("div", &[("class", "field consent")]);
    consent.child(choice);
    if let Some(address) = rule.policy_url.filter(|address| is_web_address(address)) {
        let mut policy = Element::new("a", &[("href", &address), ("target", "_blank"), ("rel", "noopener")]);
        policy.text(MESSAGES.policy);
        consent.child(policy);
    }
    consent.child(error("consent-error", state, |state| state.consent_problem()));
    Some(consent)
}
