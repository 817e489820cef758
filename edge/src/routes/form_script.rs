//! `GET /form.js?key=…`: the script of the tag with the form of that key in it.

use std::{cell::RefCell, rc::Rc};

use super::{form, gate};
use crate::{answer::Answer, form_script, io::assets, routes::exchange::Exchange};

/// The script that every page has.
const SCRIPT: &str = "/widget.js";

/// What a browser asks of a script that a tag without `crossorigin` loads from another site, and of a redirect to one.
const CORP: &str = "cross-origin-resource-policy";
const FOR_ANY_PAGE: &str = "cross-origin";

thread_local! {
    /// It, once it was read: a deployment brings its files along, and an isolate belongs to one deployment.
    static READ: RefCell<Option<Rc<str>>> = const { RefCell::new(None) };
}

/// 1. The script; where it cannot be read, 303 to it.
/// 2. The form as `GET /v1/form` answers it, where only a page that may have it can read the answer. In any other
///    case, and where the key does not work, the script asks for it and shows what is wrong.
/// 3. Both, or the script: 200.
pub async fn show(exchange: &Exchange) -> Answer {
    // 1.
    let Some(script) = script(exchange).await else {
        return Answer::empty(303).with("location", SCRIPT).with(CORP, FOR_ANY_PAGE);
    };
    // 2.
    let key = exchange.request.query_value("key").unwrap_or_default();
    let is_the_key = gate::presented(exchange).is_ok_and(|presented| presented.reveal() == key);
    let form = match is_the_key && is_kept_from_others(exchange) {
        true => form::show(exchange).await.ok(),
        false => None,
    };
    // 3.
    let body = match form {
        Some(form) => form_script::with_form(&script, &key, &form.body),
        None => script.as_ref().to_owned(),
    };
    Answer { status: 200, headers: Vec::new(), body }
        .with("content-type", "text/javascript; charset=utf-8")
        .with(CORP, FOR_ANY_PAGE)
}

/// A script runs in any page that loads it, but for one that is asked for with `crossorigin`: then the browser says
/// where the page is and keeps the answer from one that may not read it. A page of the same host it need not tell.
fn is_kept_from_others(exchange: &Exchange) -> bool {
    let header = |name| exchange.request.header(name);
    header("origin").is_some() || header("sec-fetch-site").as_deref() == Some("same-origin")
}

async fn script(exchange: &Exchange) -> Option<Rc<str>> {
    if let Some(read) = READ.with_borrow(Clone::clone) {
        return Some(read);
    }
    let read: Rc<str> = assets::text(&exchange.bindings.assets()?, SCRIPT).await?.into();
    // While the files are worked on, they change under the Worker.
    if !exchange.bindings.is_development() {
        READ.set(Some(Rc::clone(&read)));
    }
    Some(read)
}
