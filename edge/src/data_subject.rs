//! Whom a data-subject request is about, and where it goes on.

use serde_json::{Map, Value};
use shared::lead::LeadId;

use crate::parameters::ParameterErrors;

/// Longest e-mail address or telephone number that is looked for, in bytes.
const MAX_BYTES: usize = 254;

/// Whose data is meant: whoever has the address or the number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataSubject {
    /// In lower case.
    pub email: Option<String>,
    /// As it was typed.
    pub phone: Option<String>,
    /// The lead up to which an earlier call has looked.
    pub after: Option<LeadId>,
}

impl DataSubject {
    /// Reads the members of a body: `email`, `phone` or both, and the `cursor` of an earlier answer.
    ///
    /// # Errors
    /// All that is wrong, by member.
    pub fn read(members: Map<String, Value>) -> Result<Self, ParameterErrors> {
        let mut subject = Self { email: None, phone: None, after: None };
        let mut errors = ParameterErrors::new();
        for (name, value) in members {
            let value = value.as_str().map(str::trim);
            let value = value.filter(|value| (1..=MAX_BYTES).contains(&value.len()));
            let problem = match (name.as_str(), value) {
                ("email", Some(email)) if email.contains('@') => {
                    subject.email = Some(email.to_ascii_lowercase());
                    continue;
                }
                // Other scripts have digits of their own.
                ("phone", Some(phone)) if phone.contains(|c: char| c.is_ascii_digit() || !c.is_ascii()) => {
                    subject.phone = Some(phone.to_owned());
                    continue;
                }
                ("cursor", Some(cursor)) => match LeadId::parse(cursor) {
                    Some(after) => {
                        subject.after = Some(after);
                        continue;
                    }
                    None => CURSOR,
                },
                ("cursor", None) => CURSOR,
                ("email", _) => "Send an e-mail address.",
                ("phone", _) => "Send a telephone number.",
                _ => "There is no such member.",
            };
            errors.insert(name, vec![problem.to_owned()]);
        }
        if errors.is_empty() && subject.email.is_none() && subject.phone.is_none() {
            let problem = "Send email or phone: whoever has one of them is meant.";
            errors.insert("email".to_owned(), vec![problem.to_owned()]);
        }
        if errors.is_empty() { Ok(subject) } else { Err(errors) }
    }

    /// The digits of the number, if it has any of ASCII.
    pub fn digits(&self) -> Option<String> {
        let digits: String = self.phone.as_deref()?.chars().filter(char::is_ascii_digit).collect();
        (!digits.is_empty()).then_some(digits)
    }
}

const CURSOR: &str = "Send the next_cursor of the answer before.";

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(body: Value) -> Result<DataSubject, ParameterErrors> {
        DataSubject::read(body.as_object().unwrap().clone())
    }

    #[test]
    fn a_person_is_known_by_address_or_number_or_both() {
        let both = read(json!({"email": " Marla@Example.com ", "phone": "+44 (0)1623"})).unwrap();
        assert_eq!(both.email.as_deref(), Some("marla@example.com"));
        assert_eq!(both.digits().as_deref(), Some("4401623"));
        let other_digits = read(json!({"phone": "٠١٦٢٣"})).unwrap();
        assert_eq!((other_digits.phone.as_deref(), other_digits.digits()), (Some("٠١٦٢٣"), None));
        let id = "019aa613-5d6e-7f20-8c11-73d5e0f4a2b6";
        let next = read(json!({"phone": "1", "cursor": id})).unwrap();
        assert_eq!((next.email, next.after.map(|id| id.to_string()).as_deref()), (None, Some(id)));
    }

    #[test]
    fn nobody_is_meant_by_accident() {
        for (body, member) in [
            (json!({}), "email"),
            (json!({"email": ""}), "email"),
            (json!({"email": "marla"}), "email"),
            (json!({"email": ["a@example.com"]}), "email"),
            (json!({"phone": "none"}), "phone"),
            (json!({"phone": 1}), "phone"),
            (json!({"phone": "1", "cursor": "2"}), "cursor"),
            (json!({"cursor": null, "phone": "1"}), "cursor"),
            (json!({"email": "a@example.com", "name": "Marla"}), "name"),
        ] {
            let errors = read(body.clone()).unwrap_err();
            assert_eq!(errors.keys().collect::<Vec<_>>(), [member], "{body}");
        }
    }
}
