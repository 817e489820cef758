//! The Worker: worker-build compiles and bundles it, with the tools it would otherwise download.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::Artefact;
use crate::progress::run;
use crate::tools::Tools;
use crate::workspace::{Workspace, path_with_first};

/// What this module makes.
pub const ARTEFACT: Artefact = Artefact {
    name: "edge",
    title: "Worker to edge/build/",
    expectation: "first time about 3 minutes, later under a minute",
    output: "edge/build",
    make,
};

/// What rustc's wasm32 target and wasm-bindgen use; named one by one so that wasm-opt introduces
/// nothing that workerd does not run yet.
const WASM_FEATURES: [&str; 7] = [
    "--enable-mutable-globals",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-reference-types",
    "--enable-exception-handling",
];

fn make(workspace: &Workspace, tools: &Tools, output: &Path) -> Result<()> {
    let node_modules = &tools.node_modules;
    run(Command::new(&tools.worker_build)
        .args(["--release", "--", "--locked", "--quiet"])
        .current_dir(workspace.root.join("edge"))
        // The compiler's errors say enough; a backtrace of worker-build would push them off the screen.
        .env("RUST_BACKTRACE", "0")
        .env("WASM_BINDGEN_BIN", &tools.wasm_bindgen)
        .env("ESBUILD_BIN", node_modules.program("esbuild"))
        .env("PATH", path_with_first(node_modules.bin())?))?;
    let wasm = output.join("index_bg.wasm");
    run(Command::new(node_modules.program("wasm-opt"))
        .args(["-Os", "--strip-debug", "--strip-producers"])
        .args(WASM_FEATURES)
        .arg(&wasm)
        .arg("-o")
        .arg(&wasm))
}
