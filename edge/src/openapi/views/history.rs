//! A lead's life, as a body.

use schemars::JsonSchema;
use shared::{lead::LeadId, timestamp::Timestamp};

use super::Attempt;
use crate::{delivery::Status, provider::Note, routing::Said, spam::Reason};

/// One lead's life.
#[derive(JsonSchema)]
pub struct History {
    /// The lead.
    lead_id: LeadId,
    /// Oldest first.
    events: Vec<HistoryEvent>,
}

/// Something that happened to a lead.
#[derive(JsonSchema)]
#[schemars(tag = "event", rename_all = "snake_case")]
pub enum HistoryEvent {
    /// It came in.
    Received {
        /// When.
        at: Timestamp,
        /// To which form.
        form: String,
        /// With which key.
        key_id: String,
        /// `publishable` or `secret`; `null` once the key is revoked.
        key_kind: Option<String>,
    },
    /// What was made of its fields.
    Normalised {
        /// When.
        at: Timestamp,
        /// Fields by name, never their values.
        fields: Vec<NormalisedField>,
    },
    /// How suspicious it was.
    Scored {
        /// When.
        at: Timestamp,
        /// Of 100.
        score: u8,
        /// More than this is held back.
        threshold: u8,
        /// What was noticed.
        reasons: Vec<Reason>,
        /// Whether it was held back.
        quarantined: bool,
    },
    /// A duplicate came.
    Merged {
        /// When.
        at: Timestamp,
        /// With which key.
        key_id: String,
        /// What the lead gained from it, by name.
        fields: Vec<String>,
    },
    /// Somebody changed it.
    Changed {
        /// When.
        at: Timestamp,
        /// With which key.
        key_id: String,
        /// What changed, by name.
        fields: Vec<String>,
    },
    /// It became a client.
    Converted {
        /// When.
        at: Timestamp,
        /// With which key.
        key_id: String,
        /// The client.
        client_id: LeadId,
    },
    /// It was let out of quarantine.
    Released {
        /// When.
        at: Timestamp,
        /// With which key.
        key_id: String,
    },
    /// Deliveries were sent again by hand.
    Retried {
        /// When.
        at: Timestamp,
        /// With which key.
        key_id: String,
        /// Which.
        deliveries: Vec<String>,
    },
    /// The person withdrew their consent.
    ConsentWithdrawn {
        /// When.
        at: Timestamp,
        /// With which key.
        key_id: String,
    },
    /// What each destination of the form said.
    Routed {
        /// When.
        at: Timestamp,
        /// `null` for leads from before this was kept.
        destinations: Option<Vec<Said<'static>>>,
    },
    /// A try of a delivery.
    Attempt {
        /// Which delivery.
        delivery: String,
        /// Where to.
        destination: String,
        #[schemars(flatten)]
        attempt: Attempt,
    },
    /// Where a delivery stands, since when.
    Delivery {
        /// Since when.
        at: Timestamp,
        /// Which delivery.
        delivery: String,
        /// Where to.
        destination: String,
        /// The kind of API there.
        provider: String,
        /// The group in whose turn it is sent.
        group: Option<String>,
        /// Where it stands.
        status: Status,
        /// Why.
        reason: Option<String>,
        /// What the provider calls the lead.
        reference: Option<String>,
        /// What did not fit.
        notes: Vec<Note>,
        /// When it is tried next.
        next_attempt_at: Option<Timestamp>,
    },
}

/// What was made of a field.
#[derive(JsonSchema)]
pub struct NormalisedField {
    /// Which.
    field: String,
    /// In words.
    detail: String,
}
