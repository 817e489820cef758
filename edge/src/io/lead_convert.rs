//! A lead becomes a client: the client, its contact and the lead's status in one transaction.

use serde_json::Value;
use shared::timestamp::Timestamp;
use worker::worker_sys::D1Database;

use super::{
    d1::{Batch, text, time, whole},
    entry::Refusal,
    lead_events::with_event,
    lead_store::{self, StoredLead},
};

/// What is to be made.
#[derive(Debug)]
pub struct NewClient<'a> {
    /// The lead's id.
    pub lead_id: &'a str,
    /// The lead's version when it was read.
    pub version: u32,
    /// The client's id.
    pub client_id: &'a str,
    /// The contact's id, should there be none yet.
    pub contact_id: &'a str,
    /// `buyer`, `seller` or `both`.
    pub client_type: &'a str,
    /// What the lead's history tells of it, as JSON.
    pub event: &'a str,
    /// The key that converts it.
    pub key_id: &'a str,
    /// Now.
    pub now: Timestamp,
}

/// As a change of the lead: a version of NULL undoes everything.
const CONVERT: &str = concat!(
    "UPDATE lead SET status = 'converted', updated_at = ?3, ",
    with_event!("?4"),
    ", version = iif(version = ?2 AND erased_at IS NULL AND NOT EXISTS (SELECT 1 FROM client WHERE lead_id = ?1)
         AND NOT EXISTS (SELECT 1 FROM revoked_key WHERE id = ?5 AND writes_until <= ?3), version + 1, NULL)
WHERE id = ?1"
);

/// The contact of the lead `l` if its form has one: by e-mail address before telephone number, since people
/// share telephones more often.
macro_rules! contact_of_l {
    () => {
        "coalesce(
           (SELECT id FROM contact WHERE form = l.form AND email = lower(l.document ->> '$.email')),
           (SELECT id FROM contact WHERE form = l.form AND phone_e164 = l.document ->> '$.phone_e164'))"
    };
}

const MAKE_CONTACT: &str = concat!(
    "INSERT INTO contact (id, form, name, email, phone, phone_e164, created_at)
SELECT ?2, l.form, l.document ->> '$.name', lower(l.document ->> '$.email'), l.document ->> '$.phone',
  l.document ->> '$.phone_e164', ?3
FROM lead l WHERE l.id = ?1 AND ",
    contact_of_l!(),
    " IS NULL"
);

const MAKE_CLIENT: &str = concat!(
    "INSERT INTO client (lead_id, id, contact_id, type, created_at)
SELECT l.id, ?2, coalesce(",
    contact_of_l!(),
    ", ?3), ?4, ?5 FROM lead l WHERE l.id = ?1"
);

/// Whether another contact of the form of the lead `l` has that value, which no two may share.
macro_rules! is_taken {
    ($column:literal, $value:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM contact o WHERE o.form = l.form AND o.",
            $column,
            " = ",
            $value,
            " AND o.id <> contact.id)"
        )
    };
}
pub(super) use is_taken;

/// A contact gains what it lacks, but for a number that another has.
const COMPLETE_CONTACT: &str = concat!(
    "UPDATE contact SET
  name = coalesce(contact.name, l.document ->> '$.name'), email = coalesce(contact.email, lower(l.document ->> '$.email')),
  phone = iif((contact.phone IS NULL OR contact.phone_e164 IS NULL AND l.document ->> '$.phone_e164' IS NOT NULL) AND NOT ",
    is_taken!("phone_e164", "l.document ->> '$.phone_e164'"),
    ", l.document ->> '$.phone', contact.phone),
  phone_e164 = iif(contact.phone_e164 IS NULL AND NOT ",
    is_taken!("phone_e164", "l.document ->> '$.phone_e164'"),
    ", l.document ->> '$.phone_e164', contact.phone_e164)
FROM lead l JOIN client c ON c.lead_id = l.id WHERE l.id = ?1 AND contact.id = c.contact_id"
);

const SHOW: &str = "SELECT c.id, c.lead_id, c.type, c.created_at, c.contact_id, p.created_at AS contact_created_at,
  p.name, p.email, p.phone, p.phone_e164
FROM client c JOIN contact p ON p.id = c.contact_id WHERE c.lead_id = ?1";

/// Makes the client and reads it, as columns of a row, and the lead, in one round trip. `None` where the lead
/// is gone.
///
/// # Errors
/// [`Refusal::Changed`] when the lead is not as it was read, was converted already, or the key was revoked;
/// [`Refusal::Store`] when D1 does not answer.
pub async fn convert(db: &D1Database, new: &NewClient<'_>) -> Result<Option<(Value, StoredLead)>, Refusal> {
    let (batch, lead) = (Batch::new(db), text(new.lead_id));
    let values = [lead.clone(), whole(new.version.into()), time(new.now), text(new.event), text(new.key_id)];
    batch.add(CONVERT, &values)?;
    batch.add(MAKE_CONTACT, &[lead.clone(), text(new.contact_id), time(new.now)])?;
    let values = [lead.clone(), text(new.client_id), text(new.contact_id), text(new.client_type), time(new.now)];
    batch.add(MAKE_CLIENT, &values)?;
    batch.add(COMPLETE_CONTACT, std::slice::from_ref(&lead))?;
    let client = batch.next();
    batch.add(SHOW, &[lead])?;
    let shown = lead_store::add_find(&batch, new.lead_id)?;
    let mut rows = batch.run().await?;
    let client = rows.take(client).into_iter().next();
    Ok(client.zip(rows.of::<StoredLead>(shown)?.into_iter().next()))
}
