//! A change of a lead, as it is asked for: which version it is meant for, and what it makes of the lead.

use serde_json::{Map, Value};
use shared::{
    contact::Region,
    error::FieldErrors,
    field::Choice,
    lead::{Lead, LeadStatus},
    submission::{self, CHANGEABLE_FIELDS},
    text::Normaliser,
};

use crate::parameters::ParameterErrors;

/// The member that names the version.
const VERSION: &str = "version";

/// The versions of the lead that a change is meant for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// What `If-Match` lists; `None` for all.
    tags: Option<Vec<String>>,
    /// What the body says.
    version: Option<u64>,
}

impl Expected {
    /// Whichever version is there: who does not know of versions overwrites.
    pub const ANY: Self = Self { tags: None, version: None };

    /// What the header `If-Match` (RFC 9110 §13.1.1) and the member `version` of a body say; `None` where
    /// neither says anything.
    ///
    /// # Errors
    /// When `version` is no version.
    pub fn read(if_match: Option<&str>, members: &mut Map<String, Value>) -> Result<Option<Self>, ParameterErrors> {
        let version = match members.remove(VERSION) {
            None | Some(Value::Null) => None,
            Some(value) => Some(whole(&value).ok_or_else(|| wrong(VERSION, "Send a whole number."))?),
        };
        if version.is_none() && if_match.is_none() {
            return Ok(None);
        }
        let listed = if_match.filter(|list| list.trim() != "*");
        let tags = listed.map(|list| list.split(',').map(|tag| tag.trim().to_owned()).collect());
        Ok(Some(Self { tags, version }))
    }

    /// Whether it is meant for that version. Tags are compared strongly: a weak one is nobody's.
    pub fn is_met_by(&self, version: u32) -> bool {
        let tag = entity_tag(version);
        self.version.is_none_or(|expected| expected == u64::from(version))
            && self.tags.as_ref().is_none_or(|tags| tags.contains(&tag))
    }
}

/// A whole number, also as JSON may write it: `7.0`.
fn whole(value: &Value) -> Option<u64> {
    let written = value.to_string();
    written.strip_suffix(".0").unwrap_or(&written).parse().ok()
}

/// A lead's version as an `ETag`.
pub fn entity_tag(version: u32) -> String {
    format!("\"{version}\"")
}

/// Whether `If-None-Match` (RFC 9110 §13.1.2) says that the caller has that version already.
pub fn is_known(if_none_match: &str, version: u32) -> bool {
    let tag = entity_tag(version);
    let has = |listed: &str| listed == "*" || listed.strip_prefix("W/").unwrap_or(listed) == tag;
    if_none_match.split(',').any(|listed| has(listed.trim()))
}

/// What is missing where no version came.
pub fn version_is_missing() -> ParameterErrors {
    wrong(VERSION, "Send the version that you have read, here or in the header If-Match.")
}

/// What a lead becomes.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Where it stands from now on, if that changes.
    pub status: Option<LeadStatus>,
    /// What it says from now on.
    pub lead: Lead,
    /// The fields that change, by name.
    pub fields: Vec<&'static str>,
}

impl Change {
    /// Whether it can be known by other contacts than before.
    pub fn touches_contact(&self) -> bool {
        self.fields.iter().any(|name| ["email", "phone"].contains(name))
    }
}

/// What the members of a body make of a lead that stands at `status` and says `lead`. Members that are as
/// `shown`, the lead as the API shows it, are no change, so that a caller may send back all that it has read;
/// `deliveries` never are.
///
/// # Errors
/// All that is wrong, by member: a value, or a member that cannot be changed.
pub fn change(
    members: Map<String, Value>,
    shown: &Map<String, Value>,
    lead: Lead,
    region: Region,
    normaliser: &impl Normaliser,
) -> Result<Change, ParameterErrors> {
    let (mut fields, mut errors, mut status) = (Map::new(), ParameterErrors::new(), None);
    for (name, value) in members {
        // Before all else: a partner's lead may hold what nobody could change it to.
        if name == "deliveries" || shown.get(&name).is_some_and(|shown| is_same(shown, &value)) {
        } else if CHANGEABLE_FIELDS.contains(&name.as_str()) {
            fields.insert(name, value);
        } else if name == "status" {
            status = value.as_str().and_then(LeadStatus::named);
            if status.is_none() {
                errors.extend(wrong(&name, &LeadStatus::problem().to_string()));
            }
        } else {
            errors.extend(wrong(&name, "This cannot be changed."));
        }
    }
    match submission::change(lead, fields, region, normaliser) {
        Ok((lead, mut fields)) if errors.is_empty() => {
            if status.is_some() {
                fields.insert(0, "status");
            }
            Ok(Change { status, lead, fields })
        }
        Ok(_) => Err(errors),
        Err(found) => {
            errors.extend(sentences(&found));
            Err(errors)
        }
    }
}

/// Whether two values are the same to who reads JSON: `380000` and `380000.0` are.
fn is_same(one: &Value, other: &Value) -> bool {
    one == other || one.is_number() && one.as_f64() == other.as_f64()
}

fn sentences(errors: &FieldErrors) -> ParameterErrors {
    let of = |name: &str| errors.of(name).iter().map(ToString::to_string).collect();
    errors.fields().map(|name| (name.to_owned(), of(name))).collect()
}

fn wrong(name: &str, text: &str) -> ParameterErrors {
    [(name.to_owned(), vec![text.to_owned()])].into()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use serde_json::json;
    use shared::contact::E164;

    struct Plain;

    impl Normaliser for Plain {
        fn nfc<'a>(&self, text: &'a str) -> Cow<'a, str> {
            Cow::Borrowed(text)
        }

        fn e164(&self, _: &str, _: Region) -> Option<E164> {
            None
        }
    }

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn expected(if_match: Option<&str>, body: Value) -> Result<Option<Expected>, ParameterErrors> {
        Expected::read(if_match, &mut object(body))
    }

    #[test]
    fn a_change_is_meant_for_the_version_that_header_and_body_say() {
        let meets = |if_match, body, version| expected(if_match, body).unwrap().unwrap().is_met_by(version);
        assert!(meets(None, json!({"version": 3}), 3) && !meets(None, json!({"version": 3}), 4));
        assert!(meets(Some("\"3\""), json!({}), 3) && !meets(Some("\"3\""), json!({}), 4));
        assert!(meets(Some("\"2\", \"3\""), json!({"version": 3}), 3));
        assert!(!meets(Some("\"2\""), json!({"version": 3}), 3));
        assert!(!meets(Some("W/\"3\""), json!({}), 3) && !meets(Some("3"), json!({}), 3));
        assert!(meets(Some("*"), json!({}), 9));
        assert_eq!(expected(None, json!({"version": null})), Ok(None));
        assert!(meets(None, json!({"version": 3.0}), 3) && meets(None, json!({"version": 3e0}), 3));
        for wrong in [json!("3"), json!(1.5), json!(-1), json!(-1.0), json!([3])] {
            assert!(expected(None, json!({"version": wrong})).is_err());
        }
    }

    #[test]
    fn a_version_is_known_by_any_tag_of_it() {
        for known in ["\"3\"", "W/\"3\"", "\"1\", \"3\"", "*"] {
            assert!(is_known(known, 3), "{known}");
        }
        assert!(!is_known("\"4\"", 3) && !is_known("3", 3) && !is_known("", 3));
    }

    fn changed(members: Value) -> Result<Change, ParameterErrors> {
        let document =
            json!({"name": "Marla", "email": "a@example.com", "phone": null, "phone_e164": null, "source": "s"});
        let lead: Lead = serde_json::from_value(document.clone()).unwrap();
        let mut shown = object(document);
        shown.extend(object(json!({"id": "1", "status": "new", "version": 1, "deliveries": [{"status": "pending"}]})));
        change(object(members), &shown, lead, Region::GB, &Plain)
    }

    #[test]
    fn what_was_read_may_be_sent_back_with_what_changes() {
        let change = changed(json!({
            "id": "1", "status": "lost", "name": "Marla", "source": "s", "phone_e164": null, "notes": "called",
            "deliveries": [{"status": "delivered"}],
        }))
        .unwrap();
        assert_eq!((change.status, change.fields.as_slice()), (Some(LeadStatus::Lost), ["status", "notes"].as_slice()));
        assert!(!change.touches_contact());
        let nothing = changed(json!({"status": "new", "name": "Marla"})).unwrap();
        assert_eq!((nothing.status, nothing.fields), (None, Vec::new()));
    }

    #[test]
    fn what_is_as_it_was_read_is_not_held_to_the_limits_of_a_change() {
        let read = json!({
            "name": "Marla ".repeat(100), "first_name": "Marla", "last_name": "Singer", "email": "a@example.com",
            "phone": null, "phone_e164": null, "notes": "n".repeat(20_000), "budget": 380_000.0,
        });
        let lead: Lead = serde_json::from_value(read.clone()).unwrap();
        let mut sent = object(read.clone());
        sent.insert("budget".to_owned(), 380_000.into());
        sent.insert("status".to_owned(), "lost".into());
        let change = change(sent, &object(read), lead, Region::GB, &Plain).unwrap();
        assert_eq!((change.status, change.fields.as_slice()), (Some(LeadStatus::Lost), ["status"].as_slice()));
    }

    #[test]
    fn a_lead_that_is_sent_back_with_another_last_name_has_another_name() {
        let read = json!({
            "name": "Marla Singer", "first_name": "Marla", "last_name": "Singer", "email": "a@example.com",
            "phone": null, "phone_e164": null,
        });
        let lead: Lead = serde_json::from_value(read.clone()).unwrap();
        let mut sent = object(read.clone());
        sent.insert("last_name".to_owned(), "Durden".into());
        let change = change(sent, &object(read), lead, Region::GB, &Plain).unwrap();
        assert_eq!(
            (change.lead.name.as_deref(), change.fields.as_slice()),
            (Some("Marla Durden"), ["last_name", "name"].as_slice())
        );
    }

    #[test]
    fn what_cannot_be_changed_is_named_with_all_else_that_is_wrong() {
        let errors = changed(json!({
            "status": "open", "source": "other", "id": "2", "colour": "red", "email": "nobody", "client_id": null,
        }))
        .unwrap_err();
        assert_eq!(errors.keys().collect::<Vec<_>>(), ["client_id", "colour", "email", "id", "source", "status"]);
        assert_eq!(errors["colour"], ["This cannot be changed."]);
    }
}
