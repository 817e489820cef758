//! `/v1/admin/…`: configuration by HTTP, for whoever has the admin token.

pub mod alerts;
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
use crate::{io::bindings::ADMIN_TOKEN, key::credentials, problem::Problem, routes::exchange::Exchange};

/// Checks the admin token. Both sides are hashed, so that neither content nor length shows in the time.
///
/// # Errors
/// 401; 500 when the operator has not set the token.
fn authorise(exchange: &Exchange) -> Result<(), Problem> {
    let expected = exchange.bindings.text(ADMIN_TOKEN).ok_or(Problem::SecretMissing(ADMIN_TOKEN))?;
    let header = exchange.request.header("authorization").ok_or(Problem::AdminToken)?;
    let (expected, found) = (Sha256::digest(expected), Sha256::digest(credentials(&header)));
    if bool::from(expected.ct_eq(&found)) { Ok(()) } else { Err(Problem::AdminToken) }
}

/// The request's body as a `T`.
///
/// # Errors
/// 400 when it is no JSON object, 413, 415; 422 when a member is unknown or of a wrong type.
async fn body<T: DeserializeOwned>(exchange: &Exchange) -> Result<T, Problem> {
    let members = json_body::object(exchange).await?;
    serde_json::from_value(Value::Object(members))
        .map_err(|error| configuration("body", format!("Change this: {error}.")))
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
