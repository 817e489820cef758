//! Bodies about personal data: data-subject requests and consent receipts.

use schemars::JsonSchema;
use shared::{contact::Email, lead::LeadId, timestamp::Timestamp};

use super::{DeliveryView, LeadView, history::HistoryEvent, lifecycle::Client};

/// Who is meant: whoever has the address or the number.
#[derive(JsonSchema)]
pub struct DataSubject {
    /// In any case.
    #[schemars(default, with = "Email")]
    email: (),
    /// In E.164, or as a form's visitors type it.
    #[schemars(default, with = "String")]
    phone: (),
    /// The `next_cursor` of the answer before.
    #[schemars(default, with = "LeadId")]
    cursor: (),
}

/// What was erased.
#[derive(JsonSchema)]
pub struct Erased {
    /// How much, by kind.
    erased: ErasedCounts,
    /// Send it again with this as `cursor`, until it is `null`.
    next_cursor: Option<LeadId>,
}

/// How much was erased.
#[derive(JsonSchema)]
pub struct ErasedCounts {
    /// Leads.
    leads: u64,
    /// Their deliveries.
    deliveries: u64,
    /// What they became.
    clients: u64,
    /// Contacts of clients, erased or made anew of the leads that are left.
    contacts: u64,
    /// Answers that were kept for repeated requests.
    answers: u64,
}

/// Everything that is held.
#[derive(JsonSchema)]
pub struct Holdings {
    /// Leads.
    leads: Vec<LeadView>,
    /// Their deliveries.
    deliveries: Vec<DeliveryView>,
    /// What they became.
    clients: Vec<Client>,
    /// What happened to them.
    events: Vec<LeadEvent>,
    /// What was agreed to.
    receipts: Vec<HeldReceipt>,
    /// Answers that are kept for repeated requests.
    answers: Vec<KeptAnswer>,
    /// Send it again with this as `cursor`, until it is `null`.
    next_cursor: Option<LeadId>,
}

/// Something that happened to a lead.
#[derive(JsonSchema)]
pub struct LeadEvent {
    /// The lead.
    lead_id: LeadId,
    #[schemars(flatten)]
    event: HistoryEvent,
}

/// An answer that is kept for a repeated request.
#[derive(JsonSchema)]
pub struct KeptAnswer {
    /// Its `Idempotency-Key`.
    idempotency_key: String,
    /// Its status.
    status: u16,
    /// Its body.
    body: String,
    /// Until when it is kept.
    expires_at: Timestamp,
}

/// What was agreed to.
#[derive(JsonSchema)]
#[schemars(rename = "ConsentReceipt")]
pub struct Receipt {
    /// The lead.
    lead_id: LeadId,
    /// Its form.
    form: String,
    /// Always `true`.
    given: bool,
    /// The words that were shown.
    #[schemars(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// Their version.
    #[schemars(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    /// The privacy policy that they link to.
    #[schemars(skip_serializing_if = "Option::is_none")]
    policy_url: Option<String>,
    /// When.
    at: Timestamp,
    /// The language that the person used.
    #[schemars(skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
    /// The page.
    #[schemars(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    /// The words of the second box, for marketing, where it was ticked.
    #[schemars(skip_serializing_if = "Option::is_none")]
    marketing: Option<String>,
    /// When the consent was withdrawn, if it was.
    #[schemars(skip_serializing_if = "Option::is_none")]
    withdrawn_at: Option<Timestamp>,
}

/// A receipt with its signature.
#[derive(JsonSchema)]
pub struct SignedReceipt {
    /// What was agreed to.
    receipt: Receipt,
    /// Over the receipt in the form of RFC 8785, in base64url.
    signature: String,
    /// Always `Ed25519`.
    algorithm: String,
    /// The thumbprint (RFC 7638) of the key.
    key_id: String,
}

/// A receipt with its signature, or without one where the Worker has no key to sign with.
#[derive(JsonSchema)]
pub struct HeldReceipt {
    /// What was agreed to.
    receipt: Receipt,
    /// Over the receipt in the form of RFC 8785, in base64url.
    #[schemars(skip_serializing_if = "Option::is_none")]
    signature: Option<String>,
    /// Always `Ed25519`.
    #[schemars(skip_serializing_if = "Option::is_none")]
    algorithm: Option<String>,
    /// The thumbprint (RFC 7638) of the key.
    #[schemars(skip_serializing_if = "Option::is_none")]
    key_id: Option<String>,
}

/// The public key (RFC 8037).
#[derive(JsonSchema)]
pub struct ConsentKey {
    /// `OKP`.
    kty: String,
    /// `Ed25519`.
    crv: String,
    /// The key in base64url.
    x: String,
    /// Its thumbprint (RFC 7638), the `key_id` of receipts.
    kid: String,
    /// `sig`.
    r#use: String,
    /// `EdDSA`.
    alg: String,
}
