//! Changes of a lead by the people who work on it: the same checks and the same normalising as of a
//! submission, field by field.

use serde_json::{Map, Value};

use super::{join_names, reader::Reader};
use crate::{
    contact::{EMAIL_MAX_CHARS, Email, PHONE_MAX_CHARS, Phone, Region},
    error::{FieldErrors, FieldProblem},
    field::{LINE_MAX_CHARS, LINES_MAX_CHARS},
    lead::Lead,
    text::Normaliser,
};

/// The fields that can be changed: who the person is, how to reach them, how much they want it, and what
/// others note about them. What the person said stays as it was said.
pub const CHANGEABLE_FIELDS: &[&str] = &[
    "name",
    "first_name",
    "last_name",
    "title",
    "email",
    "phone",
    "interest_level",
    "notes",
    "address",
    "postcode",
    "city",
    "state",
    "country",
    "international",
];

/// The lead as it becomes by `fields`, of which only [`CHANGEABLE_FIELDS`] are looked at, and the names of
/// those that changed. `null` and empty text clear a field. A telephone number is read by the habits of
/// `region`; a contact that is as it was is not checked again.
///
/// What says the same is kept in step: a new first or last name makes a new `name` where that was made of
/// the two, and a new `name` by itself removes them.
///
/// # Errors
/// Every problem of every field at once; a change that leaves no contact is one.
pub fn change(
    mut lead: Lead,
    fields: Map<String, Value>,
    region: Region,
    normaliser: &impl Normaliser,
) -> Result<(Lead, Vec<&'static str>), FieldErrors> {
    let given: Vec<&'static str> =
        CHANGEABLE_FIELDS.iter().filter(|name| fields.contains_key(**name)).copied().collect();
    let is_name_joined = lead.name.is_none() || lead.name == joined(&lead);
    let (mut errors, mut changed) = (FieldErrors::default(), Vec::new());
    let mut reader = Reader::new(fields, normaliser, &mut errors);
    for name in &given {
        let differs = match *name {
            "email" => replace(&mut lead.contact.email, |before| email(&mut reader, before)),
            "phone" => replace(&mut lead.contact.phone, |before| phone(&mut reader, before, region)),
            "interest_level" => replace(&mut lead.interest_level, |_| reader.choice(name)),
            "international" => replace(&mut lead.international, |_| reader.boolean(name)),
            "country" => replace(&mut lead.country, |_| reader.country(name)),
            "notes" => replace(&mut lead.notes, |_| reader.lines(name, LINES_MAX_CHARS)),
            line => line_of(&mut lead, line).is_some_and(|slot| replace(slot, |_| reader.line(name, LINE_MAX_CHARS))),
        };
        if differs {
            changed.push(*name);
        }
    }
    if !lead.contact.is_reachable() {
        for name in given.iter().filter(|name| ["email", "phone"].contains(*name)) {
            if !reader.has_problem(name) {
                reader.problem(name, FieldProblem::EmailOrPhone);
            }
        }
    }
    drop(reader);
    keep_names_in_step(&mut lead, &mut changed, given.contains(&"name"), is_name_joined);
    if errors.is_empty() { Ok((lead, changed)) } else { Err(errors) }
}

/// Puts another value in the place of one; whether it differs.
fn replace<T: PartialEq>(slot: &mut Option<T>, value: impl FnOnce(&Option<T>) -> Option<T>) -> bool {
    let value = value(slot);
    let differs = *slot != value;
    *slot = value;
    differs
}

/// The field of that name, if it is a line of text.
fn line_of<'a>(lead: &'a mut Lead, name: &str) -> Option<&'a mut Option<String>> {
    Some(match name {
        "name" => &mut lead.name,
        "first_name" => &mut lead.first_name,
        "last_name" => &mut lead.last_name,
        "title" => &mut lead.title,
        "address" => &mut lead.address,
        "postcode" => &mut lead.postcode,
        "city" => &mut lead.city,
        "state" => &mut lead.state,
        _ => return None,
    })
}

fn email<N: Normaliser>(reader: &mut Reader<'_, N>, before: &Option<Email>) -> Option<Email> {
    let typed = reader.line("email", EMAIL_MAX_CHARS)?;
    let email = before.clone().filter(|email| email.as_typed() == typed).or_else(|| Email::parse(&typed));
    if email.is_none() {
        reader.problem("email", FieldProblem::Email);
    }
    email
}

fn phone<N: Normaliser>(reader: &mut Reader<'_, N>, before: &Option<Phone>, region: Region) -> Option<Phone> {
    let typed = reader.line("phone", PHONE_MAX_CHARS)?;
    let same = before.clone().filter(|phone| phone.typed == typed);
    let phone = same.or_else(|| Phone::parse(&typed, region, reader.normaliser()));
    if phone.is_none() {
        reader.problem("phone", FieldProblem::Phone);
    }
    phone
}

fn joined(lead: &Lead) -> Option<String> {
    join_names(lead.first_name.as_deref(), lead.last_name.as_deref())
}

fn keep_names_in_step(lead: &mut Lead, changed: &mut Vec<&'static str>, is_name_given: bool, is_name_joined: bool) {
    const PARTS: [&str; 2] = ["first_name", "last_name"];
    let parts_changed = changed.iter().any(|name| PARTS.contains(name));
    if is_name_given && changed.contains(&"name") && !parts_changed {
        for part in PARTS {
            if line_of(lead, part).is_some_and(|slot| slot.take().is_some()) {
                changed.push(part);
            }
        }
    } else if !is_name_given && parts_changed && is_name_joined {
        lead.name = joined(lead);
        changed.push("name");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::Contact;
    use crate::submission::tests::Plain;
    use serde_json::json;

    fn lead() -> Lead {
        serde_json::from_value(json!({
            "name": "Marla Singer", "first_name": "Marla", "last_name": "Singer", "email": "Marla@example.com",
            "phone": "555-123-4567", "phone_e164": null, "message": "Hello", "notes": "old",
        }))
        .unwrap()
    }

    fn changed_by(fields: Value) -> Result<(Value, Vec<&'static str>), FieldErrors> {
        let Value::Object(fields) = fields else { panic!("an object") };
        change(lead(), fields, Region::GB, &Plain).map(|(lead, names)| (serde_json::to_value(lead).unwrap(), names))
    }

    #[test]
    fn what_is_given_is_normalised_and_what_is_not_stays() {
        let (lead, names) = changed_by(json!({
            "notes": " a\r\nb ", "interest_level": "hot", "country": "gb", "city": "Mansfield\tWoodhouse", "title": "Mrs",
        }))
        .unwrap();
        assert_eq!(lead["notes"], "a\nb");
        assert_eq!((&lead["country"], &lead["city"]), (&json!("GB"), &json!("Mansfield Woodhouse")));
        assert_eq!((&lead["message"], &lead["email"]), (&json!("Hello"), &json!("Marla@example.com")));
        assert_eq!(names, ["title", "interest_level", "notes", "city", "country"]);
    }

    #[test]
    fn the_same_again_changes_nothing() {
        let same =
            json!({"name": "Marla Singer", "email": "Marla@example.com", "phone": "555-123-4567", "notes": "old"});
        let (after, names) = changed_by(same).unwrap();
        assert_eq!((after, names), (serde_json::to_value(lead()).unwrap(), Vec::new()));
    }

    #[test]
    fn null_and_nothing_clear_a_field() {
        let (lead, names) = changed_by(json!({"notes": null, "phone": ""})).unwrap();
        assert!(lead.get("notes").is_none() && lead["phone"].is_null());
        assert_eq!(names, ["phone", "notes"]);
    }

    #[test]
    fn a_lead_keeps_a_contact() {
        let errors = changed_by(json!({"email": null, "phone": null})).unwrap_err();
        assert_eq!(errors.fields().collect::<Vec<_>>(), ["email", "phone"]);
        let unreachable = Lead { contact: Contact::default(), ..lead() };
        let fields = Map::from_iter([("notes".to_owned(), json!("called"))]);
        assert!(change(unreachable, fields, Region::GB, &Plain).is_ok());
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let errors = changed_by(json!({
            "email": "nobody", "phone": "12", "interest_level": "tepid", "country": "Britain", "international": "perhaps",
            "notes": ["a"], "city": "x".repeat(LINE_MAX_CHARS + 1),
        }))
        .unwrap_err();
        let named = ["city", "country", "email", "interest_level", "international", "notes", "phone"];
        assert_eq!(errors.fields().collect::<Vec<_>>(), named);
    }

    #[test]
    fn names_that_say_the_same_stay_in_step() {
        let (lead, names) = changed_by(json!({"last_name": "Durden"})).unwrap();
        assert_eq!(lead["name"], "Marla Durden");
        assert_eq!(names, ["last_name", "name"]);
        let (lead, names) = changed_by(json!({"name": "Tyler Durden"})).unwrap();
        assert!(lead.get("first_name").is_none() && lead.get("last_name").is_none());
        assert_eq!(names, ["name", "first_name", "last_name"]);
        let (lead, _) = changed_by(json!({"name": "T. D.", "first_name": "Tyler", "last_name": "Durden"})).unwrap();
        assert_eq!((&lead["name"], &lead["first_name"]), (&json!("T. D."), &json!("Tyler")));
    }
}
