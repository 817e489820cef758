//! The body of a request that is one JSON object.

use serde_json::{Map, Value};

use crate::{intake::IntakeError, problem::Problem, routes::exchange::Exchange};

/// The object in the request's body, or an empty one where the request has neither body nor type.
///
/// # Errors
/// As [`object`].
pub async fn object_or_nothing(exchange: &Exchange) -> Result<Map<String, Value>, Problem> {
    if exchange.request.header("content-type").is_none() && exchange.request.text().await?.is_empty() {
        return Ok(Map::new());
    }
    object(exchange).await
}

/// The object in the request's body.
///
/// # Errors
/// 400 when it is no JSON object, 413, 415.
pub async fn object(exchange: &Exchange) -> Result<Map<String, Value>, Problem> {
    let content_type = exchange.request.header("content-type").unwrap_or_default();
    if !content_type.to_ascii_lowercase().contains("json") {
        return Err(IntakeError::NotJson.into());
    }
    let text = exchange.request.text().await?;
    match serde_json::from_str(&text) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(IntakeError::NotAnObject.into()),
    }
}
