//! What is answered when the transaction stored nothing, since the same request or the same person came
//! before, or too much did.

use std::time::Duration;

use serde_json::{Map, Value, json};
use shared::{
    form::{DuplicatePolicy, FormDefinition},
    lead::{Lead, LeadId},
    timestamp::Timestamp,
};
use worker::Delay;

use super::plan;
use crate::{
    answer::Answer,
    duplicate,
    idempotency::Repeatable,
    io::{
        clock, door,
        duplicates::{self, Contacts, First, Merger},
        entry::{self, Entry, KeptAnswer, Refusal},
        kv,
    },
    key::KeyRefusal,
    partner::{Dialect, Taken},
    problem::Problem,
    rate_limit::{PER_ADDRESS, Quota},
    routes::{exchange::Exchange, gate::Caller},
};

/// How often a merge is tried when others change the first lead at the same time. Each try costs two calls
/// of D1; an invocation on the free plan has 50 subrequests.
const MERGE_TRIES: u32 = 20;

/// How much longer than before each next try of a merge may wait, in milliseconds: a try takes about as long, so
/// that of many at once each soon has a moment to itself.
const MERGE_WAIT_MS: u64 = 25;

/// The answer that is kept for the same request.
///
/// # Errors
/// 422 when the one that is kept is for another request; 503.
async fn replayed(exchange: &Exchange, key_id: &str, key: &str, fingerprint: &str) -> Result<Option<Answer>, Problem> {
    let db = exchange.bindings.db()?;
    let Some(replay) = entry::replay(&db, key_id, key, exchange.request.now).await? else { return Ok(None) };
    if replay.fingerprint != fingerprint {
        return Err(Problem::IdempotencyConflict);
    }
    let answer = Answer::json_text(replay.status, replay.body).with("idempotent-replayed", "true");
    Ok(Some(match replay.location {
        Some(location) => answer.with("location", location),
        None => answer,
    }))
}

/// What is answered to a submission that cannot be accepted: what it was answered with when it was accepted
/// before, whatever the form asks by now, else what is wrong with it.
///
/// # Errors
/// What is wrong, or that another request came under its `Idempotency-Key`.
pub(in crate::routes) async fn unless_accepted_before(
    exchange: &Exchange,
    caller: &Caller,
    repeatable: Option<&Repeatable>,
    problem: Problem,
) -> Result<Answer, Problem> {
    let Some(Repeatable { key, fingerprint, .. }) = repeatable else { return Err(problem) };
    replayed(exchange, &caller.key.id, key, fingerprint).await?.ok_or(problem)
}

/// A second lead of the same person.
#[derive(Clone, Copy)]
pub(super) struct Second<'a> {
    /// Its form.
    pub(super) form: &'a FormDefinition,
    /// The lead as JSON.
    pub(super) document: &'a str,
    /// What it is known by.
    pub(super) contacts: &'a Contacts,
    /// The API whose words the answer has, and the lead.
    pub(super) words: Option<(Dialect, &'a Lead)>,
}

/// What is answered when the transaction was refused.
pub(super) async fn refused(
    exchange: &Exchange,
    caller: &Caller,
    entry: &Entry<'_>,
    refusal: Refusal,
) -> Result<Answer, Problem> {
    let (limit, now) = (caller.key.rate_limit, entry.now);
    match (refusal, entry.idempotency) {
        (Refusal::KeyLimit, _) => {
            let window = limit.window_at(now);
            if door::deny(&caller.key.id, window.end, now) {
                let (bindings, key_id) = (exchange.bindings.clone(), caller.key.id.clone());
                exchange.later(async move { kv::put_denial(&bindings, &key_id, window.end, now).await });
            }
            exchange.set_quota(door::write_quota(&caller.key.id, limit, now));
            Err(Problem::RateLimited { retry_after: window.seconds_left(now) })
        }
        (Refusal::AddressLimit, _) => {
            let window = PER_ADDRESS.window_at(now);
            if let Some((subject, _)) = entry.address {
                door::deny(subject, window.end, now);
            }
            Err(Problem::RateLimited { retry_after: window.seconds_left(now) })
        }
        (Refusal::KeyRevoked, _) => Err(KeyRefusal::NotValid.into()),
        (Refusal::IdempotencyTaken, Some(kept)) => {
            let found = replayed(exchange, entry.key_id, kept.key, kept.fingerprint).await?;
            // It was erased between the two questions: the client may simply send it again.
            found.ok_or(Problem::Store)
        }
        (Refusal::IdempotencyTaken, None) => Err(Problem::Internal),
        // Others change the lead faster than we read it, or it went meanwhile: the client sends it again.
        (Refusal::Duplicate | Refusal::Changed, _) => Err(Problem::Store),
        (Refusal::Store(error), _) => Err(error.into()),
    }
}

/// What is answered to a second lead of the same person: that it is one, with the first lead's id; and if
/// the form says so, the first gains what it lacked. It spends what a lead spends, or a key could be used
/// to ask without end who has written to the form.
pub(super) async fn duplicate(
    exchange: &Exchange,
    caller: &Caller,
    entry: &Entry<'_>,
    second: &Second<'_>,
) -> Result<Answer, Problem> {
    let Second { form, document, contacts, words } = *second;
    let db = exchange.bindings.db()?;
    let merges = form.duplicates.policy == DuplicatePolicy::Merge;
    for tries in 1..=MERGE_TRIES {
        // It may have gone between the two questions: then the same request makes a lead.
        let first = duplicates::first(&db, contacts).await?.ok_or(Problem::Store)?;
        let (body, merged) = if merges {
            let merged = merged(&first, document, &caller.key.id, entry.now)?;
            (json!({ "id": first.id, "duplicate": true, "merged": true }), Some(merged))
        } else {
            (json!({ "id": first.id, "duplicate": true }), None)
        };
        let known_by = merged.as_ref().and_then(|(document, _)| plan::contacts(form, document, entry.now));
        let merger = merged.as_ref().zip(known_by.as_ref());
        let merger = merger.map(|((document, event), contacts)| Merger { document, contacts, event });
        let body = match words {
            Some((dialect, lead)) => {
                let id = LeadId::parse(&first.id).ok_or(Problem::Internal)?;
                dialect.taken(&Taken { id, lead, is_duplicate: true, now: entry.now }).1
            }
            None => body,
        };
        let body = body.to_string();
        let idempotency = entry.idempotency.map(|kept| KeptAnswer { status: 200, body: &body, location: None, ..kept });
        match duplicates::settle(&db, &Entry { idempotency, ..*entry }, &first, merger.as_ref()).await {
            Ok(used) => {
                door::note_written(&caller.key.id, caller.key.rate_limit, used, entry.now);
                exchange.set_quota(Quota::after(caller.key.rate_limit, used, entry.now));
                return Ok(Answer::json_text(200, body));
            }
            Err(Refusal::Changed) => {
                let [random] = clock::random();
                let wait = u64::from(tries).saturating_mul(MERGE_WAIT_MS).saturating_mul(random.into()) / 255;
                Delay::from(Duration::from_millis(wait)).await;
            }
            Err(refusal) => return refused(exchange, caller, entry, refusal).await,
        }
    }
    refused(exchange, caller, entry, Refusal::Changed).await
}

/// The first lead with what it gains, and what its history tells of that, both as JSON.
fn merged(first: &First, document: &str, key_id: &str, now: Timestamp) -> Result<(String, String), Problem> {
    let object = |text: &str| serde_json::from_str::<Map<String, Value>>(text).map_err(|_| Problem::Internal);
    let mut lead = object(&first.document)?;
    let gained = duplicate::merge(&mut lead, object(document)?);
    let event = json!({ "at": now, "event": "merged", "key_id": key_id, "fields": gained });
    Ok((Value::Object(lead).to_string(), event.to_string()))
}
