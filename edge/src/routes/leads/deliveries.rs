//! `GET /v1/leads/{id}/deliveries`: where one lead went.

use serde_json::{Value, json};

use super::life;
use crate::{answer::Answer, delivery_view::DeliveryRow, problem::Problem, routes::exchange::Exchange};

/// The lead's deliveries with their attempts, in their order: 200.
///
/// # Errors
/// 401, 403, 404, 429, 503.
pub async fn deliveries(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    let life = life(exchange, id).await?;
    let deliveries: Vec<Value> = life.deliveries.iter().map(DeliveryRow::shown).collect();
    let meta = json!({ "total": deliveries.len() });
    Answer::json(200, &json!({ "deliveries": deliveries, "meta": meta }))
}
