//! AlterEstate leads: `POST /api/v1/leads/`. Documented by its owner; docs/PROVIDERS.md has the table
//! of fields.

pub mod inbound;
pub mod outbound;
pub mod wire;

use serde::{Deserialize, Serialize};

/// What a destination of this provider can be told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// UID of the round robin rule that assigns the lead. It goes before `related`, as it does there.
    pub round_robin: Option<String>,
    /// Email of the user whom the lead is assigned to, where there is no `round_robin`.
    pub related: Option<String>,
    /// Channel ID.
    pub via: Option<String>,
    /// Name of the form, for leads that do not bring one of their own.
    pub form_name: Option<String>,
}
