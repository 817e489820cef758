//! The texts against the code that asks for them.

use std::collections::BTreeMap;

use super::*;

fn english() -> BTreeMap<String, String> {
    serde_json::from_str(include_str!("../../messages/en.json")).unwrap()
}

/// The translation of what the Worker says is found by its English words.
#[test]
fn what_the_worker_says_of_a_field_is_what_the_widget_says_in_english() {
    for problem in [
        FieldProblem::EmailOrPhone,
        FieldProblem::Required,
        FieldProblem::ConsentRequired,
        FieldProblem::Email,
        FieldProblem::Phone,
    ] {
        assert_eq!(english()[problem_key(&problem)], problem.to_string());
    }
}

#[test]
fn every_problem_that_only_the_widget_finds_has_a_text() {
    for problem in [
        FieldProblem::NotOneOf { allowed: Vec::new() },
        FieldProblem::NotA(Expected::Number),
        FieldProblem::NotA(Expected::Date),
    ] {
        assert!(english().contains_key(problem_key(&problem)), "{problem:?}");
    }
    assert!(english()["error_too_long"].contains("{max}"));
}

/// The loader finds their translations by these words.
#[test]
fn the_words_of_a_form_that_was_given_none_are_known() {
    let form = shared::form::FormDefinition::default();
    let labels = form.fields.iter().map(|field| (format!("default_{}", field.name), &field.label));
    for (key, words) in labels.chain([("default_consent".to_owned(), &form.consent.text)]) {
        assert_eq!(english().get(&key), Some(words), "{key}");
    }
}
