//! `GET /v1/deliveries`: the deliveries of a key's leads, by where they stand.

use serde_json::{Value, json};

use super::super::gate;
use crate::{
    answer::Answer, delivery_filter, delivery_view::DeliveryRow, io::delivery_reader, key::Scope, problem::Problem,
    routes::exchange::Exchange,
};

/// 1. The key works and may read: 401, 403, 429, 503.
/// 2. The parameters are those of the list: 422.
/// 3. One page, the newest leads' deliveries first: 200.
///
/// # Errors
/// As above.
pub async fn list(exchange: &Exchange) -> Result<Answer, Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    caller.must_have(Scope::Read)?;
    // 2.
    let asked = delivery_filter::page(&exchange.request.query).map_err(Problem::Parameters)?;
    // 3.
    let page = delivery_reader::page(&exchange.bindings.db()?, &asked, caller.key.grant.forms()).await?;
    let deliveries: Vec<Value> = page.deliveries.iter().map(DeliveryRow::shown).collect();
    let next = page.next.map(|id| id.to_string());
    let meta = json!({ "limit": asked.limit, "has_more": next.is_some(), "next_cursor": next });
    Answer::json(200, &json!({ "deliveries": deliveries, "meta": meta }))
}
