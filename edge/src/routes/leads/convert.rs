//! `POST /v1/leads/{id}/convert`: a lead becomes a client.

use serde_json::{Value, json};
use shared::field::Choice;

use super::{
    super::{gate, json_body},
    look::{Look, TRIES, must_be},
};
use crate::{
    answer::Answer,
    client_view::{self, ClientType},
    io::{
        clock,
        lead_convert::{self, NewClient},
        lead_store::StoredLead,
    },
    key::Scope,
    lead_change::{Expected, entity_tag},
    problem::Problem,
    routes::{exchange::Exchange, gate::Caller},
};

/// A lead that became a client.
#[derive(Debug)]
pub struct Conversion {
    /// The client with its contact, as it is shown.
    pub client: Value,
    /// The lead afterwards.
    pub lead: StoredLead,
}

/// 1. The key works and may manage leads: 401, 403, 429, 503.
/// 2. The body is an object that says what the client wants, and nothing else but the version that is meant,
///    which may also stand in `If-Match`: 400, 413, 415, 422.
/// 3. The lead exists and is of one of the key's forms: 404, which does not tell the two apart.
/// 4. It has the version that is meant, and is no client yet: 409.
/// 5. One transaction makes the client and its contact and changes the lead: 409 if somebody was faster; 401
///    if the key was revoked; 503.
/// 6. Client and lead: 201.
///
/// # Errors
/// As above.
pub async fn convert(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    caller.must_have(Scope::Manage)?;
    // 2.
    let mut members = json_body::object(exchange).await?;
    let if_match = exchange.request.header("if-match");
    let expected = Expected::read(if_match.as_deref(), &mut members).map_err(Problem::Configuration)?;
    let wrong = |name: &str, text: String| Problem::Configuration([(name.to_owned(), vec![text])].into());
    let client_type = members.remove(CLIENT_TYPE).and_then(|value| ClientType::named(value.as_str()?));
    let client_type = client_type.ok_or_else(|| wrong(CLIENT_TYPE, ClientType::problem().to_string()))?;
    if let Some(name) = members.keys().next() {
        return Err(wrong(name, "There is no such member.".to_owned()));
    }
    // 3. to 5.
    let Conversion { client, lead } =
        make_client(exchange, &caller, id, &expected.unwrap_or(Expected::ANY), client_type).await?;
    // 6.
    let shown = lead.render().ok_or(Problem::Internal)?;
    let body = format!("{{\"client\":{client},\"lead\":{shown}}}");
    Ok(Answer::json_text(201, body).with("etag", entity_tag(lead.version())))
}

/// The member that says what the client wants.
const CLIENT_TYPE: &str = "client_type";

/// Steps 3 to 5 of [`convert`].
///
/// # Errors
/// As there.
pub async fn make_client(
    exchange: &Exchange,
    caller: &Caller,
    id: &str,
    expected: &Expected,
    client_type: ClientType,
) -> Result<Conversion, Problem> {
    let db = exchange.bindings.db()?;
    let mut look = Look::new(&db, caller, id)?;
    for _ in 0..TRIES {
        // 3.
        let stored = look.again().await?;
        // 4.
        let version = stored.version();
        if let Some(client_id) = stored.client_id() {
            return Err(Problem::Converted { client_id: client_id.to_owned() });
        }
        must_be(expected, version)?;
        // 5.
        let now = clock::now();
        let (client_id, contact_id) = (clock::new_id(now).to_string(), clock::new_id(now).to_string());
        let event = json!({ "at": now, "event": "converted", "key_id": caller.key.id, "client_id": client_id });
        let new = NewClient {
            lead_id: stored.id(),
            version,
            client_id: &client_id,
            contact_id: &contact_id,
            client_type: client_type.name(),
            event: &event.to_string(),
            key_id: &caller.key.id,
            now,
        };
        match lead_convert::convert(&db, &new).await {
            Ok(made) => {
                let (client, lead) = made.ok_or(Problem::NotFound)?;
                return Ok(Conversion { client: client_view::shown(&client), lead });
            }
            Err(refusal) => look.refused(version, refusal)?,
        }
    }
    Err(Problem::Store)
}
