//! ActuallyCare leads: `POST /v1/leads`, then `PUT /v1/leads/{id}` for the interest level. Documented
//! by its owner; docs/PROVIDERS.md has the table of fields.

pub mod inbound;
pub mod outbound;
pub mod wire;

use serde::{Deserialize, Serialize};

/// What a destination of this provider can be told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How leads are acquired, for those that do not say it themselves.
    pub source: Option<String>,
}
