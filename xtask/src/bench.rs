//! `cargo xtask bench`: how the widget compares. Nothing here runs in CI, whose machines say nothing about time.

mod site;

use anyhow::Result;
use clap::Subcommand;

use crate::build;
use crate::progress::run;
use crate::tools::chromium;
use crate::workspace::Workspace;

/// What is compared.
#[derive(Subcommand)]
pub enum Task {
    /// The widget with a form written by hand and one with React, in Chromium under a throttle
    Widget {
        /// How often each page is opened under each condition; the medians count
        #[arg(long, default_value_t = 9)]
        runs: usize,
    },
}

/// Builds the site and measures it.
pub fn start(workspace: &Workspace, task: &Task) -> Result<()> {
    let Task::Widget { runs } = task;
    let tools = build::ensure_widget(workspace)?;
    let site = site::make(workspace, &tools)?;
    run(workspace
        .cargo()
        .args(["run", "--quiet", "--package=tests", "--bin=bench_widget", "--"])
        .env("CHROME", chromium::ensure()?)
        .arg("--site")
        .arg(site)
        .arg(format!("--runs={runs}")))
}
