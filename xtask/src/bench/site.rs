//! The site of the comparison: the widget as it is built, its rivals, a page for each, all compressed as a host would.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::build;
use crate::fingerprint::files_below;
use crate::progress::{capture, run, step};
use crate::size::brotli;
use crate::tools::Tools;
use crate::workspace::Workspace;

/// The address of the form's definition, also for the preload line. The key is none: nothing checks it.
const FORM: &str = "/v1/form?key=lg_pk_bench";

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
    add(&site, Path::new("v1/form"), &minified(&fs::read_to_string(workspace.root.join("bench/form.json"))?)?)?;
    let preload = format!(r#"<link rel="preload" as="fetch" crossorigin href="{FORM}">"#);
    for (name, script, head) in [
        ("vanilla", "vanilla.js", ""),
        ("react", "react.js", ""),
        ("leadgate", "widget.js", ""),
        ("leadgate-preload", "widget.js", preload.as_str()),
    ] {
        add(&site, &Path::new(name).with_extension("html"), page(script, head).as_bytes())?;
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
fn page(script: &str, head: &str) -> String {
    format!(
        r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{script}</title><link rel="icon" href="data:,">{head}
<style>leadgate-form {{ --leadgate-reserved-height: 32em }}</style></head>
<body><script async src="/{script}" data-key="lg_pk_bench"></script></body></html>"#
    )
}

fn minified(json: &str) -> Result<Vec<u8>> {
    let value: serde_json::Value = serde_json::from_str(json).context("bench/form.json is no JSON")?;
    Ok(serde_json::to_vec(&value)?)
}

fn add(site: &Path, path: &Path, content: &[u8]) -> Result<()> {
    let file = site.join(path);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&file, brotli(content)?).with_context(|| format!("cannot write {}", file.display()))
}
