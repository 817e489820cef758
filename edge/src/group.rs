//! Groups of destinations that get a lead one after the other, until one takes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::form::is_id;

/// Most destinations of a group. Each may take minutes to say no, and a lead grows cold.
pub const MAX_MEMBERS: usize = 20;

/// How often a destination is tried again before the next gets its turn, where the group does not say:
/// with the usual schedule that is after about five minutes.
const DEFAULT_RETRIES: u32 = 2;

/// Most that may be said.
const MAX_RETRIES: u32 = 20;

/// A group as the operator writes it and as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Group"))]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The group's id; may be left out, since it stands in the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// How its members share leads.
    #[serde(default)]
    pub mode: Mode,
    /// Ids of destinations: who is asked first.
    #[cfg_attr(test, schemars(length(min = 1, max = 20)))]
    pub order: Vec<String>,
    /// How often a member that cannot answer now is tried again before the next gets its turn. The
    /// last has nobody behind it and is tried for as long as any other destination.
    #[serde(default = "default_retries")]
    #[cfg_attr(test, schemars(range(max = 20)))]
    pub retries: u32,
}

/// How the members of a group share leads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "GroupMode"))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The first that takes a lead is the only one to have it.
    #[default]
    FirstAccepted,
}

const fn default_retries() -> u32 {
    DEFAULT_RETRIES
}

impl Group {
    /// Everything that is wrong with the group under that id, by member.
    pub fn problems(&self, id: &str) -> BTreeMap<String, Vec<String>> {
        let mut problems: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut wrong = |field: &str, text: String| problems.entry(field.to_owned()).or_default().push(text);
        if self.group.as_deref().is_some_and(|group| group != id) {
            wrong("group", "Leave it out, or give the id that stands in the address.".to_owned());
        }
        if !(1..=MAX_MEMBERS).contains(&self.order.len()) {
            wrong("order", format!("Name 1 to {MAX_MEMBERS} destinations."));
        }
        for (place, member) in self.order.iter().enumerate() {
            if !is_id(member) || self.order.iter().take(place).any(|earlier| earlier == member) {
                wrong("order", "Name each destination once, by its id.".to_owned());
                break;
            }
        }
        if self.retries > MAX_RETRIES {
            wrong("retries", format!("Give at most {MAX_RETRIES}."));
        }
        problems
    }

    /// Who comes after a member, in order.
    pub fn after<'a>(&'a self, member: &'a str) -> impl Iterator<Item = &'a str> {
        self.order.iter().map(String::as_str).skip_while(move |id| *id != member).skip(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn wrong(group: Value) -> Vec<String> {
        serde_json::from_value::<Group>(group).unwrap().problems("buyers").into_keys().collect()
    }

    #[test]
    fn a_group_names_each_destination_once() {
        assert!(wrong(json!({"group": "buyers", "mode": "first_accepted", "order": ["a", "b"]})).is_empty());
        assert_eq!(wrong(json!({"group": "others", "order": []})), ["group", "order"]);
        assert_eq!(wrong(json!({"order": ["a", "a"]})), ["order"]);
        assert_eq!(wrong(json!({"order": ["No id!"]})), ["order"]);
        assert_eq!(wrong(json!({"order": ["a"], "retries": 21})), ["retries"]);
    }

    #[test]
    fn turns_follow_the_order() {
        let group: Group = serde_json::from_value(json!({"order": ["c", "a", "b"]})).unwrap();
        assert_eq!(group.after("c").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(group.after("b").count(), 0);
        assert_eq!(group.after("gone").count(), 0);
    }
}
