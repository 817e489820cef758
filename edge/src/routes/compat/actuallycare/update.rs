//! `PUT /compat/actuallycare/v1/leads/{id}`: change a lead.

use super::{
    super::super::{gate, json_body},
    answer,
};
use crate::{
    answer::Answer,
    key::Scope,
    lead_change::Expected,
    problem::Problem,
    provider::actuallycare::inbound::CHANGEABLE,
    routes::{exchange::Exchange, leads::update},
};

/// 1. The key works and may manage leads: 401, 403, 429, 503.
/// 2. The body is an object; the version that is meant may stand in it: 400, 413, 415.
/// 3. What [`update::change`] does: 400, 404, 409. What the page does not name stays as it is.
/// 4. The lead in its envelope: 200.
///
/// # Errors
/// As above.
pub async fn update(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    caller.must_have(Scope::Manage)?;
    // 2.
    let mut members = json_body::object(exchange).await?;
    let if_match = exchange.request.header("if-match");
    let expected = Expected::read(if_match.as_deref(), &mut members).map_err(Problem::Configuration)?;
    // 3.
    members.retain(|name, _| CHANGEABLE.contains(&name.as_str()));
    let changed = update::change(exchange, &caller, id, &expected.unwrap_or(Expected::ANY), members).await?;
    // 4.
    answer(&changed)
}
