//! `POST /v1/deliveries/retry`: send again whatever a filter finds.

use serde_json::json;

use super::super::{gate, json_body};
use crate::{
    answer::Answer,
    delivery_filter,
    io::{clock, delivery_queue, delivery_replay},
    key::Scope,
    problem::Problem,
    routes::exchange::Exchange,
};

/// 1. The key works and may manage leads: 401, 403, 429, 503.
/// 2. The body is a filter: 400, 413, 415, 422.
/// 3. What it finds is due now, and the sweep is woken: 200 with how many.
///
/// # Errors
/// As above.
pub async fn retry_many(exchange: &Exchange) -> Result<Answer, Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    caller.must_have(Scope::Manage)?;
    // 2.
    let filter = delivery_filter::replay(&json_body::object(exchange).await?).map_err(Problem::Parameters)?;
    // 3.
    let now = clock::now();
    let retried = delivery_replay::many(&exchange.bindings.db()?, &filter, &caller.key, now).await?;
    if retried > 0 {
        let bindings = exchange.bindings.clone();
        exchange.later(async move { delivery_queue::wake_at(&bindings, now, now).await });
    }
    Answer::json(200, &json!({ "retried": retried }))
}
