//! What is wrong with a submission, in words that tell the sender what to change.

use std::{collections::BTreeMap, fmt};

use serde::{Serialize, Serializer};

/// One thing wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldProblem {
    /// Neither a valid e-mail address nor a valid telephone number came.
    EmailOrPhone,
    /// The form asks for this field.
    Required,
    /// The consent box must be ticked.
    ConsentRequired,
    /// The platform that sent the lead said nothing of consent.
    ConsentNotSent,
    /// Not an e-mail address.
    Email,
    /// Not a telephone number of the form's region or with a country code.
    Phone,
    /// More characters than allowed.
    TooLong {
        /// The most characters allowed.
        max: usize,
    },
    /// More entries than allowed.
    TooMany {
        /// The most entries allowed.
        max: usize,
    },
    /// More bytes of JSON than allowed.
    TooLarge {
        /// The most bytes allowed.
        max: usize,
    },
    /// Not one of the values that are understood.
    NotOneOf {
        /// The values that are.
        allowed: Vec<String>,
    },
    /// Another type of JSON value was expected.
    NotA(Expected),
}

/// The type of value a field wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A string; a number or a boolean will do.
    Text,
    /// A number, or a string that holds one.
    Number,
    /// `true` or `false`.
    Boolean,
    /// An array.
    List,
    /// An object.
    Object,
    /// A date and time of RFC 3339.
    Time,
    /// Two letters.
    Country,
    /// A date as `YYYY-MM-DD`.
    Date,
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmailOrPhone => f.write_str("Enter an email address or a phone number."),
            Self::Required => f.write_str("Fill in this field."),
            Self::ConsentRequired => f.write_str("Tick the box to agree."),
            Self::ConsentNotSent => f.write_str(
                "No consent came with this. Ask for it where the lead is made, or set consent.required to false in the form here.",
            ),
            Self::Email => f.write_str("Enter an email address such as name@example.com."),
            Self::Phone => {
                f.write_str("Enter a phone number that can be called, with its country code if it is abroad.")
            }
            Self::TooLong { max } => write!(f, "Shorten this to at most {max} characters."),
            Self::TooMany { max } => write!(f, "Send at most {max} entries."),
            Self::TooLarge { max } => write!(f, "Too long altogether: shorten the longest texts, to at most {max} bytes of JSON."),
            Self::NotOneOf { allowed } => write!(f, "Use one of these values: {}.", allowed.join(", ")),
            Self::NotA(expected) => f.write_str(match expected {
                Expected::Text => "Send text.",
                Expected::Number => "Enter a number such as 380000 or 2.5.",
                Expected::Boolean => "Send true or false.",
                Expected::List => "Send a list.",
                Expected::Object => "Send an object.",
                Expected::Time => "Send a time such as 2026-03-01T15:45:00Z.",
                Expected::Country => "Send a country as two letters, such as GB.",
                Expected::Date => "Enter a date such as 2026-03-01.",
            }),
        }
    }
}

impl Serialize for FieldProblem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Everything wrong with a submission, by field. Fields inside fields are named with dots.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FieldErrors(BTreeMap<String, Vec<FieldProblem>>);

impl FieldErrors {
    /// Adds a problem, once.
    pub fn add(&mut self, field: &str, problem: FieldProblem) {
        let problems = self.0.entry(field.to_owned()).or_default();
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The problems of one field.
    pub fn of(&self, field: &str) -> &[FieldProblem] {
        self.0.get(field).map_or(&[], Vec::as_slice)
    }

    /// The fields that have problems, in alphabetical order.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
