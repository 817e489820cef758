//! The line below the button: how the sending goes, also for those who hear the page.

use leptos::prelude::*;

use super::element::{element, fixed, live, live_text};
use crate::{
    form_state::{FormState, Phase},
    messages::MESSAGES,
};

/// A live region that is always there, since screen readers announce changes of what they know.
pub fn status(state: RwSignal<FormState>) -> AnyView {
    let class = move || {
        let is_bad = state.with(|state| matches!(state.phase(), Phase::Failed(_) | Phase::Mending { .. }));
        Some(if is_bad { "status bad" } else { "status" }.to_owned())
    };
    element(
        "p",
        [live("class", class), fixed("role", "status")],
        [live_text(move || state.with(|state| text(state.phase())))],
    )
}

fn text(phase: &Phase) -> String {
    match phase {
        Phase::Mending { told: Some(message) } => message.clone(),
        Phase::Mending { told: None } => MESSAGES.mend.to_owned(),
        Phase::Sending { again: true } => MESSAGES.still_sending.to_owned(),
        Phase::Sending { again: false } => MESSAGES.sending.to_owned(),
        Phase::Failed(trouble) => (MESSAGES.trouble)(trouble.kind).to_owned(),
        Phase::Filling | Phase::Sent => String::new(),
    }
}
