//! LeadPro, version 103: `POST /api/v103/leads`. Documented by its owner; docs/PROVIDERS.md has the
//! table of fields.

pub mod inbound;
pub mod outbound;
pub mod wire;

use http::HeaderName;
use serde::Deserialize;

use super::header;
use wire::{LeadType, Source};

/// What a destination of this provider can be told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The office that gets leads which name none; without it LeadPro picks one by postcode.
    pub office_id: Option<u64>,
    /// The source of leads that name none of LeadPro's.
    pub source: Option<Source>,
    /// The header that carries the credential; the page names none.
    pub auth_header: AuthHeader,
    /// The type of leads that do not say what the person wants.
    #[serde(rename = "type")]
    pub lead_type: Option<LeadType>,
    /// Whether a vendor or landlord without a postcode is skipped: no office can be found for one.
    pub require_postcode: bool,
}

/// The name of the header that carries the credential.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct AuthHeader(HeaderName);

impl AuthHeader {
    /// The header itself.
    pub fn name(&self) -> &HeaderName {
        &self.0
    }
}

impl Default for AuthHeader {
    fn default() -> Self {
        Self(HeaderName::from_static("x-api-key"))
    }
}

impl TryFrom<String> for AuthHeader {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        header::for_credential(&name).map(Self)
    }
}
