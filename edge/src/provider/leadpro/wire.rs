//! The bodies of LeadPro's API, for both directions, with the limits of its page. Lengths are in
//! characters, sizes in bytes of JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::{field::Choice, property::PropertyKind};

/// Longest first name, last name and title.
pub const NAME_MAX_CHARS: usize = 50;
/// Longest phone.
pub const PHONE_MAX_CHARS: usize = 255;
/// Longest address, of person and advert.
pub const ADDRESS_MAX_CHARS: usize = 100;
/// Shortest postcode, of person and advert.
pub const POSTCODE_MIN_CHARS: usize = 2;
/// Longest postcode.
pub const POSTCODE_MAX_CHARS: usize = 10;
/// Longest address of an advert's page and picture, and of the page that sent the lead.
pub const URL_MAX_CHARS: usize = 255;
/// Longest message.
pub const MESSAGE_MAX_CHARS: usize = 255;
/// Largest `appointment_availability`.
pub const AVAILABILITY_MAX_BYTES: usize = 1024;
/// Largest `meta`.
pub const META_MAX_BYTES: usize = 1024;
/// Largest `questionnaire`.
pub const QUESTIONNAIRE_MAX_BYTES: usize = 2048;

/// The body of a new lead: all fields of the page, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLead {
    /// Required.
    pub first_name: String,
    /// Required.
    pub last_name: String,
    /// Required.
    pub email: String,
    /// Required. Numbers that are not British are taken, but not called by its autocaller.
    pub phone: String,
    /// Required: what the person wants.
    #[serde(rename = "type")]
    pub lead_type: LeadType,
    /// A form of address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The property a sale or let is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advert_address: Option<String>,
    /// Its postcode, by which an office is found for a sale or let.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advert_postcode: Option<String>,
    /// Its page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advert_url: Option<String>,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advert_image: Option<String>,
    /// What the person wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// When the person can be met: the page's example has a list under `hours`, its table says strings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment_availability: Option<BTreeMap<String, Times>>,
    /// Anything else.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub meta: BTreeMap<String, String>,
    /// Questions and answers by key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub questionnaire: BTreeMap<String, [String; 2]>,
    /// Whether the person consents to GDPR.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gdpr_checkbox: Option<bool>,
    /// The page on which the lead was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// An office of the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office_id: Option<u64>,
    /// The person's own address; of a vendor or landlord, the property's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Its postcode, by which an office is found for a vendor or landlord.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// A name out of [`Source`]; the API takes any other one as `homepage`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Whether the lead comes from abroad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub international: Option<bool>,
    /// Campaign parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utm_source: Option<String>,
    /// Campaign parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utm_campaign: Option<String>,
    /// Campaign parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utm_medium: Option<String>,
    /// Campaign parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utm_term: Option<String>,
    /// Campaign parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utm_content: Option<String>,
    /// What kind of property it is; the four names are the same as ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property_type: Option<PropertyKind>,
}

/// The types of lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadType {
    /// Wants to buy.
    Sale,
    /// Wants to sell.
    Vendor,
    /// Wants to let out.
    Landlord,
    /// Wants to rent.
    Let,
    /// Wants a mortgage.
    MortgageRequest,
}

impl LeadType {
    /// Whether the lead is about the person's own property, which has no advert.
    pub fn owns(self) -> bool {
        matches!(self, Self::Vendor | Self::Landlord)
    }
}

impl Choice for LeadType {
    const ALL: &'static [(&'static str, Self)] = &[
        ("sale", Self::Sale),
        ("vendor", Self::Vendor),
        ("landlord", Self::Landlord),
        ("let", Self::Let),
        ("mortgage_request", Self::MortgageRequest),
    ];
}

/// One time or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Times {
    /// As the page's table says.
    One(String),
    /// As its example shows.
    Many(Vec<String>),
}

/// Where a lead came from, as LeadPro knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names of portals speak for themselves")]
pub enum Source {
    Rightmove,
    RightmoveValuation,
    Zoopla,
    ZooplaValuation,
    Onthemarket,
    Gumtree,
    S1,
    Lettingweb,
    Propertypal,
    Propertynews,
    Ivt,
    Homepage,
}

impl Choice for Source {
    const ALL: &'static [(&'static str, Self)] = &[
        ("rightmove", Self::Rightmove),
        ("rightmove_valuation", Self::RightmoveValuation),
        ("zoopla", Self::Zoopla),
        ("zoopla_valuation", Self::ZooplaValuation),
        ("onthemarket", Self::Onthemarket),
        ("gumtree", Self::Gumtree),
        ("s1", Self::S1),
        ("lettingweb", Self::Lettingweb),
        ("propertypal", Self::Propertypal),
        ("propertynews", Self::Propertynews),
        ("ivt", Self::Ivt),
        ("homepage", Self::Homepage),
    ];
}
