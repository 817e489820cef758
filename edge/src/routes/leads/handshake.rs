//! `GET /v1/leads?hub.mode=subscribe&…`: Meta asks whether it may send notifications here.
//!
//! <https://developers.facebook.com/docs/graph-api/webhooks/getting-started>

use subtle::ConstantTimeEq;

use super::super::gate;
use crate::{
    answer::Answer,
    io::{bindings::META_VERIFY_TOKEN, request::Incoming},
    key::Scope,
    problem::Problem,
    routes::exchange::Exchange,
};

/// Longest challenge that is said back; Meta's have about ten digits.
const CHALLENGE_MAX_CHARS: usize = 200;

/// Whether the request is the handshake.
pub fn is_asked(request: &Incoming) -> bool {
    request.query.contains("hub.mode=") && request.query_value("hub.mode").as_deref() == Some("subscribe")
}

/// 1. The key works and may write, so that a wrong one shows when Meta is connected: 401, 403, 429, 503.
/// 2. Meta says the token that the operator has set: 403, also while none is set.
/// 3. 200 with the challenge.
///
/// # Errors
/// As above.
pub async fn answer(exchange: &Exchange) -> Result<Answer, Problem> {
    let request = &exchange.request;
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    caller.must_have(Scope::Write)?;
    // 2.
    let expected = exchange.bindings.text(META_VERIFY_TOKEN).ok_or(Problem::NotConnected(META_VERIFY_TOKEN))?;
    let given = request.query_value("hub.verify_token").unwrap_or_default();
    if !bool::from(expected.as_bytes().ct_eq(given.as_bytes())) {
        return Err(Problem::VerifyToken);
    }
    // 3.
    let challenge = request.query_value("hub.challenge").unwrap_or_default();
    let body = challenge.chars().filter(char::is_ascii_graphic).take(CHALLENGE_MAX_CHARS).collect();
    Ok(Answer { status: 200, headers: vec![("content-type", "text/plain; charset=utf-8".to_owned())], body })
}
