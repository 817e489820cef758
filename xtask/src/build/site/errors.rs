//! `/docs/errors`: docs/ERRORS.md as a page. The `type` of every error leads to one of its headings.

use maud::html;

use super::page::{markdown, page as whole};

/// The page out of the Markdown document.
pub fn page(text: &str) -> String {
    let codes = text.lines().filter_map(|line| line.strip_prefix("## "));
    let navigation = html! { ul { @for code in codes { li { a href={ "#" (code) } { (code) } } } } };
    whole("Errors", &navigation, &markdown(text))
}
