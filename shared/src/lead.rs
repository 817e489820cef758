//! A lead: a submission that was accepted.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};
use serde_json::Number;
use uuid::Uuid;

use crate::{
    attribution::Attribution, consent::Consent, contact::Contact, conversation::Message, field::Choice,
    property::Property, timestamp::Timestamp,
};

/// The identity of a lead: a UUID of version 7, so that ids sort by time of acceptance (RFC 9562 §5.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LeadId(Uuid);

impl LeadId {
    /// The id of a lead accepted at `now`; `random` makes it unique.
    pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
        let millis = u64::try_from(now.millis()).unwrap_or(0);
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// When the lead was accepted, to the millisecond: an id of version 7 begins with it (RFC 9562 §5.7).
    pub fn created_at(&self) -> Timestamp {
        let millis = self.0.as_u128().checked_shr(80).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(millis).unwrap_or_default())
    }

    /// Reads the usual form with hyphens, in either case.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 36).then(|| Uuid::try_parse(text).ok().map(Self)).flatten()
    }
}

impl fmt::Display for LeadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// What a lead says: a submission, checked and normalised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Lead {
    /// The full name; made of first and last name where only those came.
    pub name: Option<String>,
    /// First name, if it came apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name, if it came apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// A form of address, such as Mrs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How to reach the person: `email`, `phone` and `phone_e164` in JSON.
    #[serde(flatten)]
    pub contact: Contact,
    /// What the person wants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<Intent>,
    /// How much they want it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interest_level: Option<InterestLevel>,
    /// What the person wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What others wrote about them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// The person's own street address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The person's own postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// The person's own town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State, province or county.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Whether the person is abroad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub international: Option<bool>,
    /// The property it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<Property>,
    /// The line of business, such as Auto Insurance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Money the person would spend, in the currency both sides mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<Number>,
    /// When, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline: Option<String>,
    /// Hours at which they could be met.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub availability: Vec<Timestamp>,
    /// Questions and answers by key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub questionnaire: BTreeMap<String, [String; 2]>,
    /// What was said before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conversation: Vec<Message>,
    /// Where they came from.
    #[serde(default, skip_serializing_if = "Attribution::is_empty")]
    pub attribution: Attribution,
    /// What they agreed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
    /// What the sender calls the origin of the lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The receiving office's number at a provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office_id: Option<u64>,
    /// The language the person used (BCP 47).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Everything else that came, by its own name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub meta: BTreeMap<String, String>,
}

/// What a person wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// To buy a property.
    Buy,
    /// To sell a property.
    Sell,
    /// To sell one and buy another.
    BuyAndSell,
    /// To rent a home.
    Rent,
    /// To let a property to tenants.
    LetOut,
    /// A mortgage.
    Mortgage,
}

impl Choice for Intent {
    const ALL: &'static [(&'static str, Self)] = &[
        ("buy", Self::Buy),
        ("sell", Self::Sell),
        ("buy_and_sell", Self::BuyAndSell),
        ("rent", Self::Rent),
        ("let_out", Self::LetOut),
        ("mortgage", Self::Mortgage),
    ];
}

/// How much a person wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum InterestLevel {
    /// Now.
    Hot,
    /// Soon.
    Warm,
    /// Perhaps.
    Cold,
}

impl Choice for InterestLevel {
    const ALL: &'static [(&'static str, Self)] = &[("hot", Self::Hot), ("warm", Self::Warm), ("cold", Self::Cold)];
}

/// Where a lead stands with the people who work on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LeadStatus {
    /// Nobody has seen to it.
    New,
    /// Somebody spoke to the person.
    Contacted,
    /// Worth pursuing.
    Qualified,
    /// Not worth pursuing.
    Unqualified,
    /// Became a client.
    Converted,
    /// Went elsewhere.
    Lost,
}

impl Choice for LeadStatus {
    const ALL: &'static [(&'static str, Self)] = &[
        ("new", Self::New),
        ("contacted", Self::Contacted),
        ("qualified", Self::Qualified),
        ("unqualified", Self::Unqualified),
        ("converted", Self::Converted),
        ("lost", Self::Lost),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_7_and_sort_by_time() {
        let earlier = LeadId::new(Timestamp::from_millis(1_000), [255; 10]);
        let later = LeadId::new(Timestamp::from_millis(1_001), [0; 10]);
        assert!(earlier < later && earlier.to_string() < later.to_string());
        assert_eq!(earlier.to_string().as_bytes()[14], b'7');
        assert_eq!(later.created_at(), Timestamp::from_millis(1_001));
        assert_eq!(LeadId::parse(&later.to_string()), Some(later));
        assert_eq!(LeadId::parse("not-an-id"), None);
    }
}
