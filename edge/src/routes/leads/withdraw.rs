//! `POST /v1/leads/{id}/withdraw`: the person withdraws their consent.

use serde_json::{Map, json};

use super::{
    super::gate,
    look::{Look, TRIES, must_be},
    show,
};
use crate::{
    answer::Answer,
    io::{
        clock,
        withdrawal::{self, Withdrawal},
    },
    key::Scope,
    lead_change::Expected,
    problem::Problem,
    routes::exchange::Exchange,
};

/// 1. The key works and may manage leads: 401, 403, 429, 503.
/// 2. The lead exists and is of one of the key's forms: 404, which does not tell the two apart.
/// 3. It has the version that `If-Match` names, if it names one: 409. Withdrawn before, nothing is to be done.
/// 4. One transaction notes it and cancels the deliveries that wait: 401 if the key was revoked; 503.
/// 5. The lead as it is shown: 200.
///
/// # Errors
/// As above.
pub async fn withdraw(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    caller.must_have(Scope::Manage)?;
    let if_match = exchange.request.header("if-match");
    let expected = Expected::read(if_match.as_deref(), &mut Map::new()).map_err(Problem::Configuration)?;
    let expected = expected.unwrap_or(Expected::ANY);
    let db = exchange.bindings.db()?;
    let mut look = Look::new(&db, &caller, id)?;
    for _ in 0..TRIES {
        // 2.
        let stored = look.again().await?;
        // 3.
        let version = stored.version();
        must_be(&expected, version)?;
        if stored.is_withdrawn() {
            return show::answer(&stored);
        }
        // 4.
        let now = clock::now();
        let event = json!({ "at": now, "event": "consent_withdrawn", "key_id": caller.key.id }).to_string();
        let withdrawal = Withdrawal { lead_id: stored.id(), version, event: &event, key_id: &caller.key.id, now };
        match withdrawal::withdraw(&db, &withdrawal).await {
            // 5.
            Ok(stored) => return show::answer(&stored.ok_or(Problem::NotFound)?),
            Err(refusal) => look.refused(version, refusal)?,
        }
    }
    Err(Problem::Store)
}
