//! Errors in the document: one response for each status, with examples that the Worker's own code writes.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use shared::{
    error::{FieldErrors, FieldProblem},
    timestamp::Timestamp,
};

use super::{
    components::{EXAMPLE_ID, header_references},
    operation::Told,
    schemas::Schemas,
};
use crate::{
    intake::{IntakeError, formats::Format},
    key::{KeyRefusal, Scope},
    partner::Dialect,
    problem::{Document, Problem},
};

/// The response of a status: its name among the components, and what it means.
const RESPONSES: [(u16, &str, &str); 10] = [
    (400, "Unreadable", "The body cannot be read."),
    (401, "KeyNeeded", "A valid key, or the admin token, is needed."),
    (403, "NotAllowed", "The key may not do this."),
    (404, "NotFound", "There is no such thing, or the key may not know of it."),
    (409, "Conflict", "It does not stand where the request expects it."),
    (413, "TooLarge", "The body is too large."),
    (415, "UnsupportedType", "The body's type is not understood."),
    (422, "Invalid", "Something has to be changed; `errors` says what."),
    (429, "TooMany", "The key, or the client's address, has used up its window."),
    (500, "Fault", "A fault of the Worker or of its configuration."),
];

/// 503 of everything but `/healthz`.
const STORE: (u16, &str, &str) = (503, "StoreDown", "KV or D1 does not answer. Send the same request again.");

/// Everything that a request can end in.
fn problems() -> Vec<Problem> {
    let mut fields = FieldErrors::default();
    fields.add("email", FieldProblem::Email);
    let member = |name: &str, text: &str| BTreeMap::from([(name.to_owned(), vec![text.to_owned()])]);
    vec![
        Problem::Intake(IntakeError::NotAnObject),
        Problem::Intake(IntakeError::NotUtf8),
        Problem::Intake(IntakeError::NotMultipart),
        Problem::Key(KeyRefusal::Missing),
        Problem::Key(KeyRefusal::Malformed),
        Problem::Key(KeyRefusal::SecretInQuery),
        Problem::Key(KeyRefusal::NotValid),
        Problem::AdminToken,
        Problem::Proof("Set the secret GOOGLE_KEY, and the same key in the lead form."),
        Problem::Scope(Scope::Read),
        Problem::Form,
        Problem::NotSecret,
        Problem::VerifyToken,
        Problem::Origin,
        Problem::OriginMissing,
        Problem::NotFound,
        Problem::Method("GET, HEAD, OPTIONS"),
        Problem::NotRetryable { status: "delivered".to_owned() },
        Problem::NotQuarantined,
        Problem::NoConsent,
        Problem::Withdrawn,
        Problem::Changed { version: 4 },
        Problem::Converted { client_id: EXAMPLE_ID.to_owned() },
        Problem::Intake(IntakeError::TooLarge),
        Problem::Intake(IntakeError::UnsupportedType),
        Problem::Fields(fields),
        Problem::Configuration(member("timeout_ms", "Give 1 to 20000 milliseconds.")),
        Problem::Parameters(member("limit", "Give a number from 1 to 100.")),
        Problem::Intake(IntakeError::UnknownFormat),
        Problem::Intake(IntakeError::NotOfFormat(Format::Typeform)),
        Problem::IdempotencyKey,
        Problem::TooManyHops,
        Problem::IdempotencyConflict,
        Problem::RateLimited { retry_after: 41 },
        Problem::SecretMissing("ADMIN_TOKEN"),
        Problem::Internal,
        Problem::Store,
        Problem::Graph,
    ]
}

/// The responses of all statuses, by name.
pub fn responses(schemas: &mut Schemas) -> Map<String, Value> {
    let schema = schemas.answer::<Document<'static>>();
    let known = RESPONSES.iter().chain([&STORE, &METHOD]);
    known.map(|(status, name, what)| ((*name).to_owned(), component(*status, what, &schema))).collect()
}

/// 405 belongs to no operation, since it is what other methods of a path end in.
const METHOD: (u16, &str, &str) = (405, "MethodNotAllowed", "The path takes other methods: those in `Allow`.");

fn component(status: u16, what: &str, schema: &Value) -> Value {
    let (mut codes, mut examples) = (Vec::new(), Map::new());
    for problem in problems() {
        let answer = problem.answer(EXAMPLE_ID);
        if answer.status == status {
            let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
            let code = format!("`{}`", body["code"].as_str().unwrap_or_default());
            if !codes.contains(&code) {
                codes.push(code);
            }
            examples.insert(format!("{}", examples.len().saturating_add(1)), json!({ "value": body }));
        }
    }
    json!({
        "description": format!("{what} Code: {}.", codes.join(" or ")),
        "headers": headers(status),
        "content": {"application/problem+json": {"schema": schema, "examples": examples}},
    })
}

/// The headers of an error.
fn headers(status: u16) -> Value {
    let mut headers = vec!["X-Request-Id"];
    match status {
        401 => headers.push("WWW-Authenticate"),
        // What is left of a key's window stands beside it where it is a key that has used it up.
        429 | 503 => headers.push("Retry-After"),
        _ => {}
    }
    header_references(headers.into_iter())
}

/// The status and the example of an error in a provider's words.
fn in_words_of(dialect: Dialect, status: u16) -> (u16, Value) {
    let now = Timestamp::from_millis(1_795_600_800_000);
    let own = problems().into_iter().find(|problem| problem.answer(EXAMPLE_ID).status == status);
    let answer = dialect.refused(&own.unwrap_or(Problem::Internal), EXAMPLE_ID, now);
    (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
}

/// What an operation says of an error it can end in, and the status that it has there.
pub fn response(status: u16, told: Told) -> (u16, Value) {
    let found = RESPONSES.iter().chain([&STORE]).find(|(known, ..)| *known == status);
    let (_, name, what) = found.unwrap_or_else(|| panic!("no response for {status}"));
    let page = json!({"schema": {"type": "string"}});
    let content = match told {
        Told::AsProblems => return (status, json!({ "$ref": format!("#/components/responses/{name}") })),
        Told::In(dialect) => {
            let (status, example) = in_words_of(dialect, status);
            let content = json!({ "application/json": {"schema": {"type": "object"}, "example": example} });
            return (status, json!({ "description": what, "headers": headers(status), "content": content }));
        }
        Told::Either => {
            json!({ "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}, "text/html": page })
        }
        Told::AsPages => json!({ "text/html": page }),
    };
    (status, json!({ "description": what, "headers": headers(status), "content": content }))
}
