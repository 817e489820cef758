//! `POST /v1/leads`: accept a submission.

mod plan;

use std::rc::Rc;

use serde_json::Value;
use sha2::{Digest, Sha256};
use shared::{
    error::{Expected, FieldErrors, FieldProblem},
    form::FormDefinition,
    submission::Submission,
    wire::IDEMPOTENCY_KEY,
};

use self::plan::Plan;
use super::super::gate::{self, Caller};
use crate::{
    answer::Answer,
    delivery::LEASE_SECONDS,
    idempotency::{IdempotencyKey, KEPT_SECONDS, fingerprint},
    intake::{self, Intake},
    io::{
        accept::{self, Acceptance, KeptAnswer, Refusal},
        clock, delivery_queue, door,
        fan_out::{self, Place},
        kv,
        normaliser::Runtime,
    },
    key::{KeyRefusal, Scope},
    problem::Problem,
    rate_limit::{PER_ADDRESS, Quota},
    routes::exchange::Exchange,
};

/// 1. The key works, has not asked too often, and may write: 401, 403, 429, 503.
/// 2. For a publishable key: its form exists and the page may use it: 403.
/// 3. Neither key nor address is known to have used up its leads: 429, without any I/O.
/// 4. The body can be read: 400, 413, 415; and the `Idempotency-Key`: 422.
/// 5. It says which form it is for, and the key is for that form: 403, 422.
/// 6. It is a lead: 422 with everything that is wrong.
/// 7. One transaction stores answer, counts, lead and deliveries, or nothing: a request that came
///    before is answered as it was, or 422 if it was another; 401, 429, 503.
/// 8. 201, and behind the answer the first attempts.
///
/// # Errors
/// As above.
pub async fn create(exchange: &Exchange) -> Result<Answer, Problem> {
    let request = &exchange.request;
    // 1.
    let caller = gate::authenticate(exchange).await?;
    caller.meter(exchange)?;
    caller.must_have(Scope::Write)?;
    // 2.
    let bound = caller.key.grant.only_form().and_then(|id| caller.catalog.form(id));
    match bound {
        Some(form) => caller.must_be_allowed_page(exchange, form)?,
        None if caller.is_publishable() => return Err(Problem::Form),
        None => exchange.refuse_page(),
    }
    // 3.
    caller.must_not_be_denied(exchange)?;
    let client = if caller.is_publishable() { request.header("cf-connecting-ip") } else { None };
    let address = client.map(|client| address_subject(&caller.key.id, &client));
    if let Some(retry_after) = address.as_deref().and_then(|subject| door::denied_for(subject, request.now)) {
        return Err(Problem::RateLimited { retry_after });
    }
    // 4.
    let content_type = request.header("content-type");
    let idempotency_key = match request.header(IDEMPOTENCY_KEY) {
        Some(text) => Some(IdempotencyKey::parse(&text).ok_or(Problem::IdempotencyKey)?),
        None => None,
    };
    let body = request.bytes().await?;
    let Intake { submission, .. } = intake::submission(content_type.as_deref(), &body, &request.query)?;
    // 5.
    let form = form_of(&submission, &caller, bound)?;
    // 6.
    let now = clock::now();
    let lead = submission.validate(form, &Runtime, now)?;
    // 7.
    let plan = Plan::new(&caller, form, &lead, now)?;
    let repeatable = idempotency_key.as_ref().map(|key| {
        let (content_type, body) = intake::identity(content_type.as_deref().unwrap_or(""), &body);
        (key.as_str(), fingerprint(&request.path, &request.query, content_type, &body))
    });
    let place = Place::take();
    let acceptance = Acceptance {
        lead_id: &plan.lead_id,
        form: &form.id,
        document: &plan.document,
        key_id: &caller.key.id,
        key_limit: caller.key.rate_limit,
        address: address.as_deref().map(|subject| (subject, PER_ADDRESS)),
        routing: &plan.routing,
        deliveries: &plan.deliveries,
        lease: place.as_ref().map(|_| now.plus_seconds(LEASE_SECONDS)),
        idempotency: repeatable.as_ref().map(|(key, fingerprint)| KeptAnswer {
            key,
            fingerprint,
            status: 201,
            body: &plan.body,
            location: plan.location.as_deref(),
            expires_at: now.plus_seconds(KEPT_SECONDS),
        }),
        now,
    };
    let accepted = match accept::accept(&exchange.bindings.db()?, &acceptance).await {
        Ok(accepted) => accepted,
        Err(refusal) => return refused(exchange, &caller, &acceptance, refusal).await,
    };
    door::note_written(&caller.key.id, caller.key.rate_limit, accepted.used, now);
    exchange.set_quota(Quota::after(caller.key.rate_limit, accepted.used, now));
    // 8.
    match place {
        Some(place) => {
            let claimed = plan.claimed(lead, now, &accepted.paused);
            let (bindings, catalog) = (exchange.bindings.clone(), Rc::clone(&caller.catalog));
            exchange.later(async move {
                fan_out::attempt_all(&bindings, &catalog, &claimed).await;
                drop(place);
            });
        }
        None => {
            let bindings = exchange.bindings.clone();
            exchange.later(async move { delivery_queue::wake_soon(&bindings, now).await });
        }
    }
    let answer = Answer::json_text(201, plan.body);
    Ok(match plan.location {
        Some(location) => answer.with("location", location),
        None => answer,
    })
}

/// The form that a submission is for: what it says, else the one its key is bound to.
fn form_of<'a>(
    submission: &Submission,
    caller: &'a Caller,
    bound: Option<&'a FormDefinition>,
) -> Result<&'a FormDefinition, Problem> {
    let wrong = |problem| {
        let mut errors = FieldErrors::default();
        errors.add("form", problem);
        Problem::Fields(errors)
    };
    match (submission.get("form"), bound) {
        (None | Some(Value::Null), Some(form)) => Ok(form),
        (None | Some(Value::Null), None) => Err(wrong(FieldProblem::Required)),
        (Some(Value::String(id)), _) if !caller.key.grant.covers(id) => Err(Problem::Form),
        (Some(Value::String(id)), _) => {
            let known = || FieldProblem::NotOneOf { allowed: caller.catalog.form_ids(&caller.key.grant) };
            caller.catalog.form(id).ok_or_else(|| wrong(known()))
        }
        (Some(_), _) => Err(wrong(FieldProblem::NotA(Expected::Text))),
    }
}

/// What a client's address is counted under: it tells addresses apart and cannot be read back from D1
/// without the key's id and a search over all addresses.
fn address_subject(key_id: &str, client: &str) -> String {
    let digest = Sha256::digest(format!("{key_id} {client}"));
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// What is answered when the transaction was refused.
async fn refused(
    exchange: &Exchange,
    caller: &Caller,
    acceptance: &Acceptance<'_>,
    refusal: Refusal,
) -> Result<Answer, Problem> {
    let (limit, now) = (caller.key.rate_limit, acceptance.now);
    match (refusal, acceptance.idempotency) {
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
            if let Some((subject, _)) = acceptance.address {
                door::deny(subject, window.end, now);
            }
            Err(Problem::RateLimited { retry_after: window.seconds_left(now) })
        }
        (Refusal::KeyRevoked, _) => Err(KeyRefusal::NotValid.into()),
        (Refusal::IdempotencyTaken, Some(kept)) => {
            let db = exchange.bindings.db()?;
            match accept::replay(&db, acceptance.key_id, kept.key).await? {
                Some(replay) if replay.fingerprint == kept.fingerprint => {
                    let answer = Answer::json_text(replay.status, replay.body).with("idempotent-replayed", "true");
                    Ok(match replay.location {
                        Some(location) => answer.with("location", location),
                        None => answer,
                    })
                }
                Some(_) => Err(Problem::IdempotencyConflict),
                // It was erased between the two questions: the client may simply send it again.
                None => Err(Problem::Store),
            }
        }
        (Refusal::IdempotencyTaken, None) => Err(Problem::Internal),
        (Refusal::Store(error), _) => Err(error.into()),
    }
}
