//! What an operator tries before real leads come.

use serde_json::json;

use super::super::{
    operation::{Caller, Operation},
    schemas::Schemas,
    views::{PreflightReport, TestReport},
};

/// Operations that try a form and a destination out.
pub fn operations(schemas: &mut Schemas) -> Vec<Operation> {
    vec![preflight(schemas), test(schemas)]
}

fn preflight(schemas: &mut Schemas) -> Operation {
    let finding = json!({"kind": "shortened", "field": "message", "detail": "to 255 characters"});
    let example = json!({"form": "contact", "destinations": [
        {"destination": "crm", "provider": "leadpro", "verdict": "adapts", "findings": [finding]},
    ]});
    Operation::new("get", "/v1/admin/forms/{id}/preflight", "preflightForm")
        .told("Trying out", "Tell what would become of a form's leads", "Nothing is sent.")
        .by(Caller::Admin)
        .or(&[404])
        .answers(
            200,
            "What each destination of the form makes of them.",
            &[],
            schemas.answer::<PreflightReport>(),
            &example,
        )
}

fn test(schemas: &mut Schemas) -> Operation {
    let example = json!({
        "request": {
            "method": "POST", "url": "https://anyhouse.app/api/partner/leads",
            "headers": {"authorization": "Bearer ***"}, "body": {"name": "Leadgate Test"},
        },
        "answer": {"status": 201, "body": "{\"id\": 7}"},
        "outcome": "delivered", "reference": "7", "reason": null, "notes": [], "follow_up": null,
    });
    Operation::new("post", "/v1/admin/destinations/{id}/test", "testDestination")
        .told(
            "Trying out",
            "Send a destination a test lead",
            "The lead is marked as a test, but it is real to the provider: a \
            marketplace may sell it. Needs no body.",
        )
        .by(Caller::Admin)
        .or(&[404, 422])
        .answers(200, "What was sent, what came back and what it means.", &[], schemas.answer::<TestReport>(), &example)
}
