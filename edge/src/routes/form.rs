//! `GET /v1/form`: the form that a publishable key is bound to.

use super::gate;
use crate::{answer::Answer, problem::Problem, routes::exchange::Exchange};

/// 1. The key works: 401, 503; and has not read too much: 429.
/// 2. It is bound to one form, which exists: 403, 404.
/// 3. The page may use that form: 403.
/// 4. The form, without what only the operator may know, and with a token for a page: 200.
///
/// # Errors
/// As above.
pub async fn show(exchange: &Exchange) -> Result<Answer, Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    // 2.
    let id = caller.key.grant.only_form().ok_or(Problem::Form)?;
    let form = caller.catalog.form(id).ok_or(Problem::NotFound)?;
    // 3.
    caller.must_be_allowed_page(exchange, form)?;
    // 4.
    let mut shown = form.public();
    if caller.is_publishable() {
        shown.token = exchange.bindings.form_token_key().map(|key| key.issue(id, exchange.request.now));
    }
    Answer::json(200, &shown)
}
