//! `GET /v1/leads/{id}/consent`: the receipt of what a person agreed to, signed.

use shared::lead::LeadId;

use super::super::gate;
use crate::{
    answer::Answer,
    io::{consent_key::ConsentKey, lead_store},
    key::Scope,
    problem::Problem,
    routes::exchange::Exchange,
};

/// 1. The key works and may read: 401, 403, 429, 503.
/// 2. The lead exists and is of one of the key's forms, and a consent was given with it: 404.
/// 3. The receipt and its signature: 200; 500 where the Worker has no key to sign with.
///
/// # Errors
/// As above.
pub async fn consent(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    caller.must_have(Scope::Read)?;
    // 2.
    let id = LeadId::parse(id).ok_or(Problem::NotFound)?;
    let stored = lead_store::find(&exchange.bindings.db()?, id).await?;
    let stored = stored.filter(|lead| caller.key.grant.covers(lead.form())).ok_or(Problem::NotFound)?;
    let receipt = stored.consent_receipt().ok_or(Problem::NoConsent)?;
    // 3.
    let key = ConsentKey::load(&exchange.bindings).await?;
    Ok(Answer::json_text(200, key.signed(&receipt).await?))
}
