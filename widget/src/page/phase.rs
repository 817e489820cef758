//! The button, the line below it, and what takes the form's place once it is sent.

use super::{Page, find, put, put_flag, put_text, word};
use crate::{
    form_state::{FormState, Phase, Try},
    handover::Handover,
};

/// Shows how the sending goes.
pub fn show(page: &Page, handover: &Handover, state: &FormState) {
    let phase = state.phase();
    let text = |key| handover.messages.text(key);
    let or_elsewhere = |words: String| match &handover.fallback_contact {
        Some(contact) => [words.as_str(), " ", &text("fallback"), " ", contact].concat(),
        None => words,
    };
    let is_bad = matches!(phase, Phase::Failed(_) | Phase::Mending { .. });
    let is_sent = *phase == Phase::Sent;
    let (button, status) = match phase {
        Phase::Filling | Phase::Sent => (page.send.clone(), String::new()),
        Phase::Mending { told } => {
            (page.send.clone(), told.as_ref().map_or_else(|| text("mend"), |told| handover.messages.told(told)))
        }
        Phase::Sending(attempt) => {
            let status = match attempt {
                Try::First => text("sending"),
                Try::Again => text("still_sending"),
                Try::Offline => or_elsewhere(text("offline")),
            };
            (text("sending"), status)
        }
        Phase::Failed(trouble) => (text("send_again"), or_elsewhere(handover.messages.trouble(trouble.kind))),
    };
    let show = |selector: &str, show: &dyn Fn(&web_sys::Element)| {
        if let Some(node) = find(&page.content, selector) {
            show(&node);
        }
    };
    show(".form", &|form| {
        put(form, "data-busy", word(state.is_sending()));
        put_flag(form, "hidden", is_sent);
    });
    show(".send", &|send| {
        put(send, "aria-disabled", word(state.is_sending()));
        put_text(send, &button);
    });
    show(".status", &|line| {
        put(line, "class", if is_bad { "status bad" } else { "status" });
        put_text(line, &status);
    });
    show(".sent", &|sent| put_flag(sent, "hidden", !is_sent));
}
