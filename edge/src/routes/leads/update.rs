//! `PUT /v1/leads/{id}`: change a lead.

use serde_json::{Map, Value, json};
use shared::{contact::Region, field::Choice};

use super::{
    super::{gate, json_body},
    create::contacts,
    look::{Look, TRIES, must_be},
    show,
};
use crate::{
    answer::Answer,
    intake::exposed,
    io::{
        clock,
        lead_store::StoredLead,
        lead_update::{self, LeadUpdate},
        normaliser::Runtime,
    },
    json,
    key::Scope,
    lead_change::{self, Expected},
    problem::Problem,
    routes::{exchange::Exchange, gate::Caller},
};

/// 1. The key works and may manage leads: 401, 403, 429, 503.
/// 2. The body is an object, and it or `If-Match` says which version is meant: 400, 413, 415, 422.
/// 3. The lead exists and is of one of the key's forms: 404, which does not tell the two apart.
/// 4. It has that version: 409 with the one it has.
/// 5. What is to change can be changed, and the values are those of a lead: 422 with everything that is wrong.
/// 6. One transaction changes it: 409 if somebody was faster; 401 if the key was revoked; 503.
/// 7. The lead as it is shown, with its new version as `ETag`: 200.
///
/// # Errors
/// As above.
pub async fn update(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    caller.must_have(Scope::Manage)?;
    // 2.
    let mut members = json_body::object(exchange).await?;
    let if_match = exchange.request.header("if-match");
    let expected = Expected::read(if_match.as_deref(), &mut members).map_err(Problem::Configuration)?;
    let expected = expected.ok_or_else(|| Problem::Configuration(lead_change::version_is_missing()))?;
    // 3. to 7.
    show::answer(&change(exchange, &caller, id, &expected, members).await?)
}

/// Steps 3 to 6 of [`update`], with the lead as it is afterwards. What changes nothing writes nothing.
///
/// # Errors
/// As there.
pub async fn change(
    exchange: &Exchange,
    caller: &Caller,
    id: &str,
    expected: &Expected,
    mut members: Map<String, Value>,
) -> Result<StoredLead, Problem> {
    let db = exchange.bindings.db()?;
    let mut look = Look::new(&db, caller, id)?;
    exposed::cover(&mut members);
    for _ in 0..TRIES {
        // 3.
        let stored = look.again().await?;
        // 4.
        let version = stored.version();
        must_be(expected, version)?;
        // 5.
        let shown = stored.render().ok_or(Problem::Internal)?;
        let shown: Map<String, Value> = serde_json::from_str(&shown).map_err(|_| Problem::Internal)?;
        let lead = json::parse(stored.document()).map_err(|_| Problem::Internal)?;
        let form = caller.catalog.form(stored.form());
        let region = form.map_or(Region::GB, |form| form.phone_region);
        let change = lead_change::change(members.clone(), &shown, lead, region, &Runtime);
        let change = change.map_err(Problem::Configuration)?;
        if change.fields.is_empty() {
            return Ok(stored);
        }
        // 6.
        let now = clock::now();
        let document = serde_json::to_string(&change.lead).map_err(|_| Problem::Internal)?;
        let event = json!({ "at": now, "event": "changed", "key_id": caller.key.id, "fields": change.fields });
        // One that is held back, or of which nothing goes out any more, takes nothing from others.
        let contacts = form
            .filter(|_| !stored.is_quarantined() && !stored.is_withdrawn())
            .and_then(|form| contacts(form, &document, now));
        let update = LeadUpdate {
            lead_id: stored.id(),
            version,
            status: change.status.map(Choice::name),
            before: stored.document(),
            document: &document,
            contacts: change.touches_contact().then_some(contacts.as_ref()),
            event: &event.to_string(),
            key_id: &caller.key.id,
            now,
        };
        match lead_update::update(&db, &update).await {
            Ok(changed) => return changed.ok_or(Problem::NotFound),
            Err(refusal) => look.refused(version, refusal)?,
        }
    }
    Err(Problem::Store)
}
