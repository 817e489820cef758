//! `/v1/admin/keys` and `/v1/admin/keys/{id}`.

pub mod rotate;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use shared::timestamp::Timestamp;

use super::{super::json_body, authorise, configuration};
use crate::{
    answer::Answer,
    io::{
        clock,
        config_writer::{self, Sort},
        key_writer::{self, StoredKey},
    },
    key::{ApiKey, Grant, KeyRecord},
    misfit::words,
    problem::Problem,
    rate_limit::RateLimit,
    routes::exchange::Exchange,
};

/// Most characters of a key's name.
const MAX_NAME_CHARS: usize = 200;

/// The answer that holds the key itself, the only one.
fn created(key: &ApiKey, record: &KeyRecord, more: Option<(&str, Value)>) -> Result<Answer, Problem> {
    // By way of text, as it is stored: one way of writing a record weighs less than two.
    let text = serde_json::to_string(record).map_err(|_| Problem::Internal)?;
    let mut shown: Map<String, Value> = config_writer::parse(&text)?;
    shown.insert("last_used_at".to_owned(), Value::Null);
    shown.insert("key".to_owned(), key.reveal().into());
    if let Some((name, value)) = more {
        shown.insert(name.to_owned(), value);
    }
    Ok(Answer::json_text(201, Value::Object(shown).to_string()))
}

/// All keys, without the keys themselves: 200.
///
/// # Errors
/// 401, 429, 503.
pub async fn list(exchange: &Exchange) -> Result<Answer, Problem> {
    authorise(exchange)?;
    let keys = key_writer::shown(&exchange.bindings.db()?, None).await?;
    Answer::json(200, &json!({ "keys": keys }))
}

/// One key, without the key itself: 200.
///
/// # Errors
/// 401, 404, 429, 503.
pub async fn show(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    authorise(exchange)?;
    let found = key_writer::shown(&exchange.bindings.db()?, Some(id)).await?;
    Answer::json(200, found.first().ok_or(Problem::NotFound)?)
}

/// Makes a key: 201, the only answer that holds it. A secret key may be made before the forms that it
/// is for; the answer warns of those that are not there.
///
/// # Errors
/// 400, 401, 413, 415, 422, 429, 503.
pub async fn create(exchange: &Exchange) -> Result<Answer, Problem> {
    let admin = authorise(exchange)?;
    let new = read(&json_body::object(exchange).await?)?;
    let known = config_writer::ids(&exchange.bindings.db()?, Sort::Form).await?;
    let named = new.grant.forms().unwrap_or_default();
    let missing: Vec<&str> = named.iter().filter(|form| !known.contains(form)).map(String::as_str).collect();
    if let (Grant::Publishable { form, .. }, false) = (&new.grant, missing.is_empty()) {
        return Err(configuration("form", format!("There is no form {form}. Create it first.")));
    }
    let key = ApiKey::generate(new.grant.kind(), clock::random());
    let hash = key.hash();
    let record = KeyRecord {
        id: hash.key_id(),
        name: new.name,
        grant: new.grant.clone(),
        rate_limit: new.rate_limit,
        enabled: true,
        expires_at: new.expires_at,
        replaced_by: None,
        created_at: admin.now,
    };
    let warnings = (!missing.is_empty()).then(|| ("warnings", Value::from(super::warnings(&missing))));
    let stored = StoredKey { hash, record };
    key_writer::create(&exchange.bindings, &admin.change(Sort::Key, &stored.record.id), &stored).await?;
    created(&key, &stored.record, warnings)
}

/// Revokes a key: 204. No lead is accepted with it from then on.
///
/// # Errors
/// 401, 404, 429, 503.
pub async fn revoke(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    let admin = authorise(exchange)?;
    let was_there = key_writer::revoke(&exchange.bindings, &admin.change(Sort::Key, id)).await?;
    if was_there { Ok(Answer::empty(204)) } else { Err(Problem::NotFound) }
}

/// What is asked for.
struct NewKey {
    name: String,
    grant: Grant,
    rate_limit: RateLimit,
    expires_at: Option<Timestamp>,
}

/// The key in a request's body. A member that is not known is refused: a misspelled `expires_at` must
/// not make a key that works for ever.
fn read(members: &Map<String, Value>) -> Result<NewKey, Problem> {
    const COMMON: [&str; 4] = ["kind", "name", "rate_limit", "expires_at"];
    let kind = members.get("kind").and_then(Value::as_str);
    let own: &[&str] = match kind {
        Some("publishable") => &["form"],
        Some("secret") => &["forms", "scopes"],
        _ => return Err(configuration("kind", "Use publishable or secret.".to_owned())),
    };
    if let Some(unknown) = members.keys().find(|name| !COMMON.contains(&name.as_str()) && !own.contains(&name.as_str()))
    {
        let text = format!("Leave this out. A key of this kind has {}, {}.", COMMON.join(", "), own.join(", "));
        return Err(configuration(unknown, text));
    }
    let grant = if kind == Some("publishable") {
        Grant::publishable(member(members, "form")?.unwrap_or_default())
    } else {
        Grant::Secret {
            forms: member(members, "forms")?.unwrap_or_default(),
            scopes: member(members, "scopes")?.unwrap_or_default(),
        }
    };
    let new = NewKey {
        name: member(members, "name")?.unwrap_or_default(),
        grant,
        rate_limit: member(members, "rate_limit")?.unwrap_or_default(),
        expires_at: member(members, "expires_at")?,
    };
    check(&new)?;
    Ok(new)
}

/// One member; `None` when it is absent or `null`.
fn member<T: DeserializeOwned>(members: &Map<String, Value>, name: &str) -> Result<Option<T>, Problem> {
    let value = members.get(name).cloned().unwrap_or_default();
    serde_json::from_value(value).map_err(|error| configuration(name, words(&error.to_string())))
}

/// What types cannot say of a key.
fn check(new: &NewKey) -> Result<(), Problem> {
    if !new.rate_limit.is_valid() {
        let text =
            format!("Give a limit of at least 1 and a window of 1 to {} seconds.", RateLimit::MAX_WINDOW_SECONDS);
        return Err(configuration("rate_limit", text));
    }
    if new.name.chars().count() > MAX_NAME_CHARS {
        return Err(configuration("name", format!("Use at most {MAX_NAME_CHARS} characters.")));
    }
    match &new.grant {
        Grant::Publishable { form, .. } if form.is_empty() => {
            Err(configuration("form", "Name the key's form.".to_owned()))
        }
        Grant::Secret { forms, .. } if forms.is_empty() => {
            Err(configuration("forms", "Name at least one form, or [\"*\"] for all.".to_owned()))
        }
        Grant::Secret { scopes, .. } if scopes.is_empty() => {
            Err(configuration("scopes", "Give at least one of leads:write, leads:read, leads:manage.".to_owned()))
        }
        Grant::Publishable { .. } | Grant::Secret { .. } => Ok(()),
    }
}
