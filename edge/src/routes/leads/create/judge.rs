//! How suspicious a submission is: what came with it, gathered for `spam`.

use sha2::{Digest, Sha256};

use super::admit::Candidate;
use crate::{
    io::turnstile,
    routes::exchange::Exchange,
    spam::{self, Evidence, Score},
};

/// The score of a valid lead. Asks Turnstile where the form uses it; its responses are good once, so a
/// submission that is refused for its fields must not come here.
pub(super) async fn judge(exchange: &Exchange, candidate: &Candidate<'_>) -> Score {
    let Candidate { caller, form, lead, signals, client, repeatable, now, .. } = candidate;
    let request = &exchange.request;
    let is_from_page = candidate.is_from_page;
    let key = if is_from_page { exchange.bindings.form_token_key() } else { None };
    let token = signals.form_token.as_deref();
    let response = signals.turnstile.as_deref();
    let sent_as = repeatable.map_or(request.id.as_str(), |repeatable| repeatable.key.as_str());
    let submission = submission_id(&caller.key.id, sent_as, response.unwrap_or(""));
    let client = client.map(|(client, _)| client);
    let evidence = Evidence {
        is_from_page,
        has_origin: !is_from_page || request.header("origin").is_some(),
        is_trapped: signals.trap.is_some(),
        token: key.as_ref().zip(token).map(|(key, token)| key.read(token, &form.id, *now)),
        expects_token: key.is_some(),
        turnstile: turnstile::ask(&exchange.bindings, &form.spam, response, client, &submission).await,
    };
    spam::score(&evidence, lead, &form.spam)
}

/// What Turnstile knows a submission by: a UUID, the same when the same submission comes again under its
/// `Idempotency-Key`, and another for every other one, so that nobody uses a response twice.
fn submission_id(key_id: &str, idempotency_key: &str, response: &str) -> String {
    let digest = Sha256::digest(format!("{key_id} {idempotency_key} {response}"));
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, of_digest)| *byte = of_digest);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}
