//! cargo-deny: what deny.toml says about licences, duplicates and sources, and known vulnerabilities.

use std::process::Command;

use anyhow::Result;

use crate::progress::{capture, run, say, step};
use crate::tools;
use crate::workspace::Workspace;

/// Checks all that can be checked here. The advisory database is a git repository on the internet: without it the
/// advisories are skipped, and the output says so.
pub fn check(workspace: &Workspace) -> Result<()> {
    let cargo_deny = tools::cargo_deny(workspace)?;
    let command = || {
        let mut command = Command::new(&cargo_deny);
        command.current_dir(&workspace.root);
        command
    };
    run(command().args(["--log-level=error", "check", "licenses", "bans", "sources"]))?;
    let database = step("advisory database", "a few seconds", || Ok(capture(command().args(["fetch", "db"]))))?;
    if database.is_err() {
        say(format_args!("  advisories NOT checked: the RustSec database could not be fetched"));
        return Ok(());
    }
    run(command().args(["--log-level=error", "check", "--disable-fetch", "advisories"]))
}
