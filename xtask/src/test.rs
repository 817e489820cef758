//! `cargo xtask test`: everything CI runs, cheapest first, stopping at the first layer that fails.

mod deny;
mod layer;
mod tally;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use clap::ValueEnum;

use self::layer::Layer;
use self::tally::Tally;
use crate::progress::say;
use crate::workspace::Workspace;

/// Options of `cargo xtask test`.
#[derive(clap::Args)]
pub struct Args {
    /// Runs this layer alone; may be given several times
    #[arg(long, value_name = "LAYER")]
    only: Vec<Layer>,
}

/// Runs the layers and prints, as the very last line, how many tests passed and failed.
pub fn run(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    let chosen = Layer::value_variants().iter().filter(|layer| args.only.is_empty() || args.only.contains(layer));
    let mut tally = Tally::default();
    let mut summary = Vec::new();
    for layer in chosen {
        say(format_args!("\n== {} ==", layer.title()));
        let started = Instant::now();
        let failed_before = tally.failed;
        let result = layer.run(workspace, &mut tally);
        let verdict = if result.is_ok() { "ok" } else { "FAILED" };
        summary.push(format!("{verdict:<7} {:>7.1} s  {}", started.elapsed().as_secs_f64(), layer.title()));
        if let Err(error) = result {
            say(format_args!("error: {error:#}"));
            // A layer that fails without a failed test, such as clippy, counts as one.
            tally.failed = tally.failed.max(failed_before + 1);
            break;
        }
    }
    say(format_args!("\n{}\n{tally}", summary.join("\n")));
    Ok(if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
