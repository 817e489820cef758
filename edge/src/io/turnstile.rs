//! Asking Cloudflare Turnstile about a visitor.

use shared::form::Spam;

use super::{
    bindings::{Bindings, TURNSTILE_URL},
    outbound::{self, TransportError},
};
use crate::{
    spam::turnstile::{RESPONSE_MAX_CHARS, SITEVERIFY, Verdict, question, verdict},
    telemetry::{Event, log},
};

/// How long an answer may take, in milliseconds. The visitor waits, and without it the lead is taken too.
const TIMEOUT_MS: u32 = 2_000;

/// What Turnstile says of the visitor who sent `response`. Asked only where the form uses it and a response
/// came. `idempotency_key` stands for the submission.
pub async fn ask(
    bindings: &Bindings,
    rules: &Spam,
    response: Option<&str>,
    client: Option<&str>,
    idempotency_key: &str,
) -> Verdict {
    if rules.turnstile_site_key.is_none() {
        return Verdict::NotAsked;
    }
    let Some(response) = response else { return Verdict::Missing };
    if response.len() > RESPONSE_MAX_CHARS {
        return Verdict::Failed;
    }
    let verdict = match bindings.text(&rules.turnstile_secret) {
        Some(secret) => exchange(bindings, &secret, response, client, idempotency_key).await,
        None => Verdict::Unavailable(format!("the secret {} is not set", rules.turnstile_secret)),
    };
    if let Verdict::Unavailable(why) = &verdict {
        log(&Event::Fault { doing: "asking turnstile", cause: why });
    }
    verdict
}

async fn exchange(
    bindings: &Bindings,
    secret: &str,
    response: &str,
    client: Option<&str>,
    idempotency_key: &str,
) -> Verdict {
    // Anywhere else the secret would go to whoever can set a variable.
    let elsewhere = if bindings.is_development() { bindings.text(TURNSTILE_URL) } else { None };
    let address = elsewhere.as_deref().unwrap_or(SITEVERIFY);
    let unavailable = |why: &str| Verdict::Unavailable(why.to_owned());
    let Some(request) = question(address, secret, response, client, idempotency_key) else {
        return unavailable("the request cannot be made");
    };
    match outbound::send(request, TIMEOUT_MS).await {
        Ok(answer) => verdict(&answer),
        Err(TransportError::TimedOut) => unavailable("no answer in time"),
        Err(_) => unavailable("it cannot be reached"),
    }
}
