//! First and last name, for providers that require both.

use shared::lead::Lead;

/// What stands for a last name that a lead does not have: one character, the least that such
/// providers take, and nobody's name.
pub const NO_LAST_NAME: &str = "-";

/// A name in two parts, neither of them empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwoNames {
    /// The first name.
    pub first: String,
    /// The last name, or [`NO_LAST_NAME`].
    pub last: String,
    /// Whether the last name was missing.
    pub last_is_assumed: bool,
}

/// The names of a lead: as they came apart, else the full name split at its last space, so that
/// "Anna Maria Rossi" is Anna Maria and Rossi, else the one that is there. `None` when there is no name at all.
pub fn two_names(lead: &Lead) -> Option<TwoNames> {
    let (first, last, whole) = (said(&lead.first_name), said(&lead.last_name), said(&lead.name));
    let two = |first: &str, last: Option<&str>| TwoNames {
        first: first.to_owned(),
        last: last.unwrap_or(NO_LAST_NAME).to_owned(),
        last_is_assumed: last.is_none(),
    };
    if let (Some(first), Some(last)) = (first, last) {
        return Some(two(first, Some(last)));
    }
    if let Some((first, last)) = whole.and_then(|name| name.rsplit_once(' ')) {
        return Some(two(first.trim(), Some(last)));
    }
    first.or(last).or(whole).map(|only| two(only, None))
}

fn said(name: &Option<String>) -> Option<&str> {
    name.as_deref().map(str::trim).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn names(lead: Value) -> Option<(String, String, bool)> {
        let lead: Lead = serde_json::from_value(lead).unwrap();
        two_names(&lead).map(|names| (names.first, names.last, names.last_is_assumed))
    }

    #[test]
    fn a_full_name_is_split_at_its_last_space() {
        let split = |first: &str, last: &str, assumed| Some((first.to_owned(), last.to_owned(), assumed));
        assert_eq!(names(json!({"name": "Marla Singer"})), split("Marla", "Singer", false));
        assert_eq!(names(json!({"name": "Anna Maria  Rossi"})), split("Anna Maria", "Rossi", false));
        assert_eq!(names(json!({"name": "Cher"})), split("Cher", "-", true));
        assert_eq!(names(json!({"name": "Singer", "last_name": "Singer"})), split("Singer", "-", true));
        assert_eq!(
            names(json!({"name": "van der Berg", "first_name": "van", "last_name": "der Berg"})),
            split("van", "der Berg", false)
        );
        assert_eq!(names(json!({"name": null, "first_name": "Marla"})), split("Marla", "-", true));
        assert_eq!(names(json!({"name": "Marla Singer", "first_name": "Marla"})), split("Marla", "Singer", false));
        for nobody in [json!({"name": null}), json!({"name": ""}), json!({"name": " ", "last_name": ""})] {
            assert_eq!(names(nobody), None);
        }
    }
}
