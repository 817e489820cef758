//! `cargo xtask build`: widget and pages into dist/, the Worker into edge/build/, each only when its inputs changed.

mod site;
mod wasm_opt;
mod widget;
mod worker;

use std::path::PathBuf;

use anyhow::Result;

use crate::fingerprint::{Fingerprint, Stamp};
use crate::lock::Lock;
use crate::progress::{say, step};
use crate::tools::Tools;
use crate::workspace::Workspace;

/// What everything that is compiled is made from besides its own sources.
const COMPILED: [&str; 5] = ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", ".cargo/config.toml", "shared"];

/// What decides how anything is made.
const BUILD_LOGIC: &str = "xtask/src/build";

/// Options of `cargo xtask build`.
#[derive(clap::Args)]
pub struct Args {
    /// Builds although nothing changed
    #[arg(long)]
    force: bool,
}

/// Builds what changed.
pub fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    build(workspace, args.force).map(drop)
}

/// Builds what changed and returns the tools it was built with.
pub fn ensure(workspace: &Workspace) -> Result<Tools> {
    build(workspace, false)
}

/// Builds the widget alone, if it changed, and returns the tools it was built with.
pub fn ensure_widget(workspace: &Workspace) -> Result<Tools> {
    make(workspace, &[widget::ARTEFACT], false)
}

/// The widget's style sheet as it was last built: one file, minified.
pub fn widget_style(workspace: &Workspace) -> PathBuf {
    widget::style(workspace)
}

fn build(workspace: &Workspace, force: bool) -> Result<Tools> {
    make(workspace, &[widget::ARTEFACT, site::ARTEFACT, worker::ARTEFACT], force)
}

fn make(workspace: &Workspace, artefacts: &[Artefact], force: bool) -> Result<Tools> {
    let tools = Tools::ensure(workspace)?;
    let _lock = Lock::acquire(&workspace.notes().join("build.lock"))?;
    for artefact in artefacts {
        artefact.ensure(workspace, &tools, force)?;
    }
    Ok(tools)
}

/// Something that is built as a whole.
struct Artefact {
    /// What its stamp is called.
    name: &'static str,
    /// What is built, for the developer.
    title: &'static str,
    /// How long it takes on two cores.
    expectation: &'static str,
    /// What it is made from, relative to the root. Not what worker-build leaves in a crate's folder.
    inputs: &'static [&'static str],
    /// Whether it is compiled from Rust.
    is_compiled: bool,
    /// The files and folders that it is, relative to the root.
    outputs: &'static [&'static str],
    make: fn(&Workspace, &Tools) -> Result<()>,
}

impl Artefact {
    fn ensure(&self, workspace: &Workspace, tools: &Tools, force: bool) -> Result<()> {
        let stamp = Stamp::at(workspace.notes().join("stamps").join(self.name));
        let inputs = self.inputs(workspace, tools)?;
        if !force && stamp.is_current(&inputs, &workspace.root, self.outputs)? {
            say(format_args!("> {}: up to date", self.title));
            return Ok(());
        }
        step(self.title, self.expectation, || (self.make)(workspace, tools))?;
        stamp.record(&inputs, &workspace.root, self.outputs)
    }

    fn inputs(&self, workspace: &Workspace, tools: &Tools) -> Result<String> {
        let mut inputs = Fingerprint::default().text(tools.versions());
        let compiled = if self.is_compiled { COMPILED.as_slice() } else { &[] };
        for input in [BUILD_LOGIC].iter().chain(compiled).chain(self.inputs) {
            inputs = inputs.path(&workspace.root, input)?;
        }
        Ok(inputs.finish())
    }
}
