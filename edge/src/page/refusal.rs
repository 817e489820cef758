//! The page where a form could not be taken: what to change, and the form as it was filled in.

use maud::{Markup, html};
use shared::error::FieldErrors;

use super::fields::{self, Filled};
use crate::{answer::Answer, intake::IntakeError, problem::Problem};

/// The page with the status and the headers of the problem. `then` is where the form leads when it is sent
/// again.
pub fn answer(
    problem: &Problem,
    request_id: &str,
    filled: Option<&Filled<'_>>,
    back: Option<&str>,
    then: Option<&str>,
) -> Answer {
    let Answer { status, headers, .. } = problem.answer(request_id);
    let mut answer = super::answer(status, page(problem, filled, back), then);
    answer.headers.extend(headers.into_iter().filter(|(name, _)| *name != "content-type"));
    answer
}

/// What is said, the form to send again where that helps, and the way back.
fn page(problem: &Problem, filled: Option<&Filled<'_>>, back: Option<&str>) -> Markup {
    let none = FieldErrors::default();
    let errors = if let Problem::Fields(errors) = problem { errors } else { &none };
    let others = errors.fields().filter(|name| !filled.is_some_and(|filled| filled.shows(name)));
    let content = html! {
        div role="alert" {
            p { (words(problem)) }
            @for name in others {
                p.error { strong { (name) ": " } @for problem in errors.of(name) { (problem.to_string()) " " } }
            }
        }
        @if let Some(filled) = filled { (fields::form(filled, errors)) }
    };
    super::frame(problem.title(), &content, back)
}

/// For the person who filled in the form, who cannot mend what is wrong with the page.
fn words(problem: &Problem) -> String {
    match problem {
        Problem::Fields(_) => "Your message has not been sent yet. Please correct what is marked.".into(),
        Problem::RateLimited { retry_after } => {
            format!(
                "Too many messages were sent in a short time. Please wait {retry_after} seconds, then send yours again."
            )
        }
        Problem::Intake(IntakeError::TooLarge) => {
            "Your message is too large. Please go back, shorten it or leave files out, and send it again.".into()
        }
        Problem::Store | Problem::Internal => {
            "Your message could not be stored because of a fault on our side. Please send it again in a moment.".into()
        }
        // The rest is the page's affair: told so that its owner can mend it.
        other => [
            "Your message was not sent, since the form is not set up correctly. Please tell the owner of the page: ",
            &other.detail(),
        ]
        .concat(),
    }
}

/// Whether sending the same form again can help.
pub fn can_be_sent_again(problem: &Problem) -> bool {
    matches!(problem, Problem::Fields(_) | Problem::RateLimited { .. } | Problem::Store | Problem::Internal)
}

#[cfg(test)]
mod tests;
