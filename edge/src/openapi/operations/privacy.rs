//! Personal data: data-subject requests, consent receipts, withdrawal.

use serde_json::{Value, json};

use super::{
    super::{
        components::EXAMPLE_ID,
        operation::{Caller, Operation},
        schemas::Schemas,
        views::{ConsentKey, DataSubject, Erased, Holdings, LeadView, SignedReceipt},
    },
    leads,
};
use crate::key::Scope;

const MEANT: &str = "Whoever has the e-mail address, the telephone number, or one of both. A call looks through 200,000 \
    leads; where there are more, send it again with `next_cursor` as `cursor`, until that is `null`.";

/// Operations about personal data.
pub fn operations(schemas: &mut Schemas) -> Vec<Operation> {
    vec![export(schemas), erase(schemas), consent(schemas), withdraw(schemas), key(schemas)]
}

fn subject() -> Value {
    json!({"email": "marla@example.com"})
}

fn receipt() -> Value {
    json!({
        "lead_id": EXAMPLE_ID, "form": "contact", "given": true, "text": "You may contact me.", "version": "1",
        "at": "2026-11-21T10:00:00.000Z", "locale": "en", "page": "https://example.com/contact",
    })
}

fn signed_receipt() -> Value {
    json!({
        "receipt": receipt(), "algorithm": "Ed25519", "key_id": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
        "signature": "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
    })
}

fn export(schemas: &mut Schemas) -> Operation {
    let example = json!({
        "leads": [leads::example()], "deliveries": [], "clients": [], "events": [], "receipts": [signed_receipt()],
        "answers": [], "next_cursor": null,
    });
    Operation::new("post", "/v1/privacy/export", "exportPerson")
        .told("Personal data", "Take out what is held of a person", &format!("{MEANT} An answer has at most 50 leads."))
        .by(Caller::Secret(Scope::Manage))
        .takes(schemas.request::<DataSubject>(), &subject())
        .answers(200, "All of it, by kind.", &[], schemas.answer::<Holdings>(), &example)
}

fn erase(schemas: &mut Schemas) -> Operation {
    let erased = json!({"leads": 1, "deliveries": 3, "clients": 0, "contacts": 0, "answers": 1});
    Operation::new("post", "/v1/privacy/erase", "erasePerson")
        .told("Personal data", "Erase what is held of a person", &format!("{MEANT} Tombstones of the leads stay."))
        .by(Caller::Secret(Scope::Manage))
        .takes(schemas.request::<DataSubject>(), &subject())
        .answers(
            200,
            "How much that was.",
            &[],
            schemas.answer::<Erased>(),
            &json!({"erased": erased, "next_cursor": null}),
        )
}

fn consent(schemas: &mut Schemas) -> Operation {
    Operation::new("get", "/v1/leads/{id}/consent", "showConsent")
        .told(
            "Personal data",
            "Show the receipt of a consent",
            "What the person agreed to, in the words that were shown, signed. A lead that came without a consent is 404.",
        )
        .by(Caller::Secret(Scope::Read))
        .or(&[404])
        .answers(200, "The receipt and its signature.", &[], schemas.answer::<SignedReceipt>(), &signed_receipt())
}

fn withdraw(schemas: &mut Schemas) -> Operation {
    let mut lead = leads::example();
    lead["version"] = 2.into();
    lead["consent_withdrawn_at"] = "2026-11-21T12:00:00.000Z".into();
    lead["deliveries"][0]["status"] = "cancelled".into();
    Operation::new("post", "/v1/leads/{id}/withdraw", "withdrawConsent")
        .told(
            "Personal data",
            "Withdraw a consent",
            "Deliveries that wait are cancelled, and nothing of the lead is sent any more. Done again it changes nothing. \
            Needs no body.",
        )
        .by(Caller::Secret(Scope::Manage))
        .parameter(json!({
            "name": "If-Match", "in": "header", "schema": {"type": "string"},
            "description": "The `ETag` of the lead as it was read, if only that version is meant.",
        }))
        .or(&[404, 409])
        .answers(200, "The lead.", &["ETag"], schemas.answer::<LeadView>(), &lead)
}

fn key(schemas: &mut Schemas) -> Operation {
    let example = json!({
        "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "use": "sig", "alg": "EdDSA",
    });
    Operation::new("get", "/.well-known/leadgate-consent-key", "showConsentKey")
        .told("Personal data", "Show the key that receipts are verified by", "")
        .by(Caller::Anyone)
        .or(&[500])
        .answers(200, "The public key as a JSON Web Key.", &[], schemas.answer::<ConsentKey>(), &example)
}
