//! `cargo xtask`: installs the tools, builds, runs, seeds, tests and measures. The only place with build logic.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::arithmetic_side_effects,
    reason = "a program for a developer's terminal: it prints, measures time and adds small numbers"
)]

mod bench;
mod build;
mod dev;
mod fingerprint;
// What the Worker makes of `/form.js`, by its own code.
#[path = "../../edge/src/form_script.rs"]
mod form_script;
mod golden;
mod lock;
mod progress;
mod seed;
mod size;
mod test;
mod tools;
mod verify_consent;
mod workspace;
mod wrangler;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// Builds, runs and tests Leadgate.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Runs everything on this machine: Worker, provider sandbox, demo form and keys
    Dev(dev::Args),
    /// Runs everything CI runs, or single layers of it
    Test(test::Args),
    /// Builds the widget into dist/ and the Worker into edge/build/, when their sources changed
    Build(build::Args),
    /// Writes the API document, edge/openapi.json, out of the types of the Worker
    Openapi,
    /// Simulates the rate limits at many places and writes the table in docs/RATE_LIMITS.md
    SimulateLimits,
    /// Verifies a consent receipt by the public key alone, and prints what was agreed to
    VerifyConsent(verify_consent::Args),
    /// Measures what visitors download and what Cloudflare loads, against budget and baseline
    Size(size::Args),
    /// Compares the widget with other ways to write a form; takes minutes and a quiet machine
    #[command(subcommand)]
    Bench(bench::Task),
    /// Puts the demo form, keys and destinations into a running Worker
    Seed(seed::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.task) {
        Ok(code) => code,
        Err(error) => {
            progress::say(format_args!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    match task {
        Task::Dev(args) => dev::run(&workspace, &args)?,
        Task::Test(args) => return test::run(&workspace, &args),
        Task::Build(args) => build::run(&workspace, &args)?,
        Task::Openapi => golden::openapi(&workspace)?,
        Task::SimulateLimits => golden::simulate_limits(&workspace)?,
        Task::VerifyConsent(args) => verify_consent::run(&args)?,
        Task::Size(args) => size::run(&workspace, &args)?,
        Task::Bench(task) => bench::start(&workspace, &task)?,
        Task::Seed(args) => seed::run(&workspace, &args)?,
    }
    Ok(ExitCode::SUCCESS)
}
