//! The bodies of ActuallyCare's API, for both directions.

use serde::{Deserialize, Serialize};
use shared::{
    field::Choice,
    lead::{Intent, InterestLevel, LeadStatus},
};

/// The body of a new lead. The page sets no length limits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLead {
    /// Required: the lead's full name.
    pub name: String,
    /// The lead's email address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The lead's phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// How the lead was acquired, such as Website Form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What the lead wants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_type: Option<LeadType>,
}

/// What a lead wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LeadType {
    /// To buy.
    Buyer,
    /// To sell.
    Seller,
    /// To sell and to buy.
    Both,
}

impl LeadType {
    /// What stands for an intent; nothing does for rent and mortgage.
    pub fn of(intent: Intent) -> Option<Self> {
        match intent {
            Intent::Buy => Some(Self::Buyer),
            Intent::Sell => Some(Self::Seller),
            Intent::BuyAndSell => Some(Self::Both),
            Intent::Rent | Intent::LetOut | Intent::Mortgage => None,
        }
    }
}

impl Choice for LeadType {
    const ALL: &'static [(&'static str, Self)] =
        &[("buyer", Self::Buyer), ("seller", Self::Seller), ("both", Self::Both)];
}

/// The body of a change. Its values are those that Leadgate has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Where the lead stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<LeadStatus>,
    /// How much it wants it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interest_level: Option<InterestLevel>,
    /// The version that is changed, for optimistic locking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}
