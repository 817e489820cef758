//! Telling the operator what the triggers of the `alert` table raised.

use serde_json::Value;
use shared::timestamp::Timestamp;
use worker::worker_sys::D1Database;

use super::{
    bindings::Bindings,
    clock,
    config_writer::{self, Sort},
    credential,
    d1::{Batch, D1Error, query, text, time, whole},
    outbound,
};
use crate::{
    alert::{Alert, AlertChannel},
    destination::Destination,
    problem::Problem,
    provider::{Call, Provider, webhook},
    telemetry::{Event, log},
};

/// Most alerts told in one run: with a few channels this stays within the 50 subrequests of an
/// invocation on the free plan.
const LIMIT: i64 = 10;

/// Most channels.
pub const MAX_CHANNELS: usize = 3;

/// How often telling is tried before it is left: with the waits below, for about a day.
const MAX_TRIES: i64 = 10;

const DUE: &str = "SELECT kind, destination, cause, delivery, times, first_at, last_at, tries FROM alert
WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2";

/// Told: what happens from now on is counted anew.
const TOLD: &str = "UPDATE alert SET due_at = NULL, told_at = ?4, tries = 0, times = 0, first_at = ?4
WHERE kind = ?1 AND destination = ?2 AND cause = ?3";

/// Not told: tried again after 1, 2, 4 … minutes, and left after the last.
const NOT_TOLD: &str = "UPDATE alert SET tries = tries + 1,
  due_at = iif(tries + 1 < ?5, ?4 + 60000 * (1 << tries), NULL), told_at = iif(tries + 1 < ?5, told_at, ?4)
WHERE kind = ?1 AND destination = ?2 AND cause = ?3";

/// Tells what is due to every channel. An alert counts as told when each channel took it.
///
/// # Errors
/// When D1 does not answer.
pub async fn tell(bindings: &Bindings, now: Timestamp) -> Result<(), Problem> {
    let db = bindings.db()?;
    let alerts = query::<Alert>(&db, DUE, &[time(now), whole(LIMIT)]).await?;
    if alerts.is_empty() {
        return Ok(());
    }
    let channels = config_writer::list::<AlertChannel>(&db, Sort::Alert).await?;
    let channels: Vec<Destination> = channels
        .into_iter()
        .filter_map(|(id, channel)| channel.destination(&id).ok())
        .filter(Destination::is_enabled)
        .collect();
    let batch = Batch::new(&db);
    for alert in &alerts {
        let mut is_told = true;
        for channel in &channels {
            is_told &= send(bindings, channel, alert).await;
        }
        add_result(&batch, alert, is_told, now)?;
    }
    batch.run().await?;
    Ok(())
}

fn add_result(batch: &Batch<'_>, alert: &Alert, is_told: bool, now: Timestamp) -> Result<(), D1Error> {
    let [kind, destination, cause] = [&alert.kind, &alert.destination, &alert.cause].map(|part| text(part));
    if is_told {
        batch.add(TOLD, &[kind, destination, cause, time(now)])
    } else {
        batch.add(NOT_TOLD, &[kind, destination, cause, time(now), whole(MAX_TRIES)])
    }
}

/// Tells one alert to one channel. Whether the channel took it.
async fn send(bindings: &Bindings, channel: &Destination, alert: &Alert) -> bool {
    let Provider::Webhook(settings) = &channel.provider else { return false };
    let Ok(credential) = credential::of(bindings, channel) else {
        log(&Event::Fault { doing: "alerting", cause: "the channel's secret is not set" });
        return false;
    };
    // The same for each try, so that a receiver can drop what it had already.
    let id = format!("alert_{}_{}_{}_{}", alert.kind, alert.destination, alert.cause, alert.first_at);
    let call = Call {
        url: channel.url.as_str(),
        credential: &credential,
        idempotency_key: &id,
        lead_id: "",
        form: "",
        created_at: Timestamp::from_millis(alert.last_at),
        now: clock::now(),
    };
    let data: Value = alert.data();
    let Ok(prepared) = webhook::outbound::request_of(&alert.event(), data, settings, &call) else { return false };
    let sent = outbound::send(prepared.request, channel.timeout_ms).await;
    sent.is_ok_and(|answer| answer.status().is_success())
}

/// How many channels there are besides `id`.
///
/// # Errors
/// When D1 does not answer.
pub async fn others(db: &D1Database, id: &str) -> Result<usize, Problem> {
    let channels = config_writer::list::<AlertChannel>(db, Sort::Alert).await?;
    Ok(channels.keys().filter(|other| *other != id).count())
}
