//! `GET /v1/stats`: how many leads a key's forms had, and what became of them.

use serde_json::Value;

use super::gate;
use crate::{answer::Answer, io, key::Scope, problem::Problem, routes::exchange::Exchange, statistics};

/// 1. The key works and may read: 401, 403, 429, 503.
/// 2. The parameters are those of statistics, and the time is not too long: 422.
/// 3. The groups: 200, 503.
///
/// # Errors
/// As above.
pub async fn stats(exchange: &Exchange) -> Result<Answer, Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    caller.must_have(Scope::Read)?;
    // 2.
    let asked = statistics::asked(&exchange.request.query, exchange.request.now).map_err(Problem::Parameters)?;
    // 3.
    let mut rows = io::statistics::groups(&exchange.bindings.db()?, &asked, caller.key.grant.forms()).await?;
    let all = rows.pop().unwrap_or_default();
    for row in &mut rows {
        if let Value::Object(members) = row {
            members.remove("groups");
        }
    }
    Answer::json(200, &statistics::shown(&asked, rows, &all))
}
