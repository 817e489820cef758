//! `DELETE /compat/actuallycare/v1/leads/{id}`: erase a lead.

use serde_json::json;

use super::{super::super::gate, in_envelope};
use crate::{
    answer::Answer,
    key::Scope,
    lead_change::Expected,
    problem::Problem,
    routes::{exchange::Exchange, leads::delete::erase},
};

/// 1. The key works and may manage leads: 401, 403, 429, 503.
/// 2. What [`erase`] does, whatever the lead's version: 404, 409.
/// 3. An envelope with nothing in it: 200.
///
/// # Errors
/// As above.
pub async fn delete(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    caller.must_have(Scope::Manage)?;
    // 2.
    erase(exchange, &caller, id, &Expected::ANY).await?;
    // 3.
    Ok(in_envelope(json!({}), None))
}
