//! Keys: recorded in D1, published to KV, revoked in both.

use serde::{Deserialize, Serialize};
use shared::timestamp::Timestamp;

use super::{
    bindings::Bindings,
    config_store,
    config_writer::{self, Sort},
    d1::{Batch, text, time},
    kv,
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

/// A trigger on the table of leads looks at this one.
const REVOKE: &str = "INSERT OR IGNORE INTO revoked_key (id, at) VALUES (?1, ?2)";

/// Writes a key's record: D1 first, then KV, so that no key works that nobody can revoke.
///
/// # Errors
/// When D1 or KV does not answer.
pub async fn put(bindings: &Bindings, key: &StoredKey) -> Result<(), Problem> {
    let db = bindings.db()?;
    let document = serde_json::to_string(key).map_err(|_| Problem::Internal)?;
    config_writer::write(&db, Sort::Key, &key.record.id, &document).await?;
    let record = serde_json::to_string(&key.record).map_err(|_| Problem::Internal)?;
    kv::put(bindings, &config_store::key_name(&key.hash), &record).await
}

/// Revokes a key: in D1, where the accepting transaction looks, then in KV. Whether it was there.
///
/// # Errors
/// When D1 or KV does not answer.
pub async fn revoke(bindings: &Bindings, id: &str, now: Timestamp) -> Result<bool, Problem> {
    let db = bindings.db()?;
    let Some(key) = config_writer::find::<StoredKey>(&db, Sort::Key, id).await? else { return Ok(false) };
    let batch = Batch::new(&db);
    batch.add(REVOKE, &[text(id), time(now)])?;
    batch.run().await?;
    kv::delete(bindings, &config_store::key_name(&key.hash)).await?;
    config_store::forget_key(&key.hash);
    // Last, so that a revocation that failed half way can be made again.
    config_writer::remove(&db, Sort::Key, id).await?;
    Ok(true)
}
