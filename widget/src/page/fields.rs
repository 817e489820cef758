//! The fields: which are asked, and what is wrong with them.

use shared::{error::FieldProblem, field::FieldKind};
use web_sys::Element;

use super::{Page, find, index_of, put, put_flag, put_text, word};
use crate::{
    form_state::{FormState, Problem},
    handover::Handover,
};

/// One painted field; the consent box has the index behind the last field's.
#[derive(Debug)]
pub struct Place {
    /// How the state names it.
    pub index: usize,
    whole: Element,
    /// The control, or the group of them, that the error belongs to.
    described: Element,
    error: Element,
}

impl Place {
    /// Reads the nodes of a painted field. `None` when it is none.
    pub fn new(whole: Element) -> Option<Self> {
        let is_group = whole.has_attribute("aria-describedby");
        let described = if is_group { whole.clone() } else { find(&whole, "[aria-describedby]")? };
        Some(Self { index: index_of(&whole)?, described, error: find(&whole, ".error")?, whole })
    }

    /// The painted field.
    pub fn whole(&self) -> &Element {
        &self.whole
    }
}

/// Shows what is asked, and each problem at its field.
pub fn show(page: &Page, handover: &Handover, state: &FormState) {
    for place in &page.fields {
        let problem = state.problem(place.index);
        put_flag(&place.whole, "hidden", !state.is_asked(place.index));
        put(&place.described, "aria-invalid", word(problem.is_some()));
        put_text(
            &place.error,
            &problem.map(|problem| words(state, place.index, problem, handover)).unwrap_or_default(),
        );
        put_flag(&place.described, "readonly", state.is_sending() && place.described != place.whole);
    }
}

/// A problem of a field in the visitor's language, or as the Worker put it.
pub fn words(state: &FormState, index: usize, problem: &Problem, handover: &Handover) -> String {
    let kind = state.form().fields.get(index).map(|field| field.kind);
    match problem {
        // Nothing can be filled in there.
        Problem::Found(FieldProblem::Required) if matches!(kind, Some(FieldKind::Radio | FieldKind::Select)) => {
            handover.messages.text("error_choice")
        }
        Problem::Found(problem) => handover.messages.problem(problem),
        Problem::Told(message) => handover.messages.told(message),
    }
}
