//! The kinds of downstream API, and the one `match` over them.
//!
//! A provider is pure functions: a lead becomes an HTTP request, an HTTP answer becomes an
//! [`Outcome`]. Sending stands in `io/outbound.rs`; what an outcome does to a delivery in
//! `delivery.rs`. A new provider is a new variant here, and the compiler lists what it must add.

pub mod answer;
pub mod anyhouse;

use std::fmt;

use http::HeaderName;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::{lead::Lead, timestamp::Timestamp};

use crate::destination::Destination;

/// Most bytes of an answer that are read: more than any documented answer, little enough to hold six at once.
pub const ANSWER_MAX_BYTES: usize = 64 * 1024;

/// The header that tells a provider that an attempt is a repeat (draft-ietf-httpapi-idempotency-key-header).
/// A constant, since reading a name at run time brings a table of all known ones into the Worker.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A kind of downstream API with the settings of one destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provider {
    /// AnyHouse partner leads.
    AnyHouse(anyhouse::Settings),
}

/// The names of the kinds, as configuration writes them.
pub const NAMES: &[&str] = &["anyhouse"];

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
        match name {
            "anyhouse" => serde_json::from_value(settings).map(Self::AnyHouse),
            _ => return Err(ProviderError::Unknown),
        }
        .map_err(|error| ProviderError::Settings(error.to_string()))
    }

    /// Its name in configuration.
    pub fn name(&self) -> &'static str {
        match self {
            Self::AnyHouse(_) => "anyhouse",
        }
    }

    /// The request that gives `lead` to `destination`.
    ///
    /// # Errors
    /// Why this lead cannot be given to this provider at all.
    pub fn request(
        &self,
        lead: &Lead,
        destination: &Destination,
        credential: &str,
        call: &Call<'_>,
    ) -> Result<http::Request<Vec<u8>>, CannotSend> {
        match self {
            Self::AnyHouse(settings) => anyhouse::outbound::request(lead, destination, settings, credential, call),
        }
    }

    /// What the provider's answer means.
    pub fn outcome(&self, answer: &http::Response<Vec<u8>>, now: Timestamp) -> Outcome {
        match self {
            Self::AnyHouse(_) => anyhouse::outbound::outcome(answer, now),
        }
    }
}

/// What one call of a provider carries besides the lead.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The same for every attempt of a delivery.
    pub idempotency_key: &'a str,
    /// The lead's own id, for reference.
    pub lead_id: &'a str,
    /// When it is made.
    pub now: Timestamp,
}

/// What an answer means, named after the decision it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The provider has the lead.
    Delivered {
        /// What the provider calls it.
        reference: Option<String>,
    },
    /// The provider had the person already and made nothing new.
    Duplicate {
        /// What the provider calls what it has.
        reference: Option<String>,
    },
    /// The provider will never take this lead.
    Refused {
        /// In the provider's words, shortened.
        reason: String,
    },
    /// The provider cannot take it now.
    RetryLater {
        /// What happened.
        reason: String,
        /// Not before this, if the provider said when.
        after: Option<Timestamp>,
    },
    /// The request left, but whether the provider has the lead is unknown.
    Unconfirmed {
        /// What happened.
        reason: String,
    },
    /// The configuration is wrong: no lead will get through until a person mends it.
    Misconfigured {
        /// What the provider complained of.
        reason: String,
    },
}

impl Outcome {
    /// The name in attempts and logs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Delivered { .. } => "delivered",
            Self::Duplicate { .. } => "duplicate",
            Self::Refused { .. } => "refused",
            Self::RetryLater { .. } => "retry_later",
            Self::Unconfirmed { .. } => "unconfirmed",
            Self::Misconfigured { .. } => "misconfigured",
        }
    }
}

/// Why a lead cannot be given to a provider at all: its delivery is skipped and says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotSend {
    /// The provider requires what the lead does not have.
    Lacks(&'static str),
    /// The destination's address or credential cannot stand in an HTTP request.
    NotARequest,
}

impl fmt::Display for CannotSend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lacks(what) => write!(f, "The provider requires {what}, and the lead has none."),
            Self::NotARequest => f.write_str("The destination's url or credential cannot stand in an HTTP request."),
        }
    }
}

/// Whether an unconfirmed delivery may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnUnconfirmed {
    /// A second copy does no harm.
    Retry,
    /// Wait for a person.
    Hold,
}
