//! The pages of dist/: the API document, its readable reference, the errors; and the rules by which
//! Cloudflare serves everything there.

#![allow(clippy::indexing_slicing, reason = "a member that a JSON value lacks is null, which every reader here bears")]

mod curl;
mod errors;
mod operation;
mod page;
mod reference;
mod schema;

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Artefact;
use crate::tools::Tools;
use crate::workspace::Workspace;

/// What this module makes.
pub const ARTEFACT: Artefact = Artefact {
    name: "site",
    title: "pages to dist/",
    expectation: "a second",
    inputs: &[DOCUMENT, ERRORS],
    is_compiled: false,
    outputs: &["dist/openapi.json", "dist/docs.html", "dist/docs", "dist/_headers", "dist/_redirects"],
    make,
};

/// The API document, as a test of the Worker makes it.
const DOCUMENT: &str = "edge/openapi.json";

const ERRORS: &str = "docs/ERRORS.md";

/// Where a header belongs to all files it stands once; two rules for one header would be joined. Another method
/// than GET and HEAD is refused by the platform, before the Worker; `Allow` is all that can be added.
///
/// The widget's assets carry their hash in their names, so they never change; the others' names never change, so
/// they are asked for again every five minutes. Any page may load them.
/// <https://developers.cloudflare.com/workers/static-assets/headers/>
const HEADERS: &str = "\
/*
  Access-Control-Allow-Origin: *
  Allow: GET, HEAD
  Cross-Origin-Resource-Policy: cross-origin
  Referrer-Policy: no-referrer
  Strict-Transport-Security: max-age=31536000
  X-Content-Type-Options: nosniff
/widget.js
  Cache-Control: public, max-age=300
  Content-Security-Policy: default-src 'none'; frame-ancestors 'none'
/pages.css
  Cache-Control: public, max-age=300
  Content-Security-Policy: default-src 'none'; frame-ancestors 'none'
/openapi.json
  Content-Security-Policy: default-src 'none'; frame-ancestors 'none'
/assets/*
  Cache-Control: public, max-age=31536000, immutable
  Content-Security-Policy: default-src 'none'; frame-ancestors 'none'
/embed/*
  Content-Security-Policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
/docs*
  Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
";

/// Addresses without the end of a file's name; who opens the Worker's own address is shown what there is.
const REDIRECTS: &str = "\
/ /docs 303
/docs /docs.html 200
/docs/errors /docs/errors.html 200
/embed/:form /embed.html 200
";

fn make(workspace: &Workspace, _: &Tools) -> Result<()> {
    let read =
        |name: &str| fs::read_to_string(workspace.root.join(name)).with_context(|| format!("cannot read {name}"));
    let document: Value = serde_json::from_str(&read(DOCUMENT)?).with_context(|| format!("{DOCUMENT} is no JSON"))?;
    let dist = workspace.dist();
    fs::create_dir_all(dist.join("docs"))?;
    for (name, content) in [
        ("openapi.json", document.to_string()),
        ("docs.html", reference::page(&document)?),
        ("docs/errors.html", errors::page(&read(ERRORS)?)),
        ("docs/style.css", include_str!("site/style.css").to_owned()),
        ("docs/origin.js", include_str!("site/origin.js").to_owned()),
        ("_headers", HEADERS.to_owned()),
        ("_redirects", REDIRECTS.to_owned()),
    ] {
        fs::write(dist.join(name), content).with_context(|| format!("cannot write dist/{name}"))?;
    }
    Ok(())
}
