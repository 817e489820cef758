//! A problem as the dialects read it: with the fields under the provider's names.

use shared::{
    error::{FieldErrors, FieldProblem},
    timestamp::Timestamp,
};

use super::fields::{Renamed, Wrong, WrongKind};
use crate::problem::Problem;

/// Why a request was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The status that it has in our own words.
    pub status: u16,
    /// Its stable code there, such as `version_conflict`.
    pub code: &'static str,
    /// What happened and what to change.
    pub detail: String,
    /// What is wrong with which field.
    pub wrong: Vec<Wrong>,
    /// When it is answered.
    pub now: Timestamp,
}

impl Refusal {
    /// The problem; `names` are the provider's names of fields.
    pub fn of(problem: &Problem, names: &[Renamed], now: Timestamp) -> Self {
        let (status, code, _) = problem.kind();
        let wrong = match problem {
            Problem::Partner(wrong) => wrong.clone(),
            Problem::Fields(errors) => named(errors, names),
            Problem::Configuration(errors) | Problem::Parameters(errors) => {
                let of = |(field, texts): (&String, &Vec<String>)| invalid(field.clone(), texts.join(" "));
                errors.iter().map(of).collect()
            }
            _ => Vec::new(),
        };
        let texts: Vec<&str> = wrong.iter().map(|wrong| wrong.text.as_str()).collect();
        let detail = if texts.is_empty() { problem.detail() } else { texts.join(" ") };
        Self { status, code: code.as_str(), detail, wrong, now }
    }

    /// Fields that did not come, by name, with commas.
    pub fn missing(&self) -> Option<String> {
        let missing = self.wrong.iter().filter(|wrong| wrong.kind == WrongKind::Missing);
        let names: Vec<&str> = missing.map(|wrong| wrong.field.as_str()).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    /// The status where an API has 400 for all that is wrong with a body.
    pub fn status_without_422(&self) -> u16 {
        if self.status == 422 { 400 } else { self.status }
    }
}

fn invalid(field: String, text: String) -> Wrong {
    Wrong { field, text, kind: WrongKind::Invalid }
}

/// The errors under the provider's names.
pub(super) fn named(errors: &FieldErrors, names: &[Renamed]) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    for field in errors.fields() {
        let theirs = names.iter().find(|(_, ours)| field == *ours).map_or(field, |(theirs, _)| *theirs);
        for problem in errors.of(field) {
            let kind = match problem {
                FieldProblem::Required | FieldProblem::EmailOrPhone => WrongKind::Missing,
                _ => WrongKind::Invalid,
            };
            wrong.push(Wrong { field: theirs.to_owned(), text: problem.to_string(), kind });
        }
    }
    wrong
}
