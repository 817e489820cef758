//! What a page sends, and what a test lets happen to it on the way.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chromiumoxide::Page as DevToolsPage;
use chromiumoxide::cdp::browser_protocol::fetch::{
    ContinueRequestParams, EnableParams, EventRequestPaused, FailRequestParams, FulfillRequestParams, HeaderEntry,
    RequestPattern,
};
use chromiumoxide::cdp::browser_protocol::network::{ErrorReason, EventRequestWillBeSent, Request};
use futures_util::StreamExt;
use serde_json::Value;
use tokio::sync::oneshot;

/// What happens to one request of a page instead of its way to the server.
#[derive(Debug)]
pub enum Interception {
    /// The connection breaks; the page sees a network error.
    Fail,
    /// The page gets this answer, readable from any origin, and the server sees nothing.
    Answer {
        /// HTTP status.
        status: u16,
        /// Header names and values.
        headers: Vec<(&'static str, String)>,
        /// The whole body.
        body: String,
    },
    /// The request waits until the sender of this channel sends or is dropped, then goes on.
    Hold(oneshot::Receiver<()>),
    /// The request goes on as if nothing were there.
    Continue,
}

/// A request that a page sent, CORS preflights included.
#[derive(Clone, Debug)]
pub struct SentRequest {
    /// HTTP method.
    pub method: String,
    /// Whole address.
    pub url: String,
    /// Header names, as the page wrote them, and values.
    pub headers: Value,
    /// The body, where there is one and it is text.
    pub body: Option<String>,
}

impl SentRequest {
    fn new(request: &Request) -> Self {
        let mut bytes = Vec::new();
        for entry in request.post_data_entries.iter().flatten() {
            let part: &str = entry.bytes.as_ref().map_or("", AsRef::as_ref);
            bytes.extend(BASE64_STANDARD.decode(part).expect("the protocol gives base64"));
        }
        Self {
            method: request.method.clone(),
            url: request.url.clone(),
            headers: request.headers.inner().clone(),
            body: if bytes.is_empty() { None } else { String::from_utf8(bytes).ok() },
        }
    }

    /// The value of a header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let headers = self.headers.as_object()?;
        headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).and_then(|(_, value)| value.as_str())
    }
}

/// Collects every request of `page` from now on.
pub(super) async fn record(page: &DevToolsPage) -> Arc<Mutex<Vec<SentRequest>>> {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&sent);
    let mut events = page.event_listener::<EventRequestWillBeSent>().await.expect("Chromium reports requests");
    tokio::spawn(async move {
        while let Some(event) = events.next().await {
            log.lock().unwrap().push(SentRequest::new(&event.request));
        }
    });
    sent
}

/// Applies `script` to the requests of `page` whose address matches `pattern` (`*` is any text), one entry
/// a request, preflights apart; later ones go on untouched.
pub(super) async fn intercept(page: &DevToolsPage, pattern: &str, script: VecDeque<Interception>) {
    let mut paused = page.event_listener::<EventRequestPaused>().await.expect("Chromium reports paused requests");
    let pattern = RequestPattern::builder().url_pattern(pattern).build();
    page.execute(EnableParams::builder().pattern(pattern).build()).await.expect("Chromium intercepts requests");
    let page = page.clone();
    tokio::spawn(async move {
        let mut script = script;
        while let Some(event) = paused.next().await {
            let step = if event.request.method == "OPTIONS" { None } else { script.pop_front() };
            let page = page.clone();
            // Each on its own: one that is held does not hold the others.
            tokio::spawn(async move { apply(&page, &event, step.unwrap_or(Interception::Continue)).await });
        }
    });
}

async fn apply(page: &DevToolsPage, event: &EventRequestPaused, step: Interception) {
    let id = event.request_id.clone();
    // A page that was left or closed meanwhile needs no answer.
    let _ = match step {
        Interception::Fail => page.execute(FailRequestParams::new(id, ErrorReason::ConnectionReset)).await.map(drop),
        Interception::Answer { status, headers, body } => {
            let cors = ("Access-Control-Allow-Origin", "*".to_owned());
            let headers = headers.into_iter().chain([cors]).map(|(name, value)| HeaderEntry::new(name, value));
            let mut answer = FulfillRequestParams::new(id, i64::from(status));
            answer.response_headers = Some(headers.collect());
            answer.body = Some(BASE64_STANDARD.encode(body).into());
            page.execute(answer).await.map(drop)
        }
        Interception::Hold(released) => {
            let _ = released.await;
            page.execute(ContinueRequestParams::new(id)).await.map(drop)
        }
        Interception::Continue => page.execute(ContinueRequestParams::new(id)).await.map(drop),
    };
}
