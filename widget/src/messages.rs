//! What the widget itself says to a visitor, out of the texts that the loader hands over
//! (`widget/messages/`): the keys, and which of them means what.

#[cfg(test)]
mod tests;

use shared::error::{Expected, FieldProblem};
use wasm_bindgen::JsValue;

use crate::{answer::TroubleKind, handover::optional_text};

/// The texts of one language, by key.
#[derive(Debug)]
pub struct Messages(JsValue);

impl Messages {
    /// Reads them from the loader's object.
    pub fn new(texts: JsValue) -> Self {
        Self(texts)
    }

    /// The text of that key.
    pub fn text(&self, key: &str) -> String {
        optional_text(&self.0, key).unwrap_or_default()
    }

    /// What is wrong with a field.
    pub fn problem(&self, problem: &FieldProblem) -> String {
        match problem {
            FieldProblem::TooLong { max } => self.text("error_too_long").replace("{max}", &max.to_string()),
            problem => self.text(problem_key(problem)),
        }
    }

    /// The Worker's words about a field, which are English: among the texts stand those of them that
    /// have a translation.
    pub fn told(&self, message: &str) -> String {
        optional_text(&self.0, message).unwrap_or_else(|| message.to_owned())
    }

    /// Why the lead was not sent, and what to do.
    pub fn trouble(&self, kind: TroubleKind) -> String {
        self.text(match kind {
            TroubleKind::Network => "trouble_network",
            TroubleKind::Server => "trouble_server",
            TroubleKind::Rate => "trouble_rate",
            TroubleKind::Refused => "trouble_refused",
        })
    }
}

fn problem_key(problem: &FieldProblem) -> &'static str {
    match problem {
        FieldProblem::EmailOrPhone => "error_contact",
        FieldProblem::ConsentRequired => "error_consent",
        FieldProblem::Email => "error_email",
        FieldProblem::Phone => "error_phone",
        FieldProblem::NotOneOf { .. } => "error_choice",
        FieldProblem::NotA(Expected::Number) => "error_number",
        FieldProblem::NotA(Expected::Date) => "error_date",
        // The rest is about bodies that no form sends.
        _ => "error_required",
    }
}
