//! Erasing leads: what is known of the person goes, in one transaction, and a tombstone stays.
//!
//! Whatever is added to a lead later and says something of the person has to be emptied here.

use serde_json::Value;
use shared::timestamp::Timestamp;
use wasm_bindgen::JsValue;
use worker::worker_sys::D1Database;

use super::{
    d1::{Batch, text, time, whole},
    delivery_reader::optional,
    entry::Refusal,
    lead_convert::is_taken,
};

/// What is to be erased, and what is on record of it.
#[derive(Debug, Clone, Copy)]
pub struct Erasure<'a> {
    /// The leads' ids, as a JSON array. Those that were erased before are passed over.
    pub leads: &'a str,
    /// Ids of contacts to be erased besides those of the leads, as a JSON array.
    pub contacts: &'a str,
    /// The version that the lead must have, where it is one and that matters.
    pub version: Option<u32>,
    /// The key that wants it, which must be in force; `None` where the form's retention is over.
    pub key_id: Option<&'a str>,
    /// `lead`, `person` or `retention`.
    pub kind: &'static str,
    /// The lead, where it is one that was named.
    pub target: Option<&'a str>,
    /// The request, or `cron`.
    pub request_id: &'a str,
    /// Now.
    pub now: Timestamp,
}

/// Who is on record where no key asked for it.
const RETENTION: &str = "retention";

/// The leads that are meant, ?1.
macro_rules! leads {
    () => {
        "(SELECT value FROM json_each(?1))"
    };
}

/// The answers that are kept of these leads, as rows of key and `Idempotency-Key`.
macro_rules! answers {
    () => {
        "SELECT a.value ->> 0, a.value ->> 1 FROM lead l JOIN json_each(l.kept_answers) a
         WHERE l.id IN (SELECT value FROM json_each(?1))"
    };
}

/// The contacts of these leads, and those that are meant besides, ?2.
macro_rules! contacts {
    () => {
        "(SELECT contact_id FROM client WHERE lead_id IN (SELECT value FROM json_each(?1))
          UNION SELECT value FROM json_each(?2))"
    };
}

/// Goes on record before it happens, with how much it will be: in the same transaction nothing comes between.
/// A person's request is on record though it finds nothing: that it was dealt with may have to be shown.
const RECORD: &str = concat!(
    "INSERT INTO audit (at, action, kind, target, actor, request_id, counts)
SELECT ?3, 'erased', ?4, ?5, ?6, ?7, json_object(
  'leads', n.leads, 'deliveries', (SELECT count(*) FROM delivery WHERE lead_id IN ",
    leads!(),
    "), 'clients', (SELECT count(*) FROM client WHERE lead_id IN ",
    leads!(),
    "), 'contacts', n.contacts, 'answers', (SELECT count(*) FROM idempotency WHERE (key_id, idempotency_key) IN (",
    answers!(),
    ")))
FROM (SELECT (SELECT count(*) FROM lead WHERE erased_at IS NULL AND id IN ",
    leads!(),
    ") AS leads, (SELECT count(*) FROM contact WHERE id IN ",
    contacts!(),
    ") AS contacts) n WHERE n.leads + n.contacts > 0 OR ?4 = 'person' RETURNING counts"
);

/// What is on its way is not waited for: whoever sends it finds its claim gone and records nothing.
const DELIVERIES: &str = concat!(
    "UPDATE delivery SET status = iif(status IN ('pending', 'delivering'), 'cancelled', status), due_at = NULL,
  reference = NULL, reason = NULL, attempt_log = '[]', follow_up = NULL, notes = '[]', updated_at = ?2
WHERE lead_id IN ",
    leads!()
);

const ANSWERS: &str = concat!("DELETE FROM idempotency WHERE (key_id, idempotency_key) IN (", answers!(), ")");

/// A contact that no other lead needs goes.
const CONTACTS: &str = concat!(
    "DELETE FROM contact WHERE id IN ",
    contacts!(),
    " AND NOT EXISTS (SELECT 1 FROM client c WHERE c.contact_id = contact.id AND c.lead_id NOT IN ",
    leads!(),
    ")"
);

/// One that others need forgets what it knows …
const EMPTY_CONTACTS: &str =
    concat!("UPDATE contact SET name = NULL, email = NULL, phone = NULL, phone_e164 = NULL WHERE id IN ", contacts!());

/// … and is what the latest of them says, but for what another contact has.
const FILL_CONTACTS: &str = concat!(
    "UPDATE OR IGNORE contact SET name = l.document ->> '$.name', email = iif(",
    is_taken!("email", "lower(l.document ->> '$.email')"),
    ", NULL, lower(l.document ->> '$.email')), phone = iif(",
    is_taken!("phone_e164", "l.document ->> '$.phone_e164'"),
    ", NULL, l.document ->> '$.phone'), phone_e164 = iif(",
    is_taken!("phone_e164", "l.document ->> '$.phone_e164'"),
    ", NULL, l.document ->> '$.phone_e164')
FROM lead l WHERE contact.id IN ",
    contacts!(),
    " AND l.id = (SELECT max(c.lead_id) FROM client c WHERE c.contact_id = contact.id AND c.lead_id NOT IN ",
    leads!(),
    ")"
);

const CLIENTS: &str = concat!("DELETE FROM client WHERE lead_id IN ", leads!());

/// A version of NULL, which the table does not take, undoes the whole batch. What the form knows the lead by goes
/// by a trigger.
const LEADS: &str = concat!(
    "UPDATE lead SET document = '{}', routing = NULL, spam = NULL, quarantined_at = NULL, events = '[]', via = NULL,
  interest_level = NULL, intent = NULL, source = NULL, campaign = NULL, kept_answers = '[]', withdrawn_at = NULL,
  client_address = NULL, updated_at = ?2, erased_at = ?2, version = iif((?3 IS NULL OR version = ?3)
    AND NOT EXISTS (SELECT 1 FROM revoked_key WHERE id = ?4 AND writes_until <= ?2), version + 1, NULL)
WHERE erased_at IS NULL AND id IN ",
    leads!()
);

/// Erases the leads, in one round trip. How much that was, by kind; `None` where nothing goes on record.
///
/// # Errors
/// [`Refusal::Changed`] when the lead has another version or the key was revoked, [`Refusal::Store`] when D1 does
/// not answer.
pub async fn erase(db: &D1Database, erasure: &Erasure<'_>) -> Result<Option<Value>, Refusal> {
    let batch = Batch::new(db);
    let (leads, now, both) = (text(erasure.leads), time(erasure.now), [text(erasure.leads), text(erasure.contacts)]);
    let record = [
        leads.clone(),
        text(erasure.contacts),
        now.clone(),
        text(erasure.kind),
        optional(erasure.target),
        text(erasure.key_id.unwrap_or(RETENTION)),
        text(erasure.request_id),
    ];
    batch.add(RECORD, &record)?;
    batch.add(DELIVERIES, &[leads.clone(), now.clone()])?;
    batch.add(ANSWERS, std::slice::from_ref(&leads))?;
    for statement in [CONTACTS, EMPTY_CONTACTS, FILL_CONTACTS] {
        batch.add(statement, &both)?;
    }
    batch.add(CLIENTS, std::slice::from_ref(&leads))?;
    let version = erasure.version.map_or(JsValue::NULL, |version| whole(version.into()));
    batch.add(LEADS, &[leads, now, version, optional(erasure.key_id)])?;
    let recorded = batch.run().await?.take(0);
    let counts = recorded.first().and_then(|row| serde_json::from_str(row.get("counts")?.as_str()?).ok());
    Ok(counts)
}
