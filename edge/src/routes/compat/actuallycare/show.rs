//! `GET /compat/actuallycare/v1/leads/{id}`: one lead.

use shared::lead::LeadId;

use super::{super::super::gate, answer};
use crate::{answer::Answer, io::lead_store, key::Scope, problem::Problem, routes::exchange::Exchange};

/// 1. The key works and may read: 401, 403, 429, 503.
/// 2. The lead exists and is of one of the key's forms: 404, which does not tell the two apart.
/// 3. The lead in its envelope: 200.
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
    let stored = lead_store::find(&exchange.bindings.db()?, id).await?;
    let stored = stored.filter(|lead| caller.key.grant.covers(lead.form())).ok_or(Problem::NotFound)?;
    // 3.
    answer(&stored)
}
