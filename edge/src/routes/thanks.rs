//! `GET /v1/thanks`: what a visitor sees after a form without scripts was sent.

use super::gate;
use crate::{
    answer::Answer,
    page::{self, refusal},
    problem::Problem,
    routes::exchange::Exchange,
};

/// The page's address for the form that this request sent.
pub fn address(exchange: &Exchange, locale: Option<&str>) -> String {
    /// Where the page is, up to its query.
    const PAGE: &str = "/v1/thanks?";
    let mut query = form_urlencoded::Serializer::for_suffix(PAGE.to_owned(), PAGE.len());
    if let Ok(key) = gate::presented(exchange) {
        query.append_pair("key", key.reveal());
    }
    if let Some(locale) = locale {
        query.append_pair("locale", locale);
    }
    query.finish()
}

/// 1. The key works: 401, 503; and has not read too much: 429.
/// 2. It is bound to one form, which exists: 403, 404.
/// 3. The form's message: 200. Any page may lead here, so no origin is asked for.
///
/// What goes wrong is told in a page as well.
pub async fn show(exchange: &Exchange) -> Answer {
    let request = &exchange.request;
    let back = request.came_from();
    match message(exchange, back.as_deref()).await {
        Ok(answer) => answer,
        Err(problem) => refusal::answer(&problem, &request.id, None, back.as_deref(), None),
    }
}

async fn message(exchange: &Exchange, back: Option<&str>) -> Result<Answer, Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    // 2.
    let id = caller.key.grant.only_form().ok_or(Problem::Form)?;
    let form = caller.catalog.form(id).ok_or(Problem::NotFound)?;
    // 3.
    let locale = exchange.request.query_value("locale");
    Ok(page::answer(200, page::thanks::page(form, locale.as_deref(), back), None))
}
