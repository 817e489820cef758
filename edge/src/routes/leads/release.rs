//! `POST /v1/leads/{id}/release`: let a quarantined lead out.

use serde_json::json;
use shared::lead::Lead;

use super::{
    super::gate,
    create::contacts,
    dispatch::Dispatch,
    look::{Look, TRIES},
    show,
};
use crate::{
    answer::Answer,
    io::{
        clock,
        release::{self, Release},
    },
    json,
    key::Scope,
    problem::Problem,
    routes::exchange::Exchange,
};

/// 1. The key works and may manage leads: 401, 403, 429, 503.
/// 2. The lead exists and is of one of the key's forms: 404, which does not tell the two apart.
/// 3. It is quarantined, and its consent was not withdrawn: 409.
/// 4. One transaction lets it out and stores its deliveries, by what is configured now: 401 if the key was revoked;
///    503.
/// 5. The lead as it is shown, 200, and behind the answer the first attempts.
///
/// # Errors
/// As above.
pub async fn release(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    caller.must_have(Scope::Manage)?;
    let db = exchange.bindings.db()?;
    let mut look = Look::new(&db, &caller, id)?;
    for _ in 0..TRIES {
        // 2.
        let stored = look.again().await?;
        // 3.
        if !stored.is_quarantined() {
            return Err(Problem::NotQuarantined);
        }
        if stored.is_withdrawn() {
            return Err(Problem::Withdrawn);
        }
        // 4.
        let now = clock::now();
        let lead: Lead = json::parse(stored.document()).map_err(|_| Problem::Internal)?;
        let dispatch = Dispatch::new(&caller.catalog, stored.form(), look.id(), &lead, now)?.come_by(stored.via());
        let form = caller.catalog.form(stored.form());
        let contacts = form.and_then(|form| contacts(form, stored.document(), now));
        let event = json!({ "at": now, "event": "released", "key_id": caller.key.id }).to_string();
        let release = Release {
            lead_id: stored.id(),
            version: stored.version(),
            departure: dispatch.departure(),
            contacts: contacts.as_ref(),
            event: &event,
            key_id: &caller.key.id,
            now,
        };
        match release::release(&db, &release).await {
            Ok(paused) => {
                // 5.
                dispatch.start(exchange, &caller.catalog, &lead, &paused);
                return show::answer(&look.again().await?);
            }
            Err(refusal) => look.refused(stored.version(), refusal)?,
        }
    }
    Err(Problem::Store)
}
