//! The seller-code lead marketplace: `POST /api/leads`. Documented by its owner; docs/PROVIDERS.md has
//! the table of fields.

pub mod inbound;
pub mod outbound;
pub mod state;
pub mod wire;

use std::collections::BTreeMap;

use serde::Deserialize;

/// What a destination of this provider can be told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Code or slug of the seller that receives the leads. Required: no lead carries it.
    pub seller: Option<String>,
    /// The category of leads that have none of their own.
    pub category: Option<String>,
    /// What else the marketplace gets: of every lead under the name it has there, or, under the name
    /// of a category, of the leads of that category.
    pub fields: BTreeMap<String, Further>,
}

/// Where further fields come from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Further {
    /// A path into the lead, such as `meta.Roof type`.
    Path(String),
    /// Paths by the marketplace's names.
    OfCategory(BTreeMap<String, String>),
}

impl Settings {
    /// The marketplace's names and the paths of a lead that go with them in `category`; a category's
    /// own come after those of all.
    pub fn further<'a>(&'a self, category: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let of_all = self.fields.iter().filter_map(|(name, further)| match further {
            Further::Path(path) => Some((name.as_str(), path.as_str())),
            Further::OfCategory(_) => None,
        });
        let of_category = self.fields.iter().filter_map(move |(name, further)| match further {
            Further::OfCategory(paths) if name.trim().eq_ignore_ascii_case(category.trim()) => Some(paths),
            _ => None,
        });
        of_all.chain(of_category.flatten().map(|(name, path)| (name.as_str(), path.as_str())))
    }
}
