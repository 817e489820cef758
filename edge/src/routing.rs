//! Where a lead goes, and why it goes nowhere else.

use serde::Serialize;
use shared::lead::Lead;

use crate::{catalog::Catalog, delivery::MAX_PER_LEAD, destination::Destination};

/// A destination that gets a lead at once.
#[derive(Debug, Clone, Copy)]
pub struct Routed<'a> {
    /// The destination.
    pub destination: &'a Destination,
    /// The group whose turn it has.
    pub group: Option<&'a str>,
}

/// What a destination said to a lead when it was accepted: kept with the lead, to explain its life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "RoutingVerdict"))]
pub struct Said<'a> {
    /// Which destination.
    pub destination: &'a str,
    /// The group it takes turns in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<&'a str>,
    /// Whether the lead goes there at once.
    pub taken: bool,
    /// Why, in clauses.
    pub because: Vec<String>,
}

/// Where a lead of that form goes: to every destination that takes it, in the order of their ids, but
/// of each group only to the first in turn. With what each destination of the form said.
pub fn route<'a>(catalog: &'a Catalog, form: &str, lead: &Lead) -> (Vec<Routed<'a>>, Vec<Said<'a>>) {
    let (mut routed, mut said) = (Vec::new(), Vec::new());
    for destination in catalog.destinations().filter(|destination| destination.is_for(form)) {
        let group = catalog.group_of(&destination.id);
        let verdict = match destination.objection(lead) {
            Some(objection) => Err(objection),
            None => {
                match group.and_then(|(id, group)| earlier(catalog, group, form, lead, destination).zip(Some(id))) {
                    Some((first, id)) => Err(format!("{first} has the first turn in {id}")),
                    None if routed.len() >= MAX_PER_LEAD => {
                        Err(format!("a lead has at most {MAX_PER_LEAD} deliveries"))
                    }
                    None => Ok(destination.reasons(form)),
                }
            }
        };
        let group = group.map(|(id, _)| id);
        if verdict.is_ok() {
            routed.push(Routed { destination, group });
        }
        said.push(Said {
            destination: &destination.id,
            group,
            taken: verdict.is_ok(),
            because: verdict.unwrap_or_else(|objection| vec![objection]),
        });
    }
    (routed, said)
}

/// The first member of a group that takes the lead, if that is another than `destination`.
fn earlier<'a>(
    catalog: &'a Catalog,
    group: &crate::group::Group,
    form: &str,
    lead: &Lead,
    destination: &Destination,
) -> Option<&'a str> {
    let takers = group.order.iter().filter_map(|id| catalog.ready(id));
    let first = takers.into_iter().find(|member| member.takes(form, lead))?;
    (first.id != destination.id).then_some(first.id.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::CatalogDocument;
    use serde_json::{Value, json};

    fn catalog(destinations: Value, groups: Value) -> Catalog {
        let document = json!({"revision": 1, "forms": {}, "destinations": destinations, "groups": groups});
        Catalog::from(serde_json::from_value::<CatalogDocument>(document).unwrap())
    }

    fn lead() -> Lead {
        serde_json::from_value(json!({"name": null, "email": "a@b.co", "intent": "buy"})).unwrap()
    }

    fn to(extra: Value) -> Value {
        let mut destination = json!({"provider": "anyhouse", "url": "https://example.com/"});
        destination.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        destination
    }

    #[test]
    fn a_lead_goes_to_all_that_take_it_and_each_says_why() {
        let catalog = catalog(
            json!({
                "all": to(json!({})), "buyers": to(json!({"when": {"intent": ["buy"]}})),
                "off": to(json!({"enabled": false})), "other": to(json!({"forms": ["other"]})),
                "sellers": to(json!({"when": {"intent": ["sell"]}})),
            }),
            json!({}),
        );
        let (routed, said) = route(&catalog, "contact", &lead());
        assert_eq!(routed.iter().map(|r| r.destination.id.as_str()).collect::<Vec<_>>(), ["all", "buyers"]);
        assert_eq!(
            serde_json::to_value(said).unwrap(),
            json!([
                {"destination": "all", "taken": true, "because": ["it takes every form"]},
                {"destination": "buyers", "taken": true, "because": ["it takes every form", "intent is buy"]},
                {"destination": "off", "taken": false, "because": ["it is disabled"]},
                {"destination": "sellers", "taken": false, "because": ["intent is not sell"]},
            ])
        );
    }

    #[test]
    fn of_a_group_only_the_first_in_turn_that_takes_a_lead_gets_it() {
        let catalog = catalog(
            json!({
                "a": to(json!({})), "b": to(json!({})), "c": to(json!({"when": {"intent": ["sell"]}})), "z": to(json!({})),
            }),
            json!({"buyers": {"order": ["c", "b", "a", "gone"]}}),
        );
        let (routed, said) = route(&catalog, "contact", &lead());
        let found: Vec<_> = routed.iter().map(|r| (r.destination.id.as_str(), r.group)).collect();
        assert_eq!(found, [("b", Some("buyers")), ("z", None)]);
        assert_eq!(said[0].because, ["b has the first turn in buyers"]);
    }
}
