//! Errors as the outside sees them: the only file that picks an error's status, code and words.
//! The format is `application/problem+json` of RFC 9457. docs/ERRORS.md has a section for each code.

use std::collections::BTreeMap;

use serde::Serialize;
use shared::{error::FieldErrors, field::Choice, wire::ErrorCode};

use crate::{
    answer::Answer,
    hops::MAX_HOPS,
    intake::{BODY_MAX_BYTES, IntakeError, formats::Format},
    key::{KeyRefusal, Scope},
    partner::fields::{Wrong, by_field},
};

/// Seconds after which a client should try again when a store did not answer: long enough for a
/// restart, short enough for a visitor who waits.
pub const STORE_RETRY_SECONDS: u32 = 2;

/// Everything a request can end in that is not what was asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Problem {
    /// The body or its type could not be read.
    Intake(IntakeError),
    /// No valid key came.
    Key(KeyRefusal),
    /// The admin token is missing or wrong.
    AdminToken,
    /// The platform's own proof, a signature or a key in the body, is missing or wrong: what to set where.
    Proof(&'static str),
    /// The token of Meta's handshake is wrong.
    VerifyToken,
    /// What Meta sends is not taken while a secret of the Worker is not set: which.
    NotConnected(&'static str),
    /// Meta's Graph API did not give the lead it told of.
    Graph,
    /// The page's origin is not one the form allows.
    Origin,
    /// The form wants to know the page's origin.
    OriginMissing,
    /// The key may not do this.
    Scope(Scope),
    /// The key is not for this form.
    Form,
    /// The address is for secret keys.
    NotSecret,
    /// There is no such thing, or the key may not know of it.
    NotFound,
    /// The address takes other methods.
    Method(&'static str),
    /// The idempotency key was used for another request.
    IdempotencyConflict,
    /// The idempotency key is not 1 to 255 visible ASCII characters.
    IdempotencyKey,
    /// Fields of a lead are missing or wrong.
    Fields(FieldErrors),
    /// Fields are missing or wrong by the rules of the provider's API that a partner speaks.
    Partner(Vec<Wrong>),
    /// The lead went through too many systems to be new.
    TooManyHops,
    /// Members of a configuration, or of a change of a lead, are missing or wrong.
    Configuration(BTreeMap<String, Vec<String>>),
    /// Parameters of a query or a filter are unknown or wrong.
    Parameters(BTreeMap<String, Vec<String>>),
    /// The delivery stands where nobody may send it again.
    NotRetryable {
        /// Where it stands.
        status: String,
    },
    /// The lead changed since the caller read it.
    Changed {
        /// The version that it has.
        version: u32,
    },
    /// The lead became a client already.
    Converted {
        /// Which.
        client_id: String,
    },
    /// The lead is not held back, or not any more.
    NotQuarantined,
    /// The lead came without a consent.
    NoConsent,
    /// The consent of the lead was withdrawn: nothing of it is sent any more.
    Withdrawn,
    /// The key cannot give way to another.
    NotRotatable(String),
    /// Too much was sent.
    RateLimited {
        /// Seconds until it may go on.
        retry_after: i64,
    },
    /// KV or D1 does not answer.
    Store,
    /// A secret of the Worker is not set.
    SecretMissing(&'static str),
    /// A secret of the Worker is set to what it cannot be.
    SecretMalformed(&'static str),
    /// A fault of ours.
    Internal,
}

impl From<IntakeError> for Problem {
    fn from(error: IntakeError) -> Self {
        Self::Intake(error)
    }
}

impl From<KeyRefusal> for Problem {
    fn from(refusal: KeyRefusal) -> Self {
        Self::Key(refusal)
    }
}

impl From<FieldErrors> for Problem {
    fn from(errors: FieldErrors) -> Self {
        Self::Fields(errors)
    }
}

/// The body of an error (RFC 9457 §3).
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Problem"))]
pub(crate) struct Document<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: String,
    #[cfg_attr(test, schemars(extend("enum" = shared::wire::ErrorCode::ALL.map(shared::wire::ErrorCode::as_str))))]
    code: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<BTreeMap<String, Vec<String>>>"))]
    errors: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a str>,
}

impl Problem {
    /// The answer to the request with that id.
    pub fn answer(&self, request_id: &str) -> Answer {
        let (status, code, title) = self.kind();
        let errors = match self {
            Self::Fields(errors) => serde_json::to_value(errors).ok(),
            Self::Partner(wrong) => Some(by_field(wrong)),
            Self::Configuration(errors) | Self::Parameters(errors) => serde_json::to_value(errors).ok(),
            Self::IdempotencyKey | Self::IdempotencyConflict => {
                Some(serde_json::json!({ "Idempotency-Key": [self.detail()] }))
            }
            Self::Intake(IntakeError::UnknownFormat | IntakeError::NotOfFormat(_)) => {
                Some(serde_json::json!({ "format": [self.detail()] }))
            }
            _ => None,
        };
        let document = Document {
            r#type: format!("/docs/errors#{}", code.as_str()),
            title,
            status,
            detail: self.detail(),
            code: code.as_str(),
            request_id,
            errors,
            current_version: match self {
                Self::Changed { version } => Some(*version),
                _ => None,
            },
            client_id: match self {
                Self::Converted { client_id } => Some(client_id),
                _ => None,
            },
        };
        let body = serde_json::to_string(&document).unwrap_or_default();
        let answer = Answer { status, headers: vec![("content-type", "application/problem+json".to_owned())], body };
        match self {
            Self::Key(_) | Self::AdminToken | Self::Proof(_) => answer.with("www-authenticate", "Bearer"),
            Self::Method(allow) => answer.with("allow", *allow),
            Self::RateLimited { retry_after } => answer.with("retry-after", retry_after.to_string()),
            Self::Store | Self::Graph => answer.with("retry-after", STORE_RETRY_SECONDS.to_string()),
            _ => answer,
        }
    }

    /// Status, stable code and title. The title is the same for every problem of a code.
    pub(crate) fn kind(&self) -> (u16, ErrorCode, &'static str) {
        match self {
            Self::Intake(IntakeError::TooLarge) => (413, ErrorCode::BodyTooLarge, "The body is too large"),
            Self::Intake(IntakeError::UnsupportedType | IntakeError::NotJson) => {
                (415, ErrorCode::UnsupportedMediaType, "The body's type is not supported")
            }
            Self::Intake(IntakeError::NotUtf8 | IntakeError::NotAnObject | IntakeError::NotMultipart) => {
                (400, ErrorCode::InvalidJson, "The body cannot be read")
            }
            Self::Intake(IntakeError::UnknownFormat | IntakeError::NotOfFormat(_)) => {
                (422, ErrorCode::ValidationFailed, "Some fields need to be changed")
            }
            Self::Key(_) | Self::AdminToken | Self::Proof(_) => (401, ErrorCode::InvalidKey, "A valid key is needed"),
            Self::Origin | Self::OriginMissing => (403, ErrorCode::OriginNotAllowed, "This page may not use the form"),
            Self::Scope(_) | Self::Form | Self::NotSecret | Self::VerifyToken | Self::NotConnected(_) => {
                (403, ErrorCode::MissingScope, "The key may not do this")
            }
            Self::NotFound | Self::NoConsent => (404, ErrorCode::NotFound, "Not found"),
            Self::Method(_) => (405, ErrorCode::MethodNotAllowed, "The method is not allowed here"),
            Self::IdempotencyConflict => {
                (422, ErrorCode::IdempotencyConflict, "The idempotency key belongs to another request")
            }
            Self::NotRetryable { .. }
            | Self::NotQuarantined
            | Self::Withdrawn
            | Self::NotRotatable(_)
            | Self::Changed { .. }
            | Self::Converted { .. } => (409, ErrorCode::VersionConflict, "It does not stand where you expect it"),
            Self::IdempotencyKey
            | Self::Fields(_)
            | Self::Partner(_)
            | Self::TooManyHops
            | Self::Configuration(_)
            | Self::Parameters(_) => (422, ErrorCode::ValidationFailed, "Some fields need to be changed"),
            Self::RateLimited { .. } => (429, ErrorCode::RateLimited, "Too many requests"),
            Self::Store | Self::Graph => (503, ErrorCode::StoreUnavailable, "The store does not answer"),
            Self::SecretMissing(_) | Self::SecretMalformed(_) | Self::Internal => {
                (500, ErrorCode::Internal, "Something went wrong here")
            }
        }
    }

    /// Whether the sender has to change something: not what is no fault of the sender's, nor what came too often.
    pub fn is_the_senders(&self) -> bool {
        let (status, ..) = self.kind();
        (400..500).contains(&status) && status != 429
    }

    /// What kind of problem it is, the same for every problem of a code.
    pub fn title(&self) -> &'static str {
        self.kind().2
    }

    /// What happened this time and what to change.
    pub fn detail(&self) -> String {
        match self {
            Self::Intake(IntakeError::TooLarge) => format!("Send at most {BODY_MAX_BYTES} bytes."),
            Self::Intake(IntakeError::UnsupportedType) => {
                "Send application/json, application/x-www-form-urlencoded or multipart/form-data with its boundary.".into()
            }
            Self::Intake(IntakeError::NotJson) => "Send application/json.".into(),
            Self::Intake(IntakeError::NotUtf8) => "Send the JSON object in UTF-8.".into(),
            Self::Intake(IntakeError::NotMultipart) => {
                "Send parts that begin and end with the boundary of the Content-Type, each with its name.".into()
            }
            Self::Intake(IntakeError::NotAnObject) => "Send one JSON object, such as {\"email\": \"name@example.com\"}.".into(),
            Self::Intake(IntakeError::UnknownFormat) => format!("Use one of these formats, or none: {}.", names::<Format>()),
            Self::Intake(IntakeError::NotOfFormat(format)) => format!("This body is not what {} sends.", format.name()),
            Self::Key(KeyRefusal::Missing) => "Send a key as Authorization: Bearer KEY or X-Api-Key: KEY.".into(),
            Self::Key(KeyRefusal::Malformed) => "The key is incomplete or mistyped. Copy it again as a whole.".into(),
            Self::Key(KeyRefusal::SecretInQuery) => {
                "A secret key never belongs in an address, where browsers and logs keep it. Send it in a header, and replace this key.".into()
            }
            Self::Key(KeyRefusal::NotValid) => "This key is not valid here, or not any more.".into(),
            Self::AdminToken => "Send the admin token as Authorization: Bearer TOKEN.".into(),
            Self::Proof(mend) => (*mend).into(),
            Self::VerifyToken => "The hub.verify_token is not the one that the secret META_VERIFY_TOKEN holds.".into(),
            Self::NotConnected(name) => format!("Set the Worker's secret {name}: docs/FORMATS.md, Meta lead ads."),
            Self::Graph => "The lead could not be fetched from Meta's Graph API: send the notification again.".into(),
            Self::Origin => "Add the page's origin to the form's allowed_origins.".into(),
            Self::OriginMissing => "This form takes leads from web pages only: send the page's Origin.".into(),
            Self::Scope(scope) => format!("Use a key with the scope {scope}."),
            Self::Form => "Use a key that is bound to this form.".into(),
            Self::NotSecret => "Use a secret key: a publishable one may not do this.".into(),
            Self::Partner(wrong) => wrong.iter().map(|wrong| wrong.text.as_str()).collect::<Vec<_>>().join(" "),
            Self::TooManyHops => format!("This lead was passed on {MAX_HOPS} times before. Deliver it from where it came in."),
            Self::NotFound => "Check the address and the id.".into(),
            Self::Method(allow) => format!("Use one of: {allow}."),
            Self::IdempotencyConflict => "Send the same request again, or use a new Idempotency-Key for a new one.".into(),
            Self::IdempotencyKey => "Send an Idempotency-Key of 1 to 255 visible ASCII characters.".into(),
            Self::Fields(errors) => format!("Change these fields: {}.", errors.fields().collect::<Vec<_>>().join(", ")),
            Self::Configuration(errors) => {
                format!("Change these members: {}.", errors.keys().map(String::as_str).collect::<Vec<_>>().join(", "))
            }
            Self::Parameters(errors) => {
                format!("Change these parameters: {}.", errors.keys().map(String::as_str).collect::<Vec<_>>().join(", "))
            }
            Self::NotRetryable { status } if status == "delivered" || status == "delivering" => {
                format!("The delivery is {status}: there is nothing to send again.")
            }
            Self::NotRetryable { status } => {
                format!("The delivery is {status}, and another destination of its group has the lead or is being tried.")
            }
            Self::Changed { version } => format!("The lead has version {version} now. Read it again and decide anew."),
            Self::Converted { client_id } => format!("The lead became the client {client_id} already."),
            Self::NotQuarantined => "The lead is not in quarantine: there is nothing to release.".into(),
            Self::NoConsent => "The lead came without a consent, so there is no receipt of one.".into(),
            Self::Withdrawn => "The consent was withdrawn: nothing of the lead is sent any more.".into(),
            Self::NotRotatable(why) => why.clone(),
            Self::RateLimited { retry_after } => format!("Wait {retry_after} seconds and send it again."),
            // D1 may have stored it and lost only the answer, so nothing is claimed of that.
            Self::Store => "Send the same request again in a moment, under the same Idempotency-Key.".into(),
            Self::SecretMissing(name) => format!("The operator has to set the secret {name}."),
            Self::SecretMalformed(name) => format!("The operator has to set the secret {name} to 64 hexadecimal digits."),
            Self::Internal => "Send the request again; if it fails again, tell the operator the request_id.".into(),
        }
    }
}

/// The names of all values, as a list for people.
fn names<T: Choice>() -> String {
    T::ALL.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::error::FieldProblem;

    #[test]
    fn an_error_is_a_problem_document_with_a_stable_code() {
        let mut errors = FieldErrors::default();
        errors.add("email", FieldProblem::Email);
        let answer = Problem::Fields(errors).answer("r1");
        let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(answer.status, 422);
        assert_eq!(answer.headers[0], ("content-type", "application/problem+json".to_owned()));
        assert_eq!(
            body,
            serde_json::json!({
                "type": "/docs/errors#validation_failed", "title": "Some fields need to be changed", "status": 422,
                "detail": "Change these fields: email.", "code": "validation_failed", "request_id": "r1",
                "errors": {"email": ["Enter an email address such as name@example.com."]},
            })
        );
    }

    #[test]
    fn errors_carry_the_headers_their_status_asks_for() {
        let header = |problem: Problem, name: &str| {
            problem.answer("r").headers.into_iter().find(|(n, _)| *n == name).map(|(_, value)| value)
        };
        assert_eq!(header(Problem::Key(KeyRefusal::NotValid), "www-authenticate").as_deref(), Some("Bearer"));
        assert_eq!(header(Problem::Method("GET, HEAD"), "allow").as_deref(), Some("GET, HEAD"));
        assert_eq!(header(Problem::RateLimited { retry_after: 9 }, "retry-after").as_deref(), Some("9"));
        assert!(header(Problem::Store, "retry-after").is_some());
    }
}
