//! `/v1/leads…`

use serde_json::{Value, json};
use shared::{field::Choice, wire::Receipt};

use super::super::{
    components::{EXAMPLE_ID, query},
    operation::{Caller, Operation, Told},
    schemas::Schemas,
    submission::Submission,
    views::{Duplicate, History, LeadDeliveries, LeadView, Notified},
};
use crate::{intake::formats::Format, key::Scope};

const SUBMIT: &str = "Takes a submission and keeps it as a lead, with a delivery for each destination that takes it. All \
    that is wrong is said at once.\n\nQuery parameters are fields too; a field in the body wins over the same field in \
    the query. The fields are understood in camelCase and in some other spellings as well; so is what form builders and \
    advertising platforms send.\n\nWith an \
    `Idempotency-Key` the same request may be sent again for 24 hours: it is answered as it was the first time and \
    stores nothing.";

/// Operations of leads.
pub fn operations(schemas: &mut Schemas) -> Vec<Operation> {
    vec![submit(schemas), show(schemas), deliveries(schemas), history(schemas), release(schemas)]
}

fn submit(schemas: &mut Schemas) -> Operation {
    let body = json!({
        "form": "contact", "name": "Marla Singer", "email": "marla@example.com", "phone": "+44 20 7946 0000",
        "message": "I would like a valuation please", "intent": "sell", "consent": {"given": true},
        "attribution": {"utm_source": "newsletter"},
    });
    let (lead, receipt) = (schemas.answer::<LeadView>(), schemas.answer::<Receipt>());
    let either = json!({ "anyOf": [lead, receipt] });
    let other = json!({ "anyOf": [schemas.answer::<Duplicate>(), schemas.answer::<Notified>()] });
    let formats: Vec<&str> = Format::ALL.iter().map(|(name, _)| *name).collect();
    let idempotency = json!({
        "name": "Idempotency-Key", "in": "header", "description": "Makes a repeated request the same request.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    });
    let fields = json!({
        "name": "fields", "in": "query", "style": "form", "explode": true, "description": "Fields, as in the body.",
        "schema": {"type": "object", "additionalProperties": {"type": "string"}},
    });
    Operation::new("post", "/v1/leads", "submitLead")
        .told("Leads", "Submit a lead", SUBMIT)
        .by(Caller::Writer)
        .parameter(idempotency)
        .parameter(query("format", "Whose payload it is, where its shape does not tell.", json!({"enum": formats})))
        .parameter(fields)
        .takes(schemas.request::<Submission>(), &body)
        .takes_form_fields(&json!({"name": "Marla Singer", "email": "marla@example.com", "consent": "on"}))
        .may_be_empty()
        .answers(
            200,
            "The first lead of the same person, where the form keeps no second one; or how many leads of Meta's \
                notification are taken.",
            &["Idempotent-Replayed"],
            other,
            &json!({"id": EXAMPLE_ID, "duplicate": true, "merged": true}),
        )
        .answers(
            201,
            "The lead, to a secret key; its id and time, to a publishable one.",
            &["Location", "Idempotent-Replayed"],
            either,
            &example(),
        )
        .empty(303, "To the page after a form without scripts, whose `Accept` prefers `text/html`.", &["Location"])
        .errors(Told::Either)
}

/// A lead as it is shown.
pub fn example() -> Value {
    json!({
        "id": EXAMPLE_ID, "form": "contact", "status": "new", "version": 1,
        "created_at": "2026-11-21T10:00:00.000Z", "updated_at": "2026-11-21T10:00:00.000Z", "client_id": null, "quarantine": null,
        "name": "Marla Singer", "email": "marla@example.com", "phone": "+44 20 7946 0000",
        "phone_e164": "+442079460000", "intent": "sell", "message": "I would like a valuation please",
        "attribution": {"utm_source": "newsletter"},
        "consent": {"given": true, "text": "You may contact me.", "version": "1", "at": "2026-11-21T10:00:00.000Z"},
        "deliveries": [{"id": format!("{EXAMPLE_ID}_1"), "destination": "crm", "status": "pending"}],
    })
}

fn show(schemas: &mut Schemas) -> Operation {
    let if_none_match = json!({
        "name": "If-None-Match", "in": "header", "schema": {"type": "string"},
        "description": "The `ETag` of the lead as it is known. Its deliveries move on without a new version.",
    });
    Operation::new("get", "/v1/leads/{id}", "showLead")
        .told("Leads", "Show a lead", "A lead of a form that the key does not cover is 404, as one that is unknown.")
        .by(Caller::Secret(Scope::Read))
        .parameter(if_none_match)
        .or(&[404])
        .answers(200, "The lead.", &["ETag"], schemas.answer::<LeadView>(), &example())
        .empty(304, "The lead has the version that is known.", &["ETag"])
}

fn deliveries(schemas: &mut Schemas) -> Operation {
    let example = json!({"deliveries": [super::deliveries::example()], "meta": {"total": 1}});
    Operation::new("get", "/v1/leads/{id}/deliveries", "listDeliveriesOfLead")
        .told("Leads", "Show where a lead went", "")
        .by(Caller::Secret(Scope::Read))
        .or(&[404])
        .answers(200, "Its deliveries with their attempts.", &[], schemas.answer::<LeadDeliveries>(), &example)
}

fn history(schemas: &mut Schemas) -> Operation {
    let at = "2026-11-21T10:00:00.000Z";
    let example = json!({"lead_id": EXAMPLE_ID, "events": [
        {"at": at, "event": "received", "form": "contact", "key_id": "2f6f1c0a8e11d3a49b547c1e", "key_kind": "secret"},
        {"at": at, "event": "normalised", "fields": [
            {"field": "phone", "detail": "kept as typed, and in E.164 as phone_e164"},
        ]},
        {"at": at, "event": "routed", "destinations": [
            {"destination": "crm", "taken": true, "because": ["it takes every form"]},
        ]},
    ]});
    Operation::new("get", "/v1/leads/{id}/history", "showHistoryOfLead")
        .told(
            "Leads",
            "Tell a lead's life",
            "What happened to the lead, oldest first. It names fields and shows no values.",
        )
        .by(Caller::Secret(Scope::Read))
        .or(&[404])
        .answers(200, "The events.", &[], schemas.answer::<History>(), &example)
}

fn release(schemas: &mut Schemas) -> Operation {
    Operation::new("post", "/v1/leads/{id}/release", "releaseLead")
        .told(
            "Leads",
            "Let a quarantined lead out",
            "It goes where it would have gone, by what is configured now. Needs no body.",
        )
        .by(Caller::Secret(Scope::Manage))
        .or(&[404, 409])
        .answers(200, "The lead, with its deliveries.", &["ETag"], schemas.answer::<LeadView>(), &example())
}

/// A query parameter for a time.
pub fn moment(name: &str, description: &str) -> Value {
    let one_of = ["date-time", "date"].map(|format| json!({"type": "string", "format": format}));
    query(name, description, json!({ "anyOf": one_of }))
}
