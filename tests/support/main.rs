//! The test support is itself tested here, so that a failing test elsewhere speaks of Leadgate.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod browser;
mod faults;
mod leadpro;
mod marketplace;
mod providers;
mod sandbox;
