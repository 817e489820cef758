//! The browser that the browser tests drive: the one that is there, or Debian's.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::progress::{capture, step};
use crate::workspace::find_program;

const NAMES: [&str; 4] = ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"];
const MACOS: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// The browser's path; installs one where that is possible without asking.
pub fn ensure() -> Result<PathBuf> {
    if let Some(chosen) = env::var_os("CHROME").map(PathBuf::from) {
        if chosen.is_file() {
            return Ok(chosen);
        }
        bail!("CHROME names {}, which is no file: correct or unset it", chosen.display());
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    let apt_get = find_program("apt-get").filter(|_| nix::unistd::Uid::effective().is_root());
    if let Some(apt_get) = apt_get {
        step("apt-get install chromium", "first time only, about 2 minutes", || install(&apt_get))?;
        if let Some(found) = find() {
            return Ok(found);
        }
    }
    bail!(
        "Chromium is missing: install Chromium or Google Chrome (on Debian: apt-get install chromium), or name one in CHROME"
    )
}

fn find() -> Option<PathBuf> {
    NAMES
        .iter()
        .find_map(|name| find_program(name))
        .or_else(|| MACOS.iter().map(PathBuf::from).find(|path| path.is_file()))
}

fn install(apt_get: &Path) -> Result<()> {
    capture(Command::new(apt_get).args(["update", "-qq"]))?;
    capture(
        Command::new(apt_get)
            .args(["install", "-y", "-qq", "--no-install-recommends", "chromium"])
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )?;
    Ok(())
}
