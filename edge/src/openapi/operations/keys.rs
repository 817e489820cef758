//! `/v1/admin/keys…`

use serde_json::{Value, json};

use super::super::{
    operation::{Caller, Operation},
    schemas::Schemas,
};
use crate::{
    key::KeyRecord,
    routes::admin::keys::{Created, NewKey},
};

/// Operations of keys.
pub fn operations(schemas: &mut Schemas) -> Vec<Operation> {
    vec![list(schemas), create(schemas), show(schemas), revoke()]
}

/// A key's record.
fn example() -> Value {
    json!({
        "id": "2f6f1c0a8e11d3a49b547c1e", "name": "www.example.com", "kind": "publishable", "form": "contact",
        "rate_limit": {"limit": 60, "window_seconds": 60}, "enabled": true, "expires_at": null,
        "created_at": "2026-11-21T10:00:00.000Z",
    })
}

fn list(schemas: &mut Schemas) -> Operation {
    Operation::new("get", "/v1/admin/keys", "listKeys")
        .told("Keys", "List keys", "Without the keys themselves.")
        .by(Caller::Admin)
        .answers(200, "All keys.", &[], schemas.list::<KeyRecord>("keys"), &json!({"keys": [example()]}))
}

fn create(schemas: &mut Schemas) -> Operation {
    let mut created = example();
    created["key"] = format!("lg_pk_{}", "…".repeat(3)).into();
    Operation::new("post", "/v1/admin/keys", "createKey")
        .told("Keys", "Create a key", "The answer is the only one that holds the key.")
        .by(Caller::Admin)
        .takes(
            schemas.request::<NewKey>(),
            &json!({"kind": "publishable", "name": "www.example.com", "form": "contact"}),
        )
        .answers(201, "The key, shown this once, and its record.", &[], schemas.answer::<Created<'static>>(), &created)
}

fn show(schemas: &mut Schemas) -> Operation {
    Operation::new("get", "/v1/admin/keys/{id}", "showKey")
        .told("Keys", "Show a key's record", "Without the key itself.")
        .by(Caller::Admin)
        .or(&[404])
        .answers(200, "The record.", &[], schemas.answer::<KeyRecord>(), &example())
}

fn revoke() -> Operation {
    Operation::new("delete", "/v1/admin/keys/{id}", "revokeKey")
        .told("Keys", "Revoke a key", "No lead is accepted with it from then on.")
        .by(Caller::Admin)
        .or(&[404])
        .empty(204, "It is revoked.")
}
