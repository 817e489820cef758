//! The kinds of downstream API, and the one `match` over them.
//!
//! A provider is pure functions: a lead becomes an HTTP request, an HTTP answer becomes an
//! [`Outcome`]. Sending stands in `io/outbound.rs`; what an outcome does to a delivery in
//! `delivery.rs`. A new provider is a new variant here, and the compiler lists what it must add.

pub mod actuallycare;
pub mod alterestate;
pub mod answer;
pub mod anyhouse;
pub mod call;
pub mod facts;
pub mod header;
pub mod leadpro;
pub mod marketplace;
pub mod mask;
pub mod note;
pub mod outcome;
pub mod path;
pub mod person;
pub mod webhook;

pub use call::{Call, Credential, Prepared};
pub use note::{Note, Notes};
pub use outcome::{CannotSend, FollowUp, Outcome};

use http::{Method, Request, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::{lead::Lead, timestamp::Timestamp};

/// Most bytes of an answer that are read: more than any documented answer, little enough to hold six at once.
pub const ANSWER_MAX_BYTES: usize = 64 * 1024;

/// A kind of downstream API with the settings of one destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provider {
    /// AnyHouse partner leads.
    AnyHouse(anyhouse::Settings),
    /// LeadPro, version 103.
    LeadPro(leadpro::Settings),
    /// The seller-code lead marketplace.
    Marketplace(marketplace::Settings),
    /// AlterEstate leads.
    AlterEstate(alterestate::Settings),
    /// ActuallyCare leads.
    ActuallyCare(actuallycare::Settings),
    /// Any receiver of signed webhooks.
    Webhook(webhook::Settings),
}

/// The names of the kinds, as configuration writes them.
pub const NAMES: &[&str] = &["anyhouse", "leadpro", "marketplace", "alterestate", "actuallycare", "webhook"];

/// Why a destination's provider or its settings were refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderError {
    /// No such kind.
    Unknown,
    /// The settings do not fit the kind.
    Settings(String),
}

impl Provider {
    /// The provider of that name with these settings.
    ///
    /// # Errors
    /// When there is no such provider, or it has no such settings.
    pub fn parse(name: &str, settings: Map<String, Value>) -> Result<Self, ProviderError> {
        let settings = Value::Object(settings);
        let wrong = |error: serde_json::Error| ProviderError::Settings(error.to_string());
        match name {
            "anyhouse" => serde_json::from_value(settings).map(Self::AnyHouse).map_err(wrong),
            "leadpro" => serde_json::from_value(settings).map(Self::LeadPro).map_err(wrong),
            "marketplace" => serde_json::from_value(settings).map(Self::Marketplace).map_err(wrong),
            "alterestate" => serde_json::from_value(settings).map(Self::AlterEstate).map_err(wrong),
            "actuallycare" => serde_json::from_value(settings).map(Self::ActuallyCare).map_err(wrong),
            "webhook" => serde_json::from_value(settings).map(Self::Webhook).map_err(wrong),
            _ => Err(ProviderError::Unknown),
        }
    }

    /// Its name in configuration.
    pub fn name(&self) -> &'static str {
        match self {
            Self::AnyHouse(_) => "anyhouse",
            Self::LeadPro(_) => "leadpro",
            Self::Marketplace(_) => "marketplace",
            Self::AlterEstate(_) => "alterestate",
            Self::ActuallyCare(_) => "actuallycare",
            Self::Webhook(_) => "webhook",
        }
    }

    /// What an unconfirmed delivery does where the destination does not say: at a marketplace a repeat
    /// can be a second sale.
    pub fn on_unconfirmed(&self) -> OnUnconfirmed {
        match self {
            Self::Marketplace(_) => OnUnconfirmed::Hold,
            _ => OnUnconfirmed::Retry,
        }
    }

    /// The request that gives `lead` to the provider.
    ///
    /// # Errors
    /// Why this lead cannot be given to this provider at all.
    pub fn request(&self, lead: &Lead, call: &Call<'_>) -> Result<Prepared, CannotSend> {
        match self {
            Self::AnyHouse(settings) => anyhouse::outbound::request(lead, settings, call),
            Self::LeadPro(settings) => leadpro::outbound::request(lead, settings, call),
            Self::Marketplace(settings) => marketplace::outbound::request(lead, settings, call),
            Self::AlterEstate(settings) => alterestate::outbound::request(lead, settings, call),
            Self::ActuallyCare(settings) => actuallycare::outbound::request(lead, settings, call),
            Self::Webhook(settings) => webhook::outbound::request(lead, settings, call),
        }
    }

    /// What the provider's answer to that request means. `lead` is what was sent.
    pub fn outcome(&self, lead: &Lead, answer: &Response<Vec<u8>>, now: Timestamp) -> Outcome {
        match self {
            Self::AnyHouse(_) => anyhouse::outbound::outcome(answer, now),
            Self::LeadPro(_) => leadpro::outbound::outcome(answer, now),
            Self::Marketplace(settings) => marketplace::outbound::outcome(lead, settings, answer, now),
            Self::AlterEstate(_) => alterestate::outbound::outcome(answer, now),
            Self::ActuallyCare(_) => actuallycare::outbound::outcome(lead, answer, now),
            Self::Webhook(_) => webhook::outbound::outcome(answer, now),
        }
    }

    /// The request that completes a delivery: the same credential, another path.
    ///
    /// # Errors
    /// When it cannot stand in an HTTP request.
    pub fn follow_up(&self, step: &FollowUp, call: &Call<'_>) -> Result<Request<Vec<u8>>, CannotSend> {
        let method = Method::from_bytes(step.method.as_bytes()).map_err(|_| CannotSend::not_a_request())?;
        let (path, query) = call.url.split_once('?').map_or((call.url, None), |(path, query)| (path, Some(query)));
        let mut url = format!("{}{}", path.trim_end_matches('/'), step.path);
        if let Some(query) = query {
            url.push('?');
            url.push_str(query);
        }
        let body = serde_json::to_vec(&step.body).map_err(|_| CannotSend::not_a_request())?;
        call.send(method, &url, body, self.credential(call.credential))
    }

    /// The header that carries the credential; `None` where the request is signed instead.
    fn credential(&self, credential: &str) -> Option<Credential> {
        match self {
            Self::AnyHouse(settings) => Some(anyhouse::outbound::credential(settings, credential)),
            Self::LeadPro(settings) => Some(leadpro::outbound::credential(settings, credential)),
            Self::Marketplace(_) => Some(marketplace::outbound::credential(credential)),
            Self::AlterEstate(_) => Some(alterestate::outbound::credential(credential)),
            Self::ActuallyCare(_) => Some(actuallycare::outbound::credential(credential)),
            Self::Webhook(settings) => webhook::outbound::credential(settings, credential),
        }
    }
}

/// What the answer to a [`FollowUp`] means. The provider has the lead whatever it says now: what it
/// refuses, or does not confirm by `success` or `data`, is a remark on a delivered lead. So is an address that is not there, since it is that of one
/// lead, and other leads get through. A conflict is what a repeat meets whose first answer was lost.
pub fn follow_up_outcome(answer: &Response<Vec<u8>>, reference: Option<String>, now: Timestamp) -> Outcome {
    let status = answer.status().as_u16();
    let remark = |words: &str, reason: String| Some(format!("The lead is there{words}. {reason}"));
    let body = answer::value(answer);
    let is_confirmed = match body.get("success") {
        Some(success) => success == &Value::Bool(true),
        None => body.get("data").is_some_and(|data| !data.is_null()),
    };
    match answer::by_status(answer, now, answer::complaint(&body)) {
        None if is_confirmed => Outcome::delivered(reference),
        None => {
            let reason = answer::reason(answer.status(), answer::complaint(&body));
            Outcome::Delivered { reference, remark: remark(", but its completion was not confirmed", reason) }
        }
        Some(Outcome::Refused { reason }) if status == 409 => {
            Outcome::Delivered { reference, remark: remark(", and changed before or by its last step", reason) }
        }
        Some(Outcome::Refused { reason } | Outcome::Unconfirmed { reason }) => {
            Outcome::Delivered { reference, remark: remark(", but was not completed", reason) }
        }
        Some(Outcome::Misconfigured { reason }) if matches!(status, 404 | 405 | 410) => {
            Outcome::Delivered { reference, remark: remark(", but was not completed", reason) }
        }
        Some(outcome) => outcome,
    }
}

/// Whether an unconfirmed delivery may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum OnUnconfirmed {
    /// A second copy does no harm.
    Retry,
    /// Wait for a person.
    Hold,
}

#[cfg(test)]
pub(crate) mod any_lead;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: Timestamp = Timestamp::from_millis(1_772_379_900_000);

    fn followed(status: u16, body: &str) -> Outcome {
        let answer =
            Response::builder().status(status).header("retry-after", "7").body(body.as_bytes().to_vec()).unwrap();
        follow_up_outcome(&answer, Some("a1".to_owned()), NOW)
    }

    #[test]
    fn a_follow_up_goes_below_the_destinations_path_with_its_credential() {
        let provider = Provider::ActuallyCare(actuallycare::Settings::default());
        let step = FollowUp { method: "PUT".to_owned(), path: "/a1".to_owned(), body: json!({"version": 1}) };
        for (url, expected) in [
            ("https://api.actuallycare.com/v1/leads", "https://api.actuallycare.com/v1/leads/a1"),
            ("https://api.actuallycare.com/v1/leads/?test=1", "https://api.actuallycare.com/v1/leads/a1?test=1"),
        ] {
            let call = Call {
                url,
                credential: "s3cret",
                idempotency_key: "0197_1",
                lead_id: "0197",
                form: "contact",
                created_at: NOW,
                now: NOW,
            };
            let request = provider.follow_up(&step, &call).unwrap();
            assert_eq!((request.method(), request.uri().to_string()), (&Method::PUT, expected.to_owned()));
            assert_eq!(request.headers()["x-api-key"], "s3cret");
            assert_eq!(request.body(), br#"{"version":1}"#);
        }
    }

    #[test]
    fn a_lead_that_is_there_stays_delivered_when_its_follow_up_is_refused() {
        for body in [r#"{"success": true}"#, r#"{"data": {"id": "a1"}}"#] {
            assert_eq!(followed(200, body), Outcome::delivered(Some("a1".to_owned())));
        }
        for status in [400, 404, 405, 409, 410, 422] {
            let Outcome::Delivered { reference, remark } = followed(status, r#"{"message": "No."}"#) else {
                panic!("{status}")
            };
            assert_eq!(reference.as_deref(), Some("a1"));
            assert!(remark.unwrap().ends_with(&format!(" HTTP {status}: No.")));
        }
    }

    #[test]
    fn a_follow_up_that_was_not_confirmed_leaves_a_remark() {
        for body in [r#"{"success": false, "message": "No."}"#, r#"{"success": false, "data": {}}"#, "{}", "<html>"] {
            let Outcome::Delivered { remark: Some(remark), .. } = followed(200, body) else { panic!("{body}") };
            assert!(
                remark.starts_with("The lead is there, but its completion was not confirmed. HTTP 200"),
                "{remark}"
            );
        }
    }

    #[test]
    fn a_follow_up_that_fails_for_now_or_by_its_credential_is_made_again() {
        for status in [408, 429, 503] {
            let Outcome::RetryLater { after, .. } = followed(status, "") else { panic!("{status}") };
            assert_eq!(after, Some(NOW.plus_seconds(7)));
        }
        for status in [301, 401, 403] {
            assert_eq!(followed(status, "").name(), "misconfigured");
        }
    }
}
