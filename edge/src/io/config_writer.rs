//! The configuration's record in D1, and its publication to KV.
//!
//! D1 is the record, since KV is eventually consistent and two admins could undo each other's
//! changes there; KV is the copy that requests read. A publication that fails is made up for by the
//! cron trigger.

use std::collections::BTreeMap;

use serde::{Deserialize, de::DeserializeOwned};
use shared::timestamp::Timestamp;
use worker::worker_sys::D1Database;

use super::{
    bindings::Bindings,
    config_store::{self, CATALOG},
    d1::{Batch, query, text, time, whole},
    delivery_store,
};
use crate::{
    catalog::CatalogDocument,
    json,
    key::{KeyHash, KeyRecord},
    problem::Problem,
    telemetry::{Event, log},
};

/// What sorts of configuration there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// API keys; the document is a [`StoredKey`].
    Key,
    /// Forms.
    Form,
    /// Destinations.
    Destination,
}

impl Sort {
    const fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Form => "form",
            Self::Destination => "destination",
        }
    }
}

/// A key's record with the hash it is found by in KV.
#[derive(Debug, Clone, serde::Serialize, Deserialize)]
pub struct StoredKey {
    /// Where KV has it.
    pub hash: KeyHash,
    /// What KV has.
    pub record: KeyRecord,
}

#[derive(Deserialize)]
struct DocumentRow {
    id: String,
    document: String,
}

#[derive(Deserialize)]
struct RevisionRow {
    written: u64,
    published: u64,
}

#[derive(Deserialize)]
struct ConfigRow {
    kind: String,
    id: String,
    document: String,
}

const PUT: &str = "INSERT INTO config (kind, id, document) VALUES (?1, ?2, ?3)
ON CONFLICT (kind, id) DO UPDATE SET document = excluded.document";
const EXISTS: &str = "SELECT id, document FROM config WHERE kind = ?1 AND id = ?2";
const LIST: &str = "SELECT id, document FROM config WHERE kind = ?1 ORDER BY id";
const DELETE: &str = "DELETE FROM config WHERE kind = ?1 AND id = ?2 RETURNING id, document";
const CHANGED: &str = "UPDATE catalog_revision SET written = written + 1";
const REVISION: &str = "SELECT written, published FROM catalog_revision";
const READ_CATALOG: &str = "SELECT kind, id, document FROM config WHERE kind IN ('form', 'destination')";
const PUBLISHED: &str = "UPDATE catalog_revision SET published = max(published, ?1)";
const REVOKE: &str = "INSERT OR IGNORE INTO revoked_key (id, at) VALUES (?1, ?2)";

/// Every document of a sort, by id.
///
/// # Errors
/// When D1 does not answer.
pub async fn list<T: DeserializeOwned>(db: &D1Database, sort: Sort) -> Result<BTreeMap<String, T>, Problem> {
    let rows = query::<DocumentRow>(db, LIST, &[text(sort.name())]).await?;
    // A loop: collecting into a map would bring a sort of its own for each type into the Worker.
    let mut documents = BTreeMap::new();
    for row in rows {
        documents.insert(row.id, parse(&row.document)?);
    }
    Ok(documents)
}

/// The document of that id.
///
/// # Errors
/// When D1 does not answer.
pub async fn find<T: DeserializeOwned>(db: &D1Database, sort: Sort, id: &str) -> Result<Option<T>, Problem> {
    let rows = query::<DocumentRow>(db, EXISTS, &[text(sort.name()), text(id)]).await?;
    rows.first().map(|row| parse(&row.document)).transpose()
}

/// Writes a form or destination and puts it in force. Whether it is new.
///
/// # Errors
/// When D1 does not answer.
pub async fn put(bindings: &Bindings, sort: Sort, id: &str, document: &str, now: Timestamp) -> Result<bool, Problem> {
    let db = bindings.db()?;
    let batch = Batch::new(&db);
    batch.add(EXISTS, &[text(sort.name()), text(id)])?;
    batch.add(PUT, &[text(sort.name()), text(id), text(document)])?;
    if sort == Sort::Destination {
        // Whoever writes a destination has mended it: what waited for that goes out.
        delivery_store::add_resume(&batch, id, now)?;
    }
    batch.add(CHANGED, &[])?;
    let is_new = batch.run().await?.of::<DocumentRow>(0)?.is_empty();
    publish(bindings, &db, now).await?;
    Ok(is_new)
}

/// Removes a form or destination. Whether it was there.
///
/// # Errors
/// When D1 does not answer.
pub async fn delete(bindings: &Bindings, sort: Sort, id: &str, now: Timestamp) -> Result<bool, Problem> {
    let db = bindings.db()?;
    let batch = Batch::new(&db);
    batch.add(DELETE, &[text(sort.name()), text(id)])?;
    batch.add(CHANGED, &[])?;
    let was_there = !batch.run().await?.of::<DocumentRow>(0)?.is_empty();
    publish(bindings, &db, now).await?;
    Ok(was_there)
}

/// Writes a key's record: D1 first, then KV, so that no key works that nobody can revoke.
///
/// # Errors
/// When D1 or KV does not answer.
pub async fn put_key(bindings: &Bindings, key: &StoredKey) -> Result<(), Problem> {
    let db = bindings.db()?;
    let document = serde_json::to_string(key).map_err(|_| Problem::Internal)?;
    query::<DocumentRow>(&db, PUT, &[text(Sort::Key.name()), text(&key.record.id), text(&document)]).await?;
    let record = serde_json::to_string(&key.record).map_err(|_| Problem::Internal)?;
    kv_put(bindings, &config_store::key_name(&key.hash), &record).await
}

/// Revokes a key: in D1, where the accepting transaction looks, then in KV. Whether it was there.
///
/// # Errors
/// When D1 or KV does not answer.
pub async fn revoke_key(bindings: &Bindings, id: &str, now: Timestamp) -> Result<bool, Problem> {
    let db = bindings.db()?;
    let Some(key) = find::<StoredKey>(&db, Sort::Key, id).await? else { return Ok(false) };
    let batch = Batch::new(&db);
    batch.add(REVOKE, &[text(id), time(now)])?;
    batch.run().await?;
    bindings.kv()?.delete(&config_store::key_name(&key.hash)).await.map_err(kv_fault)?;
    config_store::forget_key(&key.hash);
    // Last, so that a revocation that failed half way can be made again.
    query::<DocumentRow>(&db, DELETE, &[text(Sort::Key.name()), text(id)]).await?;
    Ok(true)
}

/// Publishes the catalog if KV does not have the latest.
///
/// # Errors
/// When D1 does not answer.
pub async fn publish_if_changed(bindings: &Bindings, now: Timestamp) -> Result<(), Problem> {
    let db = bindings.db()?;
    let revision = query::<RevisionRow>(&db, REVISION, &[]).await?;
    match revision.first() {
        Some(row) if row.published < row.written => publish(bindings, &db, now).await,
        _ => Ok(()),
    }
}

/// Reads the whole catalog from D1 in one snapshot, puts it in force here and writes it to KV.
async fn publish(bindings: &Bindings, db: &D1Database, now: Timestamp) -> Result<(), Problem> {
    let batch = Batch::new(db);
    batch.add(REVISION, &[])?;
    batch.add(READ_CATALOG, &[])?;
    let mut rows = batch.run().await?;
    let mut catalog = CatalogDocument {
        revision: rows.of::<RevisionRow>(0)?.first().map_or(0, |row| row.written),
        ..Default::default()
    };
    for row in rows.of::<ConfigRow>(1)? {
        if row.kind == Sort::Form.name() {
            catalog.forms.insert(row.id, parse(&row.document)?);
        } else {
            catalog.destinations.insert(row.id, parse(&row.document)?);
        }
    }
    let json = serde_json::to_string(&catalog).map_err(|_| Problem::Internal)?;
    let revision = i64::try_from(catalog.revision).unwrap_or(i64::MAX);
    config_store::remember(catalog, now);
    // KV takes one write a second of a name: what it refuses now, the cron trigger writes.
    if kv_put(bindings, CATALOG, &json).await.is_ok() {
        query::<JsonNothing>(db, PUBLISHED, &[whole(revision)]).await?;
    }
    Ok(())
}

/// The rows of a statement that returns none.
#[derive(Deserialize)]
struct JsonNothing {}

async fn kv_put(bindings: &Bindings, name: &str, value: &str) -> Result<(), Problem> {
    let put = bindings.kv()?.put(name, value).map_err(kv_fault)?;
    put.execute().await.map_err(kv_fault)
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
        kv_fault(error);
    }
}

fn kv_fault(error: worker::kv::KvError) -> Problem {
    log(&Event::Fault { doing: "kv write", cause: &error.to_string() });
    Problem::Store
}

fn parse<T: DeserializeOwned>(document: &str) -> Result<T, Problem> {
    json::parse(document).map_err(|_| {
        log(&Event::Fault { doing: "parsing from d1", cause: "configuration" });
        Problem::Internal
    })
}
