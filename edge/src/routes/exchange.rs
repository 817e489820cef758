//! One request being answered: what every step of it may need, and what every answer of it carries.

use std::{
    cell::{Cell, RefCell},
    future::Future,
};

use worker::Context;

use crate::{
    answer::Answer,
    io::{bindings::Bindings, request::Incoming},
    problem::Problem,
    rate_limit::Quota,
};

/// Headers of ours that a page's script may read.
const EXPOSED: &str = "Location, Retry-After, Idempotent-Replayed, X-Request-Id, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, RateLimit, RateLimit-Policy";

/// A request and what surrounds it.
pub struct Exchange {
    /// The request.
    pub request: Incoming,
    /// What the runtime gave us.
    pub bindings: Bindings,
    context: Context,
    quota: Cell<Option<Quota>>,
    page: RefCell<Page>,
}

/// What the browser may tell the page that made the request.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
enum Page {
    /// Nothing is known of the page yet. Errors are told to any page: they hold no secret, and who
    /// embeds the form must see what is wrong.
    #[default]
    Unknown,
    /// This page may read everything.
    Allowed(String),
    /// This page may not use the form.
    Refused,
    /// The address is not for pages.
    Hidden,
}

impl Exchange {
    /// A request that nobody has looked at.
    pub fn new(request: Incoming, bindings: Bindings, context: Context) -> Self {
        Self { request, bindings, context, quota: Cell::new(None), page: RefCell::default() }
    }

    /// Lets work go on behind the answer. The runtime grants it 30 seconds.
    pub fn later(&self, work: impl Future<Output = ()> + 'static) {
        self.context.wait_until(work);
    }

    /// Sets what the answer says of the caller's limit.
    pub fn set_quota(&self, quota: Quota) {
        self.quota.set(Some(quota));
    }

    /// Lets the page of that origin read the answer.
    pub fn allow_page(&self, origin: &str) {
        self.page.replace(Page::Allowed(origin.to_owned()));
    }

    /// Keeps the answer from the page that asked.
    pub fn refuse_page(&self) {
        self.page.replace(Page::Refused);
    }

    /// Says that no page may read anything of this address.
    pub fn not_for_pages(&self) {
        self.page.replace(Page::Hidden);
    }

    /// The answer with everything that any answer to this request carries.
    pub fn finish(&self, result: Result<Answer, Problem>) -> Answer {
        let mut answer = result.unwrap_or_else(|problem| problem.answer(&self.request.id));
        let mut add = |name, value: String| answer.headers.push((name, value));
        add("x-request-id", self.request.id.clone());
        add("x-content-type-options", "nosniff".to_owned());
        add("cache-control", "no-store".to_owned());
        if let Some(quota) = self.quota.get() {
            for (name, value) in quota.headers() {
                add(name, value);
            }
        }
        match &*self.page.borrow() {
            Page::Allowed(origin) => {
                add("access-control-allow-origin", origin.clone());
                add("access-control-expose-headers", EXPOSED.to_owned());
                add("vary", "Origin".to_owned());
            }
            Page::Unknown => {
                add("access-control-allow-origin", "*".to_owned());
                add("access-control-expose-headers", EXPOSED.to_owned());
            }
            Page::Refused => add("vary", "Origin".to_owned()),
            Page::Hidden => {}
        }
        answer
    }
}
