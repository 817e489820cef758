//! `/v1/privacy/…`: data-subject requests.

pub mod erase;
pub mod export;

use super::{
    gate::{self, Caller},
    json_body,
};
use crate::{data_subject::DataSubject, io::person::Person, key::Scope, problem::Problem, routes::exchange::Exchange};

/// Questions to D1 in one call, each about 20,000 leads: more would take seconds, in which D1 does nothing else.
const ROUNDS: u32 = 10;

/// 1. The key works and may manage leads: 401, 403, 429, 503.
/// 2. The body says who is meant: 400, 413, 415, 422.
///
/// # Errors
/// As above.
async fn meant(exchange: &Exchange) -> Result<(Caller, Person, Option<String>), Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    caller.must_have(Scope::Manage)?;
    // 2.
    let subject = DataSubject::read(json_body::object(exchange).await?).map_err(Problem::Configuration)?;
    let person = Person::new(&subject, &caller.catalog, &caller.key.grant);
    Ok((caller, person, subject.after.map(|id| id.to_string())))
}
