//! The real Worker with real D1, KV and Queues on this machine, as many at once as the machine bears.
//!
//! ```no_run
//! # async fn example() {
//! use serde_json::json;
//! use tests::harness::Stack;
//!
//! let stack = Stack::start().await;
//! let keys = stack.admin().contact_form().await;
//! let lead = json!({"form": "contact", "email": "marla@example.com"});
//! let answer = stack.client().submit(&keys.secret, &lead).await;
//! assert_eq!(answer.status, 201);
//! stack.delivered(1).await;
//! # }
//! ```
//!
//! It runs what `cargo xtask build` has built, from a copy, so that a build in the meantime disturbs
//! nothing, and leaves neither a process nor a file behind.

mod admin;
mod client;
mod database;
mod migrations;
mod stack;
mod stored_leads;
mod worker_folder;
mod wrangler;

pub use admin::{Admin, Keys, PROVIDERS};
pub use client::{Answer, Client};
pub use database::{Database, Delivery};
pub use stack::Stack;
pub use stored_leads::store_leads;
pub use worker_folder::WorkerFolder;
