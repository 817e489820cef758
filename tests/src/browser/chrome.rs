//! Finding and starting the machine's own Chromium or Chrome.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::unistd::geteuid;

use crate::guarded_process::GuardedProcess;
use crate::wait;

const NAMES: [&str; 4] = ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"];
const MACOS: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// No window, no first-run pages, and no request that a test did not make.
const FLAGS: [&str; 10] = [
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
    "about:blank",
];

/// Starts the browser with its data in `folder`; returns its process and its DevTools address.
pub(super) async fn start(folder: &Path) -> (GuardedProcess, String) {
    let mut command = Command::new(find());
    command.arg(format!("--user-data-dir={}", folder.display())).args(FLAGS);
    if geteuid().is_root() {
        // Chromium refuses to run as root with its sandbox.
        command.arg("--no-sandbox");
    }
    let mut process = GuardedProcess::start(&command, &folder.join("chromium.log"));
    let port_file = folder.join("DevToolsActivePort");
    let address = wait::until("Chromium listens", async || {
        assert!(process.is_running(), "Chromium ended at once:\n{}", process.printed());
        let text = std::fs::read_to_string(&port_file).ok()?;
        let (port, path) = text.split_once('\n')?;
        Some(format!("ws://127.0.0.1:{port}{}", path.trim_end()))
    });
    let address = address.await;
    (process, address)
}

fn find() -> PathBuf {
    if let Some(chosen) = env::var_os("CHROME") {
        return chosen.into();
    }
    let folders: Vec<_> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .chain(MACOS.iter().map(PathBuf::from))
        .find(|candidate| candidate.is_file())
        .expect("Chromium is missing: install Chromium or Google Chrome, or name one in CHROME")
}
