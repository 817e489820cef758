//! `POST /v1/leads` by an HTML form: accepted as every submission, and answered in pages.

use super::{super::gate, create};
use crate::{
    answer::Answer,
    intake::{self, Intake},
    negotiation::prefers_html,
    page::{fields::Filled, refusal},
    problem::Problem,
    redirect,
    routes::{exchange::Exchange, thanks},
};

/// Whether a form without scripts sent it: it would rather have a page, and is not JSON.
pub fn is_meant(exchange: &Exchange) -> bool {
    let request = &exchange.request;
    !intake::is_json(request.header("content-type").as_deref())
        && request.header("accept").is_some_and(|accept| prefers_html(&accept))
}

/// Whether the page that sent it is the one on which we show a refused form again. A page elsewhere cannot
/// make a browser say so.
pub fn is_from_our_page(exchange: &Exchange) -> bool {
    let request = &exchange.request;
    request.header("origin").is_some_and(|origin| origin == request.own_origin) && is_meant(exchange)
}

/// 1. What [`create::create`] does. With a secret key, which no page has, its answer is the answer.
/// 2. Accepted, whatever became of it: 303 to where the page or the form says, else to our thanks.
/// 3. Not accepted: a page with the status it ended in, that says what to change and has the form as it
///    was filled in where sending it again can help.
///
/// # Errors
/// Those of a secret key.
pub async fn create(exchange: &Exchange) -> Result<Answer, Problem> {
    let request = &exchange.request;
    // 1.
    let result = create::create(exchange).await;
    let caller = gate::authenticate(exchange).await.ok();
    if caller.as_ref().is_some_and(|caller| !caller.is_publishable()) {
        return result;
    }
    let form = caller.as_ref().and_then(|caller| caller.catalog.form(caller.key.grant.only_form()?));
    if form.is_none() && result.is_ok() {
        return result;
    }
    let content_type = request.header("content-type");
    let body = request.bytes().await.unwrap_or_default();
    let sent = intake::submission(content_type.as_deref(), &body, &request.query).ok();
    let page = request.header("origin");
    let wanted = sent.as_ref().and_then(|sent| sent.redirect.as_deref());
    let then = form.and_then(|form| redirect::target(form, wanted, page.as_deref(), &request.own_origin));
    let problem = match result {
        // 2.
        Ok(mut answer) => {
            let locale = sent.as_ref().and_then(|sent| sent.submission.get("locale")?.as_str());
            let then = then.unwrap_or_else(|| thanks::address(exchange, locale));
            answer.headers.retain(|(name, _)| *name != "content-type");
            return Ok(Answer { status: 303, body: String::new(), ..answer }.with("location", then));
        }
        Err(problem) => problem,
    };
    // 3.
    let filled = match (form, sent) {
        (Some(form), Some(Intake { submission, .. })) if refusal::can_be_sent_again(&problem) => {
            let mut as_sent = intake::as_sent(content_type.as_deref(), &body).unwrap_or_default();
            if as_sent.remove(intake::REDIRECT).is_some()
                && let Some(then) = &then
            {
                // From our own page a path would lead elsewhere.
                as_sent.insert(intake::REDIRECT.to_owned(), then.as_str().into());
            }
            Some(Filled { form, submission, as_sent, action: [&request.path, "?", &request.query].concat() })
        }
        _ => None,
    };
    Ok(refusal::answer(&problem, &request.id, filled.as_ref(), request.came_from().as_deref(), then.as_deref()))
}
