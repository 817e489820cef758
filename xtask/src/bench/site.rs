//! The site of the comparison: the widget as it is built, its rivals, a page for each, all compressed as a host would.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::build;
use crate::fingerprint::files_below;
use crate::form_script;
use crate::progress::{capture, run, step};
use crate::size::{brotli, definition};
use crate::tools::Tools;
use crate::workspace::Workspace;

/// No key: nothing checks it.
const KEY: &str = "lg_pk_bench";

/// Makes the site; returns its folder.
pub fn make(workspace: &Workspace, tools: &Tools) -> Result<PathBuf> {
    install(&workspace.root.join("bench"))?;
    let site = workspace.target.join("leadgate-bench");
    if site.exists() {
        fs::remove_dir_all(&site)?;
    }
    for rival in ["vanilla.js", "react.jsx"] {
        let script = bundle(workspace, tools, rival)?;
        add(&site, &Path::new(rival).with_extension("js"), script.as_bytes())?;
    }
    for file in files_below(&workspace.dist())? {
        add(&site, file.strip_prefix(workspace.dist())?, &fs::read(&file)?)?;
    }
    let form = definition(workspace)?;
    add(&site, Path::new("v1/form"), form.as_bytes())?;
    let script = fs::read_to_string(workspace.dist().join("widget.js"))?;
    let with_form = form_script::with_form(&script, KEY, &form);
    add(&site, Path::new("form.js"), with_form.as_bytes())?;
    let preload = format!(r#"<link rel="preload" as="fetch" crossorigin href="/v1/form?key={KEY}">"#);
    let tag = |script: &str| format!(r#"<script async src="/{script}" data-key="{KEY}"></script>"#);
    let form_tag = format!(r#"<script async crossorigin src="/form.js?key={KEY}"></script>"#);
    for (name, tag, head) in [
        ("vanilla", tag("vanilla.js"), ""),
        ("react", tag("react.js"), ""),
        ("leadgate", tag("widget.js"), ""),
        ("leadgate-preload", tag("widget.js"), preload.as_str()),
        ("leadgate-form", form_tag, ""),
    ] {
        add(&site, &Path::new(name).with_extension("html"), page(name, &tag, head).as_bytes())?;
    }
    Ok(site)
}

/// What React needs is heavy, so it is installed for this command alone.
fn install(folder: &Path) -> Result<()> {
    if folder.join("node_modules").exists() {
        return Ok(());
    }
    step("npm ci for the comparison", "first time only", || {
        run(Command::new("npm").args(["ci", "--loglevel=error"]).current_dir(folder))
    })
}

/// A rival's script, with the widget's own style.
fn bundle(workspace: &Workspace, tools: &Tools, entry: &str) -> Result<String> {
    let style = build::widget_style(workspace);
    capture(
        tools
            .node_modules
            .command("esbuild")?
            .arg(workspace.root.join("bench").join(entry))
            .args(["--bundle", "--minify", "--format=iife", "--target=es2022", "--legal-comments=none"])
            .args(["--jsx=automatic", "--define:process.env.NODE_ENV=\"production\"", "--loader:.css=text"])
            .arg(format!("--alias:leadgate-style={}", style.display())),
    )
}

/// The height of the form is known, as it is on a finished page.
fn page(name: &str, tag: &str, head: &str) -> String {
    format!(
        r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{name}</title><link rel="icon" href="data:,">{head}
<style>leadgate-form {{ --leadgate-reserved-height: 32em }}</style></head>
<body>{tag}</body></html>"#
    )
}

fn add(site: &Path, path: &Path, content: &[u8]) -> Result<()> {
    let file = site.join(path);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&file, brotli(content)?).with_context(|| format!("cannot write {}", file.display()))
}
