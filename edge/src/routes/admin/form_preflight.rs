//! `GET /v1/admin/forms/{id}/preflight`: what would become of a form's leads.

use serde_json::json;
use shared::form::FormDefinition;

use super::authorise;
use crate::{
    answer::Answer,
    destination::{Destination, DestinationFields},
    io::{
        clock,
        config_writer::{self, Sort},
        credential,
        normaliser::Runtime,
        pause,
    },
    preflight::{self, Finding, Kind, Preflight, Standing, sample},
    problem::Problem,
    routes::exchange::Exchange,
};

/// 1. The admin token is right: 401.
/// 2. The form is there: 404, 503.
/// 3. For each destination that takes leads of the form, what it makes of them: 200. Nothing is sent.
///
/// # Errors
/// As above.
pub async fn preflight(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    // 1.
    authorise(exchange)?;
    // 2.
    let db = exchange.bindings.db()?;
    let form = config_writer::find::<FormDefinition>(&db, Sort::Form, id).await?.ok_or(Problem::NotFound)?;
    // 3.
    let paused = pause::paused(&db).await?;
    let now = clock::now();
    let samples = sample::samples(&form, &Runtime, now);
    let mut destinations = Vec::new();
    for (id, fields) in config_writer::list::<DestinationFields>(&db, Sort::Destination).await? {
        let provider = fields.provider.clone();
        if !fields.forms.iter().any(|name| name == "*" || *name == form.id) {
            continue;
        }
        destinations.push(match Destination::parse(&id, fields) {
            Ok(destination) => {
                let credential = credential::of(&exchange.bindings, destination.credential.as_deref());
                let standing = Standing {
                    credential: credential.as_deref().map_err(String::as_str),
                    paused: paused.get(&id).map(|pause| pause.reason.as_str()),
                };
                preflight::check(&form, &samples, &destination, standing, now)
            }
            Err(errors) => {
                let finding = |(field, texts): (String, Vec<String>)| Finding {
                    kind: Kind::Misconfigured,
                    field,
                    detail: texts.join(" "),
                };
                Preflight::new(&id, &provider, errors.into_iter().map(finding).collect())
            }
        });
    }
    Answer::json(200, &json!({ "form": form.id, "destinations": destinations }))
}
