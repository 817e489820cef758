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

/// Which end of a time that is asked for a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// A day means its first millisecond.
    From,
    /// A day means its last millisecond.
    To,
}

/// A time, or a day (UTC) such as `2026-03-01`. A plus that nobody encoded is a space in a query, and is read as
/// the plus that it was.
///
/// # Errors
/// What to give instead.
pub fn moment(text: &str, edge: Edge) -> Result<Timestamp, String> {
    /// A day but for its first millisecond.
    const REST_OF_DAY_MILLIS: i64 = 86_399_999;
    let is_day = text.len() == "2026-03-01".len();
    let time = if is_day { format!("{text}T00:00:00Z") } else { text.replace(' ', "+") };
    let time =
        Timestamp::parse(&time).ok_or_else(|| "Give a time such as 2026-03-01T15:45:00Z, or a day.".to_owned())?;
    Ok(if is_day && edge == Edge::To { time.plus_millis(REST_OF_DAY_MILLIS) } else { time })
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
        for wrong in ["", "2026", "2026-02-30", "yesterday", "2026-03-01T15:45:00", "2026-03-01T15:45:00  01:00"] {
            assert!(moment(wrong, Edge::From).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_time_has_any_offset_and_a_day_is_meant_whole() {
        let at = |text, edge| moment(text, edge).unwrap().to_string();
        assert_eq!(at("2026-03-01T15:45:00-01:30", Edge::To), "2026-03-01T17:15:00.000Z");
        // `…+02:00` in an address, as people write it.
        assert_eq!(at("2026-03-01T15:45:00 02:00", Edge::From), "2026-03-01T13:45:00.000Z");
        assert_eq!(at("2026-03-01", Edge::From), "2026-03-01T00:00:00.000Z");
        assert_eq!(at("2026-03-01", Edge::To), "2026-03-01T23:59:59.999Z");
    }
}
