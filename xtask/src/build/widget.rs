//! The widget: Rust to WebAssembly, its glue and the loader to one script, with headers for Cloudflare's static assets.

mod import_names;
mod messages;
mod pages;
mod unreached;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::{Artefact, wasm_opt};
use crate::fingerprint::{files_below, hex};
use crate::progress::{capture, run};
use crate::tools::Tools;
use crate::workspace::Workspace;

/// What this module makes.
pub const ARTEFACT: Artefact = Artefact {
    name: "widget",
    title: "widget to dist/",
    expectation: "first time about 2 minutes, later seconds",
    output: "dist",
    make,
};

/// The assets' names carry their hash, so they never change; the others' names never change, so they are asked for
/// again every five minutes. Any page may load them.
/// <https://developers.cloudflare.com/workers/static-assets/headers/>
const HEADERS: &str = "\
/*
  Access-Control-Allow-Origin: *
  Cross-Origin-Resource-Policy: cross-origin
  X-Content-Type-Options: nosniff
/widget.js
  Cache-Control: public, max-age=300
/pages.css
  Cache-Control: public, max-age=300
/assets/*
  Cache-Control: public, max-age=31536000, immutable
";

/// The style of the pages that the Worker shows itself, which is the form's with a page around it.
const PAGES_STYLE: &str = "pages.css";

fn make(workspace: &Workspace, tools: &Tools, dist: &Path) -> Result<()> {
    let scratch = workspace.target.join("leadgate-widget");
    fs::create_dir_all(&scratch)?;
    let glue = compile(workspace, tools, &scratch)?;
    import_names::shorten(&[&glue, &scratch.join("leadgate_bg.wasm")])?;
    let wasm = optimise(tools, &scratch)?;

    fs::create_dir_all(dist.join("assets"))?;
    let module = asset(dist, &wasm, "wasm")?;
    let glued = scratch.join("live.js");
    bundle(workspace, tools, "loader/live.js", &glued, &["--format=esm", &alias("leadgate-glue", &glue)])?;
    let live = asset(dist, &glued, "js")?;
    let texts = messages::write(&workspace.root.join("widget/messages"), dist)?;
    let english = scratch.join("english.json");
    fs::write(&english, serde_json::to_string(&texts.painted)?)?;
    let style = scratch.join("style.css");
    minify_style(workspace, tools, "style.css", &style)?;
    minify_style(workspace, tools, PAGES_STYLE, &dist.join(PAGES_STYLE))?;
    let options = [
        "--format=iife",
        "--loader:.css=text",
        &alias("leadgate-style", &style),
        &alias("leadgate-english", &english),
        &format!("--define:LEADGATE_WASM={module:?}"),
        &format!("--define:LEADGATE_LIVE={live:?}"),
        &format!("--define:LEADGATE_LANGUAGES={}", serde_json::to_string(&texts.languages)?),
        &format!("--define:LEADGATE_MESSAGES={:?}", texts.address),
    ];
    bundle(workspace, tools, "loader/widget.js", &dist.join("widget.js"), &options)?;
    let pages = pages::copy(&workspace.root.join("widget"), dist)?;
    fs::write(dist.join("_headers"), [HEADERS, pages::HEADERS].concat())?;
    fs::write(dist.join("_redirects"), pages::REDIRECTS)?;
    let languages = texts.files();
    let mut kept = vec![module.as_str(), &live, "widget.js", PAGES_STYLE, "_headers", "_redirects"];
    kept.extend(pages);
    kept.extend(languages.iter().map(String::as_str));
    remove_all_but(dist, &kept)
}

/// Copies a file to where it is served for ever under its hash; returns its address, relative to the script's.
fn asset(dist: &Path, file: &Path, extension: &str) -> Result<String> {
    let name = format!("assets/leadgate-{}.{extension}", content_hash(file)?);
    fs::copy(file, dist.join(&name)).with_context(|| format!("cannot copy {name} into dist/"))?;
    Ok(name)
}

/// Compiles the crate and writes its glue; returns the glue's path.
fn compile(workspace: &Workspace, tools: &Tools, scratch: &Path) -> Result<PathBuf> {
    run(workspace.cargo().args([
        "rustc",
        "--quiet",
        "--locked",
        "--package=widget",
        "--target=wasm32-unknown-unknown",
        "--profile=widget",
        // Cargo leaves link-time optimisation out where an rlib is built beside: a seventh of the download.
        "--crate-type=cdylib",
    ]))?;
    let module = workspace.target.join("wasm32-unknown-unknown/widget/widget.wasm");
    capture(
        std::process::Command::new(&tools.wasm_bindgen)
            // The loader always says where the module is.
            .args(["--target=web", "--no-typescript", "--omit-default-module-path"])
            .args(["--out-name=leadgate", "--out-dir"])
            .arg(scratch)
            .arg(module),
    )?;
    Ok(scratch.join("leadgate.js"))
}

fn optimise(tools: &Tools, scratch: &Path) -> Result<PathBuf> {
    let lean = scratch.join("leadgate.lean.wasm");
    unreached::remove(&scratch.join("leadgate_bg.wasm"), &lean)?;
    let optimised = scratch.join("leadgate.opt.wasm");
    // The exports are what server_fn brings for streams, which the widget has none of.
    let passes = ["--remove-exports=*intounderlying*", "-Oz", "--converge"];
    wasm_opt::run(&tools.node_modules, &passes, &lean, &optimised)?;
    Ok(optimised)
}

/// Minifies a style sheet of the widget's folder, with what it imports.
fn minify_style(workspace: &Workspace, tools: &Tools, name: &str, minified: &Path) -> Result<()> {
    capture(
        tools
            .node_modules
            .command("esbuild")?
            .arg(workspace.root.join("widget").join(name))
            .args(["--bundle", "--minify"])
            .arg(format!("--outfile={}", minified.display())),
    )
    .map(drop)
}

/// One script out of a file of the widget's folder and all it imports. The loader is a classic script that
/// carries the style (`leadgate-style`); what makes a form live is a module that carries the glue (`leadgate-glue`).
fn bundle(workspace: &Workspace, tools: &Tools, entry: &str, output: &Path, options: &[&str]) -> Result<()> {
    capture(
        tools
            .node_modules
            .command("esbuild")?
            .arg(workspace.root.join("widget").join(entry))
            .args(["--bundle", "--minify", "--target=es2022", "--legal-comments=none", "--charset=utf8"])
            .args(options)
            .arg(format!("--outfile={}", output.display())),
    )
    .map(drop)
}

fn alias(name: &str, file: &Path) -> String {
    format!("--alias:{name}={}", file.display())
}

fn content_hash(file: &Path) -> Result<String> {
    Ok(hash_of(&fs::read(file)?))
}

/// Short enough to read, long enough never to meet twice.
fn hash_of(content: &[u8]) -> String {
    let mut hash = hex(&Sha256::digest(content));
    hash.truncate(12);
    hash
}

/// Removes what earlier builds left. wrangler may be serving the folder, so it is never emptied as a whole.
fn remove_all_but(dist: &Path, kept: &[&str]) -> Result<()> {
    let kept: Vec<PathBuf> = kept.iter().map(|name| dist.join(name)).collect();
    for file in files_below(dist)? {
        if !kept.contains(&file) {
            fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        }
    }
    Ok(())
}
