//! The Worker: accepts leads, keeps them in D1, and delivers them to providers.
//!
//! This file wires the runtime's events to the code and decides nothing. `router.rs` has every path;
//! docs/ARCHITECTURE.md tells the life of a lead.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, reason = "a test may panic"))]

pub mod alert;
pub mod answer;
pub mod base62;
pub mod catalog;
pub mod client_address;
pub mod client_view;
pub mod condition;
pub mod consent_receipt;
pub mod csv;
pub mod data_subject;
pub mod delivery;
pub mod delivery_filter;
pub mod delivery_view;
pub mod destination;
pub mod destination_test;
pub mod duplicate;
pub mod form_layout;
pub mod form_script;
pub mod form_token;
pub mod group;
pub mod history;
pub mod hops;
pub mod host_policy;
pub mod idempotency;
pub mod intake;
pub mod io;
pub mod json;
pub mod key;
pub mod lead_change;
pub mod lead_filter;
pub mod lead_view;
pub mod misfit;
pub mod negotiation;
#[cfg(test)]
mod openapi;
pub mod origin;
pub mod page;
pub mod parameters;
pub mod partner;
pub mod preflight;
pub mod problem;
pub mod provider;
pub mod rate_limit;
pub mod redirect;
pub mod router;
pub mod routes;
pub mod routing;
pub mod search;
pub mod spam;
pub mod statistics;
pub mod telemetry;
pub mod telephone;
pub mod theme;

use wasm_bindgen::JsValue;
use worker::{Context, Env, MessageBatch, ScheduleContext, ScheduledEvent, event};

use io::{
    alerts, bindings::Bindings, catalog_publisher, clean_up, clock, fan_out, key_republisher, request::Incoming,
    response::response, retention,
};
use problem::Problem;
use router::Route;
use routes::exchange::Exchange;
use telemetry::{Event, log};

/// Half the code of the standard library's allocator.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// An isolate begins.
#[event(start)]
fn start() {
    telephone::warm();
}

/// A request came.
#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, context: Context) -> Result<web_sys::Response, worker::Error> {
    let now = clock::now();
    let incoming = Incoming::new(request, now, clock::new_id(now).to_string());
    let exchange = Exchange::new(incoming, Bindings::from(env), context);
    let result = router::answer(&exchange).await;
    let answer = exchange.finish(result);
    let Incoming { id, method, path, .. } = &exchange.request;
    let route = Route::of(path).map_or("none", |(_, _, name)| name);
    log(&Event::Request { request_id: id, route, method, status: answer.status });
    let stream = exchange.take_stream();
    response(answer, stream.as_ref(), method == "HEAD").map_err(|error: JsValue| worker::Error::from(error))
}

/// A message came: something is due. Every message is acknowledged, since what is due stands in D1.
#[event(queue)]
async fn queue(messages: MessageBatch<String>, env: Env, _context: Context) -> Result<(), worker::Error> {
    sweep(&Bindings::from(env)).await;
    messages.ack_all();
    Ok(())
}

/// A minute has passed.
#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    /// Minutes between two clean-ups, which have to look at whole tables.
    const CLEAN_UP_MINUTES: i64 = 60;
    let bindings = Bindings::from(env);
    sweep(&bindings).await;
    let now = clock::now();
    if let Err(problem) = catalog_publisher::publish_if_changed(&bindings, now).await {
        fault("publishing", &problem);
    }
    if let Err(problem) = key_republisher::fill(&bindings, now).await {
        fault("publishing keys", &problem);
    }
    if let Err(problem) = alerts::tell(&bindings, now).await {
        fault("alerting", &problem);
    }
    if let Ok(db) = bindings.db()
        && let Err(error) = retention::erase_what_is_over(&db, now).await
    {
        fault("erasing", &Problem::from(error));
    }
    if now.seconds().div_euclid(60).rem_euclid(CLEAN_UP_MINUTES) == 0
        && let Ok(db) = bindings.db()
        && let Err(error) = clean_up::forget_expired(&db, now).await
    {
        fault("cleaning up", &Problem::from(error));
    }
}

async fn sweep(bindings: &Bindings) {
    if let Err(problem) = fan_out::sweep(bindings).await {
        fault("sweeping", &problem);
    }
}

fn fault(doing: &str, problem: &Problem) {
    log(&Event::Fault { doing, cause: &format!("{problem:?}") });
}
