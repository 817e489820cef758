//! `/v1/admin/keys…` and `/v1/admin/audit`

use serde_json::{Value, json};

use super::super::{
    components::{EXAMPLE_ID, query},
    operation::{Caller, Operation},
    schemas::Schemas,
    views::{AuditPage, CreatedKey, KeyView, NewKey, Rotation},
};

/// Operations of keys.
pub fn operations(schemas: &mut Schemas) -> Vec<Operation> {
    vec![list(schemas), create(schemas), show(schemas), revoke(), rotate(schemas), audit(schemas)]
}

/// A key's record.
fn example() -> Value {
    json!({
        "id": "2f6f1c0a8e11d3a49b547c1e", "name": "www.example.com", "kind": "publishable", "form": "contact", "scopes": ["leads:write"],
        "rate_limit": {"limit": 60, "window_seconds": 60}, "enabled": true, "expires_at": null,
        "created_at": "2026-11-21T10:00:00.000Z", "last_used_at": "2026-11-21T11:00:00.000Z",
    })
}

fn list(schemas: &mut Schemas) -> Operation {
    Operation::new("get", "/v1/admin/keys", "listKeys")
        .told("Keys", "List keys", "Without the keys themselves.")
        .by(Caller::Admin)
        .answers(200, "All keys.", &[], schemas.list::<KeyView>("keys"), &json!({"keys": [example()]}))
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
        .answers(201, "The key, shown this once, and its record.", &[], schemas.answer::<CreatedKey>(), &created)
}

fn show(schemas: &mut Schemas) -> Operation {
    Operation::new("get", "/v1/admin/keys/{id}", "showKey")
        .told("Keys", "Show a key's record", "Without the key itself.")
        .by(Caller::Admin)
        .or(&[404])
        .answers(200, "The record.", &[], schemas.answer::<KeyView>(), &example())
}

fn revoke() -> Operation {
    Operation::new("delete", "/v1/admin/keys/{id}", "revokeKey")
        .told("Keys", "Revoke a key", "No lead is accepted with it from then on.")
        .by(Caller::Admin)
        .or(&[404])
        .empty(204, "It is revoked.", &[])
}

fn rotate(schemas: &mut Schemas) -> Operation {
    let mut created = example();
    created["key"] = format!("lg_pk_{}", "…".repeat(3)).into();
    created["last_used_at"] = Value::Null;
    created["replaces"] = "9b1f0e5c7d3a4c2e8f601122".into();
    Operation::new("post", "/v1/admin/keys/{id}/rotate", "rotateKey")
        .told(
            "Keys",
            "Replace a key by a new one",
            "The new key may do the same. The old one works on for `grace_seconds`, a day where that is not said.",
        )
        .by(Caller::Admin)
        .takes(schemas.request::<Rotation>(), &json!({"grace_seconds": 3600}))
        .may_be_empty()
        .or(&[404, 409])
        .answers(201, "The new key, shown this once.", &[], schemas.answer::<CreatedKey>(), &created)
}

fn audit(schemas: &mut Schemas) -> Operation {
    let entry = json!({
        "seq": 1, "at": "2026-11-21T10:00:00.000Z", "action": "created", "kind": "key",
        "id": "2f6f1c0a8e11d3a49b547c1e", "actor": "admin", "request_id": EXAMPLE_ID, "address": null, "counts": null,
    });
    let example = json!({"audit": [entry], "meta": {"limit": 25, "has_more": false, "next_cursor": null}});
    Operation::new("get", "/v1/admin/audit", "listAudit")
        .told("Audit", "List what admins did, and what was erased", "The latest first.")
        .by(Caller::Admin)
        .or(&[422])
        .parameter(query("limit", "Entries on a page.", json!({"type": "integer", "minimum": 1, "maximum": 100})))
        .parameter(query("cursor", "The `next_cursor` of the page before.", json!({"type": "string"})))
        .answers(200, "A page.", &[], schemas.answer::<AuditPage>(), &example)
}
