//! The widget: Rust to WebAssembly, its glue and the loader to one script.

mod import_names;

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
    inputs: &["widget/Cargo.toml", "widget/src", "widget/loader", "widget/style.css", "widget/pages.css"],
    is_compiled: true,
    outputs: &["dist/widget.js", "dist/pages.css", "dist/assets"],
    make,
};

/// The style of the pages that the Worker shows itself, which is the form's with a page around it.
const PAGES_STYLE: &str = "pages.css";

fn make(workspace: &Workspace, tools: &Tools) -> Result<()> {
    let scratch = workspace.target.join("leadgate-widget");
    fs::create_dir_all(&scratch)?;
    let glue = compile(workspace, tools, &scratch)?;
    import_names::shorten(&[&glue, &scratch.join("leadgate_bg.wasm")])?;
    let wasm = optimise(tools, &scratch)?;

    let dist = workspace.dist();
    let asset = format!("assets/leadgate-{}.wasm", content_hash(&wasm)?);
    fs::create_dir_all(dist.join("assets"))?;
    fs::copy(&wasm, dist.join(&asset)).context("cannot copy the wasm module into dist/")?;
    let style = scratch.join("style.css");
    minify_style(workspace, tools, "style.css", &style)?;
    minify_style(workspace, tools, PAGES_STYLE, &dist.join(PAGES_STYLE))?;
    bundle(workspace, tools, &glue, &style, &asset, &dist)?;
    remove_all_but(&dist.join("assets"), &dist.join(&asset))
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
    let optimised = scratch.join("leadgate.opt.wasm");
    // The exports are what server_fn brings for streams, which the widget has none of.
    let passes = ["--remove-exports=*intounderlying*", "-Oz", "--converge"];
    wasm_opt::run(&tools.node_modules, &passes, &scratch.join("leadgate_bg.wasm"), &optimised)?;
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

/// One classic script out of the loader, the glue (`leadgate-glue`) and the style (`leadgate-style`).
/// `LEADGATE_WASM` in the loader is the module's address, relative to the script's.
fn bundle(workspace: &Workspace, tools: &Tools, glue: &Path, style: &Path, wasm: &str, dist: &Path) -> Result<()> {
    capture(
        tools
            .node_modules
            .command("esbuild")?
            .arg(workspace.root.join("widget/loader/widget.js"))
            .args(["--bundle", "--minify", "--format=iife", "--target=es2022"])
            .args(["--legal-comments=none", "--charset=utf8", "--loader:.css=text"])
            .arg(format!("--alias:leadgate-glue={}", glue.display()))
            .arg(format!("--alias:leadgate-style={}", style.display()))
            .arg(format!("--define:LEADGATE_WASM={wasm:?}"))
            .arg(format!("--outfile={}", dist.join("widget.js").display())),
    )
    .map(drop)
}

/// Short enough to read, long enough never to meet twice.
fn content_hash(file: &Path) -> Result<String> {
    let mut hash = hex(&Sha256::digest(fs::read(file)?));
    hash.truncate(12);
    Ok(hash)
}

/// Removes what earlier builds left. wrangler may be serving the folder, so it is never emptied as a whole.
fn remove_all_but(folder: &Path, kept: &Path) -> Result<()> {
    for file in files_below(folder)? {
        if file != kept {
            fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        }
    }
    Ok(())
}
