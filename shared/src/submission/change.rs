//! Changes of a lead by the people who work on it: the same checks and the same normalising as of a
//! submission, field by field.

use serde_json::{Map, Value};

use super::{join_names, reader::Reader};
use crate::{
    contact::{Contact, EMAIL_MAX_CHARS, Email, PHONE_MAX_CHARS, Phone, Region},
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
    lead: &Lead,
    fields: Map<String, Value>,
    region: Region,
    normaliser: &impl Normaliser,
) -> Result<(Lead, Vec<&'static str>), FieldErrors> {
    let given: Vec<&'static str> =
        CHANGEABLE_FIELDS.iter().filter(|name| fields.contains_key(**name)).copied().collect();
    let is_given = |name: &str| given.contains(&name);
    let mut errors = FieldErrors::default();
    let mut reader = Reader::new(fields, normaliser, &mut errors);
    let mut next = lead.clone();

    macro_rules! set {
        ($($name:ident: $value:expr),* $(,)?) => {
            $(if is_given(stringify!($name)) {
                next.$name = $value;
            })*
        };
    }
    set! {
        name: reader.line("name", LINE_MAX_CHARS),
        first_name: reader.line("first_name", LINE_MAX_CHARS),
        last_name: reader.line("last_name", LINE_MAX_CHARS),
        title: reader.line("title", LINE_MAX_CHARS),
        interest_level: reader.choice("interest_level"),
        notes: reader.lines("notes", LINES_MAX_CHARS),
        address: reader.line("address", LINE_MAX_CHARS),
        postcode: reader.line("postcode", LINE_MAX_CHARS),
        city: reader.line("city", LINE_MAX_CHARS),
        state: reader.line("state", LINE_MAX_CHARS),
        country: reader.country("country"),
        international: reader.boolean("international"),
    }
    if is_given("email") {
        next.contact.email = email(&mut reader, &lead.contact);
    }
    if is_given("phone") {
        next.contact.phone = phone(&mut reader, &lead.contact, region);
    }
    if !next.contact.is_reachable() {
        for name in ["email", "phone"].into_iter().filter(|name| is_given(name)) {
            if !reader.has_problem(name) {
                reader.problem(name, FieldProblem::EmailOrPhone);
            }
        }
    }
    drop(reader);
    keep_names_in_step(lead, &mut next, is_given("name"));
    let changed = changed(lead, &next);
    if errors.is_empty() { Ok((next, changed)) } else { Err(errors) }
}

fn email<N: Normaliser>(reader: &mut Reader<'_, N>, before: &Contact) -> Option<Email> {
    let typed = reader.line("email", EMAIL_MAX_CHARS)?;
    let email = before.email.clone().filter(|email| email.as_typed() == typed).or_else(|| Email::parse(&typed));
    if email.is_none() {
        reader.problem("email", FieldProblem::Email);
    }
    email
}

fn phone<N: Normaliser>(reader: &mut Reader<'_, N>, before: &Contact, region: Region) -> Option<Phone> {
    let typed = reader.line("phone", PHONE_MAX_CHARS)?;
    let same = before.phone.clone().filter(|phone| phone.typed == typed);
    let phone = same.or_else(|| Phone::parse(&typed, region, reader.normaliser()));
    if phone.is_none() {
        reader.problem("phone", FieldProblem::Phone);
    }
    phone
}

fn keep_names_in_step(before: &Lead, next: &mut Lead, name_is_given: bool) {
    let joined = |lead: &Lead| join_names(lead.first_name.as_deref(), lead.last_name.as_deref());
    let parts_changed = (&before.first_name, &before.last_name) != (&next.first_name, &next.last_name);
    if name_is_given {
        if next.name != before.name && !parts_changed {
            (next.first_name, next.last_name) = (None, None);
        }
    } else if parts_changed && (before.name.is_none() || before.name == joined(before)) {
        next.name = joined(next);
    }
}

/// The names of the fields whose values differ.
fn changed(before: &Lead, next: &Lead) -> Vec<&'static str> {
    macro_rules! differ {
        ($($name:literal: $($part:ident).+),* $(,)?) => {
            [$(($name, before.$($part).+ != next.$($part).+)),*]
        };
    }
    let compared = differ! {
        "name": name, "first_name": first_name, "last_name": last_name, "title": title, "email": contact.email,
        "phone": contact.phone, "interest_level": interest_level, "notes": notes, "address": address,
        "postcode": postcode, "city": city, "state": state, "country": country, "international": international,
    };
    compared.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
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
        change(&lead(), fields, Region::GB, &Plain).map(|(lead, names)| (serde_json::to_value(lead).unwrap(), names))
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
        assert!(change(&unreachable, fields, Region::GB, &Plain).is_ok());
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
        assert_eq!(names, ["name", "last_name"]);
        let (lead, names) = changed_by(json!({"name": "Tyler Durden"})).unwrap();
        assert!(lead.get("first_name").is_none() && lead.get("last_name").is_none());
        assert_eq!(names, ["name", "first_name", "last_name"]);
        let (lead, _) = changed_by(json!({"name": "T. D.", "first_name": "Tyler", "last_name": "Durden"})).unwrap();
        assert_eq!((&lead["name"], &lead["first_name"]), (&json!("T. D."), &json!("Tyler")));
    }
}
