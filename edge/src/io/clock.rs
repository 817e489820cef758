//! The only source of time, randomness and ids.

use shared::{lead::LeadId, timestamp::Timestamp};

/// Now, by the runtime's clock. On Cloudflare it stands still while code computes.
#[allow(clippy::disallowed_methods, reason = "this is the one place that makes time")]
pub fn now() -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far below 2^53")]
    Timestamp::from_millis(js_sys::Date::now() as i64)
}

/// Random bytes from the runtime; all zero if it has none, which never happened and makes ids
/// collide rather than requests fail.
#[allow(clippy::disallowed_methods, reason = "this is the one place that makes randomness")]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if getrandom::fill(&mut bytes).is_err() {
        crate::telemetry::log(&crate::telemetry::Event::Fault { doing: "random", cause: "no source of randomness" });
    }
    bytes
}

/// A new id; requests and leads have ids of the same kind.
pub fn new_id(now: Timestamp) -> LeadId {
    LeadId::new(now, random())
}
