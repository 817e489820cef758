//! `/v1/admin/destinations` and `/v1/admin/destinations/{id}`.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::{authorise, body, check_id, must_be_right};
use crate::{
    answer::Answer,
    destination::{Destination, DestinationFields},
    host_policy::{self, HostRefusal},
    io::{
        config_writer::{self, Sort},
        credential, delivery_queue,
        pause::{self, Pause},
    },
    misfit::Errors,
    problem::Problem,
    routes::exchange::Exchange,
};

/// A destination as it is shown.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Destination"))]
pub(crate) struct Shown<'a> {
    id: &'a str,
    #[serde(flatten)]
    fields: &'a DestinationFields,
    /// Since when and why it is left alone, if it is.
    paused: Option<&'a Pause>,
    /// What to look at before leads can get there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
}

/// All destinations: 200.
///
/// # Errors
/// 401, 503.
pub async fn list(exchange: &Exchange) -> Result<Answer, Problem> {
    authorise(exchange)?;
    let db = exchange.bindings.db()?;
    let destinations = config_writer::list::<DestinationFields>(&db, Sort::Destination).await?;
    let (paused, forms) = (pause::paused(&db).await?, config_writer::ids(&db, Sort::Form).await?);
    let shown = destinations.iter().map(|(id, fields)| {
        let warnings = warnings(exchange, fields, &forms);
        Shown { id, fields, paused: paused.get(id), warnings }
    });
    let shown: Vec<Shown<'_>> = shown.collect();
    Answer::json(200, &json!({ "destinations": shown }))
}

/// One destination: 200.
///
/// # Errors
/// 401, 404, 503.
pub async fn show(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    authorise(exchange)?;
    let db = exchange.bindings.db()?;
    let fields =
        config_writer::find::<DestinationFields>(&db, Sort::Destination, id).await?.ok_or(Problem::NotFound)?;
    let paused: BTreeMap<String, Pause> = pause::paused(&db).await?;
    let warnings = warnings(exchange, &fields, &config_writer::ids(&db, Sort::Form).await?);
    Answer::json(200, &Shown { id, fields: &fields, paused: paused.get(id), warnings })
}

/// Creates (201) or replaces (200) the destination under the id in the path. Whoever replaces a
/// destination has mended it: what waited for that goes out. It may be set up before its forms and its secret; the
/// answer warns of those that are not there.
///
/// # Errors
/// 400, 401, 413, 415, 422, 503.
pub async fn put(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    let admin = authorise(exchange)?;
    check_id(id)?;
    let (fields, misfits) = body::<DestinationFields>(exchange).await?;
    let mut wrong = Destination::parse(id, fields.clone()).err().unwrap_or_default();
    check_host(exchange, &fields.url, &mut wrong);
    must_be_right(misfits, wrong)?;
    let document = serde_json::to_string(&fields).map_err(|_| Problem::Internal)?;
    let is_new = config_writer::put(&exchange.bindings, &admin.change(Sort::Destination, id), &document).await?;
    wake(exchange);
    let warnings = warnings(exchange, &fields, &config_writer::ids(&exchange.bindings.db()?, Sort::Form).await?);
    Answer::json(if is_new { 201 } else { 200 }, &Shown { id, fields: &fields, paused: None, warnings })
}

/// What is not there yet: forms, of which `known` are, and the secret with the credential.
fn warnings(exchange: &Exchange, fields: &DestinationFields, known: &[String]) -> Vec<String> {
    let missing: Vec<&str> =
        fields.forms.iter().filter(|form| *form != "*" && !known.contains(form)).map(String::as_str).collect();
    let mut warnings = super::warnings(&missing);
    if let Err(problem) = credential::of(&exchange.bindings, fields.credential.as_deref()) {
        warnings.push(format!("{problem} Until it is, the destination is paused with its first lead."));
    }
    warnings
}

/// Removes a destination: 204. What is not delivered yet is cancelled by the next sweep.
///
/// # Errors
/// 401, 404, 503.
pub async fn delete(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    let admin = authorise(exchange)?;
    let was_there = config_writer::delete(&exchange.bindings, &admin.change(Sort::Destination, id)).await?;
    wake(exchange);
    if was_there { Ok(Answer::empty(204)) } else { Err(Problem::NotFound) }
}

/// Lets the sweep look at what is due now.
fn wake(exchange: &Exchange) {
    let (bindings, now) = (exchange.bindings.clone(), exchange.request.now);
    exchange.later(async move { delivery_queue::wake_at(&bindings, now, now).await });
}

/// Checks where the address leads, outside development. The runtime's own URL parser reads it, since that is the one
/// that will resolve it: whatever spelling an address has, it is judged by what it means.
pub(super) fn check_host(exchange: &Exchange, url: &str, wrong: &mut Errors) {
    if exchange.bindings.is_development() {
        return;
    }
    let problem = match web_sys::Url::new(url) {
        Ok(parsed) => match host_policy::check(parsed.protocol().trim_end_matches(':'), &parsed.hostname()) {
            Ok(()) => return,
            Err(HostRefusal::NotHttps) => "Use https: leads are personal data.",
            Err(HostRefusal::NotPublic) => "Name a host on the public internet.",
        },
        Err(_) => "Give the provider's whole address.",
    };
    // Where it is no address at all, that was said.
    wrong.entry("url".to_owned()).or_insert_with(|| vec![problem.to_owned()]);
}
