//! The record of the configuration, in D1.
//!
//! D1 is the record, since KV is eventually consistent and two admins could undo each other's
//! changes there; KV has the copy that requests read (`io/catalog_publisher.rs`).

use std::collections::BTreeMap;

use serde::{Deserialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;
use worker::worker_sys::D1Database;

use super::{
    audit::{Action, Change},
    bindings::Bindings,
    catalog_publisher,
    d1::{Batch, query, rows, text, text_of},
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

    /// Whether requests read it from the published catalog.
    const fn is_in_catalog(self) -> bool {
        matches!(self, Self::Form | Self::Destination | Self::Group)
    }
}

#[derive(Deserialize)]
struct DocumentRow {
    id: String,
    document: String,
}

/// Writes a document.
pub(super) const PUT: &str = "INSERT INTO config (kind, id, document) VALUES (?1, ?2, ?3)
ON CONFLICT (kind, id) DO UPDATE SET document = excluded.document";
const FIND: &str = "SELECT id, document FROM config WHERE kind = ?1 AND id = ?2";
const LIST: &str = "SELECT id, document FROM config WHERE kind = ?1 ORDER BY id";
/// Removes a document.
pub(super) const DELETE: &str = "DELETE FROM config WHERE kind = ?1 AND id = ?2";
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
    let rows = query::<DocumentRow>(db, FIND, &[text(sort.name()), text(id)]).await?;
    rows.first().map(|row| parse(&row.document)).transpose()
}

/// The ids of a sort.
///
/// # Errors
/// When D1 does not answer.
pub async fn ids(db: &D1Database, sort: Sort) -> Result<Vec<String>, Problem> {
    let rows = rows(db, "SELECT id FROM config WHERE kind = ?1 ORDER BY id", &[text(sort.name())]).await?;
    Ok(rows.iter().map(|row| text_of(row, "id").to_owned()).collect())
}

/// Writes a document and puts it in force. Whether it is new.
///
/// # Errors
/// When D1 does not answer.
pub async fn put(bindings: &Bindings, change: &Change<'_>, document: &str) -> Result<bool, Problem> {
    let values = [text(change.sort.name()), text(change.id), text(document)];
    Ok(!run(bindings, change, Action::Written, PUT, &values).await?)
}

/// Removes a document. Whether it was there.
///
/// # Errors
/// When D1 does not answer.
pub async fn delete(bindings: &Bindings, change: &Change<'_>) -> Result<bool, Problem> {
    run(bindings, change, Action::Removed, DELETE, &[text(change.sort.name()), text(change.id)]).await
}

/// One change with everything that belongs to it, in one transaction. Whether the thing was there before.
async fn run(
    bindings: &Bindings,
    change: &Change<'_>,
    action: Action,
    sql: &str,
    values: &[JsValue],
) -> Result<bool, Problem> {
    let (db, now) = (bindings.db()?, change.admin.now);
    let batch = Batch::new(&db);
    batch.add(FIND, &[text(change.sort.name()), text(change.id)])?;
    change.add(&batch, action)?;
    batch.add(sql, values)?;
    if change.sort == Sort::Destination {
        match action {
            // What is to go there is due now, and is cancelled by the next sweep.
            Action::Removed => pause::add_removal(&batch, change.id, now)?,
            // Whoever writes a destination has mended it: what waited for that goes out.
            _ => pause::add_resume(&batch, change.id, now)?,
        }
    }
    if change.sort.is_in_catalog() {
        batch.add(CHANGED, &[])?;
    }
    let was_there = !batch.run().await?.take(0).is_empty();
    if change.sort.is_in_catalog() {
        catalog_publisher::publish(bindings, &db, now).await?;
    }
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
