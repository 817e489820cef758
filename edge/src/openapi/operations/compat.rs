//! `/compat/{provider}/…`: each provider's own examples, as its page has them.

use serde_json::{Value, json};

use super::super::{
    components::{EXAMPLE_ID, query},
    operation::{Caller, Operation, Told},
};
use crate::{key::Scope, lead_filter::MAX_PAGE, partner::Dialect};

/// Where the words of each API are explained.
const WORDS: &str = "Fields, limits and answers are those of the provider's page; docs/PROVIDERS.md has what the page leaves \
    open. A lead that comes by it is an ordinary lead.";

/// Operations of partners.
pub fn operations() -> Vec<Operation> {
    vec![
        anyhouse(),
        leadpro(),
        marketplace(),
        alterestate(),
        actuallycare(),
        list(),
        show(),
        update(),
        delete(),
        convert(),
    ]
}

fn object() -> Value {
    json!({ "type": "object" })
}

/// A new lead in the words of an API.
fn create(dialect: Dialect, path: &'static str, id: &'static str, name: &str, body: &Value) -> Operation {
    let idempotency = json!({
        "name": "Idempotency-Key", "in": "header", "description": "Makes a repeated request the same request.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    });
    Operation::new("post", path, id)
        .told("Partners", &format!("Submit a lead as to {name}"), WORDS)
        .by(Caller::Secret(Scope::Write))
        .parameter(idempotency)
        .parameter(query("form", "The form, where the key is for several.", json!({"type": "string"})))
        .takes(object(), body)
        .errors(Told::In(dialect))
}

const KEPT: [&str; 2] = ["Location", "Idempotent-Replayed"];

fn anyhouse() -> Operation {
    let body = json!({
        "name": "John Doe", "email": "john@example.com", "phone": "+1 809 555 1234",
        "notes": "Interested in Punta Cana properties around $200k.", "lead_type": "hot",
    });
    let answer = json!({
        "id": 3_677_388_800_000_000_u64, "name": "John Doe", "email": "john@example.com", "phone": "+1 809 555 1234",
        "lead_type": "hot", "created_at": "2026-11-21T10:00:00.000Z",
    });
    create(Dialect::AnyHouse, "/compat/anyhouse/api/partner/leads", "submitLeadAsToAnyHouse", "AnyHouse", &body)
        .answers(200, "The person was there before.", &KEPT, object(), &answer)
        .answers(201, "The lead.", &KEPT, object(), &answer)
}

fn leadpro() -> Operation {
    let body = json!({
        "type": "sale", "phone": "01623000000", "first_name": "Marla", "last_name": "Singer", "email": "cloud9@cloud.com",
        "advert_address": "123 Example Street, Example town", "advert_postcode": "DE1 1JX",
        "appointment_availability": {"hours": ["2025-01-01T08:00:00.000Z"]}, "meta": {"Property Type": "detached"},
    });
    create(Dialect::LeadPro, "/compat/leadpro/api/v103/leads", "submitLeadAsToLeadPro", "LeadPro", &body).answers(
        200,
        "The lead.",
        &KEPT,
        object(),
        &json!({"success": true, "id": EXAMPLE_ID}),
    )
}

fn marketplace() -> Operation {
    let body = json!({
        "seller": "ACME1234", "category": "Auto Insurance", "firstName": "John", "lastName": "Doe",
        "phone": "555-123-4567", "email": "john@email.com", "state": "TX",
    });
    let fields = json!({
        "name": "fields", "in": "query", "style": "form", "explode": true, "description": "Fields; those of the body win.",
        "schema": {"type": "object", "additionalProperties": {"type": "string"}},
    });
    create(Dialect::Marketplace, "/compat/marketplace/api/leads", "submitLeadAsToMarketplace", "the marketplace", &body)
        .parameter(fields)
        .may_be_empty()
        .answers(
            200,
            "The lead: `sold` if a destination of a group took it within 4 seconds, else `pending`.",
            &KEPT,
            object(),
            &json!({"success": true, "lead_id": EXAMPLE_ID, "status": "sold", "price": 45.0, "buyer_ids": ["crm"]}),
        )
}

fn alterestate() -> Operation {
    let body = json!({"full_name": "John Doe", "phone": "8091234567", "email": "johndoe@email.com"});
    let number = 3_677_388_800_000_000_u64;
    let created = json!({
        "status": 201,
        "data": {
            "id": number, "company": 0, "uid": EXAMPLE_ID, "full_name": "John Doe", "email": "johndoe@email.com",
            "description": "", "via": 0, "phone": "8091234567", "distinct_id": null, "ctype": 0, "related_contacts": [],
        },
        "log_id": number, "deal_id": number,
    });
    let there = json!({
        "status": 200, "message": "This contact already exists. No new deal was created.", "log_id": format!("LOG{number}"),
    });
    create(Dialect::AlterEstate, "/compat/alterestate/api/v1/leads/", "submitLeadAsToAlterEstate", "AlterEstate", &body)
        .answers(200, "The contact was there before.", &KEPT, object(), &there)
        .answers(201, "The lead.", &KEPT, object(), &created)
}

fn actuallycare() -> Operation {
    create(
        Dialect::ActuallyCare,
        "/compat/actuallycare/v1/leads",
        "submitLeadAsToActuallyCare",
        "ActuallyCare",
        &json!({"name": "Jordan Lee"}),
    )
    .answers(200, "The person was there before.", &KEPT, object(), &envelope())
    .answers(201, "The lead.", &KEPT, object(), &envelope())
}

fn show() -> Operation {
    Operation::new("get", "/compat/actuallycare/v1/leads/{id}", "showLeadAsActuallyCare")
        .told("Partners", "Show a lead as ActuallyCare does", WORDS)
        .by(Caller::Secret(Scope::Read))
        .or(&[404])
        .answers(200, "The lead.", &[], object(), &envelope())
        .errors(Told::In(Dialect::ActuallyCare))
}

fn list() -> Operation {
    let names = |values: &[&str]| json!({ "enum": values });
    let meta = json!({"page": 1, "limit": 25, "total": 1, "totalPages": 1, "hasMore": false});
    let data = json!({"leads": [envelope()["data"]], "meta": meta, "stats": {"total": 1}, "cursors": {"next": null}});
    let example = json!({"success": true, "data": data, "timestamp": "2026-11-21T10:00:00.000Z"});
    Operation::new("get", "/compat/actuallycare/v1/leads", "listLeadsAsActuallyCare")
        .told("Partners", "List leads as ActuallyCare does", WORDS)
        .by(Caller::Secret(Scope::Read))
        .or(&[422])
        .parameter(query(
            "status",
            "Where they stand.",
            names(&["new", "contacted", "qualified", "unqualified", "converted", "lost"]),
        ))
        .parameter(query("interest_level", "How much the person wants it.", names(&["hot", "warm", "cold"])))
        .parameter(query(
            "page",
            "From 1.",
            json!({"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 1}),
        ))
        .parameter(query(
            "limit",
            "Leads on a page.",
            json!({"type": "integer", "minimum": 1, "maximum": 100, "default": 25}),
        ))
        .answers(200, "A page.", &[], object(), &example)
        .errors(Told::In(Dialect::ActuallyCare))
}

fn update() -> Operation {
    let body = json!({"status": "contacted", "interest_level": "hot", "version": 1});
    Operation::new("put", "/compat/actuallycare/v1/leads/{id}", "updateLeadAsActuallyCare")
        .told("Partners", "Change a lead as ActuallyCare does", WORDS)
        .by(Caller::Secret(Scope::Manage))
        .takes(object(), &body)
        .or(&[404, 409])
        .answers(200, "The lead.", &[], object(), &envelope())
        .errors(Told::In(Dialect::ActuallyCare))
}

fn delete() -> Operation {
    let example = json!({"success": true, "data": {}, "timestamp": "2026-11-21T10:00:00.000Z"});
    Operation::new("delete", "/compat/actuallycare/v1/leads/{id}", "eraseLeadAsActuallyCare")
        .told("Partners", "Erase a lead as ActuallyCare does", WORDS)
        .by(Caller::Secret(Scope::Manage))
        .or(&[404, 409])
        .answers(200, "It is erased.", &[], object(), &example)
        .errors(Told::In(Dialect::ActuallyCare))
}

fn convert() -> Operation {
    let client = json!({
        "id": EXAMPLE_ID, "contact_id": EXAMPLE_ID, "client_type": "buyer", "status": "active",
        "price_range_min": 342_000, "price_range_max": 418_000,
    });
    let lead = json!({"id": EXAMPLE_ID, "lead_status": "converted", "client_id": EXAMPLE_ID});
    let data = json!({"client": client, "lead": lead, "primaryContactId": EXAMPLE_ID, "additionalContactsCount": 0});
    let example = json!({
        "success": true, "data": data, "message": "Lead successfully converted to client",
        "timestamp": "2026-11-21T10:00:00.000Z",
    });
    Operation::new("post", "/compat/actuallycare/v1/leads/{id}/convert", "convertLeadAsActuallyCare")
        .told("Partners", "Make a client of a lead as ActuallyCare does", WORDS)
        .by(Caller::Secret(Scope::Manage))
        .takes(object(), &json!({"clientType": "buyer"}))
        .may_be_empty()
        .or(&[404, 409])
        .answers(200, "Client and lead.", &[], object(), &example)
        .errors(Told::In(Dialect::ActuallyCare))
}

/// A lead in ActuallyCare's envelope.
fn envelope() -> Value {
    let at = "2026-11-21T10:00:00.000Z";
    json!({
        "success": true,
        "data": {
            "id": EXAMPLE_ID, "name": "Rachel Kim", "email": "rachel@example.com", "phone": "(661) 555-0198",
            "source": "Website Form", "status": "new", "lead_type": "buyer", "interest_level": "warm", "version": 1,
            "created_at": at,
        },
        "message": "Lead created successfully",
        "timestamp": at,
    })
}
