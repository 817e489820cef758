//! ActuallyCare.

pub mod outbound;
pub mod wire;

use serde::{Deserialize, Serialize};

/// What a destination of this provider can be told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {}
