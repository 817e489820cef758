//! `cargo xtask build`: the widget into dist/ and the Worker into edge/build/, each only when its inputs changed.

mod wasm_opt;
mod widget;
mod worker;

use std::path::Path;

use anyhow::Result;

use crate::fingerprint::{Fingerprint, Stamp};
use crate::lock::Lock;
use crate::progress::{say, step};
use crate::tools::Tools;
use crate::workspace::Workspace;

/// What both artefacts are made from besides their own sources; the build logic counts, too.
const COMMON_INPUTS: [&str; 6] =
    ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", ".cargo/config.toml", "shared", "xtask/src/build"];

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

fn build(workspace: &Workspace, force: bool) -> Result<Tools> {
    make(workspace, &[widget::ARTEFACT, worker::ARTEFACT], force)
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
    /// The crate's folder.
    name: &'static str,
    /// What is built, for the developer.
    title: &'static str,
    /// How long it takes on two cores.
    expectation: &'static str,
    /// The folder it ends up in, relative to the root.
    output: &'static str,
    make: fn(&Workspace, &Tools, &Path) -> Result<()>,
}

impl Artefact {
    fn ensure(&self, workspace: &Workspace, tools: &Tools, force: bool) -> Result<()> {
        let output = workspace.root.join(self.output);
        let stamp = Stamp::at(workspace.notes().join("stamps").join(self.name));
        let inputs = self.inputs(workspace, tools)?;
        if !force && stamp.is_current(&inputs, &output)? {
            say(format_args!("> {}: up to date", self.title));
            return Ok(());
        }
        step(self.title, self.expectation, || (self.make)(workspace, tools, &output))?;
        stamp.record(&inputs, &output)
    }

    fn inputs(&self, workspace: &Workspace, tools: &Tools) -> Result<String> {
        let mut inputs = Fingerprint::default().text(tools.versions());
        for input in COMMON_INPUTS {
            inputs = inputs.path(&workspace.root, input)?;
        }
        // Everything of the crate but what worker-build leaves in it.
        for input in ["Cargo.toml", "src", "loader", "messages", "style.css", "style", "pages.css", "embed", "leadgate.d.ts"] {
            inputs = inputs.path(&workspace.root, &format!("{}/{input}", self.name))?;
        }
        Ok(inputs.finish())
    }
}
