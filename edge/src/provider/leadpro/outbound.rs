//! A lead as LeadPro wants it, and what LeadPro's answers mean.

mod new_lead;
mod overflow;
mod room;

use http::{Response, header::AUTHORIZATION};
use shared::{lead::Lead, timestamp::Timestamp};

use super::Settings;
use crate::provider::{Call, CannotSend, Credential, Notes, Outcome, Prepared, answer};

pub use new_lead::new_lead;

/// The request that gives `lead` to LeadPro.
///
/// # Errors
/// When the lead lacks a name, an email, a phone or a type, or a postcode where the settings require one.
pub fn request(lead: &Lead, settings: &Settings, call: &Call<'_>) -> Result<Prepared, CannotSend> {
    let mut notes = Notes::default();
    let body = new_lead(lead, settings, call.lead_id, &mut notes)?;
    Ok(Prepared::new(call.post(&body, Some(credential(settings, call.credential)))?, notes))
}

/// The header with the credential: bare, but for `Authorization`, which has to name its scheme.
pub fn credential(settings: &Settings, credential: &str) -> Credential {
    match settings.auth_header.name() {
        name if *name == AUTHORIZATION => (AUTHORIZATION, format!("Bearer {credential}")),
        name => (name.clone(), credential.to_owned()),
    }
}

/// What an answer means. The page promises a 2xx for what was taken and says nothing of its body, so
/// none is asked for.
pub fn outcome(answer: &Response<Vec<u8>>, now: Timestamp) -> Outcome {
    answer::by_status(answer, now, answer::words(answer))
        .unwrap_or_else(|| Outcome::delivered(answer::any_reference(&answer::value(answer))))
}

#[cfg(test)]
mod tests;
