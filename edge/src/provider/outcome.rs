//! What an answer means, and why there may be no request at all.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::timestamp::Timestamp;

/// What an answer means, named after the decision it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The provider has the lead.
    Delivered {
        /// What the provider calls it.
        reference: Option<String>,
        /// What else it said that a person wants to know, such as a price.
        remark: Option<String>,
    },
    /// The provider has the lead, and one more request completes it.
    Continued {
        /// What the provider calls it.
        reference: Option<String>,
        /// The request that is still to be made.
        then: FollowUp,
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
            Self::Delivered { .. } | Self::Continued { .. } => "delivered",
            Self::Duplicate { .. } => "duplicate",
            Self::Refused { .. } => "refused",
            Self::RetryLater { .. } => "retry_later",
            Self::Unconfirmed { .. } => "unconfirmed",
            Self::Misconfigured { .. } => "misconfigured",
        }
    }

    /// The same with every text that the provider may have had a hand in changed.
    #[must_use]
    pub fn with_texts(self, change: impl Fn(&str) -> String) -> Self {
        let optional = |text: Option<String>| text.map(|text| change(&text));
        match self {
            Self::Delivered { reference, remark } => {
                Self::Delivered { reference: optional(reference), remark: optional(remark) }
            }
            Self::Continued { reference, then } => Self::Continued { reference: optional(reference), then },
            Self::Duplicate { reference } => Self::Duplicate { reference: optional(reference) },
            Self::Refused { reason } => Self::Refused { reason: change(&reason) },
            Self::RetryLater { reason, after } => Self::RetryLater { reason: change(&reason), after },
            Self::Unconfirmed { reason } => Self::Unconfirmed { reason: change(&reason) },
            Self::Misconfigured { reason } => Self::Misconfigured { reason: change(&reason) },
        }
    }

    /// A delivery of which the provider said no more than its own name for it.
    pub fn delivered(reference: Option<String>) -> Self {
        Self::Delivered { reference, remark: None }
    }
}

/// A request that completes a delivery after its lead was taken, as data: it is stored with the
/// delivery, so a crash between the two requests repeats neither the first nor forgets the second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// The method, such as `PUT`.
    pub method: String,
    /// What is added to the path of the destination's address, such as `/123`.
    pub path: String,
    /// The JSON body.
    pub body: Value,
}

/// Why a lead cannot be given to a provider at all: its delivery is skipped and says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotSend {
    /// The provider requires what the lead does not have, in words that complete "The provider requires …".
    Lacks(&'static str),
    /// The destination's address, settings or credential cannot make a request; a sentence for the operator.
    Misconfigured(String),
}

impl CannotSend {
    /// The address or the credential has characters that HTTP cannot carry.
    pub fn not_a_request() -> Self {
        Self::Misconfigured("The destination's url or credential cannot stand in an HTTP request.".to_owned())
    }
}

impl fmt::Display for CannotSend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lacks(what) => write!(f, "The provider requires {what}, and the lead has none."),
            Self::Misconfigured(sentence) => f.write_str(sentence),
        }
    }
}
