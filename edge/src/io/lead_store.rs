//! Leads as they are read back from D1.

use serde::Deserialize;
use shared::{lead::LeadId, timestamp::Timestamp};
use worker::worker_sys::D1Database;

use super::d1::{Batch, D1Error, text};
use crate::{
    delivery::DeliveryId,
    lead_view::{DeliveryLine, Head, render},
    spam::quarantine,
};

/// A stored lead with its deliveries.
#[derive(Debug)]
pub struct StoredLead {
    row: LeadRow,
    deliveries: Vec<DeliveryLine>,
}

#[derive(Debug, Deserialize)]
struct LeadRow {
    id: String,
    form: String,
    status: String,
    version: u32,
    created_at: i64,
    updated_at: i64,
    document: String,
    spam: Option<String>,
    quarantined_at: Option<i64>,
}

#[derive(Deserialize)]
struct DeliveryRow {
    ordinal: u32,
    destination: String,
    status: String,
}

impl StoredLead {
    /// Its form.
    pub fn form(&self) -> &str {
        &self.row.form
    }

    /// Its version.
    pub fn version(&self) -> u32 {
        self.row.version
    }

    /// Whether it is held back.
    pub fn is_quarantined(&self) -> bool {
        self.row.quarantined_at.is_some()
    }

    /// What it says, as JSON.
    pub fn document(&self) -> &str {
        &self.row.document
    }

    /// The lead as the API shows it; `None` if the stored document is damaged.
    pub fn render(&self) -> Option<String> {
        let row = &self.row;
        let head = Head {
            id: &row.id,
            form: &row.form,
            status: &row.status,
            version: row.version,
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
            quarantine: row.quarantined_at.map(|at| {
                let kept = row.spam.as_deref().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
                quarantine(&kept, Timestamp::from_millis(at))
            }),
        };
        render(&head, &row.document, &self.deliveries)
    }
}

/// The lead of that id with its deliveries, in one round trip.
///
/// # Errors
/// When D1 does not answer.
pub async fn find(db: &D1Database, id: LeadId) -> Result<Option<StoredLead>, D1Error> {
    let batch = Batch::new(db);
    let key = id.to_string();
    batch.add(
        "SELECT id, form, status, version, created_at, updated_at, document, spam, quarantined_at
         FROM lead WHERE id = ?1",
        &[text(&key)],
    )?;
    batch
        .add("SELECT ordinal, destination, status FROM delivery WHERE lead_id = ?1 ORDER BY ordinal", &[text(&key)])?;
    let mut rows = batch.run().await?;
    let Some(row) = rows.of::<LeadRow>(0)?.into_iter().next() else { return Ok(None) };
    let line = |row: DeliveryRow| DeliveryLine {
        id: DeliveryId { lead: id, ordinal: row.ordinal }.to_string(),
        destination: row.destination,
        status: row.status,
    };
    let deliveries = rows.of::<DeliveryRow>(1)?.into_iter().map(line).collect();
    Ok(Some(StoredLead { row, deliveries }))
}
