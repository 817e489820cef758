//! `POST /compat/actuallycare/v1/leads/{id}/convert`: a lead becomes a client.

use serde_json::Value;
use shared::{field::Choice, lead::Lead};

use super::{
    super::super::{gate, json_body},
    in_envelope,
};
use crate::{
    answer::Answer,
    client_view::ClientType,
    json,
    key::Scope,
    lead_change::Expected,
    problem::Problem,
    provider::actuallycare::inbound::converted,
    routes::{exchange::Exchange, leads::convert},
};

/// The member that says what the client wants.
const CLIENT_TYPE: &str = "clientType";

/// 1. The key works and may manage leads: 401, 403, 429, 503.
/// 2. The body is an object or nothing, and says what the client wants, or a buyer is meant: 400, 413, 415.
/// 3. What [`convert::make_client`] does: 404, 409.
/// 4. Client and lead in their envelope: 200.
///
/// # Errors
/// As above.
pub async fn convert(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    caller.must_have(Scope::Manage)?;
    // 2.
    let members = json_body::object_or_nothing(exchange).await?;
    let client_type = match members.get(CLIENT_TYPE) {
        None | Some(Value::Null) => ClientType::Buyer,
        Some(value) => value.as_str().and_then(ClientType::named).ok_or_else(|| {
            Problem::Configuration([(CLIENT_TYPE.to_owned(), vec![ClientType::problem().to_string()])].into())
        })?,
    };
    // 3.
    let made = convert::make_client(exchange, &caller, id, &Expected::ANY, client_type).await?;
    // 4.
    let lead: Lead = json::parse(made.lead.document()).map_err(|_| Problem::Internal)?;
    let data = converted(&made.client, made.lead.id(), &lead);
    let message = Some("Lead successfully converted to client");
    Ok(in_envelope(data, message))
}
