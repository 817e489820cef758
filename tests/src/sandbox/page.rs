//! The sandbox's page: what each provider received, newest first, and the faults to order.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::{Value, json};

use super::provider::{self, Provider};
use super::received::Received;
use super::server::State;

const STYLE: &str = include_str!("../../pages/sandbox.css");
const SCRIPT: &str = include_str!("../../pages/sandbox.js");

/// More would make the page slow; `GET /received` has them all.
const SHOWN: usize = 50;

/// The whole page.
pub(super) fn render(state: &State) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "Provider sandbox" }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { "Provider sandbox" }
                    p { "What Leadgate delivers, as the providers receive it. This page follows along." }
                    nav {
                        a href="/demo" { "Demo page with the form" }
                        a href="/received" { "As JSON" }
                        button type="button" data-method="DELETE" data-url="/received" { "Clear" }
                    }
                }
                main id="providers" {
                    @for provider in provider::ALL { (section(provider, state)) }
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

fn section(provider: &Provider, state: &State) -> Markup {
    let received = state.log.list(Some(provider.name));
    let fault = state.faults.list().into_iter().find(|fault| fault.provider == provider.name);
    html! {
        section {
            div.title {
                h2 { (provider.name) }
                code { "POST /" (provider.name) (provider.endpoint) }
                span.count { (received.len()) " received" }
            }
            div.faults {
                span.label { "Next answers" }
                @match &fault {
                    Some(fault) => {
                        strong.fault {
                            (fault) @if let Some(times) = fault.times { " (" (times) " more)" }
                        }
                    }
                    None => strong.normal { "normal" },
                }
                @for (label, fault) in orders(provider.name) {
                    button type="button" data-method="PUT" data-url="/faults" data-body=(fault) { (label) }
                }
                @if fault.is_some() {
                    button.mend type="button" data-method="DELETE"
                        data-url={ "/faults?provider=" (provider.name) } { "Back to normal" }
                }
            }
            @if received.is_empty() {
                p.empty { "Nothing has arrived yet." }
            }
            @for request in received.iter().rev().take(SHOWN) { (row(request)) }
            @if received.len() > SHOWN {
                p.empty { "The newest " (SHOWN) " are shown." }
            }
        }
    }
}

/// The faults with a button of their own; [`Fault`](super::Fault) has more.
fn orders(provider: &str) -> Vec<(&'static str, Value)> {
    let mut orders = vec![
        ("503 twice", json!({"status": 503, "times": 2})),
        ("429, Retry-After 5", json!({"status": 429, "retry_after": "5", "times": 1})),
        ("401", json!({"status": 401})),
        ("422", json!({"status": 422, "times": 1})),
        ("Redirect", json!({"redirect": 302, "times": 1})),
        ("HTML", json!({"status": 200, "body": "<h1>Sorry</h1>", "content_type": "text/html", "times": 1})),
        ("Empty body", json!({"empty_body": true, "times": 1})),
        ("1 MB", json!({"large_body_bytes": 1_000_000, "times": 1})),
        ("Slow body", json!({"slow_body_ms": 15_000, "times": 1})),
        ("Cut body", json!({"cut_body": true, "times": 1})),
        ("Delay 3 s", json!({"delay_ms": 3000})),
        ("Hang", json!({"hang": true})),
        ("Reset", json!({"reset": true, "times": 1})),
    ];
    for (_, fault) in &mut orders {
        fault["provider"] = provider.into();
    }
    orders
}

fn row(request: &Received) -> Markup {
    let (class, status) = match request.status {
        Some(status @ 200..=299) => ("good", status.to_string()),
        Some(status) => ("bad", status.to_string()),
        None => ("open", "no answer".to_owned()),
    };
    html! {
        details.request id={ "request-" (request.id) } {
            summary {
                span class={ "status " (class) } { (status) }
                span.line { (request.method) " " (request.path) }
                @if let Some(fault) = &request.fault { span.fault { (fault) } }
                time datetime=(request.at) { (request.at.get(11..19).unwrap_or(&request.at)) }
            }
            div.exchange {
                div {
                    h3 { "Body" }
                    pre { (pretty(&request.body)) }
                }
                div {
                    h3 { "Answer" }
                    pre { (if request.status.is_some() { pretty(&request.answer) } else { "none".to_owned() }) }
                    h3 { "Headers" }
                    pre {
                        @for (name, value) in &request.headers { (name) ": " (value) "\n" }
                    }
                }
            }
        }
    }
}

fn pretty(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => format!("{other:#}"),
    }
}
