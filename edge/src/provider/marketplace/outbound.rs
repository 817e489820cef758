//! A lead as marketplace wants it, and what its answers mean.

use http::{Response, header::AUTHORIZATION};
use shared::{lead::Lead, timestamp::Timestamp};

use super::Settings;
use crate::provider::{Call, CannotSend, Credential, Outcome, Prepared};

/// The request that gives `lead` to the provider.
///
/// # Errors
/// Why it cannot be given.
pub fn request(_lead: &Lead, _settings: &Settings, _call: &Call<'_>) -> Result<Prepared, CannotSend> {
    Err(CannotSend::Lacks("code"))
}

/// The header with the credential.
pub fn credential(credential: &str) -> Credential {
    (AUTHORIZATION, credential.to_owned())
}

/// What an answer means.
pub fn outcome(_lead: &Lead, _settings: &Settings, _answer: &Response<Vec<u8>>, _now: Timestamp) -> Outcome {
    Outcome::Unconfirmed { reason: String::new() }
}
