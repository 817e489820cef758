//! The line below the button: how the sending goes, also for those who hear the page.

use leptos::prelude::*;

use super::element::Element;
use crate::{
    form_state::{FormState, Phase},
    messages::MESSAGES,
};

/// A live region that is always there, since screen readers announce changes of what they know.
pub fn status(state: RwSignal<FormState>) -> Element {
    let mut line = Element::new("p", &[("role", "status")]);
    line.live("class", move || {
        let is_bad = state.with(|state| matches!(state.phase(), Phase::Failed(_) | Phase::Mending { .. }));
        Some(if is_bad { "status bad" } else { "status" }.to_owned())
    });
    line.live_text(move || state.with(|state| text(state.phase()).to_owned()));
    line
}

fn text(phase: &Phase) -> &str {
    match phase {
        Phase::Mending { told: Some(message) } => message,
        Phase::Mending { told: None } => MESSAGES.mend,
        Phase::Sending { again: true } => MESSAGES.still_sending,
        Phase::Sending { again: false } => MESSAGES.sending,
        Phase::Failed(trouble) => (MESSAGES.trouble)(trouble.kind),
        Phase::Filling | Phase::Sent => "",
    }
}
