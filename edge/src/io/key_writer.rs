//! Keys: recorded in D1, published to KV, replaced and revoked in both.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::timestamp::Timestamp;
use wasm_bindgen::JsValue;
use worker::worker_sys::D1Database;

use super::{
    audit::{Action, Change},
    bindings::Bindings,
    config_store,
    config_writer::{self, DELETE, PUT, Sort},
    d1::{Batch, rows, text, text_of, time},
    key_use, kv,
};
use crate::{
    key::{KeyHash, KeyRecord},
    problem::Problem,
};

/// A key's record with the hash it is found by in KV.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredKey {
    /// Where KV has it.
    pub hash: KeyHash,
    /// What KV has.
    pub record: KeyRecord,
}

/// A trigger on the table of leads looks at this one. From ?3 on the key writes nothing; 0: at once.
const REVOKE: &str = "INSERT INTO revoked_key (id, at, writes_until) VALUES (?1, ?2, ?3)
ON CONFLICT (id) DO UPDATE SET at = excluded.at, writes_until = min(writes_until, excluded.writes_until)";

/// Whether a key can still give way to another: it is there, and nobody was faster.
const REPLACEABLE: &str =
    "EXISTS (SELECT 1 FROM config WHERE kind = ?2 AND id = ?3 AND document ->> '$.record.replaced_by' IS NULL)";

/// The successor, if the key can still give way.
const SUCCEED: &str = "INSERT INTO config (kind, id, document) SELECT 'key', ?1, ?2 WHERE EXISTS (
  SELECT 1 FROM config WHERE kind = 'key' AND id = ?3 AND document ->> '$.record.replaced_by' IS NULL)";

/// The key that gave way, if its successor is there.
const RETIRE: &str = "UPDATE config SET document = ?2 WHERE kind = 'key' AND id = ?1
  AND EXISTS (SELECT 1 FROM config WHERE kind = 'key' AND id = ?3)";

/// Until when the key that gave way may write, if its successor is there.
const RETIRE_WRITES: &str = "INSERT INTO revoked_key (id, at, writes_until)
SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM config WHERE kind = 'key' AND id = ?4)
ON CONFLICT (id) DO UPDATE SET writes_until = min(writes_until, excluded.writes_until)";

/// KV lacks a key: the cron trigger fills it again (`io/key_republisher.rs`).
const REPUBLISH: &str = "UPDATE catalog_revision SET republish_after = ''";

/// Keys as they are shown, one or (with NULL) all, each with the time of its last lead or reading.
const SHOWN: &str = "SELECT json_set(c.document -> '$.record', '$.last_used_at',
  strftime('%Y-%m-%dT%H:%M:%fZ', nullif(max(coalesce(u.at, 0) / 1000.0, coalesce(r.window_start, 0)), 0), 'unixepoch')) AS key
FROM config c
  LEFT JOIN key_use u ON u.key_id = c.id
  LEFT JOIN rate_window r ON r.subject = c.id AND r.kind = 'key'
WHERE c.kind = 'key' AND (?1 IS NULL OR c.id = ?1) ORDER BY c.id";

/// Keys as they are shown: the one of that id, or all.
///
/// # Errors
/// When D1 does not answer.
pub async fn shown(db: &D1Database, id: Option<&str>) -> Result<Vec<Value>, Problem> {
    let rows = rows(db, SHOWN, &[id.map_or(JsValue::NULL, text)]).await?;
    rows.iter().map(|row| config_writer::parse(text_of(row, "key"))).collect()
}

/// Records a new key: D1 first, then KV, so that no key works that nobody can revoke.
///
/// # Errors
/// When D1 or KV does not answer.
pub async fn create(bindings: &Bindings, change: &Change<'_>, key: &StoredKey) -> Result<(), Problem> {
    let db = bindings.db()?;
    let batch = Batch::new(&db);
    change.add(&batch, Action::Written)?;
    batch.add(PUT, &[text(Sort::Key.name()), text(&key.record.id), text(&document(key)?)])?;
    batch.run().await?;
    publish(bindings, key).await
}

/// Replaces a key by another, in one transaction; the old one works until its record says. Whether it
/// could: somebody may have replaced or revoked it meanwhile.
///
/// KV has the new key first. Nobody knows it yet, and once D1 has it, nothing can fail any more that
/// would keep it from who asked.
///
/// # Errors
/// When D1 or KV does not answer.
pub async fn replace(
    bindings: &Bindings,
    change: &Change<'_>,
    old: &StoredKey,
    new: &StoredKey,
) -> Result<bool, Problem> {
    let db = bindings.db()?;
    publish(bindings, new).await?;
    let (old_id, new_id) = (&old.record.id, &new.record.id);
    let now = change.admin.now;
    let until = old.record.expires_at.unwrap_or(now);
    // A key that may not write from now on is told so without a clock: those of two isolates differ.
    let writes_until = if until <= now { Timestamp::from_millis(0) } else { until };
    let batch = Batch::new(&db);
    change.add_if(&batch, Action::Rotated, REPLACEABLE)?;
    batch.add(SUCCEED, &[text(new_id), text(&document(new)?), text(old_id)])?;
    batch.add(RETIRE, &[text(old_id), text(&document(old)?), text(new_id)])?;
    batch.add(RETIRE_WRITES, &[text(old_id), time(now), time(writes_until), text(new_id)])?;
    batch.run().await?;
    if config_writer::find::<StoredKey>(&db, Sort::Key, new_id).await?.is_none() {
        kv::delete(bindings, &config_store::key_name(&new.hash)).await?;
        return Ok(false);
    }
    config_store::forget_key(&old.hash);
    if publish(bindings, old).await.is_err() {
        let batch = Batch::new(&db);
        batch.add(REPUBLISH, &[])?;
        batch.run().await?;
    }
    Ok(true)
}

/// Revokes a key: in D1, where the accepting transaction looks, then in KV. Whether it was there.
///
/// # Errors
/// When D1 or KV does not answer.
pub async fn revoke(bindings: &Bindings, change: &Change<'_>) -> Result<bool, Problem> {
    let db = bindings.db()?;
    let Some(key) = config_writer::find::<StoredKey>(&db, Sort::Key, change.id).await? else { return Ok(false) };
    let batch = Batch::new(&db);
    change.add(&batch, Action::Revoked)?;
    batch.add(REVOKE, &[text(change.id), time(change.admin.now), time(Timestamp::from_millis(0))])?;
    batch.run().await?;
    kv::delete(bindings, &config_store::key_name(&key.hash)).await?;
    config_store::forget_key(&key.hash);
    // Last, so that a revocation that failed half way can be made again.
    let batch = Batch::new(&db);
    batch.add(DELETE, &[text(Sort::Key.name()), text(change.id)])?;
    key_use::add_forgetting(&batch, change.id)?;
    batch.run().await?;
    Ok(true)
}

/// Writes a key's record to KV, where requests find it.
///
/// # Errors
/// When KV does not answer.
pub async fn publish(bindings: &Bindings, key: &StoredKey) -> Result<(), Problem> {
    let record = serde_json::to_string(&key.record).map_err(|_| Problem::Internal)?;
    kv::put(bindings, &config_store::key_name(&key.hash), &record).await
}

fn document(key: &StoredKey) -> Result<String, Problem> {
    serde_json::to_string(key).map_err(|_| Problem::Internal)
}
