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

/// Most alerts told in one run: with all channels 30 subrequests of the 50 that an invocation has on the
/// free plan. The sweep before it may have spent some; what is not told then is told later.
const LIMIT: i64 = 10;

/// Most channels.
pub const MAX_CHANNELS: usize = 3;

/// How often telling is tried before it is left: with the waits below, for about eight and a half hours.
const MAX_TRIES: u32 = 10;

const DUE: &str = "SELECT kind, destination, cause, delivery, times, first_at, last_at, tries, told_to FROM alert
WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2";

/// Told: what happens from now on is counted anew. What happened while it was being told is still to be
/// told, in an hour.
const TOLD: &str = "UPDATE alert SET due_at = iif(times > ?5, ?4 + 3600000, NULL), times = max(times - ?5, 0),
  told_at = ?4, first_at = ?4, tries = 0, told_to = '[]'
WHERE kind = ?1 AND destination = ?2 AND cause = ?3";

/// Not told to every channel: the others are tried again after 1, 2, 4 … minutes.
const NOT_TOLD: &str = "UPDATE alert SET tries = tries + 1, due_at = ?4 + 60000 * (1 << tries), told_to = ?5
WHERE kind = ?1 AND destination = ?2 AND cause = ?3";

/// Left, after the last try. What happens next is told anew, with all that was not told.
const LEFT: &str = "UPDATE alert SET due_at = NULL, told_at = ?4, tries = 0, told_to = '[]'
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
        let mut told_to: Vec<String> = serde_json::from_str(&alert.told_to).unwrap_or_default();
        let mut is_told = true;
        for channel in &channels {
            if told_to.contains(&channel.id) {
                continue;
            }
            if send(bindings, channel, alert).await {
                told_to.push(channel.id.clone());
            } else {
                is_told = false;
            }
        }
        add_result(&batch, alert, is_told, &told_to, now)?;
    }
    batch.run().await?;
    Ok(())
}

fn add_result(
    batch: &Batch<'_>,
    alert: &Alert,
    is_told: bool,
    told_to: &[String],
    now: Timestamp,
) -> Result<(), D1Error> {
    let [kind, destination, cause] = [&alert.kind, &alert.destination, &alert.cause].map(|part| text(part));
    if is_told {
        batch.add(TOLD, &[kind, destination, cause, time(now), whole(alert.times.into())])
    } else if alert.tries.saturating_add(1) < MAX_TRIES {
        let told_to = serde_json::to_string(told_to).unwrap_or_default();
        batch.add(NOT_TOLD, &[kind, destination, cause, time(now), text(&told_to)])
    } else {
        batch.add(LEFT, &[kind, destination, cause, time(now)])
    }
}

/// Tells one alert to one channel. Whether the channel took it.
async fn send(bindings: &Bindings, channel: &Destination, alert: &Alert) -> bool {
    let Provider::Webhook(settings) = &channel.provider else { return false };
    let Ok(credential) = credential::of(bindings, channel.credential.as_deref()) else {
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
