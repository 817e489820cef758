//! Filling KV again after it was lost: the catalog at once, keys some at a time.

use serde_json::Value;
use shared::timestamp::Timestamp;
use wasm_bindgen::JsValue;
use worker::worker_sys::D1Database;

use super::{
    bindings::Bindings,
    catalog_publisher,
    config_store::CATALOG,
    d1::{Batch, rows, text, text_of, whole},
    kv,
};
use crate::{
    problem::Problem,
    telemetry::{Event, log},
};

/// Keys written in one run: with what else the cron trigger does this stays within the 50 subrequests
/// of an invocation on the free plan.
const AT_ONCE: usize = 20;

const STATE: &str = "SELECT published, republish_after FROM catalog_revision";
const NEXT: &str = "SELECT id, 'key:' || (document ->> '$.hash') AS name, document -> '$.record' AS record
FROM config WHERE kind = 'key' AND id > ?1 ORDER BY id LIMIT ?2";
const STILL_THERE: &str = "SELECT id FROM config WHERE kind = 'key' AND id > ?1 AND id <= ?2";
const GOT_TO: &str = "UPDATE catalog_revision SET republish_after = ?1";

/// Looks whether KV still has what was published, and writes the next keys if it has not. KV counts as
/// lost when the catalog is gone, which nothing of ours removes.
///
/// # Errors
/// When D1 or KV does not answer.
pub async fn fill(bindings: &Bindings, now: Timestamp) -> Result<(), Problem> {
    let db = bindings.db()?;
    let state = rows(&db, STATE, &[]).await?;
    let Some(state) = state.first().filter(|state| state["published"] != 0) else { return Ok(()) };
    if let Some(after) = state["republish_after"].as_str() {
        return write_from(bindings, &db, after).await;
    }
    if !matches!(bindings.kv()?.get(CATALOG).text().await, Ok(None)) {
        return Ok(());
    }
    log(&Event::Fault { doing: "publishing keys", cause: "KV has lost the catalog" });
    // Noted first: whatever stops this run, the next goes on with the keys.
    got_to(&db, text("")).await?;
    catalog_publisher::publish(bindings, &db, now).await?;
    write_from(bindings, &db, "").await
}

/// Writes the keys behind the id `after`, and notes how far that got.
async fn write_from(bindings: &Bindings, db: &D1Database, after: &str) -> Result<(), Problem> {
    let limit = i64::try_from(AT_ONCE).unwrap_or(1);
    let keys = rows(db, NEXT, &[text(after), whole(limit)]).await?;
    let Some(last) = keys.last() else { return got_to(db, JsValue::NULL).await };
    for key in &keys {
        kv::put(bindings, text_of(key, "name"), text_of(key, "record")).await?;
    }
    // A key that was revoked after it was read and before it was written is taken out again.
    let there = rows(db, STILL_THERE, &[text(after), text(text_of(last, "id"))]).await?;
    let is_there = |key: &&Value| there.iter().any(|row| row["id"] == key["id"]);
    for key in keys.iter().filter(|key| !is_there(key)) {
        kv::delete(bindings, text_of(key, "name")).await?;
    }
    got_to(db, if keys.len() < AT_ONCE { JsValue::NULL } else { text(text_of(last, "id")) }).await
}

async fn got_to(db: &D1Database, id: JsValue) -> Result<(), Problem> {
    let batch = Batch::new(db);
    batch.add(GOT_TO, &[id])?;
    batch.run().await?;
    Ok(())
}
