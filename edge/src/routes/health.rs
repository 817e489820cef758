//! `GET /healthz`: whether the Worker can do its work.

use serde::Deserialize;
use serde_json::json;

use crate::{
    answer::Answer,
    io::{config_store::CATALOG, d1},
    problem::{Problem, STORE_RETRY_SECONDS},
    routes::exchange::Exchange,
};

#[derive(Deserialize)]
struct Revision {}

/// 200 when both stores answer; 503 with the one that does not.
///
/// # Errors
/// Only when the answer cannot be written.
pub async fn show(exchange: &Exchange) -> Result<Answer, Problem> {
    let d1 = match exchange.bindings.db() {
        Ok(db) => {
            d1::query::<Revision>(&db, "SELECT written FROM catalog_revision", &[]).await.is_ok_and(|r| !r.is_empty())
        }
        Err(_) => false,
    };
    let kv = match exchange.bindings.kv() {
        Ok(kv) => kv.get(CATALOG).text().await.is_ok(),
        Err(_) => false,
    };
    let word = |ok| if ok { "ok" } else { "down" };
    let status = if d1 && kv { 200 } else { 503 };
    let answer = Answer::json(status, &json!({ "status": word(d1 && kv), "d1": word(d1), "kv": word(kv) }))?;
    Ok(if status == 200 { answer } else { answer.with("retry-after", STORE_RETRY_SECONDS.to_string()) })
}
