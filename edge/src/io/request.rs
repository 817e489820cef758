//! A request as the routes read it.

use std::{cell::OnceCell, rc::Rc};

use shared::timestamp::Timestamp;
use web_sys::{Headers, Request};

use super::stream;
use crate::intake::{BODY_MAX_BYTES, IntakeError};

/// A request with the parts of its address taken apart once.
#[derive(Debug)]
pub struct Incoming {
    inner: Request,
    headers: Headers,
    body: OnceCell<Rc<Vec<u8>>>,
    /// The method, in capitals.
    pub method: String,
    /// The path, still percent-encoded.
    pub path: String,
    /// What follows the question mark; empty if nothing does.
    pub query: String,
    /// Scheme and host of the address the request came to.
    pub own_origin: String,
    /// When it came.
    pub now: Timestamp,
    /// Its id, also in the answer and in the log.
    pub id: String,
}

impl Incoming {
    /// Takes the request apart.
    pub fn new(inner: Request, now: Timestamp, id: String) -> Self {
        let url = inner.url();
        let after_scheme = url.find("://").map_or(0, |at| at.saturating_add(3));
        let host_end =
            url.get(after_scheme..).and_then(|rest| rest.find('/')).map(|at| at.saturating_add(after_scheme));
        let (own_origin, rest) = host_end.and_then(|end| url.split_at_checked(end)).unwrap_or((&url, "/"));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        Self {
            headers: inner.headers(),
            body: OnceCell::new(),
            method: inner.method(),
            path: path.to_owned(),
            query: query.to_owned(),
            own_origin: own_origin.to_owned(),
            now,
            id,
            inner,
        }
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).ok().flatten()
    }

    /// The query's parameters, decoded.
    pub fn query_pairs(&self) -> form_urlencoded::Parse<'_> {
        form_urlencoded::parse(self.query.as_bytes())
    }

    /// A query parameter's value, decoded.
    pub fn query_value(&self, name: &str) -> Option<String> {
        self.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The web page that a visitor came from, as the browser tells it; `None` for one of ours.
    pub fn came_from(&self) -> Option<String> {
        let is_foreign = |page: &String| {
            ["https://", "http://"].iter().any(|scheme| page.starts_with(scheme)) && !page.starts_with(&self.own_origin)
        };
        self.header("referer").filter(is_foreign)
    }

    /// The body, which is read once and kept. No more of it is read than may be sent, whatever length is
    /// announced.
    ///
    /// # Errors
    /// When it is too large, or the client went away.
    pub async fn bytes(&self) -> Result<Rc<Vec<u8>>, IntakeError> {
        if let Some(bytes) = self.body.get() {
            return Ok(Rc::clone(bytes));
        }
        let bytes = match self.inner.body() {
            // It was too large, or broke off.
            Some(_) if self.inner.body_used() => return Err(IntakeError::TooLarge),
            Some(stream) => stream::read(&stream, BODY_MAX_BYTES).await.map_err(|_| IntakeError::NotAnObject)?,
            None => Vec::new(),
        };
        if bytes.len() > BODY_MAX_BYTES {
            return Err(IntakeError::TooLarge);
        }
        Ok(Rc::clone(self.body.get_or_init(|| Rc::new(bytes))))
    }

    /// The body as text.
    ///
    /// # Errors
    /// When it is too large or not UTF-8, or the client went away.
    pub async fn text(&self) -> Result<String, IntakeError> {
        str::from_utf8(&self.bytes().await?).map(str::to_owned).map_err(|_| IntakeError::NotUtf8)
    }
}
