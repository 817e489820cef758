//! What the tests of Leadgate stand on: a provider sandbox, a harness that runs the real Worker, and a
//! real browser. Each part is a real program or a real server; none imitates a type of Leadgate.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "runs on a developer's machine: a failed expectation ends the test, and the clock is the machine's"
)]

pub mod bench;
pub mod browser;
pub mod guarded_process;
pub mod harness;
pub mod repository;
pub mod sandbox;
pub mod wait;
