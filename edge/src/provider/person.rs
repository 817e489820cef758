//! First and last name, for providers that require both.

use shared::lead::Lead;

/// What stands for a name that a lead does not have: one character, the least that such providers take,
/// and nobody's name.
pub const NO_NAME: &str = "-";

/// A name in two parts, neither of them empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwoNames {
    /// The first name, or [`NO_NAME`].
    pub first: String,
    /// The last name, or [`NO_NAME`].
    pub last: String,
    /// Which of them is missing, if one is.
    pub assumed: Option<Missing>,
}

/// The name that a lead does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The first.
    First,
    /// The last.
    Last,
}

impl TwoNames {
    /// The fields of the lead that these two say all of.
    pub fn fields_of(&self, lead: &Lead) -> Vec<&'static str> {
        let whole = match self.assumed {
            Some(Missing::First) => self.last.clone(),
            Some(Missing::Last) => self.first.clone(),
            None => format!("{} {}", self.first, self.last),
        };
        let mut fields = Vec::new();
        for (field, value, sent) in [
            ("name", &lead.name, &whole),
            ("first_name", &lead.first_name, &self.first),
            ("last_name", &lead.last_name, &self.last),
        ] {
            if said(value).is_some_and(|value| value == sent) {
                fields.push(field);
            }
        }
        fields
    }
}

/// The names of a lead: as they came apart, else the full name split at its last space, so that
/// "Anna Maria Rossi" is Anna Maria and Rossi, else the one that is there, where it stands; a full name of
/// one word counts as the first. `None` when there is no name at all.
pub fn two_names(lead: &Lead) -> Option<TwoNames> {
    let (first, last, whole) = (said(&lead.first_name), said(&lead.last_name), said(&lead.name));
    let two =
        |first: &str, last: &str, assumed| Some(TwoNames { first: first.to_owned(), last: last.to_owned(), assumed });
    if let (Some(first), Some(last)) = (first, last) {
        return two(first, last, None);
    }
    if let Some((first, last)) = whole.and_then(|name| name.rsplit_once(' ')) {
        return two(first.trim(), last, None);
    }
    match (first.or(whole), last) {
        (_, Some(last)) => two(NO_NAME, last, Some(Missing::First)),
        (Some(first), None) => two(first, NO_NAME, Some(Missing::Last)),
        (None, None) => None,
    }
}

fn said(name: &Option<String>) -> Option<&str> {
    name.as_deref().map(str::trim).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn names(lead: Value) -> Option<(String, String, Option<Missing>)> {
        let lead: Lead = serde_json::from_value(lead).unwrap();
        two_names(&lead).map(|names| (names.first, names.last, names.assumed))
    }

    #[test]
    fn a_full_name_is_split_at_its_last_space() {
        let split = |first: &str, last: &str, assumed| Some((first.to_owned(), last.to_owned(), assumed));
        assert_eq!(names(json!({"name": "Marla Singer"})), split("Marla", "Singer", None));
        assert_eq!(names(json!({"name": "Anna Maria  Rossi"})), split("Anna Maria", "Rossi", None));
        assert_eq!(names(json!({"name": "Cher"})), split("Cher", "-", Some(Missing::Last)));
        let van = json!({"name": "van der Berg", "first_name": "van", "last_name": "der Berg"});
        assert_eq!(names(van), split("van", "der Berg", None));
        assert_eq!(names(json!({"name": "Marla Singer", "first_name": "Marla"})), split("Marla", "Singer", None));
        for nobody in [json!({"name": null}), json!({"name": ""}), json!({"name": " ", "last_name": ""})] {
            assert_eq!(names(nobody), None);
        }
    }

    #[test]
    fn a_name_that_comes_alone_stays_the_first_or_the_last() {
        let first = Some(("Marla".to_owned(), "-".to_owned(), Some(Missing::Last)));
        assert_eq!(names(json!({"name": "Marla", "first_name": "Marla"})), first);
        assert_eq!(names(json!({"name": null, "first_name": "Marla"})), first);
        let last = Some(("-".to_owned(), "Singer".to_owned(), Some(Missing::First)));
        assert_eq!(names(json!({"name": "Singer", "last_name": "Singer"})), last);
    }

    #[test]
    fn the_fields_that_two_names_do_not_say_all_of_are_known() {
        let fields = |lead: Value| {
            let lead: Lead = serde_json::from_value(lead).unwrap();
            two_names(&lead).unwrap().fields_of(&lead)
        };
        assert_eq!(fields(json!({"name": "Marla Singer"})), ["name"]);
        assert_eq!(fields(json!({"name": "Singer", "last_name": "Singer"})), ["name", "last_name"]);
        let doctor = json!({"name": "Dr Marla Singer", "first_name": "Marla", "last_name": "Singer"});
        assert_eq!(fields(doctor), ["first_name", "last_name"]);
    }
}
