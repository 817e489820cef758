//! The page after a form was sent.

use maud::{Markup, html};
use shared::form::FormDefinition;

/// In place of a message of the form's own.
const MESSAGE: &str = "Thank you. Your message has been sent.";

/// The form's message in the language asked for, where it has one.
pub fn page(form: &FormDefinition, locale: Option<&str>, back: Option<&str>) -> Markup {
    let translation = locale.and_then(|locale| form.translations.get(locale)).and_then(|texts| texts.success.as_ref());
    let own = translation.map(|success| success.message.as_str()).or(form.success.message.as_deref());
    super::frame(own.unwrap_or(MESSAGE), &html! {}, back)
}
