//! `GET /v1/leads`: a key's leads by filters, the newest first.

use serde_json::json;
use shared::lead::LeadId;

use super::super::gate;
use crate::{
    answer::Answer,
    io::{
        lead_list::{self, Part},
        lead_store::StoredLead,
    },
    key::Scope,
    lead_filter::{self, Cursor, PageRequest, Place},
    problem::Problem,
    routes::{exchange::Exchange, gate::Caller},
};

/// One page of leads.
#[derive(Debug)]
pub struct Listing {
    /// The newest first.
    pub leads: Vec<StoredLead>,
    /// About the page.
    pub meta: Meta,
}

/// About one page.
#[derive(Debug)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "LeadPageMeta"))]
pub struct Meta {
    /// Its number, from 1.
    pub page: u32,
    /// At most so many leads are on it.
    pub limit: u32,
    /// Leads on all pages, counted when the first of them was read.
    pub total: u64,
    /// How many pages that makes.
    pub total_pages: u64,
    /// Whether there are more behind it.
    pub has_more: bool,
    /// What `cursor` takes for the next page.
    pub next_cursor: Option<String>,
}

/// 1. The key works and may read: 401, 403, 429, 503.
/// 2. The parameters are those of the list: 422.
/// 3. One page: 200, 503.
///
/// # Errors
/// As above.
pub async fn list(exchange: &Exchange) -> Result<Answer, Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    caller.must_have(Scope::Read)?;
    // 2.
    let asked = lead_filter::page(&exchange.request.query).map_err(Problem::Parameters)?;
    // 3.
    let listing = find(exchange, &caller, &asked).await?;
    let Meta { page, limit, total, total_pages, has_more, next_cursor } = listing.meta;
    let meta = json!({
        "page": page, "limit": limit, "total": total, "total_pages": total_pages, "has_more": has_more,
        "next_cursor": next_cursor,
    });
    let mut body = String::from("{\"leads\":[");
    for (place, lead) in listing.leads.iter().enumerate() {
        if place > 0 {
            body.push(',');
        }
        body.push_str(&lead.render().ok_or(Problem::Internal)?);
    }
    body.push_str("],\"meta\":");
    body.push_str(&meta.to_string());
    body.push('}');
    Ok(Answer::json_text(200, body))
}

/// The leads of a page, among those of the caller's forms.
///
/// # Errors
/// 503.
pub async fn find(exchange: &Exchange, caller: &Caller, asked: &PageRequest) -> Result<Listing, Problem> {
    let (page, after, known_total) = match asked.place {
        Place::Page(page) => (page, None, None),
        Place::Behind(cursor) => (cursor.page, Some(cursor.after), Some(cursor.total)),
    };
    let pages_before = if after.is_some() { 0 } else { page.saturating_sub(1) };
    let part = Part {
        limit: asked.limit,
        offset: pages_before.saturating_mul(asked.limit),
        after,
        counts: known_total.is_none(),
        max_bytes: None,
    };
    let found = lead_list::find(&exchange.bindings.db()?, &asked.filter, caller.key.grant.forms(), part).await?;
    let total = known_total.unwrap_or(found.total);
    let cursor = |after: LeadId| Cursor { after, page: page.saturating_add(1), total }.to_string();
    let meta = Meta {
        page,
        limit: asked.limit,
        total,
        total_pages: total.div_ceil(u64::from(asked.limit.max(1))),
        has_more: found.next.is_some(),
        next_cursor: found.next.map(cursor),
    };
    Ok(Listing { leads: found.leads, meta })
}
