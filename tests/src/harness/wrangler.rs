//! wrangler, told to stay on this machine and to ask nothing.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use crate::repository;

/// wrangler in `folder`, which holds a `wrangler.toml`, with the Node that the repository pins.
///
/// # Panics
/// When the npm packages are not installed.
pub(super) fn command(folder: &Path) -> Command {
    let programs = repository::path("node_modules/.bin");
    let program = programs.join("wrangler");
    assert!(program.exists(), "{} is missing: run `cargo xtask build` first", program.display());
    let mut path = OsString::from(&programs);
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .env("PATH", path)
        .env("CI", "true")
        .env("WRANGLER_SEND_METRICS", "false")
        .env("WRANGLER_SEND_ERROR_REPORTS", "false")
        .env("WRANGLER_HIDE_BANNER", "true")
        .env("WRANGLER_WRITE_LOGS", "false")
        // Workers that run side by side under one name would find each other there.
        .env("WRANGLER_REGISTRY_PATH", folder.join("registry"))
        // miniflare would ask a server of Cloudflare where this machine is.
        .env("CLOUDFLARE_CF_FETCH_ENABLED", "false");
    command
}
