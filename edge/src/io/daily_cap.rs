//! How many leads a destination was given today, in D1. Only destinations with a cap have rows, so
//! others pay nothing.

use serde::Deserialize;
use shared::timestamp::Timestamp;
use worker::worker_sys::D1Database;

use super::d1::{Batch, D1Error, text, whole};
use crate::delivery::DeliveryId;

/// Takes a place if there is one and the delivery has none. One statement, so no two take the last. A
/// trigger gives it back when the delivery ends and the destination did not take the lead.
const TAKE: &str = "INSERT INTO destination_place (destination, day, lead_id, ordinal)
SELECT ?1, ?2, ?3, ?4
WHERE NOT EXISTS (SELECT 1 FROM destination_place WHERE destination = ?1 AND lead_id = ?3 AND ordinal = ?4)
  AND (SELECT count(*) FROM destination_place WHERE destination = ?1 AND day = ?2) < ?5";

const HAS: &str = "SELECT day FROM destination_place WHERE destination = ?1 AND lead_id = ?2 AND ordinal = ?3";

#[derive(Deserialize)]
struct Place {}

/// The UTC day of a moment, such as `2026-11-21`.
pub fn day(now: Timestamp) -> String {
    now.to_string().chars().take(10).collect()
}

/// Takes one of a destination's `cap` places of the day for a delivery. Whether it has one, taken now or
/// by an attempt before.
///
/// # Errors
/// When D1 does not answer.
pub async fn take(
    db: &D1Database,
    destination: &str,
    delivery: DeliveryId,
    cap: u32,
    now: Timestamp,
) -> Result<bool, D1Error> {
    let (destination, lead) = (text(destination), text(&delivery.lead.to_string()));
    let ordinal = whole(delivery.ordinal.into());
    let batch = Batch::new(db);
    let places = [destination.clone(), text(&day(now)), lead.clone(), ordinal.clone(), whole(cap.into())];
    batch.add(TAKE, &places)?;
    batch.add(HAS, &[destination, lead, ordinal])?;
    Ok(!batch.run().await?.of::<Place>(1)?.is_empty())
}
