//! `GET /.well-known/leadgate-consent-key`: the public half of the key that signs consent receipts.

use crate::{answer::Answer, io::consent_key::ConsentKey, problem::Problem, routes::exchange::Exchange};

/// How long anybody may keep it: an hour, since it changes when the operator changes it.
const CACHE: &str = "public, max-age=3600";

/// The key as a JSON Web Key: 200; 500 where the Worker has none.
///
/// # Errors
/// As above.
pub async fn show(exchange: &Exchange) -> Result<Answer, Problem> {
    let key = ConsentKey::load(&exchange.bindings).await?;
    Ok(Answer::json(200, &key.public_jwk())?.with("cache-control", CACHE))
}
