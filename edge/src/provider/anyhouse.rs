//! AnyHouse partner leads: `POST /api/partner/leads`. Documented by its owner; docs/PROVIDERS.md has
//! the table of fields.

pub mod inbound;
pub mod outbound;
pub mod wire;

use serde::{Deserialize, Serialize};

/// What a destination of this provider can be told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How the credential is presented.
    pub auth: Auth,
}

/// How the credential is presented: the page allows either.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Auth {
    /// `Authorization: Bearer …`
    #[default]
    Bearer,
    /// `X-Api-Key: …`
    XApiKey,
}
