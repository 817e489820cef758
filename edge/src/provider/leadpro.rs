//! LeadPro, version 103: `POST /api/v103/leads`. Documented by its owner; docs/PROVIDERS.md has the
//! table of fields.

pub mod outbound;
pub mod wire;

use http::HeaderName;
use serde::{Deserialize, Serialize};

use wire::{LeadType, Source};

/// What a destination of this provider can be told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The office that gets leads which name none; without it LeadPro picks one by postcode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office_id: Option<u64>,
    /// The source of leads that name none of LeadPro's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The header that carries the credential; the page names none.
    pub auth_header: AuthHeader,
    /// The type of leads that do not say what the person wants.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub lead_type: Option<LeadType>,
    /// Whether a vendor or landlord without a postcode is skipped: no office can be found for one.
    pub require_postcode: bool,
}

/// Headers that a request has already, or that say how it is to be read.
const TAKEN: &[&str] =
    &["connection", "content-length", "content-type", "host", "idempotency-key", "transfer-encoding", "user-agent"];

/// The name of a header that may carry a credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
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
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        match HeaderName::from_bytes(name.as_bytes()) {
            Ok(name) if !TAKEN.contains(&name.as_str()) => Ok(Self(name)),
            _ => Err("auth_header must be the name of a header that can carry a credential, such as X-API-KEY"),
        }
    }
}

impl From<AuthHeader> for String {
    fn from(header: AuthHeader) -> Self {
        header.0.as_str().to_owned()
    }
}
