//! Keys as they are asked for and shown, and what admins did.

use schemars::JsonSchema;
use shared::timestamp::Timestamp;

use super::PageMeta;
use crate::{
    key::{Grant, KeyRecord},
    rate_limit::RateLimit,
};

/// A key's record, without the key itself.
#[derive(JsonSchema)]
#[schemars(rename = "Key")]
pub struct KeyView {
    #[schemars(flatten)]
    record: KeyRecord,
    /// When it was used last: for leads to the minute of its window, else to the hour.
    last_used_at: Option<Timestamp>,
}

/// A key that is asked for.
#[derive(JsonSchema)]
pub struct NewKey {
    /// What its owner calls it.
    #[schemars(default)]
    name: String,
    #[schemars(flatten)]
    grant: Grant,
    /// How much its holder may send.
    #[schemars(default)]
    rate_limit: RateLimit,
    /// Until when it works.
    expires_at: Option<Timestamp>,
}

/// A key, shown this once.
#[derive(JsonSchema)]
pub struct CreatedKey {
    /// The key itself.
    key: String,
    #[schemars(flatten)]
    view: KeyView,
    /// The id of the key that it replaces, after a rotation.
    #[schemars(skip_serializing_if = "Option::is_none")]
    replaces: Option<String>,
    /// What may be a mistake, such as forms that are not there yet.
    #[schemars(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
}

/// How a key gives way to another.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Rotation {
    /// How long the old key works on, in seconds: 0 to 2,592,000.
    #[schemars(default = "a_day", range(max = 2_592_000))]
    grace_seconds: u32,
}

const fn a_day() -> u32 {
    86_400
}

/// A page of what admins did, and what was erased or taken out.
#[derive(JsonSchema)]
pub struct AuditPage {
    /// The latest first.
    audit: Vec<AuditEntry>,
    /// About the page.
    meta: PageMeta,
}

/// Something that was done.
#[derive(JsonSchema)]
pub struct AuditEntry {
    /// Its number: later ones have higher ones.
    seq: u64,
    /// When.
    at: Timestamp,
    /// What: `created`, `replaced`, `removed`, `rotated`, `revoked`, `tested`, `erased` or `exported`.
    action: String,
    /// To what sort of thing.
    kind: String,
    /// To which; nothing where that would say who a person is.
    id: Option<String>,
    /// Who: `admin`, the id of a key, or `retention`.
    actor: String,
    /// By which request.
    request_id: String,
    /// The client's address, truncated.
    address: Option<String>,
    /// How much, by kind, where something was erased or taken out.
    counts: Option<std::collections::BTreeMap<String, u64>>,
}
