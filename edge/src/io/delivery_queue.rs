//! The queue that wakes retries. A message says only that something will be due: the truth of what
//! is due stands in D1, so a message that is lost, late or doubled does no harm.

use shared::timestamp::Timestamp;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::bindings::Bindings;
use crate::telemetry::{Event, log};

/// Longest delay a message may have, in seconds (Cloudflare Queues, limits: 12 hours). What is due
/// later is found by the sweep.
const MAX_DELAY_SECONDS: i64 = 43_200;

/// The message. A string: other values arrive as `{}`.
const WAKE: &str = "wake";

/// Asks to be woken at `due`. Nothing depends on it, so a failure is only logged.
pub async fn wake_at(bindings: &Bindings, due: Timestamp, now: Timestamp) {
    let delay = due.millis().saturating_sub(now.millis()).saturating_add(999).div_euclid(1000);
    if delay > MAX_DELAY_SECONDS {
        return;
    }
    if let Err(error) = send(bindings, delay.max(0)).await {
        let cause = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message())).unwrap_or_default();
        log(&Event::Fault { doing: "queue send", cause: &cause });
    }
}

async fn send(bindings: &Bindings, delay_seconds: i64) -> Result<(), JsValue> {
    let Some(queue) = bindings.queue() else { return Ok(()) };
    let options = js_sys::JSON::parse(&format!("{{\"contentType\":\"text\",\"delaySeconds\":{delay_seconds}}}"))?;
    JsFuture::from(queue.send(JsValue::from_str(WAKE), options)?).await.map(|_| ())
}

thread_local! {
    static LAST_WAKE_SECOND: std::cell::Cell<i64> = const { std::cell::Cell::new(0) };
}

/// Asks to be woken at once, at most once a second in an isolate: one sweep takes many deliveries.
pub async fn wake_soon(bindings: &Bindings, now: Timestamp) {
    if LAST_WAKE_SECOND.replace(now.seconds()) != now.seconds() {
        wake_at(bindings, now, now).await;
    }
}
