//! The property a lead is about.

use serde::{Deserialize, Serialize};

use crate::field::Choice;

/// A property as its advert describes it. Every part may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Property {
    /// The identifier the advertising system gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// Street address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// The page of the advert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A picture of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// What kind of building it is.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<PropertyKind>,
}

/// Kinds of building.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PropertyKind {
    /// Stands alone.
    Detached,
    /// Shares one wall.
    SemiDetached,
    /// One of a row.
    Terraced,
    /// A flat or maisonette.
    FlatMaisonette,
}

impl Choice for PropertyKind {
    const ALL: &'static [(&'static str, Self)] = &[
        ("detached", Self::Detached),
        ("semi-detached", Self::SemiDetached),
        ("terraced", Self::Terraced),
        ("flat-maisonette", Self::FlatMaisonette),
    ];
}
