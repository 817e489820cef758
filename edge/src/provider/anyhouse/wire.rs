//! The bodies of AnyHouse's API, for both directions.

use serde::{Deserialize, Serialize};
use shared::{conversation::Direction, field::Choice, timestamp::Timestamp};

/// The body of a new lead. The page sets no length limits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLead {
    /// Contact name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Required if there is no phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Required if there is no email.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Notes about the contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// How warm the lead is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_type: Option<LeadType>,
    /// What was said before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub previous_conversation: Vec<Message>,
}

/// AnyHouse knows two degrees of interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LeadType {
    /// Wants it now.
    Hot,
    /// Perhaps.
    Cold,
}

impl Choice for LeadType {
    const ALL: &'static [(&'static str, Self)] = &[("hot", Self::Hot), ("cold", Self::Cold)];
}

/// One message of an earlier conversation, such as an e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// When it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Timestamp>,
    /// Who sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// The sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The receiver.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The subject line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}
