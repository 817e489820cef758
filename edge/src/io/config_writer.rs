//! The record of the configuration, in D1.
//!
//! D1 is the record, since KV is eventually consistent and two admins could undo each other's
//! changes there; KV has the copy that requests read (`io/catalog_publisher.rs`).

use std::collections::BTreeMap;

use serde::{Deserialize, de::DeserializeOwned};
use shared::timestamp::Timestamp;
use worker::worker_sys::D1Database;

use super::{
    bindings::Bindings,
    catalog_publisher,
    d1::{Batch, query, text},
    pause,
};
use crate::{
    json,
    problem::Problem,
    telemetry::{Event, log},
};

/// What sorts of configuration there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// API keys; the document is a [`StoredKey`](super::key_writer::StoredKey).
    Key,
    /// Forms.
    Form,
    /// Destinations.
    Destination,
    /// Groups of destinations.
    Group,
    /// Channels for alerts.
    Alert,
}

impl Sort {
    /// The word in D1.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Form => "form",
            Self::Destination => "destination",
            Self::Group => "group",
            Self::Alert => "alert",
        }
    }
}

#[derive(Deserialize)]
struct DocumentRow {
    id: String,
    document: String,
}

const PUT: &str = "INSERT INTO config (kind, id, document) VALUES (?1, ?2, ?3)
ON CONFLICT (kind, id) DO UPDATE SET document = excluded.document";
const EXISTS: &str = "SELECT id, document FROM config WHERE kind = ?1 AND id = ?2";
const LIST: &str = "SELECT id, document FROM config WHERE kind = ?1 ORDER BY id";
const DELETE: &str = "DELETE FROM config WHERE kind = ?1 AND id = ?2 RETURNING id, document";
const CHANGED: &str = "UPDATE catalog_revision SET written = written + 1";

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

/// Writes a document and nothing else.
///
/// # Errors
/// When D1 does not answer.
pub async fn write(db: &D1Database, sort: Sort, id: &str, document: &str) -> Result<(), Problem> {
    let batch = Batch::new(db);
    batch.add(PUT, &[text(sort.name()), text(id), text(document)])?;
    batch.run().await?;
    Ok(())
}

/// Removes a document and nothing else.
///
/// # Errors
/// When D1 does not answer.
pub async fn remove(db: &D1Database, sort: Sort, id: &str) -> Result<(), Problem> {
    let batch = Batch::new(db);
    batch.add(DELETE, &[text(sort.name()), text(id)])?;
    batch.run().await?;
    Ok(())
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
        pause::add_resume(&batch, id, now)?;
    }
    batch.add(CHANGED, &[])?;
    let is_new = batch.run().await?.of::<DocumentRow>(0)?.is_empty();
    catalog_publisher::publish(bindings, &db, now).await?;
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
    if sort == Sort::Destination {
        // What is to go there is due now, and is cancelled by the next sweep.
        pause::add_removal(&batch, id, now)?;
    }
    batch.add(CHANGED, &[])?;
    let was_there = !batch.run().await?.of::<DocumentRow>(0)?.is_empty();
    catalog_publisher::publish(bindings, &db, now).await?;
    Ok(was_there)
}

/// Reads a stored document.
///
/// # Errors
/// When it is damaged.
pub fn parse<T: DeserializeOwned>(document: &str) -> Result<T, Problem> {
    json::parse(document).map_err(|_| {
        log(&Event::Fault { doing: "parsing from d1", cause: "configuration" });
        Problem::Internal
    })
}
