//! The one place that calls providers.

use http::{HeaderName, Method, Request, Response, header::RETRY_AFTER};
use serde_json::{Map, Value, json};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestInit, WorkerGlobalScope};

use super::stream;
use crate::provider::{ANSWER_MAX_BYTES, answer::RATE_LIMIT_RESET};

/// The name we call ourselves by.
const USER_AGENT: &str = concat!("Leadgate/", env!("CARGO_PKG_VERSION"));

/// Headers of an answer that are read.
const ANSWER_HEADERS: [HeaderName; 2] = [RETRY_AFTER, RATE_LIMIT_RESET];

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransportError {
    /// The request never left: it cannot be made, or nobody listens there.
    NotSent(String),
    /// The time was up.
    TimedOut,
    /// The connection broke, perhaps after the provider had read the request.
    Broken(String),
}

/// Sends a request and reads the answer, from connecting to the last byte within `timeout_ms`.
/// Redirects are not followed; at most [`ANSWER_MAX_BYTES`] of the body are read.
///
/// Of an answer that is no success the status is enough: a body that breaks off counts as empty.
///
/// # Errors
/// Why there is no answer.
pub async fn send(request: Request<Vec<u8>>, timeout_ms: u32) -> Result<Response<Vec<u8>>, TransportError> {
    let (parts, body) = request.into_parts();
    let not_sent = |_: JsValue| TransportError::NotSent("The request cannot be made.".to_owned());
    let mut headers = Map::new();
    for (name, value) in &parts.headers {
        let text = value.to_str().map_err(|_| TransportError::NotSent(format!("The header {name} is not text.")))?;
        headers.insert(name.as_str().to_owned(), Value::from(text));
    }
    headers.insert("user-agent".to_owned(), Value::from(USER_AGENT));
    let body = String::from_utf8(body).map_err(|_| TransportError::NotSent("The body is not text.".to_owned()))?;
    // A GET with a body, be it an empty one, is refused by the runtime.
    let body = if parts.method == Method::GET { Value::Null } else { Value::from(body) };
    // One call that makes the whole object instead of several a header.
    let init = json!({ "method": parts.method.as_str(), "headers": headers, "body": body, "redirect": "manual" });
    let init: RequestInit = js_sys::JSON::parse(&init.to_string()).map_err(not_sent)?.unchecked_into();
    init.set_signal(Some(&AbortSignal::timeout_with_u32(timeout_ms)));
    let global: WorkerGlobalScope = js_sys::global().unchecked_into();
    let answer =
        JsFuture::from(global.fetch_with_str_and_init(&parts.uri.to_string(), &init)).await.map_err(transport)?;
    read(answer.unchecked_into()).await
}

async fn read(answer: web_sys::Response) -> Result<Response<Vec<u8>>, TransportError> {
    let headers = answer.headers();
    let mut builder = Response::builder().status(answer.status());
    for name in ANSWER_HEADERS {
        if let Ok(Some(value)) = headers.get(name.as_str()) {
            builder = builder.header(name, value);
        }
    }
    let mut body = match answer.body() {
        Some(stream) => match stream::read(&stream, ANSWER_MAX_BYTES).await {
            Ok(body) => body,
            // What is no success is none whatever its body was about to say.
            Err(_) if !answer.ok() => Vec::new(),
            Err(error) => return Err(transport(error)),
        },
        None => Vec::new(),
    };
    body.truncate(ANSWER_MAX_BYTES);
    builder.body(body).map_err(|_| TransportError::Broken("The answer cannot be read.".to_owned()))
}

/// The runtime tells failures apart by name and words only.
fn transport(error: JsValue) -> TransportError {
    let error: js_sys::Error = error.unchecked_into();
    let (name, message) = (String::from(error.name()), String::from(error.message()));
    if name == "TimeoutError" || name == "AbortError" {
        TransportError::TimedOut
    } else if message.contains("refused") || message.contains("DNS") || message.contains("subrequests") {
        TransportError::NotSent(message)
    } else {
        TransportError::Broken(message)
    }
}
