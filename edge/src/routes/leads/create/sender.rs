//! Platforms as senders: the key that Google has in its body, signatures, and consent that they do not send.

use shared::error::{FieldErrors, FieldProblem};

use super::super::super::gate::{self, Caller};
use crate::{
    intake::{
        self, Intake,
        formats::{Format, signature},
    },
    io::bindings::{GOOGLE_LEAD_KEY, META_APP_SECRET, TYPEFORM_SECRET, WEBFLOW_SECRET},
    key::{ApiKey, KeyRefusal},
    problem::Problem,
    routes::exchange::Exchange,
};

/// Who sends: the holder of the key that is presented, or, where none is, of the one that Google's webhook
/// has as `google_key`, and whether it is that one. Of a body nothing else is looked at before a key is known:
/// whoever has none shall not make the Worker work.
///
/// # Errors
/// 401, 413, 503.
pub async fn identify(exchange: &Exchange) -> Result<(Caller, bool), Problem> {
    match gate::presented(exchange) {
        Ok(key) => return Ok((gate::identify(exchange, &key).await?, false)),
        Err(KeyRefusal::Missing) => {}
        Err(refusal) => return Err(refusal.into()),
    }
    let request = &exchange.request;
    if !intake::is_json(request.header("content-type").as_deref()) {
        return Err(KeyRefusal::Missing.into());
    }
    let key = intake::google_key(&request.bytes().await?).ok_or(KeyRefusal::Missing)?;
    let key = ApiKey::parse(key.trim()).ok_or(KeyRefusal::Malformed)?;
    Ok((gate::identify(exchange, &key).await?, true))
}

/// Whether the request is known to be a platform's own. Where the operator has set the platform's secret, it
/// must be. A secret key is proof enough: a server of the operator's passes it on. But of a notification none
/// is: it makes us ask Meta with our own token, for whatever lead it names.
///
/// # Errors
/// 401 when the proof is missing or wrong, 403 when a secret is missing that cannot be done without.
pub fn has_proved_itself(exchange: &Exchange, caller: &Caller, intake: &Intake, body: &[u8]) -> Result<bool, Problem> {
    let Some(format) = intake.format else { return Ok(false) };
    let secret = |name| exchange.bindings.text(name);
    let is_signed = |secrets: &str| signature::is_signed(format, secrets, |name| exchange.request.header(name), body);
    if let Some(ids) = &intake.notified {
        if ids.is_empty() {
            return Ok(false);
        }
        let secrets = secret(META_APP_SECRET).ok_or(Problem::NotConnected(META_APP_SECRET))?;
        return proof(Some(secrets), META_WRONG, is_signed);
    }
    if !caller.is_publishable() {
        return Ok(true);
    }
    match format {
        Format::Google => proof(secret(GOOGLE_LEAD_KEY), GOOGLE_KEY_WRONG, |secrets| {
            intake.google_key.as_deref().is_some_and(|key| signature::is_one_of(secrets, key.trim()))
        }),
        Format::Typeform => proof(secret(TYPEFORM_SECRET), TYPEFORM_WRONG, is_signed),
        Format::Webflow => proof(secret(WEBFLOW_SECRET), WEBFLOW_WRONG, is_signed),
        // A lead with its answers comes from a connector, which has no secret of Meta's.
        _ => Ok(false),
    }
}

const GOOGLE_KEY_WRONG: &str = "The google_key is not one that the secret GOOGLE_LEAD_KEY holds.";
const TYPEFORM_WRONG: &str = "Typeform-Signature is missing or was not made with the secret TYPEFORM_SECRET.";
const WEBFLOW_WRONG: &str = "X-Webflow-Signature is missing or was not made with the secret WEBFLOW_SECRET.";
const META_WRONG: &str = "X-Hub-Signature-256 is missing or was not made with the secret META_APP_SECRET.";

fn proof(secrets: Option<String>, wrong: &'static str, is_right: impl Fn(&str) -> bool) -> Result<bool, Problem> {
    match secrets {
        None => Ok(false),
        Some(secrets) if is_right(&secrets) => Ok(true),
        Some(_) => Err(Problem::Proof(wrong)),
    }
}

/// The errors, with what a platform's operator has to change where there is no box to tick.
pub fn explained(mut errors: FieldErrors, format: Option<Format>) -> FieldErrors {
    if format.is_some() && errors.of("consent").contains(&FieldProblem::ConsentRequired) {
        errors.add("consent", FieldProblem::ConsentNotSent);
    }
    errors
}
