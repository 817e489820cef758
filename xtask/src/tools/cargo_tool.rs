//! Programs installed by cargo, by version, in the user's cache folder: every clone on a machine shares them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::lock::Lock;
use crate::progress::{run, step};
use crate::workspace::{Workspace, cargo};

struct CargoTool<'a> {
    /// The package on crates.io.
    package: &'a str,
    version: &'a str,
    program: &'a str,
    /// How long compiling takes on two cores.
    expectation: &'a str,
}

/// The wasm-bindgen program, of the crate's version: they refuse to work together otherwise.
pub fn wasm_bindgen(workspace: &Workspace) -> Result<PathBuf> {
    CargoTool {
        package: "wasm-bindgen-cli",
        version: workspace.crate_version("wasm-bindgen")?,
        program: "wasm-bindgen",
        expectation: "first time only, about 2 minutes",
    }
    .ensure()
}

/// The worker-build program, of the `worker` crate's version: they are released together.
pub fn worker_build(workspace: &Workspace) -> Result<PathBuf> {
    CargoTool {
        package: "worker-build",
        version: workspace.crate_version("worker")?,
        program: "worker-build",
        expectation: "first time only, about 3 minutes",
    }
    .ensure()
}

/// The cargo-deny program.
pub fn cargo_deny(workspace: &Workspace) -> Result<PathBuf> {
    CargoTool {
        package: "cargo-deny",
        version: workspace.tool_version("cargo-deny")?,
        program: "cargo-deny",
        expectation: "first time only, about 5 minutes",
    }
    .ensure()
}

impl CargoTool<'_> {
    fn ensure(&self) -> Result<PathBuf> {
        let tools = cache_folder()?.join("tools");
        let name = format!("{}-{}", self.package, self.version);
        let installed = tools.join(&name);
        let program = installed.join("bin").join(self.program);
        if program.is_file() {
            return Ok(program);
        }
        let _lock = Lock::acquire(&tools.join(format!("{name}.lock")))?;
        if program.is_file() {
            return Ok(program);
        }
        step(format_args!("cargo install {name}"), self.expectation, || self.install(&tools, &installed))?;
        Ok(program)
    }

    /// Installs beside the final place and moves there at the end, so that an interrupted install leaves nothing
    /// that looks finished. The compiled crates of an interrupted one are kept for the next try.
    fn install(&self, tools: &Path, installed: &Path) -> Result<()> {
        let unfinished = installed.with_added_extension("unfinished");
        let objects = installed.with_added_extension("objects");
        // In the cache folder, where the repository's own .cargo/config.toml does not reach.
        run(cargo()
            .current_dir(tools)
            // Not --locked: the lock file that wasm-bindgen-cli ships names a yanked crate.
            .args(["install", self.package, "--version", self.version, "--root"])
            .arg(&unfinished)
            .args(["--quiet", "--no-track"])
            .env("CARGO_TARGET_DIR", &objects)
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env_remove("CARGO_BUILD_TARGET")
            .env_remove("RUSTFLAGS"))?;
        if installed.exists() {
            fs::remove_dir_all(installed)?;
        }
        fs::rename(&unfinished, installed)
            .with_context(|| format!("cannot move {} into place", unfinished.display()))?;
        fs::remove_dir_all(&objects).context("cannot remove the objects of a finished install")
    }
}

/// `$XDG_CACHE_HOME/leadgate`, or the same below the home folder.
fn cache_folder() -> Result<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    set("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(set("HOME")?).join(".cache")))
        .map(|cache| cache.join("leadgate"))
        .context("neither XDG_CACHE_HOME nor HOME is set: set one, the tools are kept below it")
}
