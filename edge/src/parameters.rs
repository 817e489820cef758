//! The parameters of a query, checked one by one. A name that is not known is refused: a filter that is
//! mistyped would otherwise list, count or send everything.

use std::collections::BTreeMap;

use shared::{field::Choice, timestamp::Timestamp};

/// What is wrong with parameters: sentences by name.
pub type ParameterErrors = BTreeMap<String, Vec<String>>;

/// Hands each parameter with a value to `take`. One without a value counts as left out.
///
/// # Errors
/// All that is wrong: what `take` says of it, a name that none of `known` has, one that comes twice.
pub fn each(
    query: &str,
    known: &[&[&str]],
    take: &mut dyn FnMut(&str, &str) -> Result<(), String>,
) -> Result<(), ParameterErrors> {
    let (mut errors, mut seen) = (ParameterErrors::new(), Vec::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let result = if seen.contains(&name) {
            Err("Give it once.".to_owned())
        } else if !known.iter().any(|names| names.contains(&name.as_ref())) {
            Err("There is no such parameter.".to_owned())
        } else if value.is_empty() {
            Ok(())
        } else {
            take(&name, &value)
        };
        if let Err(text) = result {
            errors.insert(name.clone().into_owned(), vec![text]);
        }
        seen.push(name);
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// A time.
///
/// # Errors
/// What to give instead.
pub fn moment(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).ok_or_else(|| "Give a time such as 2026-03-01T15:45:00Z.".to_owned())
}

/// A whole number from `least` to `most`.
///
/// # Errors
/// What to give instead.
pub fn number(text: &str, least: u32, most: u32) -> Result<u32, String> {
    let number = text.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("Give a number from {least} to {most}."))
}

/// One of a closed list of values.
///
/// # Errors
/// What to give instead.
pub fn choice<T: Choice>(text: &str) -> Result<T, String> {
    T::named(text).ok_or_else(|| T::problem().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_parameter_is_named_and_an_empty_one_is_left_out() {
        let mut taken = Vec::new();
        let errors = each("a=1&b=&c=3&c=4&%64=5&b=6&e=", &[&["a", "b"], &["c"]], &mut |name, value| {
            taken.push(format!("{name}={value}"));
            if name == "a" { Err("wrong".to_owned()) } else { Ok(()) }
        })
        .unwrap_err();
        assert_eq!(taken, ["a=1", "c=3"]);
        assert_eq!(errors.keys().collect::<Vec<_>>(), ["a", "b", "c", "d", "e"]);
        assert_eq!((&errors["a"], &errors["b"]), (&vec!["wrong".to_owned()], &vec!["Give it once.".to_owned()]));
    }

    #[test]
    fn numbers_and_times_have_their_bounds() {
        assert_eq!(number("7", 1, 7), Ok(7));
        for wrong in ["0", "8", "-1", "1.5", "x"] {
            assert_eq!(number(wrong, 1, 7), Err("Give a number from 1 to 7.".to_owned()), "{wrong}");
        }
        assert!(moment("2026-03-01T15:45:00Z").is_ok() && moment("2026-03-01").is_err());
    }
}
