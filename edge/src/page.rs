//! Pages that people see who sent a form without scripts. They work without scripts themselves, and all
//! text is escaped where it is put in.

pub mod fields;
pub mod refusal;
pub mod thanks;

use maud::{DOCTYPE, Markup, html};

use crate::answer::Answer;

/// A page as an answer. Nothing but its style may load, and no other page may frame it; its form may be
/// sent to us and, as browsers ask it of redirects too, to where `then` leads.
pub fn answer(status: u16, page: Markup, then: Option<&str>) -> Answer {
    let mut policy =
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'".to_owned();
    if let Some((scheme, _)) = then.and_then(|then| then.split_once("//")) {
        // Not the one site: it may lead on to another of its own, and that would be blocked unseen.
        policy = [&policy, " ", scheme].concat();
    }
    Answer { status, headers: Vec::new(), body: page.into_string() }
        .with("content-type", "text/html; charset=utf-8")
        .with("content-security-policy", policy)
        .with("referrer-policy", "same-origin")
}

/// The frame of every page, and a way back to the page that the visitor came from.
fn frame(title: &str, content: &Markup, back: Option<&str>) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) }
                link rel="stylesheet" href="/pages.css";
            }
            body {
                main.box {
                    h1 { (title) }
                    (content)
                    @if let Some(back) = back { p.back { a href=(back) { "Back to the page you came from" } } }
                }
            }
        }
    }
}
