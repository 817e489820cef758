//! Leads that Meta tells of and keeps: each is fetched and goes on as if it had been sent.

use serde_json::json;

use super::{Sender, take};
use crate::{
    answer::Answer,
    idempotency::Repeatable,
    intake,
    io::{bindings::META_ACCESS_TOKEN, entry, graph},
    problem::Problem,
    routes::exchange::Exchange,
};

/// Most leads that one request fetches. Each costs two round trips to D1 and one to Meta, and a request has
/// 50 of them on the free plan, its first deliveries included.
const LEADS_MAX: usize = 5;

/// 1. Those that were accepted before are left out.
/// 2. Each of the others is fetched and taken. What is wrong with one keeps none of the others out.
/// 3. 200 when all are accepted. Else the first problem, so that Meta sends the notification again, and
///    what was accepted is left out then.
///
/// # Errors
/// As above; 403 while the token for Meta is not set; 503 also when there are more than [`LEADS_MAX`] left.
pub(super) async fn take_all(exchange: &Exchange, sender: &Sender<'_>, ids: &[String]) -> Result<Answer, Problem> {
    // What Meta sends to try an address out names none.
    if ids.is_empty() {
        return Answer::json(200, &json!({ "accepted": 0 }));
    }
    let token = exchange.bindings.text(META_ACCESS_TOKEN).ok_or(Problem::NotConnected(META_ACCESS_TOKEN))?;
    let db = exchange.bindings.db()?;
    let mut problem = None;
    let mut fetched = 0_usize;
    for id in ids {
        let repeatable = Repeatable::of_platform(&format!("meta {id}"));
        // 1.
        if entry::replay(&db, &sender.caller.key.id, &repeatable.key, exchange.request.now).await?.is_some() {
            continue;
        }
        if fetched == LEADS_MAX {
            problem.get_or_insert(Problem::Graph);
            break;
        }
        fetched = fetched.saturating_add(1);
        // 2.
        if let Err(reason) = fetch_and_take(exchange, sender, id, &token, &repeatable).await {
            problem.get_or_insert(reason);
        }
    }
    // 3.
    match problem {
        None => Answer::json(200, &json!({ "accepted": ids.len() })),
        Some(problem) => Err(problem),
    }
}

async fn fetch_and_take(
    exchange: &Exchange,
    sender: &Sender<'_>,
    id: &str,
    token: &str,
    repeatable: &Repeatable,
) -> Result<(), Problem> {
    let lead = graph::lead(&exchange.bindings, id, token).await?;
    let intake = intake::submission(Some("application/json"), &lead, &exchange.request.query)?;
    take(exchange, sender, intake, Some(repeatable)).await.map(drop)
}
