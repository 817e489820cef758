//! The widget: Rust to WebAssembly, its glue and the loader to one script.

mod glue;
mod messages;
mod pages;
mod tables;
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
    inputs: &[
        "widget/Cargo.toml",
        "widget/src",
        "widget/loader",
        "widget/messages",
        "widget/style.css",
        "widget/style",
        "widget/pages.css",
        "widget/embed",
        "widget/leadgate.d.ts",
    ],
    is_compiled: true,
    outputs: &[
        "dist/widget.js",
        "dist/pages.css",
        "dist/assets",
        "dist/embed.html",
        "dist/embed.css",
        "dist/embed.js",
        "dist/leadgate.d.ts",
    ],
    make,
};

/// Style sheets are texts of the scripts.
const CSS: &str = "--loader:.css=text";

/// Nearly all of a script runs at once, so that Chromium compiles all of it beside the main thread instead of function by
/// function on it. https://v8.dev/blog/explicit-compile-hints
const COMPILE_HINT: &str = "--banner:js=//# allFunctionsCalledOnLoad";

/// The style of the pages that the Worker shows itself, which is the form's with a page around it.
const PAGES_STYLE: &str = "pages.css";

fn scratch(workspace: &Workspace) -> PathBuf {
    workspace.target.join("leadgate-widget")
}

/// Where the minified style is put before it goes into the loader.
pub fn style(workspace: &Workspace) -> PathBuf {
    scratch(workspace).join("style.css")
}

fn make(workspace: &Workspace, tools: &Tools) -> Result<()> {
    let scratch = scratch(workspace);
    fs::create_dir_all(&scratch)?;
    let script = compile(workspace, tools, &scratch)?;
    let optimised = tables::clear(&fs::read(optimise(tools, &scratch)?)?)?;
    let (module, script) = glue::shorten(&optimised, &fs::read_to_string(script)?)?;
    let (wasm, glue) = (scratch.join("leadgate.wasm"), scratch.join("glue.js"));
    fs::write(&wasm, module)?;
    fs::write(&glue, script)?;

    let dist = &workspace.dist();
    fs::create_dir_all(dist.join("assets"))?;
    let module = asset(dist, &wasm, "wasm")?;
    let glued = scratch.join("live.js");
    let texts = messages::write(&workspace.root.join("widget/messages"), dist)?;
    let (english, live_english) = (scratch.join("english.json"), scratch.join("live_english.json"));
    fs::write(&english, serde_json::to_string(&texts.painted)?)?;
    fs::write(&live_english, serde_json::to_string(&texts.live)?)?;
    let live_style = scratch.join("live.css");
    minify_style(workspace, tools, "style/live.css", &live_style)?;
    let options = [
        "--format=esm",
        CSS,
        &alias("leadgate-glue", &glue),
        &alias("leadgate-style", &live_style),
        &alias("leadgate-english", &live_english),
    ];
    bundle(workspace, tools, "loader/live.js", &glued, &options)?;
    let live = asset(dist, &glued, "js")?;
    let style = style(workspace);
    minify_style(workspace, tools, "style.css", &style)?;
    minify_style(workspace, tools, PAGES_STYLE, &dist.join(PAGES_STYLE))?;
    let options = [
        "--format=iife",
        CSS,
        &alias("leadgate-style", &style),
        &alias("leadgate-english", &english),
        &format!("--define:LEADGATE_WASM={module:?}"),
        &format!("--define:LEADGATE_LIVE={live:?}"),
        &format!("--define:LEADGATE_LANGUAGES={}", serde_json::to_string(&texts.languages)?),
        &format!("--define:LEADGATE_MESSAGES={:?}", texts.address),
    ];
    bundle(workspace, tools, "loader/widget.js", &dist.join("widget.js"), &options)?;
    pages::copy(&workspace.root.join("widget"), dist)?;
    let kept: Vec<PathBuf> = [module, live].into_iter().chain(texts.files()).map(|name| dist.join(name)).collect();
    remove_all_but(&dist.join("assets"), &kept)
}

/// Copies a file to where it is served for ever under its hash; returns its address, relative to the script's.
fn asset(dist: &Path, file: &Path, extension: &str) -> Result<String> {
    let name = format!("assets/leadgate-{}.{extension}", content_hash(file)?);
    fs::copy(file, dist.join(&name)).with_context(|| format!("cannot copy {name} into dist/"))?;
    Ok(name)
}

/// Compiles the crate and writes its script; returns the path of that.
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
            .args(["--bundle", "--minify", "--target=es2022", "--legal-comments=none", "--charset=utf8", COMPILE_HINT])
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
    hash.truncate(8);
    hash
}

/// Removes what earlier builds left. wrangler may be serving the folder, so it is never emptied as a whole.
fn remove_all_but(folder: &Path, kept: &[PathBuf]) -> Result<()> {
    for file in files_below(folder)? {
        if !kept.contains(&file) {
            fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        }
    }
    Ok(())
}
