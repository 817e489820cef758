//! Reading JSON into types, in one way.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a `T`. The text becomes a [`Value`] first: a type that is read from both a text and a value
/// would be compiled twice, and what a Worker weighs counts at every cold start.
///
/// # Errors
/// What is not as a `T` has it.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str::<Value>(text).and_then(serde_json::from_value)
}
