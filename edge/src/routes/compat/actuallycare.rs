//! `/compat/actuallycare/v1/leads…`: the lead's lifecycle in ActuallyCare's words.

pub mod show;

use shared::lead::{Lead, LeadId};

use crate::{
    answer::Answer,
    io::lead_store::StoredLead,
    json,
    problem::Problem,
    provider::actuallycare::inbound::{Shown, envelope, shown},
    routes::exchange::Exchange,
};

/// 200 with one lead in the envelope.
fn answer(exchange: &Exchange, id: LeadId, stored: &StoredLead) -> Result<Answer, Problem> {
    let lead: Lead = json::parse(stored.document()).map_err(|_| Problem::Internal)?;
    let (created_at, updated_at) = stored.times();
    let view = shown(&Shown {
        id: &id.to_string(),
        lead: &lead,
        status: stored.status(),
        version: stored.version(),
        created_at,
        updated_at,
        client_id: None,
    });
    Ok(Answer::json_text(200, envelope(view, None, exchange.request.now).to_string()))
}
