//! `/v1/leads…`

pub mod consent;
pub mod convert;
pub mod create;
pub mod create_by_form;
pub mod delete;
pub mod deliveries;
mod dispatch;
pub mod export;
pub mod handshake;
pub mod history;
pub mod list;
mod look;
pub mod release;
pub mod show;
pub mod update;
pub mod withdraw;

use shared::lead::LeadId;

use super::gate;
use crate::{
    io::delivery_reader::{self, Life},
    key::Scope,
    problem::Problem,
    routes::exchange::Exchange,
};

/// 1. The key works and may read: 401, 403, 429, 503.
/// 2. The lead exists and is of one of the key's forms: 404, which does not tell the two apart.
///
/// # Errors
/// As above.
async fn life(exchange: &Exchange, id: &str) -> Result<Life, Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    caller.must_have(Scope::Read)?;
    // 2.
    let id = LeadId::parse(id).ok_or(Problem::NotFound)?;
    let life = delivery_reader::life(&exchange.bindings.db()?, id).await?;
    life.filter(|life| caller.key.grant.covers(&life.arrival.form)).ok_or(Problem::NotFound)
}
