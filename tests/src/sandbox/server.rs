//! The sandbox's addresses.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::{ConnectInfo, Json, Path, Query, Request, State as Extract};
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use axum::{Router, body::Bytes};
use futures_util::{Stream, StreamExt};
use serde_json::json;
use tokio::net::TcpListener;
use tokio_stream::wrappers::BroadcastStream;

use super::answer::answer;
use super::demo::{self, Embed};
use super::fault::{Fault, Faults};
use super::line::{LineSwitch, Lines};
use super::received::Log;
use super::{page, provider};

/// What all requests share.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) log: Log,
    pub(super) faults: Faults,
    pub(super) embed: Mutex<Embed>,
}

type Shared = Extract<Arc<State>>;
type Parameters = Query<HashMap<String, String>>;

/// Serves until it is stopped.
pub(super) async fn serve(listener: TcpListener, state: Arc<State>) {
    let app = Router::new()
        .route("/", get(start_page))
        .route("/demo", get(demo_page))
        .route("/playground/{file}", get(playground_page))
        .route("/received", get(list_received).delete(forget_received))
        .route("/received/stream", get(stream_received))
        .route("/faults", get(list_faults).put(order_fault).delete(cancel_faults))
        .fallback(call_provider)
        .with_state(state);
    let service = app.into_make_service_with_connect_info::<LineSwitch>();
    if let Err(error) = axum::serve(Lines(listener), service).await {
        panic!("the sandbox ended: {error}");
    }
}

async fn start_page(Extract(state): Shared) -> Html<String> {
    Html(page::render(&state))
}

async fn demo_page(Extract(state): Shared) -> Html<String> {
    Html(demo::landing_page(&state.embed.lock().unwrap()))
}

async fn playground_page(Extract(state): Shared, Path(file): Path<String>) -> impl IntoResponse {
    let embed = state.embed.lock().unwrap().clone();
    match demo::playground_page(&file, &embed) {
        Some((content_type, text)) => ([(header::CONTENT_TYPE, content_type)], text).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn list_received(Extract(state): Shared, Query(parameters): Parameters) -> impl IntoResponse {
    Json(json!({"received": state.log.list(parameters.get("provider").map(String::as_str))}))
}

async fn forget_received(Extract(state): Shared) -> StatusCode {
    state.log.clear();
    StatusCode::NO_CONTENT
}

async fn stream_received(Extract(state): Shared) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = BroadcastStream::new(state.log.subscribe());
    // A reader too slow for the channel misses some; each event is whole in itself.
    let events = changes.filter_map(async |change| {
        let event = Event::default().event("received").json_data(change.ok()?).ok()?;
        Some(Ok(event))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

async fn list_faults(Extract(state): Shared) -> impl IntoResponse {
    Json(json!({"faults": state.faults.list()}))
}

async fn order_fault(Extract(state): Shared, Json(fault): Json<Fault>) -> impl IntoResponse {
    if provider::find(&fault.provider).is_none() {
        let names: Vec<_> = provider::ALL.iter().map(|provider| provider.name).collect();
        let message = format!("`provider` must be one of {}", names.join(", "));
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"message": message}))).into_response();
    }
    if let Some(problem) = fault.problem() {
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"message": problem}))).into_response();
    }
    state.faults.order(fault);
    list_faults(Extract(state)).await.into_response()
}

async fn cancel_faults(Extract(state): Shared, Query(parameters): Parameters) -> StatusCode {
    state.faults.cancel(parameters.get("provider").map(String::as_str));
    StatusCode::NO_CONTENT
}

async fn call_provider(
    Extract(state): Shared,
    ConnectInfo(connection): ConnectInfo<LineSwitch>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    request: Request,
) -> Response<Body> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let (name, rest) = path.trim_start_matches('/').split_once('/').unwrap_or_default();
    let (Some(provider), Ok(path)) = (provider::find(name), format!("/{rest}").parse()) else {
        return (StatusCode::NOT_FOUND, "No provider lives at this address.").into_response();
    };
    let body = axum::body::to_bytes(request.into_body(), usize::MAX).await.unwrap_or_else(|_| Bytes::new());
    answer(&state, provider, &connection, (method, path, headers, body)).await
}
