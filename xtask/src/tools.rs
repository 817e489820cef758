//! What the build needs besides the compiler, each installed when it is missing and found when it is not.

mod cargo_tool;
pub mod chromium;
mod node_modules;
mod wasm_target;

use std::path::PathBuf;

use anyhow::Result;

pub use self::node_modules::NodeModules;
use crate::fingerprint::Fingerprint;
use crate::workspace::Workspace;

/// The tools that turn sources into what is served.
pub struct Tools {
    /// Writes the JavaScript beside a wasm module.
    pub wasm_bindgen: PathBuf,
    /// Builds a Rust Worker for wrangler.
    pub worker_build: PathBuf,
    /// esbuild, wasm-opt and wrangler, with the Node they run on.
    pub node_modules: NodeModules,
    versions: String,
}

impl Tools {
    /// Installs what is missing.
    pub fn ensure(workspace: &Workspace) -> Result<Self> {
        wasm_target::ensure()?;
        let node_modules = NodeModules::ensure(workspace)?;
        let wasm_bindgen = cargo_tool::wasm_bindgen(workspace)?;
        let worker_build = cargo_tool::worker_build(workspace)?;
        let versions = Fingerprint::default()
            .text(workspace.crate_version("wasm-bindgen")?)
            .text(workspace.crate_version("worker")?)
            .path(&workspace.root, "package-lock.json")?
            .finish();
        Ok(Self { wasm_bindgen, worker_build, node_modules, versions })
    }

    /// Changes whenever one of the tools changes.
    pub fn versions(&self) -> &str {
        &self.versions
    }
}

/// Checks dependencies against deny.toml.
pub fn cargo_deny(workspace: &Workspace) -> Result<PathBuf> {
    cargo_tool::cargo_deny(workspace)
}
