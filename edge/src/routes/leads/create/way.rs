//! Whether a lead that comes from another system was here before.

use shared::{lead::LeadId, wire::IDEMPOTENCY_KEY};

use crate::{
    hops::{self, LEADGATE_VIA, MAX_HOPS},
    io::lead_store,
    problem::Problem,
    routes::{exchange::Exchange, gate::Caller},
};

/// What the way of a lead tells.
pub(in crate::routes) enum Way {
    /// It is new here; the way that it came through other Leadgates, if it did.
    New(Option<String>),
    /// It went out from here: the lead that it is.
    Ours(LeadId),
}

/// The way that the request's lead came. D1 is asked only where the request tells of one, which counts as a
/// read, since what comes of it may cost the sender nothing.
///
/// # Errors
/// 422 when it came through too many systems, 429, 503.
pub(in crate::routes) async fn of(exchange: &Exchange, caller: &Caller) -> Result<Way, Problem> {
    let request = &exchange.request;
    let (via, key) = (request.header(LEADGATE_VIA.as_str()), request.header(IDEMPOTENCY_KEY));
    let ids = hops::came_through(via.as_deref(), key.as_deref());
    if ids.is_empty() {
        return Ok(Way::New(None));
    }
    caller.meter(exchange)?;
    let texts = serde_json::to_string(&ids).map_err(|_| Problem::Internal)?;
    match lead_store::known(&exchange.bindings.db()?, &texts).await? {
        Some(id) => Ok(Way::Ours(id)),
        None if ids.len() > MAX_HOPS => Err(Problem::TooManyHops),
        None => Ok(Way::New(hops::way(&ids))),
    }
}
