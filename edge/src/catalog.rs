//! The forms and destinations in force, as requests read them from KV.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
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
    /// Forms by id, as they are stored: one that another version wrote must not hide the others.
    pub forms: Map<String, Value>,
    /// Destinations by id.
    pub destinations: Map<String, Value>,
    /// Groups by id. A copy that an earlier version wrote has none.
    #[serde(default)]
    pub groups: Map<String, Value>,
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
    /// A destination that this version does not understand, since it was written before or after a
    /// release that changed what it may say, is remembered as such: what waits for it waits on. A form or
    /// group of that kind is left out.
    fn from(document: CatalogDocument) -> Self {
        let mut catalog = Self { revision: document.revision, ..Self::default() };
        for (id, stored) in document.destinations {
            let fields = serde_json::from_value::<DestinationFields>(stored);
            match fields.ok().and_then(|fields| Destination::parse(&id, fields).ok()) {
                Some(destination) => {
                    catalog.destinations.insert(id, destination);
                }
                None => {
                    catalog.outdated.insert(id);
                }
            }
        }
        for (id, stored) in document.forms {
            if let Ok(form) = serde_json::from_value(stored) {
                catalog.forms.insert(id, form);
            }
        }
        for (id, stored) in document.groups {
            if let Ok(group) = serde_json::from_value(stored) {
                catalog.groups.insert(id, group);
            }
        }
        catalog
    }
}

impl Catalog {
    /// The form of that id.
    pub fn form(&self, id: &str) -> Option<&FormDefinition> {
        self.forms.get(id)
    }

    /// The forms that a key may work with.
    pub fn forms_of<'a>(&'a self, grant: &Grant) -> Vec<&'a FormDefinition> {
        self.forms.values().filter(|form| grant.covers(&form.id)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_this_version_does_not_understand_hides_nothing_else() {
        let good = json!({"provider": "webhook", "url": "https://example.com/"});
        let newer = json!({"provider": "webhook", "url": "https://example.com/", "colour": "red"});
        let document = json!({
            "revision": 7,
            "forms": {"contact": {}, "damaged": null},
            "destinations": {"crm": good, "newer": newer, "damaged": null},
            "groups": {"buyers": {"order": ["crm"]}, "newer": {"order": ["crm"], "mode": "auction"}},
        });
        let catalog = Catalog::from(serde_json::from_value::<CatalogDocument>(document).unwrap());
        assert!(catalog.form("contact").is_some() && catalog.form("damaged").is_none());
        assert!(matches!(catalog.destination("crm"), Configured::Ready(_)));
        for outdated in ["newer", "damaged"] {
            assert_eq!(catalog.destination(outdated), Configured::Outdated);
        }
        assert_eq!(catalog.destination("gone"), Configured::Gone);
        assert_eq!(catalog.group_of("crm").map(|(id, _)| id), Some("buyers"));
    }
}
