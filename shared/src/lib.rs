//! The domain of Leadgate: what a form is, what a submission may say, and what a lead is.
//!
//! Everything here ships to browsers and runs at the edge, so nothing here knows a clock,
//! randomness, I/O, a secret or a provider. Time, ids and the two things that need large tables
//! (Unicode normalisation, telephone numbers) are arguments.

pub mod attribution;
pub mod consent;
pub mod contact;
pub mod conversation;
pub mod error;
pub mod field;
pub mod form;
pub mod lead;
pub mod number;
pub mod property;
#[cfg(not(target_arch = "wasm32"))]
mod schema;
pub mod submission;
pub mod text;
pub mod timestamp;
pub mod wire;
