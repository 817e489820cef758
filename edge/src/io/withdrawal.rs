//! A consent that is withdrawn: deliveries that wait are cancelled, and none is begun from then on.

use shared::timestamp::Timestamp;
use worker::worker_sys::D1Database;

use super::{
    d1::{Batch, text, time, whole},
    delivery_store::WITHDRAWN,
    entry::Refusal,
    lead_events::with_event,
    lead_store::{self, StoredLead},
};

/// What is withdrawn.
#[derive(Debug, Clone, Copy)]
pub struct Withdrawal<'a> {
    /// The lead's id.
    pub lead_id: &'a str,
    /// Its version when it was read.
    pub version: u32,
    /// What its history tells of it, as JSON.
    pub event: &'a str,
    /// The key that says so.
    pub key_id: &'a str,
    /// Now.
    pub now: Timestamp,
}

/// As a change of the lead: a version of NULL undoes everything.
const WITHDRAW: &str = concat!(
    "UPDATE lead SET withdrawn_at = ?3, updated_at = ?3, ",
    with_event!("?4"),
    ", version = iif(version = ?2 AND erased_at IS NULL AND withdrawn_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM revoked_key WHERE id = ?5 AND writes_until <= ?3), version + 1, NULL)
WHERE id = ?1"
);

/// What is on its way is not called back; should it be tried again, that is stopped when it is recorded.
const CANCEL: &str =
    "UPDATE delivery SET status = 'cancelled', due_at = NULL, follow_up = NULL, reason = ?3, updated_at = ?2
WHERE lead_id = ?1 AND status = 'pending'";

/// A new submission of the same person, with a new consent, is a lead of its own: of this one nothing would go out.
const FORGET_CONTACTS: &str = "DELETE FROM duplicate_guard WHERE lead_id = ?1";

/// Withdraws the consent and reads the lead again, in one round trip. `None` where it is gone.
///
/// # Errors
/// [`Refusal::Changed`] when the lead is not as it was read or the key was revoked, [`Refusal::Store`] when D1 does
/// not answer.
pub async fn withdraw(db: &D1Database, withdrawal: &Withdrawal<'_>) -> Result<Option<StoredLead>, Refusal> {
    let (batch, lead, now) = (Batch::new(db), text(withdrawal.lead_id), time(withdrawal.now));
    let version = whole(withdrawal.version.into());
    batch.add(WITHDRAW, &[lead.clone(), version, now.clone(), text(withdrawal.event), text(withdrawal.key_id)])?;
    batch.add(FORGET_CONTACTS, std::slice::from_ref(&lead))?;
    batch.add(CANCEL, &[lead, now, text(WITHDRAWN)])?;
    let place = lead_store::add_find(&batch, withdrawal.lead_id)?;
    Ok(batch.run().await?.of::<StoredLead>(place)?.into_iter().next())
}
