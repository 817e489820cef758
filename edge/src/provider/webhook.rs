//! Any receiver of webhooks: signed by Standard Webhooks (<https://www.standardwebhooks.com>, version
//! 1.0.0), or with a credential in a header; the whole lead, or what a field map makes of it.

pub mod field_map;
pub mod outbound;
pub mod signature;
pub mod wire;

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::header;
use field_map::FieldMap;

/// What a destination of this provider can be told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Settings {
    /// What the body consists of; `None` for the whole lead.
    pub fields: Option<FieldMap>,
    /// Headers that go with every request.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The header that carries the credential; `None` where the credential signs.
    pub auth_header: Option<HeaderName>,
}

/// The settings as configuration has them.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    map: BTreeMap<String, String>,
    constants: Map<String, Value>,
    headers: BTreeMap<String, String>,
    auth_header: Option<String>,
}

impl TryFrom<Written> for Settings {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let auth_header = match &written.auth_header {
            Some(name) => Some(header::for_credential(name)?),
            None => None,
        };
        let mut headers = Vec::with_capacity(written.headers.len());
        for (name, value) in &written.headers {
            let (name, value) = header::fixed(name, value)?;
            if auth_header.as_ref() == Some(&name) {
                return Err(format!("{name} stands in both headers and auth_header"));
            }
            headers.push((name, value));
        }
        Ok(Self { fields: FieldMap::new(written.map, written.constants)?, headers, auth_header })
    }
}
