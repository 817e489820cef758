//! Deliveries that a person sends again: put back to `pending` under the same id, so that the provider
//! sees the same `Idempotency-Key`.
//!
//! Each statement looks at where a delivery stands and changes it at once, so it and a sweep at the
//! same time cannot both have it: what is being sent is `delivering`, and that is never touched.

use serde::Deserialize;
use shared::{field::Choice, timestamp::Timestamp};
use worker::worker_sys::D1Database;

use super::{
    d1::{Batch, D1Error, text, time, whole},
    delivery_reader::{form_list, optional, replayable, shown},
    lead_events::with_event,
    pause::PROBE_DUE,
};
use crate::{
    delivery::{DeliveryId, Status},
    delivery_filter::Filter,
    delivery_view::DeliveryRow,
    key::KeyRecord,
};

/// Most deliveries that one call sends again: what one statement of D1 does well within its time.
pub const MAX_AT_ONCE: u32 = 1_000;

/// Whether another delivery `o` of the lead stands in the way of `d`: of a group only one destination
/// at a time may be tried, and none beside one that has the lead or may have it.
macro_rules! stands_in_the_way {
    ($or:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM delivery o
               WHERE o.lead_id = d.lead_id AND o.group_id = d.group_id AND o.ordinal <> d.ordinal
                 AND (o.status IN ('pending', 'delivering', 'delivered', 'unconfirmed') ",
            $or,
            "))"
        )
    };
}

/// What came of the wish to send one delivery again.
#[derive(Debug)]
pub enum Retried {
    /// It is due now.
    Due(Box<DeliveryRow>),
    /// It stands where nobody may send it again.
    Not(Box<DeliveryRow>),
    /// The consent of its lead was withdrawn.
    Withdrawn,
    /// There is none, or its lead is gone or of another form.
    Gone,
}

#[derive(Deserialize)]
struct Changed {
    changed: u32,
}

/// The event of deliveries `d` that meet a condition and are sent again: they stand as they stand since ?1, by the key ?2.
macro_rules! told {
    ($condition:literal) => {
        with_event!(concat!(
            "json_object('at', strftime('%Y-%m-%dT%H:%M:%fZ', ?1 / 1000.0, 'unixepoch'), 'event', 'retried', 'key_id', ?2,
               'deliveries', (SELECT json_group_array(d.lead_id || '_' || d.ordinal) FROM delivery d
                 WHERE ",
            $condition,
            " AND d.status = 'pending' AND d.updated_at = ?1))"
        ))
    };
}

/// Tells in the history of the lead ?3 that its delivery ?4 is sent again, if it is.
const TELL_ONE: &str = concat!(
    "UPDATE lead SET ",
    told!("d.lead_id = ?3 AND d.ordinal = ?4"),
    " WHERE id = ?3 AND EXISTS (SELECT 1 FROM delivery d
        WHERE d.lead_id = ?3 AND d.ordinal = ?4 AND d.status = 'pending' AND d.updated_at = ?1)"
);

/// The same of many, of the forms ?3, which all have a wakeup since; nothing where the statement before changed nothing.
const TELL_MANY: &str = concat!(
    "UPDATE lead SET ",
    told!("d.lead_id = lead.id"),
    " WHERE changes() > 0 AND (?3 IS NULL OR form IN (SELECT value FROM json_each(?3)))
        AND id IN (SELECT d.lead_id FROM delivery d WHERE d.lead_id IN (SELECT lead_id FROM wakeup WHERE due_at = ?1)
          AND d.status = 'pending' AND d.updated_at = ?1)"
);

/// Makes one delivery due now; one that is pending already is brought forward. At a paused destination
/// it becomes the attempt that finds out whether that is mended: who asks for one wants to know.
///
/// # Errors
/// When D1 does not answer.
pub async fn one(db: &D1Database, id: DeliveryId, key: &KeyRecord, now: Timestamp) -> Result<Retried, D1Error> {
    let forms = key.grant.forms();
    let update = format!(
        concat!(
            "UPDATE delivery AS d SET status = 'pending', retries = 0, reason = NULL, updated_at = ?3,
               due_at = iif(EXISTS (SELECT 1 FROM destination_pause p WHERE p.destination = d.destination), ?5, ?3)
             WHERE d.lead_id = ?1 AND d.ordinal = ?2 AND d.status IN ('pending', {}) AND NOT ",
            stands_in_the_way!(""),
            " AND EXISTS (SELECT 1 FROM lead l WHERE l.id = d.lead_id AND l.erased_at IS NULL AND l.withdrawn_at IS NULL
                AND (?4 IS NULL OR l.form IN (SELECT value FROM json_each(?4))))"
        ),
        replayable()
    );
    let (lead, ordinal) = (id.lead.to_string(), id.ordinal.into());
    let batch = Batch::new(db);
    batch.add(&update, &[text(&lead), whole(ordinal), time(now), form_list(forms), whole(PROBE_DUE)])?;
    batch.add("SELECT changes() AS changed", &[])?;
    batch.add(
        shown!(
            "FROM delivery d JOIN lead l ON l.id = d.lead_id WHERE d.lead_id = ?1 AND d.ordinal = ?2
             AND l.erased_at IS NULL AND (?3 IS NULL OR l.form IN (SELECT value FROM json_each(?3)))"
        ),
        &[text(&lead), whole(ordinal), form_list(forms)],
    )?;
    batch.add("SELECT 1 AS withdrawn FROM lead WHERE id = ?1 AND withdrawn_at IS NOT NULL", &[text(&lead)])?;
    batch.add(TELL_ONE, &[time(now), text(&key.id), text(&lead), whole(ordinal)])?;
    let mut rows = batch.run().await?;
    let is_withdrawn = rows.take(3).first().is_some_and(|row| row.get("withdrawn").is_some());
    let changed = rows.of::<Changed>(1)?.first().is_some_and(|row| row.changed > 0);
    let delivery = rows.of::<DeliveryRow>(2)?.into_iter().next().map(Box::new);
    Ok(match delivery {
        Some(delivery) if changed => Retried::Due(delivery),
        Some(_) if is_withdrawn => Retried::Withdrawn,
        Some(delivery) => Retried::Not(delivery),
        None => Retried::Gone,
    })
}

/// Makes at most [`MAX_AT_ONCE`] deliveries due now, those first that have stood where they stand the
/// longest, and says how many. The sweep puts those aside whose
/// destination is paused.
///
/// # Errors
/// When D1 does not answer.
pub async fn many(db: &D1Database, filter: &Filter, key: &KeyRecord, now: Timestamp) -> Result<u32, D1Error> {
    let update = format!(
        concat!(
            "UPDATE delivery SET status = 'pending', due_at = ?1, retries = 0, reason = NULL, updated_at = ?1
             WHERE (lead_id, ordinal) IN (
               SELECT d.lead_id, d.ordinal FROM delivery d JOIN lead l ON l.id = d.lead_id
               WHERE l.erased_at IS NULL AND l.withdrawn_at IS NULL AND d.status IN ({}) AND d.status IN (SELECT value FROM json_each(?2))
                 AND d.lead_id BETWEEN ?3 AND ?4 AND (?5 IS NULL OR d.destination = ?5)
                 AND (?6 IS NULL OR d.provider = ?6)
                 AND (?7 IS NULL OR l.form IN (SELECT value FROM json_each(?7))) AND NOT ",
            // Of several of a group that the filter finds only the first.
            stands_in_the_way!(
                "OR o.ordinal < d.ordinal AND o.status IN (SELECT value FROM json_each(?2))
                   AND (?5 IS NULL OR o.destination = ?5) AND (?6 IS NULL OR o.provider = ?6)"
            ),
            " AND d.updated_at < ?9 ORDER BY d.updated_at LIMIT ?8)"
        ),
        replayable()
    );
    let statuses: Vec<&str> = filter.statuses.iter().map(|status: &Status| status.name()).collect();
    let statuses = serde_json::to_string(&statuses).unwrap_or_default();
    let (first, last) = filter.lead_ids();
    let batch = Batch::new(db);
    batch.add(
        &update,
        &[
            time(now),
            text(&statuses),
            text(&first),
            text(&last),
            optional(filter.destination.as_deref()),
            optional(filter.provider.as_deref()),
            form_list(key.grant.forms()),
            whole(MAX_AT_ONCE.into()),
            filter.settled_before.map_or(whole(i64::MAX), time),
        ],
    )?;
    batch.add("SELECT changes() AS changed", &[])?;
    batch.add(TELL_MANY, &[time(now), text(&key.id), form_list(key.grant.forms())])?;
    Ok(batch.run().await?.of::<Changed>(1)?.first().map_or(0, |row| row.changed))
}
