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

/// Copies the files.
pub fn copy(widget: &Path, dist: &Path) -> Result<()> {
    for (from, to) in FILES {
        fs::copy(widget.join(from), dist.join(to)).with_context(|| format!("cannot copy {from} into dist/"))?;
    }
    Ok(())
}
