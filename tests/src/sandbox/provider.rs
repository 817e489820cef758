//! The providers the sandbox stands for, and Meta, which leads come from. A new one is a file and a line here.

mod actuallycare;
mod alterestate;
mod anyhouse;
mod leadpro;
mod marketplace;
mod meta;
mod webhook;

use axum::http::{HeaderMap, Method};
use serde_json::Value;

/// A request to a provider, as its API sees it.
pub(super) struct Call<'a> {
    /// HTTP method.
    pub(super) method: &'a Method,
    /// Path below the provider's origin, without the query.
    pub(super) path: &'a str,
    /// What follows the question mark; empty where there is none.
    pub(super) query: &'a str,
    /// Headers, credentials included.
    pub(super) headers: &'a HeaderMap,
    /// The whole body.
    pub(super) body: &'a [u8],
    /// When it arrived, RFC 3339 in UTC.
    pub(super) at: &'a str,
    /// A number that rises with every call, for the ids of what is created.
    pub(super) number: u64,
}

impl<'a> Call<'a> {
    /// A header's value, if it is text.
    fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Whether the body is said to be JSON.
    fn is_json(&self) -> bool {
        let kind = self.header("content-type").and_then(|value| value.split(';').next());
        kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
    }
}

/// A status and a JSON body.
pub(super) type Answer = (u16, Value);

/// A provider's API.
pub(super) struct Provider {
    /// Its name in Leadgate.
    pub(super) name: &'static str,
    /// The path that takes leads.
    pub(super) endpoint: &'static str,
    /// What it answers.
    pub(super) answer: fn(&Call<'_>) -> Answer,
}

/// All providers, in the order in which the page shows them.
pub(super) const ALL: &[Provider] = &[
    anyhouse::PROVIDER,
    leadpro::PROVIDER,
    marketplace::PROVIDER,
    alterestate::PROVIDER,
    actuallycare::PROVIDER,
    webhook::PROVIDER,
    meta::PROVIDER,
];

/// The provider of that name.
pub(super) fn find(name: &str) -> Option<&'static Provider> {
    ALL.iter().find(|provider| provider.name == name)
}
