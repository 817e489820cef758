//! The Worker is killed without warning; nothing that was answered 201 is lost.

mod claims;
mod many_leads;
mod points;

use std::collections::HashSet;

use serde_json::{Value, json};
use tests::sandbox::Received;

/// A lead that suits all six providers.
fn lead_for_all(email: &str) -> Value {
    let mut lead = crate::lead(email);
    let more = json!({
        "phone": "01623 000000",
        "intent": "sell",
        "address": "1 Example Street",
        "postcode": "DE1 1JX",
        "state": "TX",
        "category": "Real Estate",
    });
    lead.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    lead
}

/// How many different `Idempotency-Key`s the requests have.
fn idempotency_keys<'a>(received: impl IntoIterator<Item = &'a Received>) -> usize {
    let keys: HashSet<_> = received.into_iter().map(|one| &one.headers["idempotency-key"]).collect();
    keys.len()
}
