//! `cargo xtask openapi` and `cargo xtask simulate-limits`: files that tests make and hold the code to.

use anyhow::Result;

use crate::progress::run;
use crate::workspace::Workspace;

/// Tells a test to write its file anew.
const WRITE: &str = "LEADGATE_WRITE";

/// Writes edge/openapi.json out of the types of the Worker.
///
/// # Errors
/// When the tests of the document fail.
pub fn openapi(workspace: &Workspace) -> Result<()> {
    make(workspace, "openapi")
}

/// Simulates the rate limits, prints the table and writes it into docs/RATE_LIMITS.md.
///
/// # Errors
/// When the simulation breaks a bound.
pub fn simulate_limits(workspace: &Workspace) -> Result<()> {
    make(workspace, "simulation")
}

fn make(workspace: &Workspace, tests: &str) -> Result<()> {
    let arguments = ["test", "--quiet", "--package=edge", tests, "--", "--nocapture"];
    run(workspace.cargo().args(arguments).env(WRITE, "1"))
}
