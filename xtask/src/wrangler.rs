//! wrangler, told to stay on this machine and to ask nothing.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::tools::NodeModules;
use crate::workspace::Workspace;

/// wrangler in the root of the repository, where wrangler.toml is.
pub fn command(workspace: &Workspace, node_modules: &NodeModules) -> Result<Command> {
    let mut command = node_modules.command("wrangler")?;
    command
        .current_dir(&workspace.root)
        .env("WRANGLER_SEND_METRICS", "false")
        .env("WRANGLER_SEND_ERROR_REPORTS", "false")
        // Without its banner wrangler does not ask the registry for a newer version either.
        .env("WRANGLER_HIDE_BANNER", "true")
        .env("WRANGLER_WRITE_LOGS", "false")
        // miniflare would ask a server of Cloudflare where this machine is.
        .env("CLOUDFLARE_CF_FETCH_ENABLED", "false")
        // Takes the default of every question.
        .env("CI", "true");
    Ok(command)
}

/// Applies the migrations that the local D1 database below `state` lacks.
pub fn migrate(workspace: &Workspace, node_modules: &NodeModules, state: &Path) -> Result<Command> {
    let mut command = command(workspace, node_modules)?;
    command.args(["d1", "migrations", "apply", "DB", "--local", "--persist-to"]).arg(state);
    Ok(command)
}

/// Serves the Worker on this machine's loopback addresses.
pub fn serve(workspace: &Workspace, node_modules: &NodeModules, port: u16, state: &Path) -> Result<Command> {
    let mut command = command(workspace, node_modules)?;
    command
        .args(["dev", "--local", "--show-interactive-dev-session=false"])
        // 0: whichever port is free, so that two Workers can run side by side.
        .args(["--inspector-port", "0"])
        .args(["--port", &port.to_string(), "--persist-to"])
        .arg(state);
    Ok(command)
}
