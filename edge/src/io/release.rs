//! Letting a lead out of quarantine: it goes where it would have gone.

use shared::timestamp::Timestamp;
use worker::worker_sys::D1Database;

use super::{
    accept::Departure,
    d1::{Batch, text, time, whole},
    duplicates::{self, Contacts},
    entry::Refusal,
    lead_events::with_event,
};

/// What is to be let out.
#[derive(Debug)]
pub struct Release<'a> {
    /// The lead's id.
    pub lead_id: &'a str,
    /// Its version when it was read.
    pub version: u32,
    /// Where it goes.
    pub departure: Departure<'a>,
    /// What it is known by from now on, if its form wants one lead of each person.
    pub contacts: Option<&'a Contacts>,
    /// What its history tells of it, as JSON.
    pub event: &'a str,
    /// The key that lets it out.
    pub key_id: &'a str,
    /// Now.
    pub now: Timestamp,
}

/// A version of NULL, which the table does not take, undoes the whole batch: of two at once the second
/// finds a lead that is out already.
const LET_OUT: &str = concat!(
    "UPDATE lead SET quarantined_at = NULL, updated_at = ?3, routing = ?4, ",
    with_event!("?5"),
    ", version = iif(version = ?2 AND quarantined_at IS NOT NULL AND withdrawn_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM revoked_key WHERE id = ?6 AND writes_until <= ?3), version + 1, NULL)
WHERE id = ?1"
);

/// Lets the lead out and stores its deliveries, in one round trip. Gives back the destinations that are
/// left alone; the deliveries to them wait.
///
/// # Errors
/// [`Refusal::Changed`] when the lead is not as it was read or the key was revoked, [`Refusal::Store`] when D1 does not
/// answer.
pub async fn release(db: &D1Database, release: &Release<'_>) -> Result<Vec<String>, Refusal> {
    let batch = Batch::new(db);
    batch.add(
        LET_OUT,
        &[
            text(release.lead_id),
            whole(release.version.into()),
            time(release.now),
            text(release.departure.routing),
            text(release.event),
            text(release.key_id),
        ],
    )?;
    if let Some(contacts) = release.contacts {
        duplicates::add_free_guards(&batch, contacts, release.lead_id)?;
    }
    let departed = release.departure.add_to(&batch, release.lead_id, release.now)?;
    Ok(departed.paused(&mut batch.run().await?)?)
}
