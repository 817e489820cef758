//! wasm-opt over a finished module: smaller code, and no names of functions, which weigh a tenth of it.

use std::path::Path;

use anyhow::Result;

use crate::progress::capture;
use crate::tools::NodeModules;

/// What rustc's wasm32 target and wasm-bindgen use. Named one by one: wasm-opt refuses a module that uses more,
/// and introduces nothing that browsers or workerd do not run yet.
const FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-exception-handling",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Writes the optimised `module` to `output`, which may be the same file. `passes` say how hard to try.
pub fn run(node_modules: &NodeModules, passes: &[&str], module: &Path, output: &Path) -> Result<()> {
    capture(
        node_modules
            .command("wasm-opt")?
            .args(passes)
            .args(["--strip-debug", "--strip-producers", "--strip-target-features"])
            .args(FEATURES)
            .arg(module)
            .arg("--output")
            .arg(output),
    )
    .map(drop)
}
