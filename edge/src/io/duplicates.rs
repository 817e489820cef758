//! Duplicates in D1: a contact belongs to one lead of its form, by constraint, for as long as the form's
//! window says.

use serde::Deserialize;
use shared::{lead::LeadId, timestamp::Timestamp};
use worker::worker_sys::D1Database;

use super::{
    d1::{Batch, D1Error, query, text, time, whole},
    entry::{Entry, Refusal},
    lead_events::with_event,
};

/// A day, in seconds.
const DAY_SECONDS: i64 = 86_400;

/// What a lead is known by to its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contacts {
    hashes: String,
    oldest: String,
}

impl Contacts {
    /// The hashes of a lead's contacts, and for how many days a contact belongs to the lead that brought it.
    /// `None` where there is nothing to go by.
    pub fn new(hashes: &[String], window_days: u32, now: Timestamp) -> Option<Self> {
        let first = now.plus_seconds(i64::from(window_days).saturating_mul(-DAY_SECONDS));
        let oldest = LeadId::new(first, [0; 10]).to_string();
        let hashes = serde_json::to_string(hashes).ok().filter(|_| !hashes.is_empty())?;
        Some(Self { hashes, oldest })
    }
}

/// A lead's id sorts by its time.
const FORGET_OLD: &str =
    "DELETE FROM duplicate_guard WHERE contact IN (SELECT value FROM json_each(?1)) AND lead_id < ?2";

const GUARD: &str = "INSERT INTO duplicate_guard (contact, lead_id) SELECT value, ?2 FROM json_each(?1)";

/// Gives a lead those of its contacts that no other has.
const GUARD_WHAT_IS_FREE: &str =
    "INSERT OR IGNORE INTO duplicate_guard (contact, lead_id) SELECT value, ?2 FROM json_each(?1)";

/// Lets the transaction that stores a lead fail if one of its contacts belongs to another.
///
/// # Errors
/// When D1 refuses a value's type.
pub fn add_guards(batch: &Batch<'_>, contacts: &Contacts, lead_id: &str) -> Result<(), D1Error> {
    batch.add(FORGET_OLD, &[text(&contacts.hashes), text(&contacts.oldest)])?;
    batch.add(GUARD, &[text(&contacts.hashes), text(lead_id)])
}

/// Gives a lead that is there already those of its contacts that no other has.
///
/// # Errors
/// When D1 refuses a value's type.
pub fn add_free_guards(batch: &Batch<'_>, contacts: &Contacts, lead_id: &str) -> Result<(), D1Error> {
    batch.add(FORGET_OLD, &[text(&contacts.hashes), text(&contacts.oldest)])?;
    batch.add(GUARD_WHAT_IS_FREE, &[text(&contacts.hashes), text(lead_id)])
}

/// The lead that has the contact.
#[derive(Debug, Deserialize)]
pub struct First {
    /// Its id.
    pub id: String,
    /// Its version when it was read.
    pub version: u32,
    /// The lead as JSON.
    pub document: String,
}

/// The oldest lead that one of the contacts belongs to.
///
/// # Errors
/// When D1 does not answer.
pub async fn first(db: &D1Database, contacts: &Contacts) -> Result<Option<First>, D1Error> {
    let sql = "SELECT l.id, l.version, l.document FROM duplicate_guard g JOIN lead l ON l.id = g.lead_id
WHERE g.contact IN (SELECT value FROM json_each(?1)) AND g.lead_id >= ?2 ORDER BY l.id LIMIT 1";
    let rows = query::<First>(db, sql, &[text(&contacts.hashes), text(&contacts.oldest)]).await?;
    Ok(rows.into_iter().next())
}

/// What the first lead becomes.
#[derive(Debug)]
pub struct Merger<'a> {
    /// The lead as JSON.
    pub document: &'a str,
    /// What it is known by from now on.
    pub contacts: &'a Contacts,
    /// What its history tells of it, as JSON.
    pub event: &'a str,
}

/// A version of NULL, which the table does not take, undoes the whole batch: of two at once the second
/// finds another version than it read. The trigger that keeps revoked keys from leads sees new ones only.
const MERGE: &str = concat!(
    "UPDATE lead SET document = ?3, updated_at = ?4, ",
    with_event!("?5"),
    ", version = iif(version = ?2 AND NOT EXISTS (SELECT 1 FROM revoked_key WHERE id = ?6 AND writes_until <= ?4), version + 1, NULL)
WHERE id = ?1"
);

/// The first lead knows of the answer that is kept for a repeat of this one, which may say something of the person
/// too. At most 50 are known, the latest.
const KNOW_ANSWER: &str = "UPDATE lead SET kept_answers = json_insert(
  iif(json_array_length(kept_answers) < 50, kept_answers, json_remove(kept_answers, '$[0]')), '$[#]', json_array(?2, ?3))
WHERE id = ?1 AND erased_at IS NULL";

/// Stores what comes of a duplicate: what it spends, and what the first lead gains if it gains anything.
/// Tells how many leads the key has used up in this window.
///
/// # Errors
/// Why nothing was stored; [`Refusal::Changed`] when the first lead is not as it was read.
pub async fn settle(
    db: &D1Database,
    entry: &Entry<'_>,
    first: &First,
    merger: Option<&Merger<'_>>,
) -> Result<u32, Refusal> {
    let batch = Batch::new(db);
    let counted = entry.add_to(&batch)?;
    if let Some(merger) = merger {
        batch.add(
            MERGE,
            &[
                text(&first.id),
                whole(first.version.into()),
                text(merger.document),
                time(entry.now),
                text(merger.event),
                text(entry.key_id),
            ],
        )?;
        add_free_guards(&batch, merger.contacts, &first.id)?;
    }
    if let Some(kept) = entry.idempotency {
        batch.add(KNOW_ANSWER, &[text(&first.id), text(entry.key_id), text(kept.key)])?;
    }
    Ok(counted.used(&mut batch.run().await?)?)
}
