//! The life of a form, without a browser.

use shared::form::{FormDefinition, Success};

use super::*;

const AT: &str = "2026-03-01T15:45:00Z";

fn definition(change: impl FnOnce(&mut Definition)) -> Arc<Definition> {
    let form = FormDefinition::default();
    let mut definition = Definition {
        name: form.name,
        locale: form.locale,
        fields: form.fields,
        consent: form.consent,
        success: Success::default(),
        token: None,
    };
    change(&mut definition);
    Arc::new(definition)
}

/// The default form: name, email, phone, message, none of them required by itself.
fn empty() -> FormState {
    FormState::new(definition(|_| ()), "key-1".to_owned(), |_| None)
}

fn filled() -> FormState {
    let mut state = empty();
    state.edit(1, "marla@example.com".to_owned());
    state.consent(Some(AT.to_owned()));
    state
}

fn sending() -> FormState {
    let mut state = filled();
    assert!(state.submit("unused".to_owned()));
    state
}

fn found(problem: FieldProblem) -> Option<Problem> {
    Some(Problem::Found(problem))
}

fn invalid(errors: &[(&str, &str)]) -> Answer {
    Answer::Invalid(errors.iter().map(|(field, message)| ((*field).to_owned(), (*message).to_owned())).collect())
}

fn down() -> Answer {
    Answer::none()
}

#[test]
fn typing_never_shows_an_error_and_leaving_the_field_does() {
    let mut state = empty();
    state.edit(1, "marla@".to_owned());
    assert_eq!(state.problem(1), None);
    state.leave(1);
    assert_eq!(state.problem(1).cloned(), found(FieldProblem::Email));
}

#[test]
fn an_error_goes_as_soon_as_it_is_mended() {
    let mut state = empty();
    state.edit(1, "marla@".to_owned());
    state.leave(1);
    state.edit(1, "marla@example".to_owned());
    assert_eq!(state.problem(1).cloned(), found(FieldProblem::Email));
    state.edit(1, "marla@example.com".to_owned());
    assert_eq!(state.problem(1), None);
}

#[test]
fn an_empty_form_is_not_sent_and_says_everything_at_once() {
    let mut state = empty();
    assert!(!state.submit("key-2".to_owned()));
    assert_eq!(state.phase(), &Phase::Mending { told: None });
    assert_eq!(state.problem(1).cloned(), found(FieldProblem::EmailOrPhone));
    assert_eq!(state.problem(2).cloned(), found(FieldProblem::EmailOrPhone));
    assert_eq!(state.consent_problem().cloned(), found(FieldProblem::ConsentRequired));
}

#[test]
fn one_contact_mends_both() {
    let mut state = empty();
    state.submit("key-2".to_owned());
    state.edit(2, "01623 000000".to_owned());
    assert_eq!((state.problem(1), state.problem(2)), (None, None));
}

#[test]
fn a_filled_form_is_sent_once_however_often_it_is_asked() {
    let mut state = filled();
    assert!(state.submit("key-2".to_owned()));
    assert!(!state.submit("key-3".to_owned()));
    assert_eq!(state.idempotency_key(), "key-1");
}

#[test]
fn a_failed_form_keeps_its_answers_and_is_sent_again_under_the_same_key() {
    let mut state = sending();
    state.try_again();
    assert_eq!(state.phase(), &Phase::Sending { again: true });
    state.end(down());
    assert!(matches!(state.phase(), Phase::Failed(_)));
    assert_eq!(state.value(1), "marla@example.com");
    assert!(state.submit("key-2".to_owned()));
    assert_eq!(state.idempotency_key(), "key-1");
}

#[test]
fn what_the_worker_refuses_stands_at_its_field_until_that_changes() {
    let mut state = sending();
    state.end(invalid(&[("email", "This address bounces.")]));
    assert_eq!(state.problem(1), Some(&Problem::Told("This address bounces.".to_owned())));
    state.leave(1);
    assert!(!state.submit("key-2".to_owned()));
    state.edit(1, "tyler@example.com".to_owned());
    assert_eq!(state.phase(), &Phase::Filling);
    assert!(state.submit("key-2".to_owned()));
    assert_eq!(state.idempotency_key(), "key-2");
}

#[test]
fn a_refusal_of_something_inside_the_consent_stands_at_its_box() {
    let mut state = sending();
    state.end(invalid(&[("consent.given", "Tick the box.")]));
    assert_eq!(state.consent_problem(), Some(&Problem::Told("Tick the box.".to_owned())));
}

#[test]
fn a_refusal_of_what_is_not_shown_is_said_below_the_form_and_does_not_block_it() {
    let mut state = sending();
    state.end(invalid(&[("budget", "Send a number.")]));
    assert_eq!(state.phase(), &Phase::Mending { told: Some("Send a number.".to_owned()) });
    assert!(state.submit("key-2".to_owned()));
}

#[test]
fn a_hidden_field_never_blocks_what_the_visitor_cannot_mend() {
    let form = definition(|form| {
        let hidden =
            Field { name: "source".to_owned(), kind: FieldKind::Hidden, required: true, ..form.fields[0].clone() };
        form.fields.push(hidden);
    });
    let mut state = FormState::new(form, "key-1".to_owned(), |_| None);
    state.edit(1, "marla@example.com".to_owned());
    state.consent(Some(AT.to_owned()));
    assert!(state.submit("key-2".to_owned()));
}

#[test]
fn consent_is_given_by_nothing_but_the_visitor() {
    let mut state = FormState::new(definition(|_| ()), "key-1".to_owned(), |_| Some("true".to_owned()));
    assert_eq!(state.consent_given_at(), None);
    state.consent(Some(AT.to_owned()));
    assert_eq!(state.consent_given_at(), Some(AT));
    state.consent(None);
    assert_eq!(state.consent_given_at(), None);
}

#[test]
fn a_form_that_asks_for_no_consent_is_sent_without() {
    let mut state = FormState::new(definition(|form| form.consent.required = false), "key-1".to_owned(), |_| None);
    state.edit(1, "marla@example.com".to_owned());
    assert!(state.submit("key-2".to_owned()));
}

#[test]
fn what_was_typed_and_its_key_survive_the_form_but_the_consent_does_not() {
    let draft = filled().draft().unwrap();
    let mut next = FormState::new(definition(|_| ()), "key-2".to_owned(), |_| Some("prefilled".to_owned()));
    next.restore(draft);
    assert_eq!((next.value(0), next.value(1)), ("prefilled", "marla@example.com"));
    assert_eq!(next.idempotency_key(), "key-1");
    assert_eq!(next.consent_given_at(), None);
}

#[test]
fn a_sent_form_leaves_no_draft_and_its_successor_is_empty_under_a_new_key() {
    let mut state = sending();
    state.end(Answer::Accepted { id: "1".to_owned() });
    assert_eq!(state.phase(), &Phase::Sent);
    assert_eq!(state.draft(), None);
    let next = state.anew("key-2".to_owned());
    assert_eq!((next.value(1), next.idempotency_key(), next.phase()), ("", "key-2", &Phase::Filling));
    assert_eq!(next.consent_given_at(), None);
}

#[test]
fn answers_are_trimmed_and_empty_ones_left_out() {
    let mut state = filled();
    state.edit(0, "  Marla Singer ".to_owned());
    state.edit(3, "   ".to_owned());
    let answers: Vec<_> = state.answers().map(|(field, value)| (field.name.as_str(), value)).collect();
    assert_eq!(answers, [("name", "Marla Singer"), ("email", "marla@example.com")]);
}

#[test]
fn where_one_contact_is_enough_neither_is_called_optional() {
    let state = empty();
    assert_eq!([0, 1, 2, 3].map(|index| state.is_optional(index)), [true, false, false, true]);
    let email = FormState::new(definition(|form| form.fields[1].required = true), String::new(), |_| None);
    assert_eq!([1, 2].map(|index| email.is_optional(index)), [false, true]);
}
