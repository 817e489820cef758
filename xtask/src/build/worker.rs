//! The Worker: worker-build compiles and bundles it, with the tools it would otherwise download. Before
//! what it makes stands an entry of our own.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use super::{Artefact, wasm_opt};
use crate::progress::run;
use crate::tools::Tools;
use crate::workspace::{Workspace, path_with_first};

/// What this module makes.
pub const ARTEFACT: Artefact = Artefact {
    name: "edge",
    title: "Worker to edge/build/",
    expectation: "first time about 3 minutes, later under a minute",
    inputs: &["edge/Cargo.toml", "edge/src"],
    is_compiled: true,
    outputs: &["edge/build"],
    make,
};

fn make(workspace: &Workspace, tools: &Tools) -> Result<()> {
    let node_modules = &tools.node_modules;
    run(Command::new(&tools.worker_build)
        .args(["--release", "--", "--locked", "--quiet"])
        .current_dir(workspace.root.join("edge"))
        // The compiler's errors say enough; a backtrace of worker-build would push them off the screen.
        .env("RUST_BACKTRACE", "0")
        .env("WASM_BINDGEN_BIN", &tools.wasm_bindgen)
        .env("ESBUILD_BIN", node_modules.program("esbuild"))
        .env("PATH", path_with_first(node_modules.bin())?))?;
    let output = workspace.worker_build();
    let wasm = output.join("index_bg.wasm");
    wasm_opt::run(node_modules, &["-Os"], &wasm, &wasm)?;
    fs::copy(workspace.root.join("edge/src/entry.js"), output.join("entry.js")).context("cannot copy the entry")?;
    Ok(())
}
