//! `/v1/admin/keys` and `/v1/admin/keys/{id}`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use shared::timestamp::Timestamp;

use super::{authorise, body, configuration};
use crate::{
    answer::Answer,
    io::{
        clock,
        config_writer::{self, Sort},
        key_writer::{self, StoredKey},
    },
    key::{ApiKey, Grant, KeyRecord},
    problem::Problem,
    rate_limit::RateLimit,
    routes::exchange::Exchange,
};

/// What is asked for.
#[derive(Deserialize)]
struct NewKey {
    #[serde(default)]
    name: String,
    #[serde(flatten)]
    grant: Grant,
    #[serde(default)]
    rate_limit: RateLimit,
    #[serde(default)]
    expires_at: Option<Timestamp>,
}

/// The key itself, shown this once.
#[derive(Serialize)]
struct Created<'a> {
    key: &'a str,
    #[serde(flatten)]
    record: &'a KeyRecord,
}

/// All keys, without the keys themselves: 200.
///
/// # Errors
/// 401, 503.
pub async fn list(exchange: &Exchange) -> Result<Answer, Problem> {
    authorise(exchange)?;
    let keys = config_writer::list::<StoredKey>(&exchange.bindings.db()?, Sort::Key).await?;
    Answer::json(200, &json!({ "keys": keys.into_values().map(|key| key.record).collect::<Vec<_>>() }))
}

/// One key, without the key itself: 200.
///
/// # Errors
/// 401, 404, 503.
pub async fn show(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    authorise(exchange)?;
    let key = config_writer::find::<StoredKey>(&exchange.bindings.db()?, Sort::Key, id).await?;
    Answer::json(200, &key.ok_or(Problem::NotFound)?.record)
}

/// Makes a key: 201, the only answer that holds it.
///
/// # Errors
/// 400, 401, 413, 415, 422, 503.
pub async fn create(exchange: &Exchange) -> Result<Answer, Problem> {
    authorise(exchange)?;
    let members: Map<String, Value> = body(exchange).await?;
    let new = read(members)?;
    let key = ApiKey::generate(new.grant.kind(), clock::random());
    let hash = key.hash();
    let record = KeyRecord {
        id: hash.key_id(),
        name: new.name,
        grant: new.grant,
        rate_limit: new.rate_limit,
        enabled: true,
        expires_at: new.expires_at,
        created_at: exchange.request.now,
    };
    let stored = StoredKey { hash, record };
    key_writer::put(&exchange.bindings, &stored).await?;
    Answer::json(201, &Created { key: key.reveal(), record: &stored.record })
}

/// Revokes a key: 204. No lead is accepted with it from then on.
///
/// # Errors
/// 401, 404, 503.
pub async fn revoke(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    authorise(exchange)?;
    let was_there = key_writer::revoke(&exchange.bindings, id, exchange.request.now).await?;
    if was_there { Ok(Answer::empty(204)) } else { Err(Problem::NotFound) }
}

/// The key in a request's body. A member that is not known is refused: a misspelled `expires_at` must
/// not make a key that works for ever.
fn read(members: Map<String, Value>) -> Result<NewKey, Problem> {
    const COMMON: [&str; 4] = ["kind", "name", "rate_limit", "expires_at"];
    let own: &[&str] = match members.get("kind").and_then(Value::as_str) {
        Some("publishable") => &["form"],
        Some("secret") => &["forms", "scopes"],
        _ => return Err(configuration("kind", "Use publishable or secret.".to_owned())),
    };
    if let Some(unknown) = members.keys().find(|name| !COMMON.contains(&name.as_str()) && !own.contains(&name.as_str()))
    {
        let text = format!("Leave this out. A key of this kind has {}, {}.", COMMON.join(", "), own.join(", "));
        return Err(configuration(unknown, text));
    }
    let new: NewKey = serde_json::from_value(Value::Object(members))
        .map_err(|error| configuration("body", format!("Change this: {error}.")))?;
    check(&new)?;
    Ok(new)
}

/// What types cannot say of a key.
fn check(new: &NewKey) -> Result<(), Problem> {
    if !new.rate_limit.is_valid() {
        let text =
            format!("Give a limit of at least 1 and a window of 1 to {} seconds.", RateLimit::MAX_WINDOW_SECONDS);
        return Err(configuration("rate_limit", text));
    }
    match &new.grant {
        Grant::Publishable { form } if form.is_empty() => Err(configuration("form", "Name the key's form.".to_owned())),
        Grant::Secret { forms, .. } if forms.is_empty() => {
            Err(configuration("forms", "Name at least one form, or [\"*\"] for all.".to_owned()))
        }
        Grant::Secret { scopes, .. } if scopes.is_empty() => {
            Err(configuration("scopes", "Give at least one of leads:write, leads:read, leads:manage.".to_owned()))
        }
        Grant::Publishable { .. } | Grant::Secret { .. } => Ok(()),
    }
}
