//! The forms and destinations in force, as requests read them from KV.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use shared::{form::FormDefinition, lead::Lead};

use crate::{
    destination::{Destination, DestinationFields},
    key::Grant,
};

/// The copy that is published to KV.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogDocument {
    /// Which change of the configuration it holds.
    pub revision: u64,
    /// Forms by id.
    pub forms: BTreeMap<String, FormDefinition>,
    /// Destinations by id.
    pub destinations: BTreeMap<String, DestinationFields>,
}

/// The same, ready to be used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalog {
    /// Which change of the configuration it holds.
    pub revision: u64,
    forms: BTreeMap<String, FormDefinition>,
    destinations: BTreeMap<String, Destination>,
    outdated: BTreeSet<String>,
}

/// What is known of a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Configured<'a> {
    /// It can be sent to.
    Ready(&'a Destination),
    /// It is configured in a way that this version does not understand.
    Outdated,
    /// There is none of that id.
    Gone,
}

impl From<CatalogDocument> for Catalog {
    /// A destination that no longer parses, since its provider's settings changed with a release, is
    /// remembered as such: what waits for it waits on.
    fn from(document: CatalogDocument) -> Self {
        let (mut destinations, mut outdated) = (BTreeMap::new(), BTreeSet::new());
        for (id, fields) in document.destinations {
            match Destination::parse(&id, fields) {
                Ok(destination) => {
                    destinations.insert(id, destination);
                }
                Err(_) => {
                    outdated.insert(id);
                }
            }
        }
        Self { revision: document.revision, forms: document.forms, destinations, outdated }
    }
}

impl Catalog {
    /// The form of that id.
    pub fn form(&self, id: &str) -> Option<&FormDefinition> {
        self.forms.get(id)
    }

    /// The ids of the forms that a key may work with.
    pub fn form_ids(&self, grant: &Grant) -> Vec<String> {
        self.forms.keys().filter(|id| grant.covers(id)).cloned().collect()
    }

    /// The destination of that id.
    pub fn destination(&self, id: &str) -> Configured<'_> {
        match self.destinations.get(id) {
            Some(destination) => Configured::Ready(destination),
            None if self.outdated.contains(id) => Configured::Outdated,
            None => Configured::Gone,
        }
    }

    /// Where a lead of that form goes, in the order of the ids.
    pub fn route<'a>(&'a self, form: &'a str, lead: &'a Lead) -> impl Iterator<Item = &'a Destination> {
        self.destinations.values().filter(move |destination| destination.takes(form, lead))
    }
}
