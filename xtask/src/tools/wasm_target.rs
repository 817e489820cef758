//! The compiler's library for WebAssembly. rust-toolchain.toml asks for it; rustup fetches it by itself
//! unless it was told not to.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::progress::{capture, run, step};
use crate::workspace::find_program;

const TARGET: &str = "wasm32-unknown-unknown";

/// Adds the target when the toolchain lacks it.
pub fn ensure() -> Result<()> {
    let sysroot = capture(Command::new("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(());
    }
    let Some(rustup) = find_program("rustup") else {
        bail!(
            "the Rust toolchain has no {TARGET} target and rustup is missing: install Rust with rustup from https://rustup.rs"
        );
    };
    step("rustup: the WebAssembly target", "under a minute", || {
        run(Command::new(rustup).args(["target", "add", TARGET]))
    })
}
