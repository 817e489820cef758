//! `/v1/admin/alerts` and `/v1/admin/alerts/{id}`: where the operator is told of failures.

use serde::Serialize;
use serde_json::json;

use super::{authorise, body, check_id, configuration, destinations::check_host, must_be_right};
use crate::{
    alert::AlertChannel,
    answer::Answer,
    io::{
        alerts::{self, MAX_CHANNELS},
        config_writer::{self, Sort},
    },
    problem::Problem,
    routes::exchange::Exchange,
};

/// A channel as it is shown.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Alert"))]
pub(crate) struct Shown<'a> {
    id: &'a str,
    #[serde(flatten)]
    channel: &'a AlertChannel,
}

/// All channels: 200.
///
/// # Errors
/// 401, 503.
pub async fn list(exchange: &Exchange) -> Result<Answer, Problem> {
    authorise(exchange)?;
    let channels = config_writer::list::<AlertChannel>(&exchange.bindings.db()?, Sort::Alert).await?;
    let shown: Vec<Shown<'_>> = channels.iter().map(|(id, channel)| Shown { id, channel }).collect();
    Answer::json(200, &json!({ "alerts": shown }))
}

/// One channel: 200.
///
/// # Errors
/// 401, 404, 503.
pub async fn show(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    authorise(exchange)?;
    let channel = config_writer::find::<AlertChannel>(&exchange.bindings.db()?, Sort::Alert, id).await?;
    Answer::json(200, &Shown { id, channel: &channel.ok_or(Problem::NotFound)? })
}

/// Creates (201) or replaces (200) the channel under the id in the path.
///
/// # Errors
/// 400, 401, 413, 415, 422, 503.
pub async fn put(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    let admin = authorise(exchange)?;
    check_id(id)?;
    let (channel, misfits) = body::<AlertChannel>(exchange).await?;
    let mut wrong = channel.clone().destination(id).err().unwrap_or_default();
    check_host(exchange, &channel.url, &mut wrong);
    must_be_right(misfits, wrong)?;
    if alerts::others(&exchange.bindings.db()?, id).await? >= MAX_CHANNELS {
        return Err(configuration("id", format!("There are {MAX_CHANNELS} channels already: remove one first.")));
    }
    let document = serde_json::to_string(&channel).map_err(|_| Problem::Internal)?;
    let is_new = config_writer::put(&exchange.bindings, &admin.change(Sort::Alert, id), &document).await?;
    Answer::json(if is_new { 201 } else { 200 }, &Shown { id, channel: &channel })
}

/// Removes a channel: 204.
///
/// # Errors
/// 401, 404, 503.
pub async fn delete(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    let admin = authorise(exchange)?;
    let was_there = config_writer::delete(&exchange.bindings, &admin.change(Sort::Alert, id)).await?;
    if was_there { Ok(Answer::empty(204)) } else { Err(Problem::NotFound) }
}
