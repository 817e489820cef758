//! Every operation of the API, by the resource it is about.

mod compat;
mod configuration;
mod deliveries;
mod forms;
mod keys;
mod leads;
mod lifecycle;
mod privacy;
mod trying_out;

use serde_json::json;

use super::{
    operation::{Caller, Operation},
    schemas::Schemas,
    views::Health,
};

/// All of them.
pub fn all(schemas: &mut Schemas) -> Vec<Operation> {
    let mut all = leads::operations(schemas);
    all.extend(lifecycle::operations(schemas));
    all.extend(privacy::operations(schemas));
    all.extend(compat::operations());
    all.extend(forms::operations(schemas));
    all.extend(deliveries::operations(schemas));
    all.extend(keys::operations(schemas));
    all.extend(configuration::operations(schemas));
    all.extend(trying_out::operations(schemas));
    all.push(health(schemas));
    all
}

fn health(schemas: &mut Schemas) -> Operation {
    let (well, ill) =
        (json!({"status": "ok", "d1": "ok", "kv": "ok"}), json!({"status": "down", "d1": "ok", "kv": "down"}));
    Operation::new("get", "/healthz", "checkHealth")
        .told("Health", "Check whether D1 and KV answer", "")
        .by(Caller::Anyone)
        .answers(200, "Both answer.", &[], schemas.answer::<Health>(), &well)
        .answers(503, "One does not.", &["Retry-After"], schemas.answer::<Health>(), &ill)
}
