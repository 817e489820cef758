//! One request being answered: what every step of it may need, and what every answer of it carries.

use std::{
    cell::{Cell, RefCell},
    future::Future,
};

use web_sys::ReadableStream;
use worker::Context;

use crate::{
    answer::Answer,
    io::{bindings::Bindings, request::Incoming},
    partner::Dialect,
    problem::Problem,
    rate_limit::Quota,
};

/// Headers of ours that a page's script may read.
const EXPOSED: &str = "Location, Retry-After, Idempotent-Replayed, X-Request-Id, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, RateLimit, RateLimit-Policy";

/// What every answer says to the browser that shows it. Nothing of the API is to be framed, sniffed, or
/// loaded by a page as an image or script, but for `/form.js`; a page's own `fetch` is a matter of CORS.
const SECURITY: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    // Of an answer that is no page: whatever shows it, nothing in it runs or loads.
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
];

/// A year, for this host alone: what else its owner runs below it is not ours to decide.
const TRANSPORT_SECURITY: &str = "max-age=31536000";

/// A request and what surrounds it.
pub struct Exchange {
    /// The request.
    pub request: Incoming,
    /// What the runtime gave us.
    pub bindings: Bindings,
    context: Context,
    quota: Cell<Option<Quota>>,
    page: RefCell<Page>,
    stream: RefCell<Option<ReadableStream>>,
}

/// What the browser may tell the page that made the request.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
enum Page {
    /// Nothing is known of the page yet, or it may not use the form. Errors are told to any page: they
    /// hold no secret, and who embeds the form must see what is wrong.
    #[default]
    Unknown,
    /// This page may read everything.
    Allowed(String),
    /// No page may read this answer.
    Refused,
}

impl Exchange {
    /// A request that nobody has looked at.
    pub fn new(request: Incoming, bindings: Bindings, context: Context) -> Self {
        Self {
            request,
            bindings,
            context,
            quota: Cell::new(None),
            page: RefCell::default(),
            stream: RefCell::default(),
        }
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

    /// Lets the body of the answer be a stream.
    pub fn set_stream(&self, stream: ReadableStream) {
        self.stream.replace(Some(stream));
    }

    /// The stream that is the body of the answer, if it has one.
    pub fn take_stream(&self) -> Option<ReadableStream> {
        self.stream.take()
    }

    /// The answer with everything that any answer to this request carries.
    pub fn finish(&self, result: Result<Answer, Problem>) -> Answer {
        let mut answer = result.unwrap_or_else(|problem| match Dialect::of_path(&self.request.path) {
            Some(dialect) => dialect.refused(&problem, &self.request.id, self.request.now),
            None => problem.answer(&self.request.id),
        });
        // What the answer says of itself stays: a page needs another policy than JSON does.
        let mut add = |name: &'static str, value: String| {
            if answer.headers.iter().all(|(other, _)| *other != name) {
                answer.headers.push((name, value));
            }
        };
        add("x-request-id", self.request.id.clone());
        add("cache-control", "no-store".to_owned());
        for (name, value) in SECURITY {
            add(name, value.to_owned());
        }
        if self.request.own_origin.starts_with("https:") {
            add("strict-transport-security", TRANSPORT_SECURITY.to_owned());
        }
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
                add("vary", "Origin".to_owned());
            }
            Page::Refused => add("vary", "Origin".to_owned()),
        }
        answer
    }
}
