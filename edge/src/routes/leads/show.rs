//! `GET /v1/leads/{id}`: one lead with its deliveries.

use shared::lead::LeadId;

use super::super::gate;
use crate::{
    answer::Answer,
    io::lead_store::{self, StoredLead},
    key::Scope,
    lead_change::{entity_tag, is_known},
    problem::Problem,
    routes::exchange::Exchange,
};

/// 1. The key works and may read: 401, 403, 429, 503.
/// 2. The lead exists and is of one of the key's forms: 404, which does not tell the two apart.
/// 3. The lead, with its version as `ETag`: 200; 304 where `If-None-Match` says that the caller has it.
///
/// # Errors
/// As above.
pub async fn show(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    caller.must_have(Scope::Read)?;
    // 2.
    let id = LeadId::parse(id).ok_or(Problem::NotFound)?;
    let db = exchange.bindings.db()?;
    let lead = lead_store::find(&db, id).await?.filter(|lead| caller.key.grant.covers(lead.form()));
    let lead = lead.ok_or(Problem::NotFound)?;
    // 3.
    let known = exchange.request.header("if-none-match");
    if known.is_some_and(|known| is_known(&known, lead.version())) {
        return Ok(Answer::empty(304).with("etag", entity_tag(lead.version())));
    }
    answer(&lead)
}

/// A lead as it is shown, with its version as `ETag`.
pub(super) fn answer(lead: &StoredLead) -> Result<Answer, Problem> {
    let body = lead.render().ok_or(Problem::Internal)?;
    Ok(Answer::json_text(200, body).with("etag", entity_tag(lead.version())))
}
