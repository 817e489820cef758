//! `/compat/actuallycare/v1/leads…`: the lead's lifecycle in ActuallyCare's words.

pub mod convert;
pub mod delete;
pub mod list;
pub mod show;
pub mod update;

use serde_json::Value;
use shared::lead::Lead;

use crate::{
    answer::Answer,
    io::{clock, lead_store::StoredLead},
    json,
    problem::Problem,
    provider::actuallycare::inbound::{Shown, envelope, shown},
};

/// One lead as it is shown.
fn view(stored: &StoredLead) -> Result<Value, Problem> {
    let lead: Lead = json::parse(stored.document()).map_err(|_| Problem::Internal)?;
    let (created_at, updated_at) = stored.times();
    Ok(shown(&Shown {
        id: stored.id(),
        lead: &lead,
        status: stored.status(),
        version: stored.version(),
        created_at,
        updated_at,
        client_id: stored.client_id(),
    }))
}

/// 200 with one lead in the envelope.
fn answer(stored: &StoredLead) -> Result<Answer, Problem> {
    Ok(in_envelope(view(stored)?, None))
}

/// 200 with that in the envelope, whose time is that of the answer: what it tells of has happened by then.
fn in_envelope(data: Value, message: Option<&str>) -> Answer {
    Answer::json_text(200, envelope(data, message, clock::now()).to_string())
}
