//! Bodies of working with leads: pages of them, changes, clients, statistics.

use schemars::JsonSchema;
use shared::{
    contact::{E164, Email},
    lead::{InterestLevel, LeadId, LeadStatus},
    timestamp::Timestamp,
};

use super::LeadView;
use crate::routes::leads::list::Meta;

/// A page of leads.
#[derive(JsonSchema)]
pub struct LeadPage {
    /// The newest first.
    leads: Vec<LeadView>,
    /// About the page.
    meta: Meta,
}

/// What of a lead is to change. `null` clears a field. Members that are as `GET` shows them may stand here
/// as well; any other is refused.
#[derive(JsonSchema)]
pub struct LeadChange {
    /// The version that was read; may stand in `If-Match` instead.
    version: Option<u32>,
    /// Where it stands with the people who work on it.
    #[schemars(default, with = "LeadStatus")]
    status: (),
    /// How much the person wants it.
    interest_level: Option<InterestLevel>,
    /// The whole name.
    name: Option<String>,
    /// First name.
    first_name: Option<String>,
    /// Last name.
    last_name: Option<String>,
    /// A form of address.
    title: Option<String>,
    /// E-mail address.
    email: Option<Email>,
    /// Telephone number, by the habits of the form's region; `phone_e164` follows.
    phone: Option<String>,
    /// What others note about the person.
    notes: Option<String>,
    /// The person's own street address.
    address: Option<String>,
    /// The person's own postal code.
    postcode: Option<String>,
    /// The person's own town.
    city: Option<String>,
    /// State, province or county.
    state: Option<String>,
    /// ISO 3166-1 alpha-2.
    country: Option<String>,
    /// Whether the person is abroad.
    international: Option<bool>,
}

/// What becomes of a lead.
#[derive(JsonSchema)]
pub struct NewClient {
    /// What the client wants.
    client_type: ClientKind,
    /// The version that was read, if only that is meant; may stand in `If-Match` instead.
    version: Option<u32>,
}

/// What a client wants.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum ClientKind {
    /// To buy.
    Buyer,
    /// To sell.
    Seller,
    /// Both.
    Both,
}

/// A lead that became a client.
#[derive(JsonSchema)]
pub struct Conversion {
    /// The client.
    client: Client,
    /// The lead as it is now.
    lead: LeadView,
}

/// What a lead became.
#[derive(JsonSchema)]
pub struct Client {
    /// Its id.
    id: LeadId,
    /// The lead that it was.
    lead_id: LeadId,
    /// What the client wants.
    r#type: ClientKind,
    /// When the lead was converted.
    created_at: Timestamp,
    /// The person.
    contact: ClientContact,
}

/// A person whom clients of one form are about.
#[derive(JsonSchema)]
pub struct ClientContact {
    /// Its id.
    id: LeadId,
    /// The name of the first lead that it was made of.
    name: Option<String>,
    /// In lower case.
    email: Option<Email>,
    /// As it was typed.
    phone: Option<String>,
    /// What to dial.
    phone_e164: Option<E164>,
    /// When it was made.
    created_at: Timestamp,
}

/// How many leads or deliveries there were.
#[derive(JsonSchema)]
pub struct Statistics {
    /// Leads accepted then or later.
    from: Timestamp,
    /// Leads accepted then or earlier.
    to: Timestamp,
    /// In which groups.
    by: String,
    /// Of all groups.
    total: Counts,
    /// By day in its order, by all else the largest first.
    groups: Vec<StatisticsGroup>,
    /// The groups that are not shown, if there are any.
    other: Option<OtherGroups>,
}

/// One group.
#[derive(JsonSchema)]
pub struct StatisticsGroup {
    /// The day, form, source, campaign, destination or status; `null` for leads without one.
    key: Option<String>,
    #[schemars(flatten)]
    counts: Counts,
}

/// Groups that are not shown.
#[derive(JsonSchema)]
pub struct OtherGroups {
    /// How many.
    groups: u32,
    #[schemars(flatten)]
    counts: Counts,
}

/// What is counted: by destination deliveries, by where they stand; by all else leads.
#[derive(JsonSchema)]
pub struct Counts {
    /// Leads: those that are not in quarantine.
    #[schemars(skip_serializing_if = "Option::is_none")]
    leads: Option<u64>,
    /// Leads: those that are.
    #[schemars(skip_serializing_if = "Option::is_none")]
    quarantined: Option<u64>,
    /// Leads: of `leads`, those that stand at `converted`.
    #[schemars(skip_serializing_if = "Option::is_none")]
    converted: Option<u64>,
    /// Deliveries: all of them.
    #[schemars(skip_serializing_if = "Option::is_none")]
    deliveries: Option<u64>,
    /// Deliveries: not over yet: also those that are `delivering`.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pending: Option<u64>,
    /// Deliveries: the provider has it.
    #[schemars(skip_serializing_if = "Option::is_none")]
    delivered: Option<u64>,
    /// Deliveries: the provider had it already.
    #[schemars(skip_serializing_if = "Option::is_none")]
    duplicate: Option<u64>,
    /// Deliveries: the provider will not take it.
    #[schemars(skip_serializing_if = "Option::is_none")]
    refused: Option<u64>,
    /// Deliveries: nobody knows.
    #[schemars(skip_serializing_if = "Option::is_none")]
    unconfirmed: Option<u64>,
    /// Deliveries: given up.
    #[schemars(skip_serializing_if = "Option::is_none")]
    failed: Option<u64>,
    /// Deliveries: not sent.
    #[schemars(skip_serializing_if = "Option::is_none")]
    skipped: Option<u64>,
    /// Deliveries: the destination went.
    #[schemars(skip_serializing_if = "Option::is_none")]
    cancelled: Option<u64>,
}
