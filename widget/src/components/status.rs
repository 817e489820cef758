//! The line below the button: how the sending goes, also for those who hear the page.

use leptos::prelude::*;

use crate::{
    form_state::{FormState, Phase},
    messages::MESSAGES,
};

/// A live region that is always there, since screen readers announce changes of what they know.
#[component]
pub fn Status(state: RwSignal<FormState>) -> AnyView {
    let text = move || state.with(|state| text(state.phase()));
    let class = move || {
        let is_bad = state.with(|state| matches!(state.phase(), Phase::Failed(_) | Phase::Mending { .. }));
        if is_bad { "status bad" } else { "status" }
    };
    view! { <p class=class role="status">{text}</p> }.into_any()
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
