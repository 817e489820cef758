//! The body of a webhook, for both directions.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::timestamp::Timestamp;

/// What happened, in the shape that Standard Webhooks recommends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What kind of thing happened, such as `lead.created`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it happened; every attempt says the same.
    pub timestamp: Timestamp,
    /// What it happened to.
    pub data: Value,
}
