//! The forms and destinations in force, as requests read them from KV.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use shared::{form::FormDefinition, lead::Lead};

use crate::{
    destination::{Destination, DestinationFields},
    group::Group,
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
    /// Groups by id. A copy that an earlier version wrote has none.
    #[serde(default)]
    pub groups: BTreeMap<String, Group>,
}

/// The same, ready to be used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalog {
    /// Which change of the configuration it holds.
    pub revision: u64,
    forms: BTreeMap<String, FormDefinition>,
    destinations: BTreeMap<String, Destination>,
    outdated: BTreeSet<String>,
    groups: BTreeMap<String, Group>,
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
        Self { revision: document.revision, forms: document.forms, destinations, outdated, groups: document.groups }
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

    /// The destination of that id, if it can be sent to.
    pub fn ready(&self, id: &str) -> Option<&Destination> {
        self.destinations.get(id)
    }

    /// All destinations that can be sent to, in the order of their ids.
    pub fn destinations(&self) -> impl Iterator<Item = &Destination> {
        self.destinations.values()
    }

    /// The group that a destination takes turns in.
    pub fn group_of(&self, destination: &str) -> Option<(&str, &Group)> {
        let group = self.groups.iter().find(|(_, group)| group.order.iter().any(|member| member == destination));
        group.map(|(id, group)| (id.as_str(), group))
    }

    /// Who may get a lead after `destination` had its turn in a group, in order.
    pub fn next_in_turn<'a>(
        &'a self,
        group: &str,
        destination: &'a str,
        form: &'a str,
        lead: &'a Lead,
    ) -> impl Iterator<Item = &'a Destination> {
        let members = self.groups.get(group).into_iter().flat_map(move |group| group.after(destination));
        members.filter_map(|id| self.ready(id)).filter(move |member| member.takes(form, lead))
    }

    /// How often a member of a group is tried again before the next gets its turn.
    pub fn patience(&self, group: &str) -> u32 {
        self.groups.get(group).map_or(0, |group| group.retries)
    }
}
