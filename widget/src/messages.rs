//! What the widget itself says to a visitor. One file a language; the form's own texts come with its definition.

mod en;

use shared::error::FieldProblem;

use crate::answer::TroubleKind;

/// The words of one language.
#[derive(Debug)]
pub struct Messages {
    /// Behind the label of a field that may stay empty.
    pub optional: &'static str,
    /// The first entry of a list of choices, before one is made.
    pub choose: &'static str,
    /// The link beside the consent text.
    pub policy: &'static str,
    /// The button.
    pub send: &'static str,
    /// The button after a failure.
    pub send_again: &'static str,
    /// The button while the lead is on its way.
    pub sending: &'static str,
    /// Beside the button when the first try failed and another follows.
    pub still_sending: &'static str,
    /// Beside the button while fields need mending.
    pub mend: &'static str,
    /// In place of the form, where its definition has no text for it.
    pub sent: &'static str,
    /// The button that shows the form anew.
    pub another: &'static str,
    /// What is wrong with a field.
    pub problem: fn(&FieldProblem) -> String,
    /// Why the lead was not sent, and what to do.
    pub trouble: fn(TroubleKind) -> &'static str,
}

/// The words for every form so far.
pub const MESSAGES: &Messages = &en::MESSAGES;
