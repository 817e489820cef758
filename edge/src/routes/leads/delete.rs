//! `DELETE /v1/leads/{id}`: erase a lead.

use serde_json::{Map, json};
use shared::lead::LeadId;

use super::super::gate;
use crate::{
    answer::Answer,
    io::{
        clock,
        entry::Refusal,
        erasure::{self, Erasure},
        lead_store,
    },
    key::{KeyRefusal, Scope},
    lead_change::Expected,
    problem::Problem,
    routes::{exchange::Exchange, gate::Caller},
};

/// How often it is tried when others change the lead at the same time.
const TRIES: u32 = 5;

/// 1. The key works and may manage leads: 401, 403, 429, 503.
/// 2. The lead exists and is of one of the key's forms: 404, which does not tell the two apart.
/// 3. It has the version that `If-Match` names, if it names one: 409.
/// 4. One transaction erases it: 409 if somebody was faster; 401 if the key was revoked; 503.
/// 5. 204.
///
/// # Errors
/// As above.
pub async fn delete(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    caller.must_have(Scope::Manage)?;
    // 2. to 4.
    let if_match = exchange.request.header("if-match");
    let expected = Expected::read(if_match.as_deref(), &mut Map::new()).map_err(Problem::Configuration)?;
    erase(exchange, &caller, id, &expected.unwrap_or(Expected::ANY)).await?;
    // 5.
    Ok(Answer::empty(204))
}

/// Steps 2 to 4 of [`delete`].
///
/// # Errors
/// As there.
pub async fn erase(exchange: &Exchange, caller: &Caller, id: &str, expected: &Expected) -> Result<(), Problem> {
    let id = LeadId::parse(id).ok_or(Problem::NotFound)?;
    let db = exchange.bindings.db()?;
    let mut refused = None;
    for _ in 0..TRIES {
        // 2.
        let stored = lead_store::find(&db, id).await?.filter(|lead| caller.key.grant.covers(lead.form()));
        let stored = stored.ok_or(Problem::NotFound)?;
        // 3.
        let version = stored.version();
        if refused == Some(version) {
            return Err(KeyRefusal::NotValid.into());
        }
        if !expected.is_met_by(version) {
            return Err(Problem::Changed { version });
        }
        // 4.
        let erasure = Erasure {
            leads: &json!([stored.id()]).to_string(),
            contacts: "[]",
            version: Some(version),
            key_id: Some(&caller.key.id),
            kind: "lead",
            target: Some(stored.id()),
            request_id: &exchange.request.id,
            now: clock::now(),
        };
        match erasure::erase(&db, &erasure).await {
            Ok(erased) => return erased.map(drop).ok_or(Problem::NotFound),
            Err(Refusal::Store(error)) => return Err(error.into()),
            // It is not as it was read, or the key was revoked: the next look tells which.
            Err(_) => refused = Some(version),
        }
    }
    Err(Problem::Store)
}
