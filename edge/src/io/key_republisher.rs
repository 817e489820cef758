//! Filling KV again after it was lost: the catalog at once, keys some at a time.

use serde::Deserialize;
use shared::timestamp::Timestamp;
use worker::worker_sys::D1Database;

use super::{
    bindings::Bindings,
    catalog_publisher,
    config_store::{self, CATALOG},
    config_writer::parse,
    d1::{Batch, query, text, whole},
    key_writer::{self, StoredKey},
    kv,
};
use crate::{
    problem::Problem,
    telemetry::{Event, log},
};

/// Keys written in one run: with what else the cron trigger does this stays within the 50 subrequests
/// of an invocation on the free plan.
const AT_ONCE: usize = 20;

#[derive(Deserialize)]
struct StateRow {
    published: u64,
    republish_after: Option<String>,
}

#[derive(Deserialize)]
struct KeyRow {
    id: String,
    document: String,
}

const STATE: &str = "SELECT published, republish_after FROM catalog_revision";
const BEGIN: &str = "UPDATE catalog_revision SET republish_after = ''";
const NEXT: &str = "SELECT id, document FROM config WHERE kind = 'key' AND id > ?1 ORDER BY id LIMIT ?2";
const STILL_THERE: &str = "SELECT id, document FROM config WHERE kind = 'key' AND id IN (SELECT value FROM json_each(?1))";
const GOT_TO: &str = "UPDATE catalog_revision SET republish_after = ?1";

/// Looks whether KV still has what was published, and writes the next keys if it has not. KV counts as
/// lost when the catalog is gone, which nothing of ours removes.
///
/// # Errors
/// When D1 or KV does not answer.
pub async fn fill(bindings: &Bindings, now: Timestamp) -> Result<(), Problem> {
    let db = bindings.db()?;
    let state = query::<StateRow>(&db, STATE, &[]).await?;
    let Some(state) = state.into_iter().next().filter(|state| state.published > 0) else { return Ok(()) };
    let after = match state.republish_after {
        Some(after) => after,
        None if is_lost(bindings).await => {
            log(&Event::Fault { doing: "publishing keys", cause: "KV has lost the catalog" });
            let batch = Batch::new(&db);
            batch.add(BEGIN, &[])?;
            batch.run().await?;
            catalog_publisher::publish(bindings, &db, now).await?;
            String::new()
        }
        None => return Ok(()),
    };
    write_from(bindings, &db, &after).await
}

/// Whether KV answers that there is no catalog.
async fn is_lost(bindings: &Bindings) -> bool {
    let Ok(kv) = bindings.kv() else { return false };
    matches!(kv.get(CATALOG).text().await, Ok(None))
}

/// Writes the keys behind the id `after`, and notes how far that got.
async fn write_from(bindings: &Bindings, db: &D1Database, after: &str) -> Result<(), Problem> {
    let limit = i64::try_from(AT_ONCE).unwrap_or(1);
    let rows = query::<KeyRow>(db, NEXT, &[text(after), whole(limit)]).await?;
    let mut written: Vec<StoredKey> = Vec::new();
    for row in &rows {
        let key: StoredKey = parse(&row.document)?;
        key_writer::publish(bindings, &key).await?;
        written.push(key);
    }
    undo_revoked(bindings, db, &written).await?;
    let batch = Batch::new(db);
    let got_to = rows.last().filter(|_| rows.len() >= AT_ONCE);
    batch.add(GOT_TO, &[got_to.map_or(wasm_bindgen::JsValue::NULL, |row| text(&row.id))])?;
    batch.run().await?;
    Ok(())
}

/// A key that was revoked after it was read and before it was written is taken out of KV again.
async fn undo_revoked(bindings: &Bindings, db: &D1Database, written: &[StoredKey]) -> Result<(), Problem> {
    let ids: Vec<&str> = written.iter().map(|key| key.record.id.as_str()).collect();
    let ids = serde_json::to_string(&ids).map_err(|_| Problem::Internal)?;
    let there: Vec<KeyRow> = query(db, STILL_THERE, &[text(&ids)]).await?;
    for key in written.iter().filter(|key| !there.iter().any(|row| row.id == key.record.id)) {
        kv::delete(bindings, &config_store::key_name(&key.hash)).await?;
    }
    Ok(())
}
