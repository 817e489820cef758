//! The layers of the test run, in the order they run.

use std::process::Command;

use anyhow::Result;
use clap::ValueEnum;

use super::deny;
use super::tally::Tally;
use crate::build;
use crate::progress::run;
use crate::size;
use crate::tools::chromium;
use crate::workspace::Workspace;

/// A part of the test run.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub enum Layer {
    /// rustfmt
    Fmt,
    /// clippy, for this machine and for WebAssembly; a warning is an error
    Clippy,
    /// cargo-deny: licences, bans, sources, advisories
    Deny,
    /// The house rules
    Tidy,
    /// Unit and property tests on this machine
    Host,
    /// The test harness and the provider sandbox themselves
    Support,
    /// The widget and the Worker
    Build,
    /// What visitors download and Cloudflare loads
    Size,
    /// What accepting a lead costs: calls, rows and requests, counted
    Cost,
    /// The widget in Chromium
    Browser,
    /// Page, Worker, D1 and provider sandbox together
    E2e,
}

impl Layer {
    /// Its name on the command line and in the summary.
    pub fn title(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// Runs it; what it counts goes into `tally`.
    pub fn run(self, workspace: &Workspace, tally: &mut Tally) -> Result<()> {
        match self {
            Self::Fmt => run(workspace.cargo().args(["fmt", "--all", "--check"])),
            Self::Clippy => clippy(workspace),
            Self::Deny => deny::check(workspace),
            Self::Tidy => tally.run(cargo_test(workspace).args(["--package=tests", "--test=tidy"])),
            Self::Host => tally.run(cargo_test(workspace).args(["--workspace", "--exclude=tests"])),
            Self::Support => in_browser(workspace, tally, "support"),
            Self::Build => build::ensure(workspace).map(drop),
            Self::Size => size::check(workspace),
            Self::Cost => built(workspace, tally, "cost"),
            Self::Browser => built(workspace, tally, "browser"),
            Self::E2e => built(workspace, tally, "e2e"),
        }
    }
}

fn cargo_test(workspace: &Workspace) -> Command {
    let mut command = workspace.cargo();
    command.args(["test", "--quiet", "--locked"]);
    command
}

fn clippy(workspace: &Workspace) -> Result<()> {
    let deny_warnings = ["--", "--deny=warnings"];
    run(workspace.cargo().args(["clippy", "--quiet", "--locked", "--workspace", "--all-targets"]).args(deny_warnings))?;
    run(workspace
        .cargo()
        .args(["clippy", "--quiet", "--locked", "--target=wasm32-unknown-unknown"])
        .args(["--package=shared", "--package=edge", "--package=widget"])
        .args(deny_warnings))
}

/// Tests of the `tests` package that start what `cargo xtask build` made.
fn built(workspace: &Workspace, tally: &mut Tally, name: &str) -> Result<()> {
    build::ensure(workspace)?;
    in_browser(workspace, tally, name)
}

/// Tests of the `tests` package that drive a browser; the harness finds it in `CHROME`.
fn in_browser(workspace: &Workspace, tally: &mut Tally, name: &str) -> Result<()> {
    let chrome = chromium::ensure()?;
    tally.run(cargo_test(workspace).args(["--package=tests", "--test", name]).env("CHROME", chrome))
}
