//! What operations share: ways to present a key, headers of answers, parameters of paths.

use serde_json::{Value, json};
use shared::lead::LeadId;

use super::operation::Caller;
use crate::key::Scope;

/// What every answer to a key says of its limit.
pub const QUOTA_HEADERS: [&str; 5] =
    ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "RateLimit-Policy", "RateLimit"];

/// The id of a form, destination, group or alert channel: see `shared::form::is_id`.
const ID_PATTERN: &str = "^[a-z0-9][a-z0-9_-]{0,63}$";

/// The ways to present a key, and the admin token.
pub fn security_schemes() -> Value {
    json!({
        "bearer": {
            "type": "http", "scheme": "bearer", "bearerFormat": "lg_pk_… or lg_sk_…",
            "description": "A key as `Authorization: Bearer KEY`.",
        },
        "token": {
            "type": "apiKey", "in": "header", "name": "Authorization",
            "description": "A key as `Authorization: Token KEY`.",
        },
        "apiKey": {
            "type": "apiKey", "in": "header", "name": "X-Api-Key",
            "description": "A key as `X-Api-Key: KEY`; counts only where there is no `Authorization`.",
        },
        "queryKey": {
            "type": "apiKey", "in": "query", "name": "key",
            "description": "A publishable key as `?key=KEY`. A secret key in an address is refused.",
        },
        "adminToken": {
            "type": "http", "scheme": "bearer",
            "description": "The operator's `ADMIN_TOKEN` as `Authorization: Bearer TOKEN`.",
        },
    })
}

/// Which of them an operation takes. What stands in a list are the scopes a secret key needs.
pub fn security(caller: Caller) -> Value {
    let key = |scopes: Value| json!([{ "bearer": scopes }, { "token": scopes }, { "apiKey": scopes }]);
    match caller {
        Caller::Anyone => json!([]),
        Caller::Admin => json!([{ "adminToken": [] }]),
        Caller::Secret(scope) => key(json!([scope])),
        Caller::OneForm => with_query(key(json!([]))),
        Caller::Writer => with_query(key(json!([Scope::Write]))),
    }
}

fn with_query(mut ways: Value) -> Value {
    if let Value::Array(ways) = &mut ways {
        ways.push(json!({ "queryKey": [] }));
    }
    ways
}

/// The headers of answers.
pub fn headers() -> Value {
    let text = |description: &str, example: &str| header(description, json!({"type": "string"}), example.into());
    let whole =
        |description: &str, example: u32| header(description, json!({"type": "integer", "minimum": 0}), example.into());
    json!({
        "X-Request-Id": text("The request's id, also in the body of an error and in the Worker's log.", EXAMPLE_ID),
        "X-RateLimit-Limit": whole("Requests that the key may make in a window.", 60),
        "X-RateLimit-Remaining": whole("How many of them are left.", 59),
        "X-RateLimit-Reset": whole("When the window ends, in Unix seconds.", 1_795_600_860),
        "RateLimit-Policy": text("The limit (draft-ietf-httpapi-ratelimit-headers-11).", "\"default\";q=60;w=60"),
        "RateLimit": text("What is left of it (draft-ietf-httpapi-ratelimit-headers-11).", "\"default\";r=59;t=41"),
        "Retry-After": whole("Seconds after which to try again.", 41),
        "Location": text("The lead's address, only with a secret key; with 303 the page to go to.", &format!("/v1/leads/{EXAMPLE_ID}")),
        "Content-Disposition": text("The file's name.", "attachment; filename=\"leads-2026-11-21.csv\""),
        "ETag": text("The lead's version.", "\"1\""),
        "Idempotent-Replayed": text(
            "`true` where the answer is that of an earlier request with the same `Idempotency-Key`.", "true",
        ),
        "WWW-Authenticate": text("The scheme to authenticate with.", "Bearer"),
    })
}

fn header(description: &str, schema: Value, example: Value) -> Value {
    json!({ "description": description, "schema": schema, "example": example })
}

/// The headers of one answer.
pub fn header_references(names: impl Iterator<Item = impl AsRef<str>>) -> Value {
    let reference = |name: &str| (name.to_owned(), json!({ "$ref": format!("#/components/headers/{name}") }));
    Value::Object(names.map(|name| reference(name.as_ref())).collect())
}

/// The id of the lead in all examples.
pub const EXAMPLE_ID: &str = "0199f3a2-7c1e-7d3a-9b54-2f6f1c0a8e11";

/// The parameters in a path, by their names and what stands before them.
pub fn path_parameters(path: &str) -> Vec<Value> {
    let parameter = |description: &str, schema: Value, example: &str| {
        vec![json!({
            "name": "id", "in": "path", "required": true, "description": description, "schema": schema,
            "example": example,
        })]
    };
    let id = |description: &str, example: &str| {
        parameter(description, json!({"type": "string", "pattern": ID_PATTERN}), example)
    };
    match path.split("/{id}").next().filter(|_| path.contains("{id}")) {
        None => Vec::new(),
        Some("/v1/leads" | "/compat/actuallycare/v1/leads") => {
            parameter("The lead's id.", schema_of::<LeadId>(), EXAMPLE_ID)
        }
        Some("/v1/deliveries") => parameter(
            "The delivery's id: that of its lead, and its number.",
            json!({"type": "string"}),
            &format!("{EXAMPLE_ID}_1"),
        ),
        Some("/v1/admin/keys") => parameter("The key's id.", json!({"type": "string"}), "2f6f1c0a8e11d3a49b547c1e"),
        Some("/v1/admin/forms") => id("The form's id.", "contact"),
        Some("/v1/admin/destinations") => id("The destination's id.", "crm"),
        Some("/v1/admin/groups") => id("The group's id.", "buyers"),
        Some(_) => id("The channel's id.", "ops"),
    }
}

fn schema_of<T: schemars::JsonSchema>() -> Value {
    T::json_schema(&mut schemars::SchemaGenerator::default()).to_value()
}

/// A parameter of the query.
pub fn query(name: &str, description: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "description": description, "schema": schema })
}
