//! The bodies of AlterEstate's API, for both directions.

use serde::{Deserialize, Serialize};

/// The body of a new lead. The page sets no length limits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLead {
    /// Required: the lead's full name.
    pub full_name: String,
    /// Required: the lead's phone number.
    pub phone: String,
    /// Required: the lead's email address.
    pub email: String,
    /// The property's identifier there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property_uid: Option<String>,
    /// UTM parameter for the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utm_source: Option<String>,
    /// UTM parameter for the campaign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utm_campaign: Option<String>,
    /// UTM parameter for the creative.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utm_content: Option<String>,
    /// UTM parameter for the medium.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utm_medium: Option<String>,
    /// UTM parameter for the search keyword.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utm_term: Option<String>,
    /// Name of the ad set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adset_name: Option<String>,
    /// Name of the campaign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign_name: Option<String>,
    /// The form that collected the lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form_name: Option<String>,
    /// Where the lead originated, such as Facebook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// UID of the round robin rule to assign the lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_robin: Option<String>,
    /// Renting or buying; the page names no values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listing_type: Option<String>,
    /// Email of the user to assign the lead to; `round_robin` goes before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related: Option<String>,
    /// Anything else. It is shown inside HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Channel ID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
}
