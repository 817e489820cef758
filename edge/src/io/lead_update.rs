//! Changing a lead: a compare-and-set on its version.

use shared::timestamp::Timestamp;
use worker::worker_sys::D1Database;

use super::{
    correction,
    d1::{Batch, text, time, whole},
    delivery_reader::optional,
    duplicates::{self, Contacts},
    entry::Refusal,
    lead_events::with_event,
    lead_store::{self, StoredLead},
};

/// What becomes of a lead.
#[derive(Debug)]
pub struct LeadUpdate<'a> {
    /// Its id.
    pub lead_id: &'a str,
    /// Its version when it was read.
    pub version: u32,
    /// Where it stands from now on, if that changes.
    pub status: Option<&'a str>,
    /// What it says now, as it is stored.
    pub before: &'a str,
    /// What it says from now on, as JSON.
    pub document: &'a str,
    /// What its form knows it by from now on, if that changes; the inner `None`: by nothing.
    pub contacts: Option<Option<&'a Contacts>>,
    /// What its history tells of it, as JSON.
    pub event: &'a str,
    /// The key that changes it.
    pub key_id: &'a str,
    /// Now.
    pub now: Timestamp,
}

/// A version of NULL, which the table does not take, undoes the whole batch. The trigger that keeps revoked
/// keys from leads sees new ones only.
const UPDATE: &str = concat!(
    "UPDATE lead SET document = ?3, status = coalesce(?4, status), updated_at = ?5, ",
    with_event!("?6"),
    ", version = iif(version = ?2 AND erased_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM revoked_key WHERE id = ?7 AND writes_until <= ?5), version + 1, NULL)
WHERE id = ?1"
);

const FORGET_CONTACTS: &str = "DELETE FROM duplicate_guard WHERE lead_id = ?1";

/// Changes the lead and reads it again, in one round trip. `None` where it is gone.
///
/// # Errors
/// [`Refusal::Changed`] when the lead is not as it was read or the key was revoked, [`Refusal::Store`] when
/// D1 does not answer.
pub async fn update(db: &D1Database, update: &LeadUpdate<'_>) -> Result<Option<StoredLead>, Refusal> {
    let batch = Batch::new(db);
    batch.add(
        UPDATE,
        &[
            text(update.lead_id),
            whole(update.version.into()),
            text(update.document),
            optional(update.status),
            time(update.now),
            text(update.event),
            text(update.key_id),
        ],
    )?;
    if let Some(contacts) = update.contacts {
        batch.add(FORGET_CONTACTS, &[text(update.lead_id)])?;
        if let Some(contacts) = contacts {
            duplicates::add_free_guards(&batch, contacts, update.lead_id)?;
        }
        if let (Ok(before), Ok(after)) = (serde_json::from_str(update.before), serde_json::from_str(update.document)) {
            correction::add(&batch, &text(update.lead_id), &before, &after)?;
        }
    }
    let place = lead_store::add_find(&batch, update.lead_id)?;
    Ok(batch.run().await?.of::<StoredLead>(place)?.into_iter().next())
}
