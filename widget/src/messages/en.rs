//! English.

use shared::error::FieldProblem;

use super::Messages;
use crate::answer::TroubleKind;

pub(super) const MESSAGES: Messages = Messages {
    optional: "optional",
    choose: "Choose one",
    policy: "Privacy policy",
    send: "Send",
    send_again: "Try again",
    sending: "Sending…",
    still_sending: "That did not go through. Trying again…",
    mend: "Please check the marked fields.",
    sent: "Thank you. Your message has been sent.",
    another: "Send another",
    problem,
    trouble,
};

fn problem(problem: &FieldProblem) -> String {
    let text = match problem {
        FieldProblem::EmailOrPhone => "Enter an email address or a phone number.",
        FieldProblem::ConsentRequired => "Tick the box to agree.",
        FieldProblem::Email => "Enter an email address such as name@example.com.",
        FieldProblem::Phone => "Enter a phone number that can be called.",
        FieldProblem::NotOneOf { .. } => "Choose one of the answers.",
        FieldProblem::NotA(shared::error::Expected::Number) => "Enter a number.",
        FieldProblem::NotA(shared::error::Expected::Date) => "Enter a date such as 2026-03-01.",
        FieldProblem::TooLong { max } => {
            return ["Shorten this to at most ", &max.to_string(), " characters."].concat();
        }
        // The rest is about bodies that no form sends.
        _ => "Fill in this field.",
    };
    text.to_owned()
}

fn trouble(kind: TroubleKind) -> &'static str {
    match kind {
        TroubleKind::Network => {
            "Your message could not be sent. Check your connection and try again. Nothing you typed is lost."
        }
        TroubleKind::Server => {
            "Your message could not be sent because of a fault on our side. Please try again in a moment. Nothing you typed is lost."
        }
        TroubleKind::Rate => {
            "Too many messages were sent in a short time. Please wait a minute and try again. Nothing you typed is lost."
        }
        TroubleKind::Refused => "This form cannot take your message at the moment. Nothing you typed is lost.",
    }
}
