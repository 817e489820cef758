//! `cargo xtask size`: the compressed bytes a visitor downloads and Cloudflare loads, against a budget that only a
//! decision raises and a baseline that catches slow growth.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::{Compression, write::GzEncoder};
use serde::{Deserialize, Serialize};

use crate::build;
use crate::fingerprint::files_below;
use crate::form_script;
use crate::progress::say;
use crate::workspace::Workspace;

/// All that a page downloads to show and send the form in English, in bytes after brotli 11.
const WIDGET_BUDGET: usize = 48 * 1024;
/// What of it comes before the form is seen, the definition of a form of five fields included.
const SEEN_BUDGET: usize = 8 * 1024;
/// That definition.
const DEFINITION: &str = "bench/form.json";
/// The Worker, in bytes after gzip 9, the measure Cloudflare's own limits use.
const WORKER_BUDGET: usize = 612 * 1024;
/// Growth over the baseline that passes, in per cent.
const TOLERANCE_PERCENT: usize = 2;
const BASELINE: &str = "xtask/size-baseline.toml";

/// Options of `cargo xtask size`.
#[derive(clap::Args)]
pub struct Args {
    /// Records the sizes of now as the baseline
    #[arg(long)]
    record: bool,
}

/// What is compared, in compressed bytes.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Sizes {
    widget_brotli: usize,
    seen_brotli: usize,
    worker_gzip: usize,
}

/// Builds, measures and prints; then compares, or records.
pub fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    if !args.record {
        return check(workspace);
    }
    build::ensure(workspace)?;
    record(workspace, &measure(workspace)?)?;
    say(format_args!("recorded in {BASELINE}"));
    Ok(())
}

fn record(workspace: &Workspace, sizes: &Sizes) -> Result<()> {
    let sizes = toml::to_string(sizes)?;
    fs::write(
        workspace.root.join(BASELINE),
        format!("# Compressed bytes; `cargo xtask size --record` writes this file.\n{sizes}"),
    )
    .with_context(|| format!("cannot write {BASELINE}"))
}

/// Builds, measures, prints and compares.
///
/// # Errors
/// When something is over its budget or has grown too much.
pub fn check(workspace: &Workspace) -> Result<()> {
    build::ensure(workspace)?;
    let sizes = measure(workspace)?;
    let path = workspace.root.join(BASELINE);
    let baseline = fs::read_to_string(&path)
        .with_context(|| format!("cannot read {BASELINE}: `cargo xtask size --record` writes it"))?;
    let complaints = complaints(&sizes, &toml::from_str(&baseline)?);
    if !complaints.is_empty() {
        bail!("{}", complaints.join("; "));
    }
    Ok(())
}

/// Prints the table and returns the sums.
fn measure(workspace: &Workspace) -> Result<Sizes> {
    say(format_args!("{:<44} {:>9} {:>11}", "file", "bytes", "compressed"));
    let dist = files_below(&workspace.dist())?;
    let measured = |name: &str, content: &str| {
        let compressed = brotli_size(content.as_bytes())?;
        row(name, content.len(), compressed);
        anyhow::Ok(compressed)
    };
    let (script, definition) = (fs::read_to_string(workspace.dist().join("widget.js"))?, definition(workspace)?);
    let apart = measured("dist/widget.js", &script)? + measured(DEFINITION, &definition)?;
    let in_one = measured("both as /form.js", &form_script::with_form(&script, "lg_pk_", &definition))?;
    let seen_brotli = apart.max(in_one);
    say(format_args!("{:<44} {:>9} {seen_brotli:>11}", "before the form is seen, brotli 11", ""));
    let is_live =
        |file: &&PathBuf| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("leadgate-"));
    let live = dist.iter().filter(is_live);
    let widget_brotli = seen_brotli + table(workspace, "what makes it live, brotli 11", live, brotli_size)?;
    let worker = files_below(&workspace.worker_build())?;
    let loaded = worker.iter().filter(|file| is_loaded(file));
    let worker_gzip = table(workspace, "worker, gzip 9", loaded, gzip_size)?;
    Ok(Sizes { widget_brotli, seen_brotli, worker_gzip })
}

/// A definition of five fields as the Worker answers it.
pub fn definition(workspace: &Workspace) -> Result<String> {
    let text = fs::read_to_string(workspace.root.join(DEFINITION))?;
    let value: serde_json::Value = serde_json::from_str(&text).with_context(|| format!("{DEFINITION} is no JSON"))?;
    Ok(value.to_string())
}

/// What wrangler uploads out of worker-build's folder.
fn is_loaded(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "js" || extension == "wasm")
}

fn table<'a>(
    workspace: &Workspace,
    title: &str,
    files: impl Iterator<Item = &'a PathBuf>,
    compressed_size: fn(&[u8]) -> Result<usize>,
) -> Result<usize> {
    let mut sum = 0;
    let mut plain_sum = 0;
    for file in files {
        let content = fs::read(file)?;
        let compressed = compressed_size(&content)?;
        let name = file.strip_prefix(&workspace.root).unwrap_or(file);
        row(&name.to_string_lossy(), content.len(), compressed);
        plain_sum += content.len();
        sum += compressed;
    }
    row(title, plain_sum, sum);
    Ok(sum)
}

fn row(name: &str, plain: usize, compressed: usize) {
    say(format_args!("{name:<44} {plain:>9} {compressed:>11}"));
}

fn brotli_size(content: &[u8]) -> Result<usize> {
    Ok(brotli(content)?.len())
}

/// What a host makes of a file once, and serves ever after.
pub fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = ::brotli::CompressorWriter::new(Vec::new(), 64 * 1024, 11, 22);
    compressed.write_all(content)?;
    Ok(compressed.into_inner())
}

fn gzip_size(content: &[u8]) -> Result<usize> {
    let mut compressed = GzEncoder::new(Vec::new(), Compression::best());
    compressed.write_all(content)?;
    Ok(compressed.finish()?.len())
}

fn complaints(sizes: &Sizes, baseline: &Sizes) -> Vec<String> {
    [
        ("the widget", sizes.widget_brotli, baseline.widget_brotli, WIDGET_BUDGET),
        ("what comes before the form is seen", sizes.seen_brotli, baseline.seen_brotli, SEEN_BUDGET),
        ("the Worker", sizes.worker_gzip, baseline.worker_gzip, WORKER_BUDGET),
    ]
    .into_iter()
    .filter_map(|(what, size, baseline, budget)| {
        if size > budget {
            return Some(format!(
                "{what} has {size} bytes, over its budget of {budget}: make it smaller, or raise the budget with a record in docs/decisions/"
            ));
        }
        (size * 100 > baseline * (100 + TOLERANCE_PERCENT)).then(|| {
            format!(
                "{what} has grown by more than {TOLERANCE_PERCENT} %, from {baseline} to {size} bytes: if it is worth it, record that with `cargo xtask size --record` and commit {BASELINE}"
            )
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::{Sizes, WIDGET_BUDGET, complaints};

    fn sizes(widget_brotli: usize) -> Sizes {
        Sizes { widget_brotli, seen_brotli: 1_000, worker_gzip: 1_000 }
    }

    #[test]
    fn growth_of_two_per_cent_passes_and_more_fails() {
        assert_eq!(complaints(&sizes(10_200), &sizes(10_000)), [""; 0]);
        let complaints = complaints(&sizes(10_201), &sizes(10_000));
        assert!(complaints.concat().contains("cargo xtask size --record"));
    }

    #[test]
    fn a_budget_holds_even_when_the_baseline_was_recorded_above_it() {
        let over = WIDGET_BUDGET + 1;
        let complaints = complaints(&sizes(over), &sizes(over));
        assert!(complaints.concat().contains("budget"));
    }
}
