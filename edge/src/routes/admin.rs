//! `/v1/admin/…`: configuration by HTTP, for whoever has the admin token.

pub mod alerts;
pub mod audit;
pub mod destination_test;
pub mod destinations;
pub mod form_preflight;
pub mod forms;
pub mod groups;
pub mod keys;

use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use shared::form::is_id;
use subtle::ConstantTimeEq;

use super::json_body;
use crate::{
    client_address,
    io::{
        audit::{Admin, Change},
        bindings::ADMIN_TOKEN,
        config_writer::Sort,
        door,
    },
    key::credentials,
    misfit::{self, Errors},
    problem::Problem,
    rate_limit::RateLimit,
    routes::exchange::Exchange,
};

/// Wrong tokens a minute from one client address, in each isolate. A person mistypes a token a few
/// times; a token of 32 random characters is not found by any number of tries. There is no limit over
/// all addresses: it would let anybody shut the operator out.
const FAILURES: RateLimit = RateLimit { limit: 20, window_seconds: 60 };

/// Checks the admin token. Both sides are hashed, so that neither content nor length shows in the time.
///
/// # Errors
/// 401; 429 when that address sent too many wrong tokens, whatever it sends now; 500 when the operator
/// has not set the token.
fn authorise(exchange: &Exchange) -> Result<Admin<'_>, Problem> {
    let request = &exchange.request;
    let expected = exchange.bindings.text(ADMIN_TOKEN).ok_or(Problem::SecretMissing(ADMIN_TOKEN))?;
    // Nothing was tried.
    let header = request.header("authorization").ok_or(Problem::AdminToken)?;
    let address = request.header("cf-connecting-ip").unwrap_or_default();
    let subject = ["admin ", &client_address::counted(&address)].concat();
    if let Some(retry_after) = door::denied_for(&subject, request.now) {
        return Err(Problem::RateLimited { retry_after });
    }
    let (expected, found) = (Sha256::digest(expected), Sha256::digest(credentials(&header)));
    if bool::from(expected.ct_eq(&found)) {
        return Ok(Admin { request_id: &request.id, address: client_address::network(&address), now: request.now });
    }
    if door::meter(&subject, FAILURES, request.now) >= FAILURES.limit {
        door::deny(&subject, FAILURES.window_at(request.now).end, request.now);
    }
    Err(Problem::AdminToken)
}

impl Admin<'_> {
    /// What this admin does to one piece of configuration.
    fn change<'a>(&'a self, sort: Sort, id: &'a str) -> Change<'a> {
        Change { admin: self, sort, id }
    }
}

/// The request's body as a `T`, and what of it is wrong: what cannot be read is not in the value.
///
/// # Errors
/// 400 when it is no JSON object, 413, 415; 422 when too much of it is wrong.
async fn body<T: DeserializeOwned>(exchange: &Exchange) -> Result<(T, Errors), Problem> {
    let mut document = Value::Object(json_body::object(exchange).await?);
    let reader = |part| serde_json::from_value::<T>(part).err().map(|error| error.to_string());
    let misfits = misfit::all(&mut document, "", &reader);
    match serde_json::from_value(document) {
        Ok(value) => Ok((value, misfits)),
        Err(_) => Err(Problem::Configuration(misfits)),
    }
}

/// Checks that nothing is wrong: neither what the types say, nor `more` that they cannot.
///
/// # Errors
/// 422 with all of it.
fn must_be_right(misfits: Errors, more: Errors) -> Result<(), Problem> {
    let errors = misfit::joined(misfits, more);
    if errors.is_empty() { Ok(()) } else { Err(Problem::Configuration(errors)) }
}

/// What an answer says of forms that a key or destination names and that are not there: both may be set
/// up before their forms.
fn warnings(missing_forms: &[&str]) -> Vec<String> {
    missing_forms.iter().map(|form| format!("There is no form {form} yet.")).collect()
}

/// A 422 about one member.
fn configuration(member: &str, text: String) -> Problem {
    Problem::Configuration([(member.to_owned(), vec![text])].into())
}

/// Checks the id that a form or destination is to have.
///
/// # Errors
/// 422.
fn check_id(id: &str) -> Result<(), Problem> {
    if is_id(id) {
        return Ok(());
    }
    Err(configuration("id", "Use 1 to 64 of a-z, 0-9, - and _, beginning with a letter or digit.".to_owned()))
}
