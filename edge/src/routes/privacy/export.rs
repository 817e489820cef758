//! `POST /v1/privacy/export`: everything that is held of a person.

use super::{ROUNDS, meant};
use crate::{
    answer::Answer,
    io::{
        clock,
        consent_key::ConsentKey,
        person_export::{self, Holdings},
    },
    problem::Problem,
    routes::exchange::Exchange,
};

/// Most leads in one answer: with deliveries and their attempts a lead may have some 100 KB.
const AT_ONCE: usize = 50;

/// 1. and 2. of [`meant`].
/// 3. The person's leads in the key's forms are looked for, with everything kept beside them, which is on record:
///    503.
/// 4. The receipts are signed, where the Worker has a key to sign with.
/// 5. All of it, by kind, and where to go on if there may be more: 200.
///
/// # Errors
/// As above.
pub async fn export(exchange: &Exchange) -> Result<Answer, Problem> {
    // 1. and 2.
    let (caller, person, mut after) = meant(exchange).await?;
    // 3.
    let db = exchange.bindings.db()?;
    let (mut leads, mut contacts) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let found = person.find(&db, after.as_deref(), AT_ONCE.saturating_sub(leads.len())).await?;
        leads.extend(found.leads);
        contacts.extend(found.contacts);
        after = found.next;
        if after.is_none() || leads.len() >= AT_ONCE {
            break;
        }
    }
    let asked = person_export::Asked { key_id: &caller.key.id, request_id: &exchange.request.id, now: clock::now() };
    let holdings = person_export::read(&db, &leads, &contacts, &asked).await?;
    // 4.
    let receipts = receipts(exchange, &holdings).await?;
    // 5.
    Ok(Answer::json_text(200, shown(&holdings, &receipts, after.as_deref())))
}

/// The receipts as JSON. Without a usable key they stand without signature: who asks what is held of them gets an
/// answer all the same.
async fn receipts(exchange: &Exchange, holdings: &Holdings) -> Result<Vec<String>, Problem> {
    let mut shown = Vec::new();
    if holdings.receipts.is_empty() {
        return Ok(shown);
    }
    let key = ConsentKey::load(&exchange.bindings).await.ok();
    for receipt in &holdings.receipts {
        shown.push(match &key {
            Some(key) => key.signed(receipt).await?,
            None => format!("{{\"receipt\":{}}}", receipt.canonical()),
        });
    }
    Ok(shown)
}

/// Leads and receipts are JSON already, so the object around all is put together as text.
fn shown(holdings: &Holdings, receipts: &[String], next: Option<&str>) -> String {
    let rest = serde_json::json!({
        "deliveries": holdings.deliveries, "clients": holdings.clients, "events": holdings.events,
        "answers": holdings.answers, "next_cursor": next,
    });
    let rest = rest.to_string();
    let rest = rest.strip_prefix('{').unwrap_or_default();
    format!("{{\"leads\":[{}],\"receipts\":[{}],{rest}", holdings.leads.join(","), receipts.join(","))
}
