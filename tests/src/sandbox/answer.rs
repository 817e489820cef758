//! Answering a request to a provider: note it, meet the ordered fault, answer, note the answer.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Method, Response, Uri, header};
use futures_util::stream;
use serde_json::json;

use super::fault::Fault;
use super::line::ResetSwitch;
use super::provider::{Call, Provider};
use super::server::State;

/// Takes one request to `provider`, whose `path` is below that provider's origin.
pub(super) async fn answer(
    state: &State,
    provider: &Provider,
    connection: &ResetSwitch,
    (method, path, headers, body): (Method, Uri, axum::http::HeaderMap, Bytes),
) -> Response<Body> {
    let shown_path = path.path_and_query().map_or("/", |path| path.as_str());
    let mut received = state.log.arrived(provider.name, method.as_str(), shown_path, &headers, &body);
    let fault = state.faults.take(provider.name);
    if let Some(fault) = &fault {
        received.fault = Some(fault.to_string());
        state.log.update(&received);
    }
    let Fault { status, retry_after, delay_ms, hang, reset, cut_body, .. } = fault.unwrap_or_default();

    if let Some(delay) = delay_ms {
        tokio::time::sleep(Duration::from_millis(delay)).await;
    }
    if hang {
        std::future::pending::<()>().await;
    }
    if reset {
        connection.reset();
        return Response::new(Body::empty());
    }
    let (status, answer) = match status {
        Some(status) => (status, json!({"message": format!("Status {status}, as ordered.")})),
        None => (provider.answer)(&Call {
            method: &method,
            path: path.path(),
            headers: &headers,
            body: &body,
            at: &received.at,
            number: received.id,
        }),
    };
    received.status = Some(status);
    received.answer = answer;
    state.log.update(&received);

    let text = Bytes::from(received.answer.to_string());
    let mut response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CONTENT_LENGTH, text.len());
    if let Some(after) = retry_after {
        response = response.header(header::RETRY_AFTER, after);
    }
    let body = if cut_body { broken_after(text.slice(..text.len() / 2)) } else { Body::from(text) };
    response.body(body).unwrap_or_else(|error| Response::new(Body::from(error.to_string())))
}

/// A body that ends with a broken connection after `part` was sent.
fn broken_after(part: Bytes) -> Body {
    Body::from_stream(stream::unfold(Some(part), |part| async move {
        match part {
            Some(part) if !part.is_empty() => Some((Ok(part), Some(Bytes::new()))),
            _ => {
                // Lets the server write out what it has before the connection breaks.
                tokio::task::yield_now().await;
                Some((Err(io::Error::other("broken as ordered")), None))
            }
        }
    }))
}
