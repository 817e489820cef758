//! Every problem has words in every dialect.

use serde_json::{Value, json};
use shared::error::{FieldErrors, FieldProblem};

use super::{fields::WrongKind, *};
use crate::{intake::IntakeError, key::KeyRefusal, partner::round_trip::NOW};

const ALL: [Dialect; 5] =
    [Dialect::AnyHouse, Dialect::LeadPro, Dialect::Marketplace, Dialect::AlterEstate, Dialect::ActuallyCare];

fn refused(dialect: Dialect, problem: &Problem) -> (u16, Value) {
    let answer = dialect.refused(problem, "r1", NOW);
    (answer.status, serde_json::from_str(&answer.body).unwrap())
}

#[test]
fn a_dialect_is_found_by_its_path() {
    assert_eq!(Dialect::of_path("/compat/leadpro/api/v103/leads"), Some(Dialect::LeadPro));
    assert_eq!(Dialect::of_path("/compat/leadpro"), Some(Dialect::LeadPro));
    for other in ["/compat", "/compat/", "/compat/webhook/x", "/v1/leads", "/compat/leadpro2/x"] {
        assert_eq!(Dialect::of_path(other), None, "{other}");
    }
}

#[test]
fn errors_are_json_with_the_headers_that_their_status_asks_for() {
    for dialect in ALL {
        for (problem, name) in [
            (Problem::Key(KeyRefusal::Missing), "www-authenticate"),
            (Problem::Method("OPTIONS, POST"), "allow"),
            (Problem::RateLimited { retry_after: 9 }, "retry-after"),
            (Problem::Store, "retry-after"),
        ] {
            let answer = dialect.refused(&problem, "r1", NOW);
            assert_eq!(answer.status, problem.answer("r1").status, "{dialect:?}");
            let kinds: Vec<&String> =
                answer.headers.iter().filter(|(name, _)| *name == "content-type").map(|(_, kind)| kind).collect();
            assert_eq!(kinds, ["application/json"]);
            assert!(answer.headers.iter().any(|(header, _)| *header == name), "{name}");
        }
    }
}

#[test]
fn every_problem_is_told_in_the_shape_that_the_page_has() {
    let too_large = Problem::Intake(IntakeError::TooLarge);
    let words = "Send at most 65536 bytes.";
    assert_eq!(refused(Dialect::AnyHouse, &too_large), (413, json!({"message": words})));
    assert_eq!(refused(Dialect::LeadPro, &too_large), (413, json!({"success": false, "message": words})));
    let expected = json!({"success": false, "error": "Invalid request", "message": words});
    assert_eq!(refused(Dialect::Marketplace, &too_large), (413, expected));
    assert_eq!(refused(Dialect::AlterEstate, &too_large), (413, json!({"status": "error", "message": words})));
    let error = json!({"code": "body_too_large", "message": words});
    let expected = json!({"success": false, "message": words, "error": error, "timestamp": NOW});
    assert_eq!(refused(Dialect::ActuallyCare, &too_large), (413, expected));
}

#[test]
fn the_marketplace_has_words_of_its_own() {
    let wrong = |kind| Problem::Partner(vec![Wrong { field: "state".to_owned(), text: "Change it.".to_owned(), kind }]);
    for (problem, status, words) in [
        (Problem::Key(KeyRefusal::NotValid), 401, "Invalid API Key"),
        (wrong(WrongKind::NoCampaign), 400, "No matching campaign"),
        (wrong(WrongKind::Missing), 400, "Missing required field"),
        (wrong(WrongKind::Invalid), 400, "Invalid request"),
        (Problem::RateLimited { retry_after: 9 }, 429, "Rate limit exceeded"),
        (Problem::Internal, 500, "Internal error"),
        (Problem::Store, 503, "Internal error"),
    ] {
        let (found, body) = refused(Dialect::Marketplace, &problem);
        assert_eq!((found, body["error"].as_str()), (status, Some(words)));
    }
}

#[test]
fn what_our_own_check_finds_is_told_under_the_providers_names() {
    let mut errors = FieldErrors::default();
    errors.add("name", FieldProblem::Required);
    errors.add("property.address", FieldProblem::Required);
    let problem = Problem::Fields(errors);
    let message = |dialect| refused(dialect, &problem).1["message"].as_str().unwrap_or_default().to_owned();
    assert_eq!(message(Dialect::AlterEstate), "Missing required field: full_name, property.address");
    assert_eq!(refused(Dialect::LeadPro, &problem).1["errors"]["advert_address"], json!(["Fill in this field."]));
    assert_eq!(refused(Dialect::AnyHouse, &problem).0, 422);
    assert_eq!(refused(Dialect::ActuallyCare, &problem).0, 400);
}
