//! Leads as they are read back from D1.

use serde::Deserialize;
use shared::{lead::LeadId, timestamp::Timestamp};
use worker::worker_sys::D1Database;

use super::d1::{Batch, D1Error, query, rows, text, text_of};
use crate::{
    consent_receipt::{self, ConsentReceipt},
    json,
    lead_view::{Head, render},
    spam::quarantine,
};

/// What is shown of a lead `l`, its deliveries in their order among it.
macro_rules! shown {
    ($from_and_where:literal) => {
        concat!(
            "SELECT l.id, l.form, l.status, l.version, l.created_at, l.updated_at, l.document, l.spam, l.quarantined_at, l.via, l.withdrawn_at,
               l.client_address,
               (SELECT c.id FROM client c WHERE c.lead_id = l.id) AS client_id,
               (SELECT json_group_array(json_object('id', d.lead_id || '_' || d.ordinal, 'destination', d.destination,
                  'status', d.status)) FROM (SELECT * FROM delivery WHERE lead_id = l.id ORDER BY ordinal) d) AS deliveries ",
            $from_and_where
        )
    };
}
pub(super) use shown;

/// A stored lead with its deliveries.
#[derive(Debug, Deserialize)]
pub struct StoredLead {
    id: String,
    form: String,
    status: String,
    version: u32,
    created_at: i64,
    updated_at: i64,
    document: String,
    spam: Option<String>,
    quarantined_at: Option<i64>,
    client_id: Option<String>,
    deliveries: String,
    via: Option<String>,
    withdrawn_at: Option<i64>,
    client_address: Option<String>,
}

impl StoredLead {
    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its form.
    pub fn form(&self) -> &str {
        &self.form
    }

    /// Where it stands with the people who work on it.
    pub fn status(&self) -> &str {
        &self.status
    }

    /// Its version.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// When it was accepted, and when it changed last.
    pub fn times(&self) -> (Timestamp, Timestamp) {
        (Timestamp::from_millis(self.created_at), Timestamp::from_millis(self.updated_at))
    }

    /// Whether it is held back.
    pub fn is_quarantined(&self) -> bool {
        self.quarantined_at.is_some()
    }

    /// Whether its consent was withdrawn.
    pub fn is_withdrawn(&self) -> bool {
        self.withdrawn_at.is_some()
    }

    /// The receipt of its consent; `None` where none was given.
    pub fn consent_receipt(&self) -> Option<ConsentReceipt> {
        let withdrawn_at = self.withdrawn_at.map(Timestamp::from_millis);
        let head = consent_receipt::Head { lead_id: &self.id, form: &self.form, withdrawn_at };
        ConsentReceipt::new(&head, &json::parse(&self.document).ok()?)
    }

    /// The way that it came through other Leadgates (`hops.rs`).
    pub fn via(&self) -> Option<&str> {
        self.via.as_deref()
    }

    /// What it says, as JSON.
    pub fn document(&self) -> &str {
        &self.document
    }

    /// The client that it became.
    pub fn client_id(&self) -> Option<&str> {
        self.client_id.as_deref()
    }

    /// The lead as the API shows it; `None` if the stored document is damaged.
    pub fn render(&self) -> Option<String> {
        let head = Head {
            id: &self.id,
            form: &self.form,
            status: &self.status,
            version: self.version,
            created_at: Timestamp::from_millis(self.created_at),
            updated_at: Timestamp::from_millis(self.updated_at),
            client_id: self.client_id.as_deref(),
            client_address: self.client_address.as_deref(),
            consent_withdrawn_at: self.withdrawn_at.map(Timestamp::from_millis),
            quarantine: self.quarantined_at.map(|at| {
                let kept = self.spam.as_deref().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
                quarantine(&kept, Timestamp::from_millis(at))
            }),
        };
        render(&head, &self.document, &self.deliveries)
    }
}

/// Which of these ids is that of a lead here, whatever became of the lead.
///
/// # Errors
/// When D1 does not answer.
pub async fn known(db: &D1Database, ids: &str) -> Result<Option<LeadId>, D1Error> {
    let sql = "SELECT l.id FROM json_each(?1) i CROSS JOIN lead l ON l.id = i.value ORDER BY i.key LIMIT 1";
    let rows = rows(db, sql, &[text(ids)]).await?;
    Ok(rows.first().and_then(|row| LeadId::parse(text_of(row, "id"))))
}

const FIND: &str = shown!("FROM lead l WHERE l.id = ?1 AND l.erased_at IS NULL");

/// The lead of that id with its deliveries, in one round trip. One that was erased is not found.
///
/// # Errors
/// When D1 does not answer.
pub async fn find(db: &D1Database, id: LeadId) -> Result<Option<StoredLead>, D1Error> {
    let leads = query::<StoredLead>(db, FIND, &[text(&id.to_string())]).await?;
    Ok(leads.into_iter().next())
}

/// Adds to a transaction what is shown of a lead after it; [`super::d1::Rows::of`] reads it as [`StoredLead`].
///
/// # Errors
/// When D1 refuses a value's type.
pub(super) fn add_find(batch: &Batch<'_>, id: &str) -> Result<usize, D1Error> {
    let place = batch.next();
    batch.add(FIND, &[text(id)])?;
    Ok(place)
}
