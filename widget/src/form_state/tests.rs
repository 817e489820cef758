//! The life of a form, without a browser.

use serde_json::{Value, json};

use super::*;

const AT: &str = "2026-03-01T15:45:00Z";
/// The consent box of the contact form stands behind its four fields.
const CONSENT: usize = 4;

/// A form of these fields, which requires consent.
fn form(fields: Value) -> Arc<Definition> {
    Arc::new(Definition { fields: serde_json::from_value(fields).unwrap(), consent_required: true })
}

fn contact_form() -> Arc<Definition> {
    form(json!([
        {"name": "name"},
        {"name": "email", "kind": "email"},
        {"name": "phone", "kind": "tel"},
        {"name": "message", "kind": "textarea"},
    ]))
}

/// Name, email, phone, message, none of them required by itself.
fn empty() -> FormState {
    FormState::new(contact_form(), Vec::new(), "key-1".to_owned())
}

fn filled() -> FormState {
    let mut state = empty();
    state.edit(1, "marla@example.com".to_owned());
    state.consent(Some(AT.to_owned()));
    state
}

fn sending() -> FormState {
    let mut state = filled();
    assert_eq!(submit(&mut state, "unused"), Next::Send);
    state
}

fn submit(state: &mut FormState, fresh_key: &str) -> Next {
    state.submit(fresh_key.to_owned())
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
    assert_ne!(submit(&mut state, "key-2"), Next::Send);
    assert_eq!(state.phase(), &Phase::Mending { told: None });
    assert_eq!(state.problem(1).cloned(), found(FieldProblem::EmailOrPhone));
    assert_eq!(state.problem(2).cloned(), found(FieldProblem::EmailOrPhone));
    assert_eq!(state.problem(CONSENT).cloned(), found(FieldProblem::ConsentRequired));
}

#[test]
fn one_contact_mends_both() {
    let mut state = empty();
    submit(&mut state, "key-2");
    state.edit(2, "01623 000000".to_owned());
    assert_eq!((state.problem(1), state.problem(2)), (None, None));
}

#[test]
fn a_filled_form_is_sent_once_however_often_it_is_asked() {
    let mut state = filled();
    assert_eq!(submit(&mut state, "key-2"), Next::Send);
    assert_ne!(submit(&mut state, "key-3"), Next::Send);
    assert_eq!(state.idempotency_key(), "key-1");
}

#[test]
fn a_failed_form_keeps_its_answers_and_is_sent_again_under_the_same_key() {
    let mut state = sending();
    state.try_again(Try::Again);
    assert_eq!(state.phase(), &Phase::Sending(Try::Again));
    state.end(down());
    assert!(matches!(state.phase(), Phase::Failed(_)));
    assert_eq!(state.value(1), "marla@example.com");
    assert_eq!(submit(&mut state, "key-2"), Next::Send);
    assert_eq!(state.idempotency_key(), "key-1");
}

#[test]
fn what_the_worker_refuses_stands_at_its_field_until_that_changes() {
    let mut state = sending();
    state.end(invalid(&[("email", "This address bounces.")]));
    assert_eq!(state.problem(1), Some(&Problem::Told("This address bounces.".to_owned())));
    state.leave(1);
    assert_ne!(submit(&mut state, "key-2"), Next::Send);
    state.edit(1, "tyler@example.com".to_owned());
    assert_eq!(state.phase(), &Phase::Filling);
    assert_eq!(submit(&mut state, "key-2"), Next::Send);
    assert_eq!(state.idempotency_key(), "key-2");
}

#[test]
fn a_refusal_of_something_inside_the_consent_stands_at_its_box() {
    let mut state = sending();
    state.end(invalid(&[("consent.given", "Tick the box.")]));
    assert_eq!(state.problem(CONSENT), Some(&Problem::Told("Tick the box.".to_owned())));
}

#[test]
fn a_refusal_of_what_is_not_shown_is_said_below_the_form_and_does_not_block_it() {
    let mut state = sending();
    state.end(invalid(&[("budget", "Send a number.")]));
    assert_eq!(state.phase(), &Phase::Mending { told: Some("Send a number.".to_owned()) });
    assert_eq!(submit(&mut state, "key-2"), Next::Send);
}

#[test]
fn a_hidden_field_never_blocks_what_the_visitor_cannot_mend() {
    let form = form(json!([{"name": "email"}, {"name": "source", "kind": "hidden", "required": true}]));
    let mut state = FormState::new(form, vec!["marla@example.com".to_owned()], "key-1".to_owned());
    state.consent(Some(AT.to_owned()));
    assert_eq!(submit(&mut state, "key-2"), Next::Send);
}

#[test]
fn consent_is_given_by_nothing_but_the_visitor() {
    let mut state = filled().anew(vec!["true".to_owned(); 4], "key-1".to_owned());
    assert_eq!(state.consent_given_at(), None);
    state.consent(Some(AT.to_owned()));
    assert_eq!(state.consent_given_at(), Some(AT));
    state.consent(None);
    assert_eq!(state.consent_given_at(), None);
}

#[test]
fn a_form_that_asks_for_no_consent_is_sent_without() {
    let form = Definition { consent_required: false, ..contact_form().as_ref().clone() };
    let mut state = FormState::new(Arc::new(form), Vec::new(), "key-1".to_owned());
    state.edit(1, "marla@example.com".to_owned());
    assert_eq!(submit(&mut state, "key-2"), Next::Send);
}

#[test]
fn a_sent_form_leaves_no_key_and_its_successor_is_empty_under_a_new_one() {
    let mut state = sending();
    assert_eq!(state.unsent_key().as_deref(), Some("key-1"));
    state.end(Answer::Accepted { id: "1".to_owned() });
    assert_eq!(state.phase(), &Phase::Sent);
    assert_eq!(state.unsent_key(), None);
    let next = state.anew(vec![String::new(); 4], "key-2".to_owned());
    assert_eq!((next.value(1), next.idempotency_key(), next.phase()), ("", "key-2", &Phase::Filling));
    assert_eq!(next.consent_given_at(), None);
}

#[test]
fn what_is_hidden_stays_when_the_form_is_filled_anew() {
    let form = form(json!([{"name": "source", "kind": "hidden"}, {"name": "email"}]));
    let state = FormState::new(form, vec!["shop".to_owned(), "a@b.co".to_owned()], "key-1".to_owned());
    let next = state.anew(vec![String::new(); 2], "key-2".to_owned());
    assert_eq!((next.value(0), next.value(1)), ("shop", ""));
}

#[test]
fn answers_are_trimmed_and_empty_ones_left_out() {
    let mut state = filled();
    state.edit(0, "  Marla Singer ".to_owned());
    state.edit(3, "   ".to_owned());
    let answers: Vec<_> = state.answers().map(|(field, value)| (field.name.as_str(), value)).collect();
    assert_eq!(answers, [("name", "Marla Singer"), ("email", "marla@example.com")]);
}

fn in_steps() -> FormState {
    let form = form(json!([
        {"name": "name", "required": true},
        {"name": "email", "step": 3},
        {"name": "budget", "kind": "number", "step": 3},
    ]));
    FormState::new(form, Vec::new(), "key-1".to_owned())
}

#[test]
fn a_step_is_left_when_its_own_fields_are_right() {
    let mut state = in_steps();
    assert_eq!((state.step(), state.is_last_step()), (0, false));
    assert_eq!(submit(&mut state, "key-2"), Next::Mend);
    assert_eq!(state.problem(0).cloned(), found(FieldProblem::Required));
    assert_eq!((state.problem(1), state.problem(3)), (None, None));
    state.edit(0, "Marla".to_owned());
    assert_eq!(submit(&mut state, "key-2"), Next::Step);
    assert_eq!((state.step(), state.is_last_step()), (1, true));
    assert_eq!(submit(&mut state, "key-2"), Next::Mend);
    assert_eq!(state.problem(1).cloned(), found(FieldProblem::EmailOrPhone));
    assert_eq!(state.problem(3).cloned(), found(FieldProblem::ConsentRequired));
}

#[test]
fn what_is_wrong_in_an_earlier_step_leads_back_to_it() {
    let mut state = in_steps();
    state.edit(0, "Marla".to_owned());
    submit(&mut state, "key-2");
    state.edit(1, "marla@example.com".to_owned());
    state.consent(Some(AT.to_owned()));
    assert_eq!(submit(&mut state, "key-2"), Next::Send);
    state.end(invalid(&[("name", "This name is not allowed.")]));
    assert_eq!(state.step(), 0);
    state.edit(0, "Tyler".to_owned());
    assert_eq!(submit(&mut state, "key-2"), Next::Step);
    state.back();
    assert_eq!(state.step(), 0);
}

#[test]
fn a_field_that_is_not_asked_is_neither_required_nor_sent() {
    let form = form(json!([
        {"name": "email"},
        {"name": "intent", "kind": "select", "options": [{"value": "buy", "label": ""}, {"value": "sell", "label": ""}]},
        {"name": "since", "required": true, "show_when": {"field": "intent", "is": ["sell"]}},
    ]));
    let mut state = FormState::new(form, vec!["a@b.co".to_owned()], "key-1".to_owned());
    state.consent(Some(AT.to_owned()));
    assert!(!state.is_asked(2));
    state.edit(1, "sell".to_owned());
    assert!(state.is_asked(2));
    assert_eq!(submit(&mut state, "key-2"), Next::Mend);
    state.edit(2, "May".to_owned());
    state.edit(1, "buy".to_owned());
    assert_eq!(submit(&mut state, "key-2"), Next::Send);
    let answers: Vec<_> = state.answers().map(|(field, _)| field.name.as_str()).collect();
    assert_eq!(answers, ["email", "intent"]);
}
