//! What a visitor sees.

pub mod consent;
pub mod element;
pub mod field;
pub mod lead_form;
pub mod status;

use leptos::prelude::*;

use crate::{
    form_state::{FormState, Problem},
    messages::MESSAGES,
};
use element::Element;

/// The line that says what is wrong with a control. It is always there: it is a live region.
fn error(
    id: &str,
    state: RwSignal<FormState>,
    problem: impl Fn(&FormState) -> Option<&Problem> + Send + 'static,
) -> Element {
    let mut error = Element::new("p", &[("class", "error"), ("id", id), ("aria-live", "polite")]);
    error.live_text(move || {
        state.with(|state| match problem(state) {
            None => String::new(),
            Some(Problem::Found(problem)) => (MESSAGES.problem)(problem),
            Some(Problem::Told(message)) => message.clone(),
        })
    });
    error
}
