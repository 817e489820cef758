//! The house rules, each as a test that says what to do when it fails.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

mod bindings;
mod documents;
mod layout;
mod manifests;
mod naming;
mod purity;
mod tree;

/// Fails with all `problems` at once and with the way out of them.
#[track_caller]
fn none(problems: Vec<String>, advice: &str) {
    assert!(problems.is_empty(), "\n  {}\n{advice}\n", problems.join("\n  "));
}
