//! `/v1/deliveries…`

use serde_json::{Value, json};
use shared::field::Choice;

use super::{
    super::{
        components::{EXAMPLE_ID, query},
        operation::{Caller, Operation},
        schemas::Schemas,
        views::{DeliveryPage, DeliveryView, Retried},
    },
    leads::moment,
};
use crate::{delivery::Status, delivery_filter::REPLAYABLE, key::Scope, provider};

/// Operations of deliveries.
pub fn operations(schemas: &mut Schemas) -> Vec<Operation> {
    vec![list(schemas), retry(schemas), retry_many(schemas)]
}

/// A delivery as it is shown.
pub fn example() -> Value {
    let at = "2026-11-21T10:00:01.000Z";
    json!({
        "id": format!("{EXAMPLE_ID}_1"), "lead_id": EXAMPLE_ID, "destination": "crm", "provider": "anyhouse",
        "group": null, "status": "delivered", "attempt_count": 1, "next_attempt_at": null, "reference": "7",
        "attempts": [
            {"at": at, "status_code": 201, "duration_ms": 120, "outcome": "delivered", "excerpt": "{\"id\": 7}"},
        ],
        "reason": null, "notes": [{"kind": "shortened", "field": "message", "detail": "to 255 characters"}],
        "created_at": "2026-11-21T10:00:00.000Z", "updated_at": at,
    })
}

fn names(statuses: impl IntoIterator<Item = Status>) -> Vec<&'static str> {
    statuses.into_iter().map(Choice::name).collect()
}

fn list(schemas: &mut Schemas) -> Operation {
    let statuses = names(Status::ALL.iter().map(|(_, status)| *status));
    let example = json!({
        "deliveries": [example()], "meta": {"limit": 25, "has_more": false, "next_cursor": null},
    });
    Operation::new("get", "/v1/deliveries", "listDeliveries")
        .told(
            "Deliveries",
            "List deliveries",
            "Those of the key's leads, the newest lead's first. A page may hold fewer than \
            `limit` and still have more behind it.",
        )
        .by(Caller::Secret(Scope::Read))
        .or(&[422])
        .parameter(query("status", "Where they stand.", json!({"enum": statuses})))
        .parameter(query("destination", "Where they go.", json!({"type": "string"})))
        .parameter(query("provider", "The kind of API there.", json!({"enum": provider::NAMES})))
        .parameter(moment("created_from", "Their lead was accepted then or later."))
        .parameter(moment("created_to", "Their lead was accepted then or earlier."))
        .parameter(query(
            "limit",
            "At most so many.",
            json!({"type": "integer", "minimum": 1, "maximum": 100, "default": 25}),
        ))
        .parameter(query("cursor", "The `next_cursor` of the page before.", json!({"type": "string"})))
        .answers(200, "One page.", &[], schemas.answer::<DeliveryPage>(), &example)
}

fn retry(schemas: &mut Schemas) -> Operation {
    Operation::new("post", "/v1/deliveries/{id}/retry", "retryDelivery")
        .told(
            "Deliveries",
            "Send one delivery again",
            "It is due now, with the whole schedule ahead of it. Its id stays, and with it the \
            `Idempotency-Key`.",
        )
        .by(Caller::Secret(Scope::Manage))
        .or(&[404, 409])
        .answers(200, "The delivery.", &[], schemas.answer::<DeliveryView>(), &example())
}

fn retry_many(schemas: &mut Schemas) -> Operation {
    let one = json!({"enum": names(REPLAYABLE.iter().copied())});
    let text = json!({"type": "string"});
    let moment = json!({"type": "string", "format": "date-time"});
    let filter = json!({
        "type": "object", "additionalProperties": false,
        "properties": {
            "status": {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}], "default": "failed"},
            "destination": text, "provider": {"enum": provider::NAMES}, "created_from": moment, "created_to": moment,
        },
    });
    Operation::new("post", "/v1/deliveries/retry", "retryDeliveries")
        .told(
            "Deliveries",
            "Send again whatever a filter finds",
            "At most 1,000 by one call: call until it says 0. Without `status` only \
            failed ones are meant. An unconfirmed lead may be with the provider already.",
        )
        .by(Caller::Secret(Scope::Manage))
        .takes(filter, &json!({"status": ["failed", "refused"], "destination": "crm"}))
        .answers(200, "How many are sent again.", &[], schemas.answer::<Retried>(), &json!({"retried": 3}))
}
