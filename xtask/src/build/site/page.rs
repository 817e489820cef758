//! What every page has around its content, and Markdown in it.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};

/// A whole page.
pub fn page(title: &str, navigation: &Markup, content: &Markup) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Leadgate" }
                link rel="stylesheet" href="/docs/style.css";
                script src="/docs/origin.js" defer {}
            }
            body {
                a.skip href="#content" { "To the content" }
                header {
                    a.brand href="/docs" { "Leadgate" }
                    a href="/docs" { "Reference" }
                    a href="/docs/errors" { "Errors" }
                    a href="/openapi.json" { "openapi.json" }
                }
                nav aria-label="On this page" { (navigation) }
                main id="content" { h1 { (title) } (content) }
            }
        }
    }
    .into_string()
}

/// Markdown as HTML. Headings of the second level get their text as `id`; those of the first are left
/// out, since the page has its title.
pub fn markdown(text: &str) -> Markup {
    let mut events = Vec::new();
    let mut is_title = false;
    let mut parser = Parser::new_ext(text, Options::ENABLE_TABLES).peekable();
    while let Some(event) = parser.next() {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => is_title = true,
            Event::End(TagEnd::Heading(HeadingLevel::H1)) => is_title = false,
            _ if is_title => {}
            Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
                let id = match parser.peek() {
                    Some(Event::Text(text)) => Some(text.clone()),
                    _ => None,
                };
                events.push(Event::Start(Tag::Heading { level, id, classes, attrs }));
            }
            event => events.push(event),
        }
    }
    let mut html = String::new();
    push_html(&mut html, events.into_iter());
    PreEscaped(html)
}

#[cfg(test)]
mod tests {
    use super::markdown;

    #[test]
    fn headings_can_be_linked_to_by_their_text() {
        let html = markdown("# Errors\n\n## invalid_key\n\nA <b>bold</b> *cause*.\n").into_string();
        assert!(html.starts_with("<h2 id=\"invalid_key\">invalid_key</h2>"), "{html}");
        assert!(html.contains("<em>cause</em>"));
    }
}
