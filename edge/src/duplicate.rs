//! A second lead of the same person: what makes it one, and what the first gains from it.

use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use shared::{
    form::{DuplicateBy, DuplicatePolicy, FormDefinition},
    submission::{LIST_MAX_ENTRIES, META_MAX_BYTES, META_MAX_ENTRIES},
};

use crate::intake::BODY_MAX_BYTES;

/// Longest window, in days: ten years. A contact that is older is forgotten.
pub const MAX_WINDOW_DAYS: u32 = 3_650;

/// Bytes of a contact's hash that are kept: 128 bits never meet by chance.
const HASH_BYTES: usize = 16;

/// Members that stand together: taken as a whole from one lead, so that a number never stands beside
/// another number's E.164, nor one person's first name beside another's last name. The first of each
/// says whether it is there.
const TOGETHER: [&[&str]; 2] = [&["name", "first_name", "last_name"], &["phone", "phone_e164"]];

/// Objects that are joined entry by entry, with the most entries and bytes of JSON that they may come to:
/// no number of merges makes a lead larger than one submission can. All other objects and lists, such as
/// `consent` or `attribution`, tell of one moment and are taken whole or not at all.
const JOINED: [(&str, usize, usize); 2] =
    [("meta", META_MAX_ENTRIES, META_MAX_BYTES), ("questionnaire", LIST_MAX_ENTRIES, BODY_MAX_BYTES)];

/// What the contacts of a lead are known by in a form that looks for duplicates: a hash for each kind in
/// the form's `by` that the lead has. None where the form allows duplicates. The e-mail address counts in
/// lower case, the telephone number in E.164.
pub fn contacts(form: &FormDefinition, lead: &Value) -> Vec<String> {
    if form.duplicates.policy == DuplicatePolicy::Allow {
        return Vec::new();
    }
    let of = |by: &DuplicateBy| {
        let (kind, value) = match by {
            DuplicateBy::Email => ("email", lead.get("email")?.as_str()?.to_ascii_lowercase()),
            DuplicateBy::Phone => ("phone", lead.get("phone_e164")?.as_str()?.to_owned()),
        };
        let digest = Sha256::digest(format!("{} {kind} {value}", form.id));
        Some(digest.iter().take(HASH_BYTES).map(|byte| format!("{byte:02x}")).collect())
    };
    form.duplicates.by.iter().filter_map(of).collect()
}

/// Adds to a stored lead what it lacks and another of the same person has; says which fields those are.
/// What it has stays as it is.
pub fn merge(first: &mut Map<String, Value>, second: Map<String, Value>) -> Vec<String> {
    let lacks = |name: &str| first.get(name).is_none_or(Value::is_null);
    let lacking: Vec<bool> = TOGETHER.iter().map(|group| group.first().is_none_or(|name| lacks(name))).collect();
    let mut gained = Vec::new();
    for (name, value) in second {
        let group = TOGETHER.iter().position(|group| group.contains(&name.as_str()));
        let may_gain = group.is_none_or(|group| lacking.get(group) == Some(&true));
        if value.is_null() || !may_gain {
            continue;
        }
        match (first.get_mut(&name), value) {
            (None | Some(Value::Null), value) => {
                first.insert(name.clone(), value);
                gained.push(name);
            }
            (Some(Value::Object(there)), Value::Object(more)) => {
                let Some((_, max_entries, max_bytes)) = JOINED.iter().find(|(joined, ..)| *joined == name) else {
                    continue;
                };
                for (entry, value) in more {
                    let is_new = !there.contains_key(&entry) && there.len() < *max_entries;
                    if is_new && bytes(there).saturating_add(bytes(&(&entry, &value))) <= *max_bytes {
                        gained.push(format!("{name}.{entry}"));
                        there.insert(entry, value);
                    }
                }
            }
            _ => {}
        }
    }
    gained
}

fn bytes(value: &impl Serialize) -> usize {
    serde_json::to_string(value).map_or(usize::MAX, |json| json.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;
    use shared::{form::Duplicates, lead::Lead};

    fn form(policy: DuplicatePolicy, by: Vec<DuplicateBy>) -> FormDefinition {
        let duplicates = Duplicates { policy, by, ..Duplicates::default() };
        FormDefinition { id: "contact".into(), duplicates, ..FormDefinition::default() }
    }

    fn merged(first: Value, second: Value) -> (Value, Vec<String>) {
        let (Value::Object(mut first), Value::Object(second)) = (first, second) else { panic!("objects") };
        let gained = merge(&mut first, second);
        (Value::Object(first), gained)
    }

    #[test]
    fn the_same_person_has_the_same_contacts_in_the_same_form() {
        let both = || vec![DuplicateBy::Email, DuplicateBy::Phone];
        let lead = json!({"email": "Marla@Example.com", "phone": "01623 000000", "phone_e164": "+441623000000"});
        let form_a = form(DuplicatePolicy::Reject, both());
        let found = contacts(&form_a, &lead);
        assert_eq!(found.len(), 2);
        let typed_otherwise =
            json!({"email": "marla@example.COM", "phone": "+44 1623 000 000", "phone_e164": "+441623000000"});
        assert_eq!(contacts(&form_a, &typed_otherwise), found);
        let form_b = FormDefinition { id: "other".into(), ..form_a.clone() };
        assert!(contacts(&form_b, &lead).iter().all(|contact| !found.contains(contact)));
        assert_eq!(contacts(&form(DuplicatePolicy::Merge, vec![DuplicateBy::Phone]), &lead), found[1..]);
        assert!(contacts(&form_a, &json!({"email": null, "phone": "555", "phone_e164": null})).is_empty());
        assert!(contacts(&form(DuplicatePolicy::Allow, both()), &lead).is_empty());
        assert!(!found.concat().contains("marla"));
    }

    #[test]
    fn the_first_gains_what_it_lacked_and_keeps_what_it_had() {
        let (lead, gained) = merged(
            json!({"name": null, "email": "marla@example.com", "phone": null, "phone_e164": null, "message": "first",
                "meta": {"Colour": "red"}}),
            json!({"name": "Marla Singer", "first_name": "Marla", "email": "MARLA@example.com", "phone": "01623 000000",
                "phone_e164": "+441623000000", "message": "second", "budget": 5, "meta": {"Colour": "blue", "Size": "L"}}),
        );
        assert_eq!(
            lead,
            json!({"name": "Marla Singer", "first_name": "Marla", "email": "marla@example.com", "phone": "01623 000000",
                "phone_e164": "+441623000000", "message": "first", "budget": 5, "meta": {"Colour": "red", "Size": "L"}})
        );
        assert_eq!(gained, ["budget", "first_name", "meta.Size", "name", "phone", "phone_e164"]);
    }

    #[test]
    fn what_stands_together_is_never_mixed() {
        let first = json!({"name": "Marla", "email": null, "phone": "555-0100", "phone_e164": null,
            "consent": {"given": true, "text": "old"}, "attribution": {"utm_source": "a"}});
        let (lead, gained) = merged(
            first.clone(),
            json!({"name": "Tyler Durden", "last_name": "Durden", "email": null, "phone": "01623 000000",
                "phone_e164": "+441623000000", "consent": {"given": true, "text": "new", "policy_url": "u"},
                "attribution": {"gclid": "g"}}),
        );
        assert_eq!((lead, gained), (first, Vec::new()));
    }

    #[test]
    fn meta_does_not_grow_beyond_what_a_lead_may_have() {
        let entries = |prefix: &str| -> Value { (0..40).map(|n| (format!("{prefix}{n}"), json!("x"))).collect() };
        let (lead, _) = merged(json!({"meta": entries("a")}), json!({"meta": entries("b")}));
        assert_eq!(lead["meta"].as_object().unwrap().len(), META_MAX_ENTRIES);
        let long = "x".repeat(META_MAX_BYTES / 2);
        let (lead, _) = merged(json!({"meta": {"a": long}}), json!({"meta": {"b": long, "c": "fits"}}));
        assert_eq!(lead["meta"], json!({"a": long, "c": "fits"}));
    }

    fn any_lead() -> impl Strategy<Value = Value> {
        let line = || proptest::option::of("[a-z]{1,5}");
        (line(), line(), line(), any::<Option<u32>>(), proptest::collection::btree_map("[a-c]", "[a-z]{1,3}", 0..3))
            .prop_map(|(name, first_name, message, budget, meta)| {
                let mut lead =
                    json!({"name": name, "email": "a@b.co", "phone": null, "phone_e164": null, "meta": meta});
                let members = lead.as_object_mut().unwrap();
                members.extend(first_name.map(|text| ("first_name".to_owned(), json!(text))));
                members.extend(message.map(|text| ("message".to_owned(), json!(text))));
                members.extend(budget.map(|number| ("budget".to_owned(), json!(number))));
                lead
            })
    }

    proptest! {
        #[test]
        fn a_merged_lead_is_a_lead_and_merging_again_changes_nothing(first in any_lead(), second in any_lead()) {
            let (once, _) = merged(first.clone(), second.clone());
            prop_assert!(serde_json::from_value::<Lead>(once.clone()).is_ok());
            for (name, value) in first.as_object().unwrap().iter().filter(|(name, _)| *name != "meta") {
                prop_assert!(value.is_null() || once[name] == *value);
            }
            let (twice, gained) = merged(once.clone(), second);
            prop_assert_eq!(twice, once);
            prop_assert!(gained.is_empty());
        }
    }
}
