//! `POST /v1/deliveries/{id}/retry`: send one delivery again.

use super::super::gate;
use crate::{
    answer::Answer,
    delivery_view::parse_id,
    io::{
        clock, delivery_queue,
        delivery_replay::{self, Retried},
    },
    key::Scope,
    problem::Problem,
    routes::exchange::Exchange,
};

/// 1. The key works and may manage leads: 401, 403, 429, 503.
/// 2. The delivery is there, and of a lead of one of the key's forms: 404.
/// 3. It is neither delivered nor being sent, its group has not gone on without it, and the lead's consent was not
///    withdrawn: 409.
/// 4. It is due now, and the sweep is woken: 200 with the delivery.
///
/// # Errors
/// As above.
pub async fn retry(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    caller.must_have(Scope::Manage)?;
    // 2. to 4.
    let id = parse_id(id).ok_or(Problem::NotFound)?;
    let now = clock::now();
    match delivery_replay::one(&exchange.bindings.db()?, id, &caller.key, now).await? {
        Retried::Due(delivery) => {
            let bindings = exchange.bindings.clone();
            exchange.later(async move { delivery_queue::wake_at(&bindings, now, now).await });
            Answer::json(200, &delivery.shown())
        }
        Retried::Not(delivery) => Err(Problem::NotRetryable { status: delivery.status }),
        Retried::Withdrawn => Err(Problem::Withdrawn),
        Retried::Gone => Err(Problem::NotFound),
    }
}
