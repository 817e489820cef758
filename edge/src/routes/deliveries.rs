//! `/v1/deliveries…`

pub mod list;
pub mod retry;
pub mod retry_many;
