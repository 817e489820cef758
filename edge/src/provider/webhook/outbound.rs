//! A lead as a webhook, and what its receiver's answers mean.

use http::{HeaderName, HeaderValue, Response, header::AUTHORIZATION};
use serde_json::Value;
use shared::{lead::Lead, timestamp::Timestamp};

use super::{Settings, signature, wire::Event};
use crate::provider::{Call, CannotSend, Credential, Notes, Outcome, Prepared, answer, path};

const WEBHOOK_ID: HeaderName = HeaderName::from_static("webhook-id");
const WEBHOOK_TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const WEBHOOK_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

/// What happened, where a lead was accepted.
pub const LEAD_CREATED: &str = "lead.created";

/// The request that gives `lead` to the receiver.
///
/// # Errors
/// When the settings or the credential make no request.
pub fn request(lead: &Lead, settings: &Settings, call: &Call<'_>) -> Result<Prepared, CannotSend> {
    request_of(LEAD_CREATED, data_of(lead, call)?, settings, call)
}

/// The request that tells the receiver of a `kind` of event and its `data`, which a field map takes its
/// values from. The event happened at the call's `created_at`.
///
/// # Errors
/// When the settings or the credential make no request.
pub fn request_of(kind: &str, data: Value, settings: &Settings, call: &Call<'_>) -> Result<Prepared, CannotSend> {
    if settings.auth_header.is_some() && call.credential.is_empty() {
        return Err(CannotSend::Misconfigured(
            "The destination has an auth_header, but no credential to go in it.".to_owned(),
        ));
    }
    let auth = credential(settings, call.credential);
    let signs = auth.is_none() && !call.credential.is_empty();
    let mut request = match &settings.fields {
        Some(fields) => call.post(&fields.body(&data), auth)?,
        None => call.post(&Event { kind: kind.to_owned(), timestamp: call.created_at, data }, auth)?,
    };
    let timestamp = call.now.seconds();
    let mut own = vec![(WEBHOOK_ID, call.idempotency_key.to_owned()), (WEBHOOK_TIMESTAMP, timestamp.to_string())];
    if signs {
        let value = signature::sign(call.credential, call.idempotency_key, timestamp, request.body())?;
        own.push((WEBHOOK_SIGNATURE, value));
    }
    let headers = request.headers_mut();
    for (name, value) in &settings.headers {
        headers.insert(name.clone(), value.clone());
    }
    for (name, value) in own {
        headers.insert(name, HeaderValue::from_str(&value).map_err(|_| CannotSend::not_a_request())?);
    }
    Ok(Prepared::new(request, Notes::default()))
}

/// The lead as the API shows it to others: what it says, with its id, its form and its time.
fn data_of(lead: &Lead, call: &Call<'_>) -> Result<Value, CannotSend> {
    let Some(Value::Object(mut data)) = path::tree(lead) else { return Err(CannotSend::not_a_request()) };
    data.insert("id".to_owned(), call.lead_id.into());
    data.insert("form".to_owned(), call.form.into());
    data.insert("created_at".to_owned(), call.created_at.to_string().into());
    Ok(Value::Object(data))
}

/// The header with the credential, where it does not sign. `Authorization` is a bearer's unless the
/// credential names its scheme itself, as in `Basic …`: no bearer's token has a space (RFC 6750 §2.1).
pub fn credential(settings: &Settings, credential: &str) -> Option<Credential> {
    let name = settings.auth_header.clone().filter(|_| !credential.is_empty())?;
    let is_bare_token = name == AUTHORIZATION && !credential.contains(' ');
    Some((name, if is_bare_token { format!("Bearer {credential}") } else { credential.to_owned() }))
}

/// What an answer means: any 2xx is a delivery. An address that is not there may come back, since
/// receivers are deployed and taken down; one that is gone does not.
pub fn outcome(answer: &Response<Vec<u8>>, now: Timestamp) -> Outcome {
    let body = answer::value(answer);
    let complaint = answer::complaint(&body);
    if answer.status().as_u16() == 404 {
        let reason = answer::reason(answer.status(), complaint);
        return Outcome::RetryLater { reason, after: answer::retry_after(answer.headers(), now) };
    }
    answer::by_status(answer, now, complaint).unwrap_or_else(|| Outcome::delivered(answer::any_reference(&body)))
}

#[cfg(test)]
mod tests;
