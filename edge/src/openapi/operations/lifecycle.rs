//! Working with leads: finding them, changing them, making clients of them.

use serde_json::{Value, json};
use shared::{
    field::Choice,
    lead::{Intent, InterestLevel, LeadStatus},
};

use super::{
    super::{
        components::{EXAMPLE_ID, query},
        operation::{Caller, Operation},
        schemas::Schemas,
        views::{Conversion, LeadChange, LeadPage, LeadView, NewClient, Statistics},
    },
    leads::{example, moment},
};
use crate::{
    key::Scope,
    lead_filter::{MAX_PAGE, Quarantined},
    statistics::By,
};

/// Operations of working with leads.
pub fn operations(schemas: &mut Schemas) -> Vec<Operation> {
    vec![list(schemas), export(), update(schemas), convert(schemas), delete(), statistics(schemas)]
}

fn names<T: Choice>() -> Value {
    json!({ "enum": T::ALL.iter().map(|(name, _)| *name).collect::<Vec<_>>() })
}

/// The same operation with the parameters by which leads are found.
fn with_filters(operation: Operation) -> Operation {
    operation
        .parameter(query("status", "Where they stand.", names::<LeadStatus>()))
        .parameter(query("interest_level", "How much the person wants it.", names::<InterestLevel>()))
        .parameter(query("intent", "What the person wants.", names::<Intent>()))
        .parameter(query("form", "Of this form.", json!({"type": "string"})))
        .parameter(query(
            "q",
            "What name, e-mail address, telephone number or message holds, in any case. Digits find a number \
            however it is written.",
            json!({"type": "string", "maxLength": 100}),
        ))
        .parameter(moment("created_from", "Accepted then or later."))
        .parameter(moment("created_to", "Accepted then or earlier."))
        .parameter(query(
            "quarantined",
            "Those that are held back: not, only, or as well.",
            json!({"enum": Quarantined::ALL.iter().map(|(name, _)| *name).collect::<Vec<_>>(), "default": "false"}),
        ))
}

fn list(schemas: &mut Schemas) -> Operation {
    let meta = json!({"page": 1, "limit": 25, "total": 1, "total_pages": 1, "has_more": false, "next_cursor": null});
    let operation = Operation::new("get", "/v1/leads", "listLeads")
        .told(
            "Leads",
            "List leads",
            "Those of the key's forms, the newest first. Pages by `cursor` show every lead once, whatever arrives \
            meanwhile; pages by number move down as leads arrive. A search looks through 20,000 leads for one page: \
            it may hold fewer than `limit` and still have more behind it.\n\nWith `hub.mode=subscribe` it is the \
            handshake by which Meta asks whether it may tell of leads here: any key that writes leads will do, a \
            publishable one also as `?key=`, and the answer is the challenge.",
        )
        .by(Caller::Secret(Scope::Read))
        .or(&[422]);
    with_filters(operation)
        .parameter(query(
            "page",
            "Its number; not beside `cursor`.",
            json!({"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 1}),
        ))
        .parameter(query(
            "limit",
            "At most so many.",
            json!({"type": "integer", "minimum": 1, "maximum": 100, "default": 25}),
        ))
        .parameter(query("cursor", "The `next_cursor` of the page before.", json!({"type": "string"})))
        .parameter(query("hub.mode", "Meta's handshake.", json!({"const": "subscribe"})))
        .parameter(query(
            "hub.verify_token",
            "In the handshake, the Worker's `META_VERIFY_TOKEN`.",
            json!({"type": "string"}),
        ))
        .parameter(query("hub.challenge", "In the handshake, what is answered.", json!({"type": "string"})))
        .answers(
            200,
            "One page; or the challenge of a handshake.",
            &[],
            schemas.answer::<LeadPage>(),
            &json!({"leads": [example()], "meta": meta}),
        )
        .or_text(200, "1158201444")
}

fn export() -> Operation {
    let operation = Operation::new("get", "/v1/leads/export", "exportLeads")
        .told(
            "Leads",
            "Export leads",
            "All leads that the filters mean, the newest first, as a stream. One that breaks off is not whole.",
        )
        .by(Caller::Secret(Scope::Manage))
        .or(&[422]);
    with_filters(operation)
        .parameter(query(
            "format",
            "`csv`: RFC 4180, with cells that a spreadsheet would run behind an apostrophe; `jsonl`: a lead as it is \
            shown on each line.",
            json!({"enum": ["csv", "jsonl"], "default": "csv"}),
        ))
        .parameter(query(
            "bom",
            "Whether csv begins with a byte order mark.",
            json!({"type": "boolean", "default": false}),
        ))
        .parameter(query(
            "receipts",
            "Whether each lead of jsonl has the signed receipt of its consent with it, as `consent_receipt`.",
            json!({"type": "boolean", "default": false}),
        ))
        .file(200, "The file.", &["Content-Disposition"], &["text/csv", "application/jsonl"])
}

fn statistics(schemas: &mut Schemas) -> Operation {
    let moment = |name: &str, description: &str| {
        let schema =
            json!({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]});
        query(name, description, schema)
    };
    let counts = json!({"leads": 12, "quarantined": 1, "converted": 3});
    let mut group = counts.clone();
    group["key"] = "2026-11-21".into();
    let example = json!({
        "from": "2026-11-01T00:00:00.000Z", "to": "2026-11-30T23:59:59.999Z", "by": "day", "total": counts,
        "groups": [group], "other": null,
    });
    Operation::new("get", "/v1/stats", "showStatistics")
        .told(
            "Statistics",
            "Count leads and deliveries",
            "Those of the key's forms. By destination deliveries are counted, by all else leads. The 400 largest groups \
            are shown, and `other` sums up the rest.",
        )
        .by(Caller::Secret(Scope::Read))
        .or(&[422])
        .parameter(moment("from", "Leads accepted then or later; 30 days before `to` where it is left out."))
        .parameter(moment(
            "to",
            "Leads accepted then or earlier; now where it is left out. At most 366 days after `from`, and 31 by destination.",
        ))
        .parameter(query("by", "In which groups.", names::<By>()))
        .parameter(query("form", "Of this form.", json!({"type": "string"})))
        .answers(200, "The groups.", &[], schemas.answer::<Statistics>(), &example)
}

/// The header that says which version a change is meant for.
fn if_match() -> Value {
    json!({
        "name": "If-Match", "in": "header", "schema": {"type": "string"},
        "description": "The `ETag` of the lead as it was read, or `*` for any. May be left out where the body has `version`.",
    })
}

fn update(schemas: &mut Schemas) -> Operation {
    let mut after = example();
    after["version"] = 2.into();
    after["status"] = "contacted".into();
    Operation::new("put", "/v1/leads/{id}", "changeLead")
        .told(
            "Leads",
            "Change a lead",
            "What is not named stays. Values are checked and normalised as those of a submission. Of changes of one \
            version at the same time one gets the 200, the others 409 with the version that the lead has then.",
        )
        .by(Caller::Secret(Scope::Manage))
        .parameter(if_match())
        .takes(
            schemas.request::<LeadChange>(),
            &json!({"version": 1, "status": "contacted", "notes": "Call after six"}),
        )
        .or(&[404, 409])
        .answers(200, "The lead.", &["ETag"], schemas.answer::<LeadView>(), &after)
}

fn convert(schemas: &mut Schemas) -> Operation {
    let (at, client_id) = ("2026-11-21T12:00:00.000Z", "019aa613-5d6e-7f20-8c11-73d5e0f4a2b6");
    let mut lead = example();
    lead["version"] = 2.into();
    lead["status"] = "converted".into();
    lead["client_id"] = client_id.into();
    let client = json!({
        "id": client_id, "lead_id": EXAMPLE_ID, "type": "seller", "created_at": at,
        "contact": {
            "id": "019aa613-5d6e-7b01-9d3c-0a4b8c2d6e10", "name": "Marla Singer", "email": "marla@example.com",
            "phone": "+44 20 7946 0000", "phone_e164": "+442079460000", "created_at": at,
        },
    });
    Operation::new("post", "/v1/leads/{id}/convert", "convertLead")
        .told(
            "Leads",
            "Make a client of a lead",
            "The contact of an earlier client of the same form is used again where e-mail address or telephone number \
            is the same. A lead becomes a client once.",
        )
        .by(Caller::Secret(Scope::Manage))
        .parameter(if_match())
        .takes(schemas.request::<NewClient>(), &json!({"client_type": "seller"}))
        .or(&[404, 409])
        .answers(
            201,
            "The client and the lead.",
            &["ETag"],
            schemas.answer::<Conversion>(),
            &json!({"client": client, "lead": lead}),
        )
}

fn delete() -> Operation {
    Operation::new("delete", "/v1/leads/{id}", "deleteLead")
        .told(
            "Leads",
            "Erase a lead",
            "What it says of the person goes, with everything that was kept beside it; deliveries that wait are \
            cancelled. A tombstone stays, which is 404.",
        )
        .by(Caller::Secret(Scope::Manage))
        .parameter(json!({
            "name": "If-Match", "in": "header", "schema": {"type": "string"},
            "description": "The `ETag` of the lead as it was read, if only that version is meant.",
        }))
        .or(&[404, 409])
        .empty(204, "It is erased.", &[])
}
