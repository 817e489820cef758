//! Answering a request to a provider: note it, meet the ordered fault, answer, note the answer.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Response, Uri, header};
use serde_json::{Value, json};

use super::broken_body;
use super::fault::Fault;
use super::line::{Ending, LineSwitch};
use super::provider::{Answer, Call, Provider};
use super::server::State;

/// Where an ordered redirect leads, below the provider's origin.
const REDIRECT_TARGET: &str = "/where-a-redirect-leads";

/// Takes one request to `provider`, whose `path` is below that provider's origin.
pub(super) async fn answer(
    state: &State,
    provider: &Provider,
    connection: &LineSwitch,
    (method, path, headers, body): (Method, Uri, HeaderMap, Bytes),
) -> Response<Body> {
    let shown_path = path.path_and_query().map_or("/", |path| path.as_str());
    let mut received = state.log.arrived(provider.name, method.as_str(), shown_path, &headers, &body);
    let fault = state.faults.take(provider.name, method.as_str());
    if let Some(fault) = &fault {
        received.fault = Some(fault.to_string());
        state.log.update(&received);
    }
    let fault = fault.unwrap_or_default();

    if let Some(delay) = fault.delay_ms {
        tokio::time::sleep(Duration::from_millis(delay)).await;
    }
    if fault.hang {
        std::future::pending::<()>().await;
    }
    if fault.reset || fault.close {
        connection.end(if fault.reset { Ending::Reset } else { Ending::Close });
        return Response::new(Body::empty());
    }
    let call = Call {
        method: &method,
        path: path.path(),
        query: path.query().unwrap_or_default(),
        headers: &headers,
        body: &body,
        at: &received.at,
        number: received.id,
    };
    let (status, answer) = ordered_or_usual(&fault, || (provider.answer)(&call));
    received.status = Some(status);
    received.answer = answer;
    state.log.update(&received);
    response(&fault, provider, &headers, status, &received.answer)
}

/// The status and the body: each as ordered, else as the provider answers.
fn ordered_or_usual(fault: &Fault, usual: impl FnOnce() -> Answer) -> Answer {
    let (status, answer) = match fault.status.or(fault.redirect) {
        Some(status) => (status, json!({"message": format!("Status {status}, as ordered.")})),
        None => usual(),
    };
    let answer = if fault.empty_body { Value::Null } else { fault.body.clone().unwrap_or(answer) };
    (status, answer)
}

fn response(fault: &Fault, provider: &Provider, asked: &HeaderMap, status: u16, answer: &Value) -> Response<Body> {
    let content_type = fault.content_type.as_deref().unwrap_or("application/json");
    let mut response = Response::builder().status(status);
    if let Some(after) = &fault.retry_after {
        response = response.header(header::RETRY_AFTER, after);
    }
    if fault.redirect.is_some() {
        let host = asked.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        response = response.header(header::LOCATION, format!("http://{host}/{}{REDIRECT_TARGET}", provider.name));
    }
    for (name, value) in &fault.headers {
        response = response.header(name, value);
    }
    let text = text(fault, answer);
    let body = if text.is_empty() {
        Body::empty()
    } else {
        response = response.header(header::CONTENT_TYPE, content_type).header(header::CONTENT_LENGTH, text.len());
        if fault.cut_body {
            broken_body::cut(text)
        } else if let Some(time) = fault.slow_body_ms {
            broken_body::slow(text, Duration::from_millis(time))
        } else {
            Body::from(text)
        }
    };
    response.body(body).unwrap_or_else(|error| Response::new(Body::from(error.to_string())))
}

/// The bytes of the answer's body.
fn text(fault: &Fault, answer: &Value) -> Bytes {
    let text = match answer {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        json => json.to_string(),
    };
    match (fault.large_body_bytes, answer) {
        (Some(size), Value::Object(members)) => {
            let mut members = members.clone();
            members.insert("padding".to_owned(), Value::from("x".repeat(size.saturating_sub(text.len()))));
            Bytes::from(Value::Object(members).to_string())
        }
        (Some(size), _) => Bytes::from(text.clone() + &" ".repeat(size.saturating_sub(text.len()))),
        (None, _) => Bytes::from(text),
    }
}
