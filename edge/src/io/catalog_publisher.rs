//! The forms and destinations: read from D1, published to KV.

use serde::Deserialize;
use shared::timestamp::Timestamp;
use worker::worker_sys::D1Database;

use super::{
    bindings::Bindings,
    config_store::{self, CATALOG},
    config_writer::Sort,
    d1::{Batch, query, whole},
    kv,
};
use crate::{catalog::CatalogDocument, problem::Problem};

/// Most publications of one change: another change may come in between, and then a third.
const MAX_ROUNDS: u32 = 3;

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

const REVISION: &str = "SELECT written, published FROM catalog_revision";
const READ_CATALOG: &str = "SELECT kind, id, document FROM config WHERE kind IN ('form', 'destination', 'group')";
const PUBLISHED: &str = "UPDATE catalog_revision SET published = max(published, ?1)";

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

/// Puts the latest catalog in force here and writes it to KV, until no change came in between: of two
/// admins at once, the one who reads first may write last.
///
/// # Errors
/// When D1 does not answer.
pub async fn publish(bindings: &Bindings, db: &D1Database, now: Timestamp) -> Result<(), Problem> {
    for _ in 0..MAX_ROUNDS {
        let catalog = read(db).await?;
        let json = serde_json::to_string(&catalog).map_err(|_| Problem::Internal)?;
        let revision = catalog.revision;
        config_store::remember(catalog, now);
        // KV takes one write a second of a name: what it refuses now, the cron trigger writes.
        if kv::put(bindings, CATALOG, &json).await.is_err() {
            return Ok(());
        }
        let batch = Batch::new(db);
        batch.add(PUBLISHED, &[whole(i64::try_from(revision).unwrap_or(i64::MAX))])?;
        batch.add(REVISION, &[])?;
        let latest = batch.run().await?.of::<RevisionRow>(1)?;
        if latest.first().is_none_or(|row| row.written <= revision) {
            return Ok(());
        }
    }
    Ok(())
}

/// The whole catalog as D1 has it, in one snapshot.
///
/// # Errors
/// When D1 does not answer.
pub async fn read(db: &D1Database) -> Result<CatalogDocument, Problem> {
    let batch = Batch::new(db);
    batch.add(REVISION, &[])?;
    batch.add(READ_CATALOG, &[])?;
    let mut rows = batch.run().await?;
    let revision = rows.of::<RevisionRow>(0)?.first().map_or(0, |row| row.written);
    let mut catalog = CatalogDocument { revision, ..CatalogDocument::default() };
    for row in rows.of::<ConfigRow>(1)? {
        let documents = if row.kind == Sort::Form.name() {
            &mut catalog.forms
        } else if row.kind == Sort::Group.name() {
            &mut catalog.groups
        } else {
            &mut catalog.destinations
        };
        documents.insert(row.id, serde_json::from_str(&row.document).unwrap_or_default());
    }
    Ok(catalog)
}
