//! What a visitor sees.

pub mod consent;
pub mod element;
pub mod field;
pub mod lead_form;
pub mod status;

use crate::{form_state::Problem, messages::MESSAGES};

/// The words for a problem, or none.
fn problem_text(problem: Option<&Problem>) -> String {
    match problem {
        None => String::new(),
        Some(Problem::Found(problem)) => (MESSAGES.problem)(problem),
        Some(Problem::Told(message)) => message.clone(),
    }
}
