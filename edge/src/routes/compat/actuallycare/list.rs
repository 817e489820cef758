//! `GET /compat/actuallycare/v1/leads`: a page of leads.

use serde_json::Value;

use super::{super::super::gate, in_envelope, view};
use crate::{
    answer::Answer,
    key::Scope,
    lead_filter,
    partner::object,
    problem::Problem,
    routes::{exchange::Exchange, leads::list},
};

/// 1. The key works and may read: 401, 403, 429, 503.
/// 2. The parameters are those of the list: 400.
/// 3. One page in its envelope: 200, 503.
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
    let listing = list::find(exchange, &caller, &asked).await?;
    let mut leads = Vec::new();
    for lead in &listing.leads {
        leads.push(view(lead)?);
    }
    let meta = listing.meta;
    let data = object(vec![
        ("leads", Value::Array(leads)),
        (
            "meta",
            object(vec![
                ("page", meta.page.into()),
                ("limit", meta.limit.into()),
                ("total", meta.total.into()),
                ("totalPages", meta.total_pages.into()),
                ("hasMore", meta.has_more.into()),
            ]),
        ),
        ("stats", object(vec![("total", meta.total.into())])),
        ("cursors", object(vec![("next", meta.next_cursor.into())])),
    ]);
    Ok(in_envelope(data, None))
}
