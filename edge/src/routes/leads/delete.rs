//! `DELETE /v1/leads/{id}`: erase a lead.

use serde_json::{Map, json};

use super::{
    super::gate,
    look::{Look, TRIES, must_be},
};
use crate::{
    answer::Answer,
    io::{
        clock,
        erasure::{self, Erasure},
    },
    key::Scope,
    lead_change::Expected,
    problem::Problem,
    routes::{exchange::Exchange, gate::Caller},
};

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
    let db = exchange.bindings.db()?;
    let mut look = Look::new(&db, caller, id)?;
    for _ in 0..TRIES {
        // 2.
        let stored = look.again().await?;
        // 3.
        let version = stored.version();
        must_be(expected, version)?;
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
            Err(refusal) => look.refused(version, refusal)?,
        }
    }
    Err(Problem::Store)
}
