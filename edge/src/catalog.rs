//! The forms and destinations in force, as requests read them from KV.

use std::collections::BTreeMap;

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
    forms: BTreeMap<String, FormDefinition>,
    destinations: BTreeMap<String, Destination>,
}

impl From<CatalogDocument> for Catalog {
    /// A destination that no longer parses (its provider's settings changed with a release) is left
    /// out; its deliveries say that their destination is gone.
    fn from(document: CatalogDocument) -> Self {
        let mut destinations = BTreeMap::new();
        for (id, fields) in document.destinations {
            if let Ok(destination) = Destination::parse(&id, fields) {
                destinations.insert(id, destination);
            }
        }
        Self { forms: document.forms, destinations }
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
    pub fn destination(&self, id: &str) -> Option<&Destination> {
        self.destinations.get(id)
    }

    /// Where a lead of that form goes, in the order of the ids.
    pub fn route<'a>(&'a self, form: &'a str, lead: &'a Lead) -> impl Iterator<Item = &'a Destination> {
        self.destinations.values().filter(move |destination| destination.takes(form, lead))
    }
}
