//! One call of a provider: the request out, and what its answer means.

use shared::{lead::Lead, text::shortened};

use super::{
    clock,
    delivery_store::Claimed,
    outbound::{self, TransportError},
    reach,
};
use crate::{
    destination::Destination,
    provider::{self, OnUnconfirmed, Outcome, mask},
};

/// Longest piece of an answer that is kept with an attempt, in characters.
const EXCERPT_MAX_CHARS: usize = 300;

/// What came back.
pub(super) struct Sent {
    /// What it means.
    pub(super) outcome: Outcome,
    /// The provider's status, if it answered.
    pub(super) status_code: Option<u16>,
    /// The beginning of the answer, or what went wrong.
    pub(super) excerpt: Option<String>,
}

/// Sends the request and reads what came of it.
pub(super) async fn send(
    destination: &Destination,
    lead: &Lead,
    delivery: &Claimed,
    request: http::Request<Vec<u8>>,
    credential: &str,
) -> Sent {
    let uri = request.uri().clone();
    let holds = destination.on_unconfirmed == OnUnconfirmed::Hold;
    let refused = || TransportError::NotSent("The connection was refused.".to_owned());
    // Where a repeat does harm, asked before: afterwards, somebody may have read the request and gone.
    let sent = if holds && reach::refuses(&uri).await {
        Err(refused())
    } else {
        outbound::send(request, destination.timeout_ms).await
    };
    let sent = match sent {
        Err(TransportError::Broken(_)) if !holds && reach::refuses(&uri).await => Err(refused()),
        sent => sent,
    };
    match sent {
        Ok(answer) => {
            let text = String::from_utf8_lossy(answer.body());
            // Before it is cut: half a credential is none that would be found.
            let beginning = shortened(text.trim(), EXCERPT_MAX_CHARS.saturating_mul(2));
            let excerpt = shortened(&mask::without(beginning, credential), EXCERPT_MAX_CHARS).to_owned();
            let now = clock::now();
            let outcome = match &delivery.follow_up {
                Some(_) => provider::follow_up_outcome(&answer, delivery.reference.clone(), now),
                None => destination.provider.outcome(lead, &answer, now),
            };
            Sent {
                outcome: outcome.with_texts(|text| mask::without(text, credential)),
                status_code: Some(answer.status().as_u16()),
                excerpt: (!excerpt.is_empty()).then_some(excerpt),
            }
        }
        Err(error) => without_answer(error, destination.timeout_ms),
    }
}

/// What it means that there is no answer.
fn without_answer(error: TransportError, timeout_ms: u32) -> Sent {
    let (outcome, words) = match error {
        TransportError::NotSent(words) => {
            (Outcome::RetryLater { reason: "The provider could not be reached.".to_owned(), after: None }, words)
        }
        TransportError::TimedOut => {
            let reason = format!("No answer within {timeout_ms} ms.");
            (Outcome::Unconfirmed { reason: reason.clone() }, reason)
        }
        TransportError::Broken(words) => {
            (Outcome::Unconfirmed { reason: "The connection broke before the answer was complete.".to_owned() }, words)
        }
    };
    Sent { outcome, status_code: None, excerpt: Some(words) }
}
