//! Writing to KV.

use shared::timestamp::Timestamp;

use super::{bindings::Bindings, config_store};
use crate::{
    problem::Problem,
    telemetry::{Event, log},
};

/// Writes a value.
///
/// # Errors
/// When KV does not take it.
pub async fn put(bindings: &Bindings, name: &str, value: &str) -> Result<(), Problem> {
    let put = bindings.kv()?.put(name, value).map_err(fault)?;
    put.execute().await.map_err(fault)
}

/// Removes a value.
///
/// # Errors
/// When KV does not answer.
pub async fn delete(bindings: &Bindings, name: &str) -> Result<(), Problem> {
    bindings.kv()?.delete(name).await.map_err(fault)
}

/// Writes until when a key is denied. Nothing depends on it, so a failure is only logged.
pub async fn put_denial(bindings: &Bindings, key_id: &str, until: i64, now: Timestamp) {
    /// KV keeps nothing shorter.
    const MIN_TTL_SECONDS: i64 = 60;
    let ttl = u64::try_from(until.saturating_sub(now.seconds()).max(MIN_TTL_SECONDS)).unwrap_or(60);
    let Ok(kv) = bindings.kv() else { return };
    let written = match kv.put(&config_store::deny_name(key_id), until.to_string()) {
        Ok(put) => put.expiration_ttl(ttl).execute().await,
        Err(error) => Err(error),
    };
    if let Err(error) = written {
        fault(error);
    }
}

fn fault(error: worker::kv::KvError) -> Problem {
    log(&Event::Fault { doing: "kv write", cause: &error.to_string() });
    Problem::Store
}
