//! Pages with the form embedded: the demo's landing page and the widget's playground.

use std::path::Path;

use maud::html;

use crate::repository;

const LANDING_PAGE: &str = include_str!("../../pages/demo.html");

/// What the pages embed.
#[derive(Clone, Debug, Default)]
pub struct Embed {
    /// The Worker's origin, such as `http://localhost:8787`.
    pub edge: String,
    /// A publishable key.
    pub key: String,
}

/// A small business's page with the tag that a customer pastes.
pub(super) fn landing_page(embed: &Embed) -> String {
    fill(LANDING_PAGE, embed)
}

/// A file of the widget's playground with its content type; `None` where there is none.
pub(super) fn playground_page(file: &str, embed: &Embed) -> Option<(&'static str, String)> {
    let content_type = match Path::new(file).extension()?.to_str()? {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        _ => return None,
    };
    let plain_name = Path::new(file).file_name()?;
    let text = std::fs::read_to_string(repository::path("widget/playground").join(plain_name)).ok()?;
    Some((content_type, fill(&text, embed)))
}

fn fill(template: &str, embed: &Embed) -> String {
    let escaped = |text: &str| html! { (text) }.into_string();
    template.replace("{{edge}}", &escaped(&embed.edge)).replace("{{key}}", &escaped(&embed.key))
}
