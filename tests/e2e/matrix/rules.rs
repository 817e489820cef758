//! What answers mean, by docs/CONTRACT.md and the providers' pages; written from them and not from the
//! Worker's code.

/// What an answer, or that there is none, means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The provider has the lead.
    Delivered {
        /// What it calls the lead; `None` where nothing says what that is.
        reference: Option<&'static str>,
    },
    /// The provider had the person.
    Duplicate,
    /// The provider will not take the lead.
    Refused,
    /// The provider cannot take it now.
    RetryLater(Wait),
    /// Nobody knows whether the provider has it.
    Unconfirmed,
    /// A person has to mend the destination.
    Misconfigured,
}

/// When a delivery is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// After the first wait of the schedule, a fifth less or more.
    Schedule,
    /// After as many seconds as the provider asked for.
    Seconds(i64),
    /// At the second since the Unix epoch that the provider named.
    Until(i64),
}

/// A lead is delivered; what the provider calls it is not looked at.
pub const DELIVERED: Meaning = Meaning::Delivered { reference: None };

/// The provider cannot take it now and did not say when it can.
pub const RETRY_LATER: Meaning = Meaning::RetryLater(Wait::Schedule);

impl Meaning {
    /// The word in the attempt.
    pub fn outcome(self) -> &'static str {
        match self {
            Self::Delivered { .. } => "delivered",
            Self::Duplicate => "duplicate",
            Self::Refused => "refused",
            Self::RetryLater(_) => "retry_later",
            Self::Unconfirmed => "unconfirmed",
            Self::Misconfigured => "misconfigured",
        }
    }

    /// What the delivery becomes.
    pub fn delivery_status(self, provider: &str) -> &'static str {
        match self {
            Self::Delivered { .. } => "delivered",
            Self::Duplicate => "duplicate",
            Self::Refused => "refused",
            Self::Unconfirmed if holds(provider) => "unconfirmed",
            Self::RetryLater(_) | Self::Unconfirmed | Self::Misconfigured => "pending",
        }
    }

    /// When it is tried again; `None` if not, or not before somebody mended the destination.
    pub fn wait(self, provider: &str) -> Option<Wait> {
        match self {
            Self::RetryLater(wait) => Some(wait),
            Self::Unconfirmed if !holds(provider) => Some(Wait::Schedule),
            _ => None,
        }
    }
}

/// Where a second copy is a second sale, what is not confirmed waits for a person.
fn holds(provider: &str) -> bool {
    provider == "marketplace"
}

/// What a status means whose body says nothing more. `wait` is what the answer asks for.
pub fn of_status(provider: &str, status: u16, wait: Wait) -> Meaning {
    match (status, provider) {
        (300..=399 | 401 | 403, _) => Meaning::Misconfigured,
        (404, "webhook") => Meaning::RetryLater(wait),
        (404, _) => Meaning::Misconfigured,
        (425 | 429, _) => Meaning::RetryLater(wait),
        // The marketplace may have sold the lead before it failed.
        (408 | 500..=599, "marketplace") => Meaning::Unconfirmed,
        (408 | 500..=599, _) => Meaning::RetryLater(wait),
        (400 | 409 | 422, _) => Meaning::Refused,
        _ => panic!("no rule for {status} of {provider}"),
    }
}

/// What a success means whose body is not the documented one.
pub fn of_unknown_success(provider: &str) -> Meaning {
    match provider {
        // Their pages document no body, so the status decides.
        "leadpro" | "webhook" => DELIVERED,
        _ => Meaning::Unconfirmed,
    }
}
