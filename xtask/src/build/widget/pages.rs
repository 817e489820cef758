//! What of the widget is served as it is: the page that hands out the tag, and the types for TypeScript.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Files of `widget/`, and what they are called in dist/.
const FILES: [(&str, &str); 4] = [
    ("embed/embed.html", "embed.html"),
    ("embed/embed.css", "embed.css"),
    ("embed/embed.js", "embed.js"),
    ("leadgate.d.ts", "leadgate.d.ts"),
];

/// One page for every form: which one it is stands in its address.
pub const REDIRECTS: &str = "/embed/:form /embed.html 200\n";

/// The page runs the widget and its own script, and nobody may put it into a frame.
pub const HEADERS: &str = "\
/embed/*
  Content-Security-Policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
  Referrer-Policy: no-referrer
";

/// Copies the files and returns their names in dist/.
pub fn copy(widget: &Path, dist: &Path) -> Result<Vec<&'static str>> {
    for (from, to) in FILES {
        fs::copy(widget.join(from), dist.join(to)).with_context(|| format!("cannot copy {from} into dist/"))?;
    }
    Ok(FILES.map(|(_, name)| name).to_vec())
}
