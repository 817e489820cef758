//! What is logged: one JSON line an event, of closed sets of names and numbers. There is no way to
//! put a lead, a key or a provider's answer into one.

use serde::Serialize;
use worker::{console_error, console_log};

/// Something worth a line.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event<'a> {
    /// A request was answered.
    Request {
        /// Also in the answer.
        request_id: &'a str,
        /// The route's pattern, not the address.
        route: &'a str,
        /// The method.
        method: &'a str,
        /// The status of the answer.
        status: u16,
    },
    /// An attempt ended.
    Attempt {
        /// Which delivery.
        delivery: &'a str,
        /// Where to.
        destination: &'a str,
        /// What it means.
        outcome: &'a str,
        /// The provider's status, if it answered.
        status_code: Option<u16>,
        /// How long it took.
        duration_ms: i64,
    },
    /// The sweep ran.
    Sweep {
        /// How many deliveries it claimed.
        claimed: usize,
    },
    /// Leads were erased since their form keeps them no longer.
    Retention {
        /// How many.
        erased: usize,
    },
    /// A destination is left alone until it is mended.
    Paused {
        /// Which.
        destination: &'a str,
    },
    /// A store, the queue or the runtime failed.
    Fault {
        /// What we were doing.
        doing: &'a str,
        /// The runtime's words, which name statements and limits but no values.
        cause: &'a str,
    },
}

/// Writes the event's line.
pub fn log(event: &Event<'_>) {
    let line = serde_json::to_string(event).unwrap_or_default();
    match event {
        Event::Fault { .. } | Event::Paused { .. } => console_error!("{line}"),
        _ => console_log!("{line}"),
    }
}
