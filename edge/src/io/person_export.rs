//! Everything that is held of a person, read in one round trip, which also puts on record that it was.

use serde_json::{Value, json};
use shared::timestamp::Timestamp;
use worker::worker_sys::D1Database;

use super::{
    d1::{Batch, D1Error, Rows, text, text_of, time, whole},
    delivery_reader,
    lead_store::{StoredLead, shown},
};
use crate::{
    client_view,
    consent_receipt::ConsentReceipt,
    delivery_view::DeliveryRow,
    history::{self, Arrival},
};

/// Who asks, and when.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The key.
    pub key_id: &'a str,
    /// The request.
    pub request_id: &'a str,
    /// Now.
    pub now: Timestamp,
}

/// What is held.
#[derive(Debug, Default)]
pub struct Holdings {
    /// Leads as the API shows them.
    pub leads: Vec<String>,
    /// Their deliveries with every attempt that is kept.
    pub deliveries: Vec<Value>,
    /// What they became.
    pub clients: Vec<Value>,
    /// What happened to them, each with its lead.
    pub events: Vec<Value>,
    /// What was agreed to.
    pub receipts: Vec<ConsentReceipt>,
    /// Answers that are kept for repeats of their submissions.
    pub answers: Vec<Value>,
}

const LEADS: &str =
    shown!("FROM lead l WHERE l.erased_at IS NULL AND l.id IN (SELECT value FROM json_each(?1)) ORDER BY l.id");

const CLIENTS: &str = "SELECT c.id, c.lead_id, c.type, c.created_at, c.contact_id, p.created_at AS contact_created_at,
  p.name, p.email, p.phone, p.phone_e164
FROM contact p JOIN client c ON c.contact_id = p.id
WHERE p.id IN (SELECT contact_id FROM client WHERE lead_id IN (SELECT value FROM json_each(?1))
  UNION SELECT value FROM json_each(?2)) ORDER BY c.lead_id";

const ANSWERS: &str = "SELECT i.idempotency_key, i.status, i.body, i.expires_at FROM idempotency i
WHERE (i.key_id, i.idempotency_key) IN (SELECT a.value ->> 0, a.value ->> 1 FROM lead l JOIN json_each(l.kept_answers) a
  WHERE l.id IN (SELECT value FROM json_each(?1)))";

const RECORD: &str = "INSERT INTO audit (at, action, kind, actor, request_id, counts)
VALUES (?1, 'exported', 'person', ?2, ?3, json_object('leads', CAST(?4 AS INTEGER)))";

/// Reads what is held of these leads and contacts.
///
/// # Errors
/// When D1 does not answer.
pub async fn read(
    db: &D1Database,
    leads: &[String],
    contacts: &[String],
    asked: &Asked<'_>,
) -> Result<Holdings, D1Error> {
    let (ids, contacts) = (text(&json!(leads).to_string()), text(&json!(contacts).to_string()));
    let batch = Batch::new(db);
    batch.add(LEADS, std::slice::from_ref(&ids))?;
    batch.add(CLIENTS, &[ids.clone(), contacts])?;
    batch.add(ANSWERS, std::slice::from_ref(&ids))?;
    let lives = delivery_reader::add_lives(&batch, &ids)?;
    let count = whole(i64::try_from(leads.len()).unwrap_or(i64::MAX));
    batch.add(RECORD, &[time(asked.now), text(asked.key_id), text(asked.request_id), count])?;
    let mut rows = batch.run().await?;
    let stored = rows.of::<StoredLead>(0)?;
    let mut holdings = Holdings {
        leads: stored.iter().filter_map(StoredLead::render).collect(),
        clients: rows.take(1).iter().map(client_view::shown).collect(),
        answers: rows.take(2).iter().map(answer).collect(),
        receipts: stored.iter().filter_map(StoredLead::consent_receipt).collect(),
        ..Holdings::default()
    };
    add_lives(&mut holdings, &mut rows, lives)?;
    Ok(holdings)
}

fn add_lives(holdings: &mut Holdings, rows: &mut Rows, place: usize) -> Result<(), D1Error> {
    let arrivals = rows.of::<Arrival>(place)?;
    let deliveries = rows.of::<DeliveryRow>(place.saturating_add(1))?;
    for arrival in &arrivals {
        let own: Vec<DeliveryRow> = deliveries.iter().filter(|d| d.lead_id == arrival.id).cloned().collect();
        for mut event in history::events(arrival, &own) {
            if let Value::Object(members) = &mut event {
                members.insert("lead_id".to_owned(), arrival.id.as_str().into());
            }
            holdings.events.push(event);
        }
    }
    holdings.deliveries = deliveries.iter().map(DeliveryRow::shown).collect();
    Ok(())
}

fn answer(row: &Value) -> Value {
    let expires_at = Timestamp::from_millis(row["expires_at"].as_i64().unwrap_or_default());
    json!({
        "idempotency_key": row["idempotency_key"], "status": row["status"], "body": text_of(row, "body"),
        "expires_at": expires_at,
    })
}
