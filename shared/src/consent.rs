//! What the person agreed to, in the words they saw.

use serde::{Deserialize, Serialize};

use crate::timestamp::Timestamp;

/// A given consent. A consent that was not given is the absence of this value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Consent {
    /// Always `true`: the words below were agreed to.
    pub given: Given,
    /// The exact words shown beside the box.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The version of those words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The privacy policy they link to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_url: Option<String>,
    /// When the box was ticked, by the sender's clock; the time of receipt where the sender gave none.
    pub at: Timestamp,
}

/// The value `true` and no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "bool", into = "bool")]
pub struct Given;

impl TryFrom<bool> for Given {
    type Error = &'static str;

    fn try_from(given: bool) -> Result<Self, Self::Error> {
        given.then_some(Self).ok_or("consent was not given")
    }
}

impl From<Given> for bool {
    fn from(_: Given) -> Self {
        true
    }
}
