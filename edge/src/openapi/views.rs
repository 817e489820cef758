//! Bodies that the handlers put together as they go, as types: only the document uses them, and tests
//! hold real answers against them.

mod history;
mod keys;
mod lifecycle;
mod privacy;

use schemars::JsonSchema;
use serde_json::{Map, Value};
use shared::{
    lead::{Lead, LeadId},
    timestamp::Timestamp,
};

use crate::{
    delivery::Status,
    lead_view::{DeliveryLine, Head},
    preflight::Preflight,
    provider::Note,
    spam::Reason,
};

pub use history::History;
pub use keys::{AuditPage, CreatedKey, KeyView, NewKey, Rotation};
pub use lifecycle::{Conversion, LeadChange, LeadPage, NewClient, Statistics};
pub use privacy::{ConsentKey, DataSubject, Erased, Holdings, SignedReceipt};

/// A lead as it is shown: of its fields those that have a value.
#[derive(JsonSchema)]
#[schemars(rename = "Lead")]
pub struct LeadView {
    #[schemars(flatten)]
    head: Head<'static>,
    #[schemars(flatten)]
    lead: Lead,
    /// Where it goes.
    deliveries: Vec<DeliveryLine>,
}

/// Why a lead is held back.
#[derive(JsonSchema)]
pub struct Quarantine {
    /// How suspicious it is, of 100.
    score: u8,
    /// What was noticed.
    reasons: Vec<Reason>,
    /// Since when.
    at: Timestamp,
}

/// What is answered to a second lead of the same person, where the form keeps none.
#[derive(JsonSchema)]
pub struct Duplicate {
    /// The first lead's id.
    id: LeadId,
    /// Always `true`.
    duplicate: bool,
    /// Whether the first lead gained what it lacked.
    #[schemars(skip_serializing_if = "Option::is_none")]
    merged: Option<bool>,
}

/// What is answered to Meta, which sends ids of leads.
#[derive(JsonSchema)]
pub struct Notified {
    /// How many there were, all of which are kept.
    accepted: u32,
}

/// A lead to one destination, as it stands.
#[derive(JsonSchema)]
#[schemars(rename = "Delivery")]
pub struct DeliveryView {
    /// `{lead id}_{number}`; also the `Idempotency-Key` of every attempt.
    id: String,
    /// Its lead.
    lead_id: LeadId,
    /// Where to.
    destination: String,
    /// The kind of API there.
    provider: String,
    /// Where it stands.
    status: Status,
    /// The first and the 19 latest.
    attempts: Vec<Attempt>,
    /// How many there were.
    attempt_count: u32,
    /// When it is tried next, while it is pending.
    next_attempt_at: Option<Timestamp>,
    /// What the provider calls the lead.
    reference: Option<String>,
    /// Why it stands there.
    reason: Option<String>,
    /// What of the lead the provider did not get as it was.
    notes: Vec<Note>,
    /// The group in whose turn it is sent.
    group: Option<String>,
    /// When the lead was accepted.
    created_at: Timestamp,
    /// When it changed last.
    updated_at: Timestamp,
}

/// One try of a delivery.
#[derive(JsonSchema)]
pub struct Attempt {
    /// When it began.
    at: Timestamp,
    /// The provider's status, if there was an answer.
    status_code: Option<u16>,
    /// How long it took, in milliseconds.
    duration_ms: i64,
    /// What the answer means.
    outcome: OutcomeName,
    /// The beginning of the answer, without our credential; or what went wrong.
    excerpt: Option<String>,
}

/// What an answer of a provider means.
#[derive(JsonSchema)]
#[schemars(rename = "Outcome", rename_all = "snake_case")]
pub enum OutcomeName {
    /// The provider has the lead.
    Delivered,
    /// It had the person already.
    Duplicate,
    /// It will never take the lead.
    Refused,
    /// It cannot take it now.
    RetryLater,
    /// Nobody knows whether it has it.
    Unconfirmed,
    /// The destination has to be mended.
    Misconfigured,
    /// The lead lacks what the provider requires.
    Skipped,
}

/// Deliveries of one lead.
#[derive(JsonSchema)]
pub struct LeadDeliveries {
    /// In the order in which they were made.
    deliveries: Vec<DeliveryView>,
    /// About the list.
    meta: Total,
}

/// How many there are.
#[derive(JsonSchema)]
pub struct Total {
    /// In the list.
    total: u32,
}

/// A page of deliveries.
#[derive(JsonSchema)]
pub struct DeliveryPage {
    /// The newest lead's first.
    deliveries: Vec<DeliveryView>,
    /// About the page.
    meta: PageMeta,
}

/// How a list goes on.
#[derive(JsonSchema)]
pub struct PageMeta {
    /// At most so many are on a page.
    limit: u32,
    /// Whether there are more.
    has_more: bool,
    /// What `cursor` takes for the next page.
    next_cursor: Option<String>,
}

/// How many deliveries are sent again.
#[derive(JsonSchema)]
pub struct Retried {
    /// At most 1,000 by one call.
    retried: u32,
}

/// What would become of a form's leads.
#[derive(JsonSchema)]
pub struct PreflightReport {
    /// The form.
    form: String,
    /// By destination.
    destinations: Vec<Preflight>,
}

/// What came of a test lead.
#[derive(JsonSchema)]
pub struct TestReport {
    /// What was sent, with `***` for the credential; `null` where there was nothing to send.
    request: Option<SentRequest>,
    /// What came back.
    answer: Option<ReceivedAnswer>,
    /// What it means.
    outcome: OutcomeName,
    /// What the provider calls the lead.
    reference: Option<String>,
    /// Why.
    reason: Option<String>,
    /// What did not fit.
    notes: Vec<Note>,
    /// The request that completes the lead, where there is one.
    follow_up: Option<FollowUpReport>,
}

/// A request as it was sent.
#[derive(JsonSchema)]
pub struct SentRequest {
    /// Its method.
    method: String,
    /// The whole address.
    url: String,
    /// Headers by name, in lower case.
    headers: Map<String, Value>,
    /// JSON, or text.
    body: Value,
}

/// An answer as it came.
#[derive(JsonSchema)]
pub struct ReceivedAnswer {
    /// The status.
    status: u16,
    /// The beginning of the body.
    body: Option<String>,
}

/// What came of the second request.
#[derive(JsonSchema)]
pub struct FollowUpReport {
    /// What was sent.
    request: Option<SentRequest>,
    /// What came back.
    answer: Option<ReceivedAnswer>,
    /// What it means; left out where nothing was sent.
    #[schemars(skip_serializing_if = "Option::is_none")]
    outcome: Option<OutcomeName>,
    /// Why.
    reason: Option<String>,
}

/// Whether the Worker can do its work.
#[derive(JsonSchema)]
pub struct Health {
    /// `ok` when both stores answer.
    status: HealthWord,
    /// The database.
    d1: HealthWord,
    /// The configuration.
    kv: HealthWord,
}

/// How a part is.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum HealthWord {
    /// It answers.
    Ok,
    /// It does not.
    Down,
}
