//! `/v1/leads…`

pub mod create;
pub mod show;
