//! Where things are: the repository, its build output, its versions.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::progress::capture;

/// The repository this program was started in.
pub struct Workspace {
    /// The folder of the root Cargo.toml.
    pub root: PathBuf,
    /// Cargo's target folder, wherever the developer's settings put it.
    pub target: PathBuf,
    manifest: toml::Table,
}

#[derive(Deserialize)]
struct Metadata {
    target_directory: PathBuf,
}

impl Workspace {
    /// Finds the repository from the folder cargo names, so that it may be called from anywhere inside.
    pub fn find() -> Result<Self> {
        let own =
            env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = own.parent().context("xtask has no parent folder")?.to_owned();
        let path = root.join("Cargo.toml");
        let manifest = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?.parse()?;
        let metadata = capture(cargo().args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(&root))?;
        let metadata: Metadata = serde_json::from_str(&metadata)?;
        Ok(Self { root, target: metadata.target_directory, manifest })
    }

    /// The version that `[workspace.dependencies]` pins for a crate.
    pub fn crate_version(&self, name: &str) -> Result<&str> {
        let entry = self.manifest_entry(&["workspace", "dependencies", name]);
        entry
            .and_then(|entry| entry.as_str().or_else(|| entry.get("version")?.as_str()))
            .and_then(|version| version.strip_prefix('='))
            .with_context(|| format!("Cargo.toml must pin {name} as `=x.y.z`: its tool has the same version"))
    }

    /// The version of a program in `[workspace.metadata.tools]`.
    pub fn tool_version(&self, name: &str) -> Result<&str> {
        self.manifest_entry(&["workspace", "metadata", "tools", name])
            .and_then(toml::Value::as_str)
            .with_context(|| format!("Cargo.toml must name {name} in [workspace.metadata.tools]"))
    }

    /// What the widget is served from.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The Worker as wrangler loads it.
    pub fn worker_build(&self) -> PathBuf {
        self.root.join("edge/build")
    }

    /// Stamps and locks of this working tree; not under version control.
    pub fn notes(&self) -> PathBuf {
        self.root.join(".leadgate")
    }

    /// Cargo, run in the root of the repository.
    pub fn cargo(&self) -> Command {
        let mut command = cargo();
        command.current_dir(&self.root);
        command
    }

    fn manifest_entry(&self, keys: &[&str]) -> Option<&toml::Value> {
        let (first, rest) = keys.split_first()?;
        rest.iter().try_fold(self.manifest.get(*first)?, |value, key| value.get(key))
    }
}

/// The cargo that started this program, so that everything is built by one toolchain.
pub fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The full path of a program on `PATH`.
pub fn find_program(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// `PATH` with `first` in front.
pub fn path_with_first(first: &Path) -> Result<OsString> {
    let rest = env::var_os("PATH").unwrap_or_default();
    Ok(env::join_paths(std::iter::once(first.to_owned()).chain(env::split_paths(&rest)))?)
}
