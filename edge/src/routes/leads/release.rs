//! `POST /v1/leads/{id}/release`: let a quarantined lead out.

use serde_json::json;
use shared::lead::{Lead, LeadId};

use super::{super::gate, create::contacts, dispatch::Dispatch, show};
use crate::{
    answer::Answer,
    io::{
        clock,
        entry::Refusal,
        lead_store,
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
/// 4. One transaction lets it out and stores its deliveries, by what is configured now: 409 if somebody was
///    faster; 503.
/// 5. The lead as it is shown, 200, and behind the answer the first attempts.
///
/// # Errors
/// As above.
pub async fn release(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    caller.must_have(Scope::Manage)?;
    // 2.
    let id = LeadId::parse(id).ok_or(Problem::NotFound)?;
    let db = exchange.bindings.db()?;
    let stored = lead_store::find(&db, id).await?.filter(|lead| caller.key.grant.covers(lead.form()));
    let stored = stored.ok_or(Problem::NotFound)?;
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
    let dispatch = Dispatch::new(&caller.catalog, stored.form(), id, &lead, now)?.come_by(stored.via());
    let form = caller.catalog.form(stored.form());
    let contacts = form.and_then(|form| contacts(form, stored.document(), now));
    let event = json!({ "at": now, "event": "released", "key_id": caller.key.id }).to_string();
    let release = Release {
        lead_id: &id.to_string(),
        version: stored.version(),
        departure: dispatch.departure(),
        contacts: contacts.as_ref(),
        event: &event,
        now,
    };
    let paused = release::release(&db, &release).await.map_err(|refusal| match refusal {
        Refusal::Store(error) => error.into(),
        _ => Problem::NotQuarantined,
    })?;
    // 5.
    dispatch.start(exchange, &caller.catalog, &lead, &paused);
    let released = lead_store::find(&db, id).await?.ok_or(Problem::NotFound)?;
    show::answer(&released)
}
