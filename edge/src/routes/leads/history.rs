//! `GET /v1/leads/{id}/history`: one lead's life, in order.

use serde_json::json;

use super::life;
use crate::{answer::Answer, history, problem::Problem, routes::exchange::Exchange};

/// What happened to the lead, from its arrival to where each delivery stands: 200.
///
/// # Errors
/// 401, 403, 404, 429, 503.
pub async fn history(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    let life = life(exchange, id).await?;
    let events = history::events(&life.arrival, &life.deliveries);
    Answer::json(200, &json!({ "lead_id": id.to_ascii_lowercase(), "events": events }))
}
