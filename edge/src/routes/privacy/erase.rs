//! `POST /v1/privacy/erase`: erase what is held of a person.

use serde_json::{Map, Value, json};

use super::{ROUNDS, meant};
use crate::{
    answer::Answer,
    io::{
        clock,
        entry::Refusal,
        erasure::{self, Erasure},
    },
    key::KeyRefusal,
    problem::Problem,
    routes::exchange::Exchange,
};

/// Leads that one transaction erases: some rows each, far within what D1 does in one.
const AT_ONCE: usize = 100;

/// What is counted.
const KINDS: [&str; 5] = ["leads", "deliveries", "clients", "contacts", "answers"];

/// 1. and 2. of [`meant`].
/// 3. The person's leads in the key's forms are looked for and erased, transaction by transaction, each of which
///    is on record, and so is that there was nothing: 401 if the key was revoked before something was erased; 503.
/// 4. How much was erased, and where to go on if not all was looked through: 200.
///
/// # Errors
/// As above.
pub async fn erase(exchange: &Exchange) -> Result<Answer, Problem> {
    // 1. and 2.
    let (caller, person, mut after) = meant(exchange).await?;
    // 3.
    let db = exchange.bindings.db()?;
    let mut totals = [0_u64; KINDS.len()];
    let mut is_on_record = false;
    for round in 1..=ROUNDS {
        let found = person.find(&db, after.as_deref(), AT_ONCE).await?;
        let is_last = found.next.is_none() || round == ROUNDS;
        if !found.leads.is_empty() || !found.contacts.is_empty() || is_last && !is_on_record {
            let (leads, contacts) = (json!(found.leads).to_string(), json!(found.contacts).to_string());
            let erasure = Erasure {
                leads: &leads,
                contacts: &contacts,
                version: None,
                key_id: Some(&caller.key.id),
                kind: "person",
                target: None,
                request_id: &exchange.request.id,
                now: clock::now(),
            };
            let counts = erasure::erase(&db, &erasure).await.map_err(|refusal| match refusal {
                Refusal::Store(error) => Problem::from(error),
                _ => KeyRefusal::NotValid.into(),
            })?;
            is_on_record = true;
            for (total, kind) in totals.iter_mut().zip(KINDS) {
                let more = counts.as_ref().and_then(|counts| counts.get(kind)?.as_u64()).unwrap_or_default();
                *total = total.saturating_add(more);
            }
        }
        after = found.next;
        if is_last {
            break;
        }
    }
    // 4.
    let mut erased = Map::new();
    for (kind, total) in KINDS.into_iter().zip(totals) {
        erased.insert(kind.to_owned(), Value::from(total));
    }
    Answer::json(200, &json!({ "erased": erased, "next_cursor": after }))
}
