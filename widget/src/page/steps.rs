//! The steps of a form that has several.

use super::{Page, find, put_flag};
use crate::{form_state::FormState, handover::Handover};

/// Shows the step that the visitor is at, and the ways on and back.
pub fn show(page: &Page, _: &Handover, state: &FormState) {
    if page.steps.is_empty() {
        return;
    }
    for (number, step) in page.steps.iter().enumerate() {
        put_flag(step, "hidden", number != state.step());
    }
    for (button, is_shown) in
        [(".back", state.step() > 0), (".next", !state.is_last_step()), (".send", state.is_last_step())]
    {
        if let Some(button) = find(&page.content, button) {
            put_flag(&button, "hidden", !is_shown);
        }
    }
}
