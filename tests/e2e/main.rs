//! Leadgate from outside: the built Worker with real D1, KV and Queues, the provider sandbox, and a real
//! browser. Needs what `cargo xtask build` makes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod admin;
mod browsers;
mod compat;
mod crash;
mod deliveries;
mod delivery;
mod design_time;
mod duplicates;
mod form_post;
mod formats;
mod idempotency;
mod keys;
mod lifecycle;
mod malformed;
mod matrix;
mod openapi;
mod outage;
mod panic;
mod privacy;
mod probes;
mod rate_limit;
mod raw_http;
mod revocation;
mod routing;
mod secrecy;
mod spam;
mod story;
mod submission;
mod surface;
mod tenants;
mod turnstile;
mod wire;

use serde_json::{Value, json};

/// A submission that the form `contact` accepts.
fn lead(email: &str) -> Value {
    json!({
        "form": "contact",
        "name": "Marla Singer",
        "email": email,
        "message": "I would like a valuation please",
        "consent": {"given": true, "text": "You may contact me about my enquiry.", "version": "2026-11"},
    })
}
