//! The bodies of the marketplace's API, for both directions. Its page sets no length limits.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The fields that a lead must have.
pub const REQUIRED: &[&str] = &["seller", "category", "firstName", "lastName", "phone", "state"];

/// The body of a new lead.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewLead {
    /// Required: code (8 characters, stable) or slug of the seller.
    pub seller: String,
    /// Required: the name of an active campaign's category.
    pub category: String,
    /// Required.
    pub first_name: String,
    /// Required.
    pub last_name: String,
    /// Required.
    pub phone: String,
    /// Required: two letters, such as TX.
    pub state: String,
    /// Address for e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// ZIP code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zip: Option<String>,
    /// Town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// What a campaign asks for besides.
    #[serde(flatten)]
    pub further: Map<String, Value>,
}
