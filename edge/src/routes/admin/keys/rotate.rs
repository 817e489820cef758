//! `POST /v1/admin/keys/{id}/rotate`: a new key in place of one that works on for a while.

use serde_json::{Map, Value};

use super::{
    super::{super::json_body, authorise, configuration},
    created, member,
};
use crate::{
    answer::Answer,
    io::{
        clock,
        config_writer::{self, Sort},
        key_writer::{self, StoredKey},
    },
    key::{ApiKey, KeyRecord},
    problem::Problem,
    routes::exchange::Exchange,
};

/// How long the old key works on where the request does not say, in seconds: a day to put the new one
/// in everywhere.
const DEFAULT_GRACE_SECONDS: u32 = 86_400;

/// The longest it may say, in seconds: 30 days. Whoever needs longer makes a second key.
const MAX_GRACE_SECONDS: u32 = 30 * 86_400;

/// 1. The admin token is right: 401, 429.
/// 2. The body, if there is one, has `grace_seconds` and nothing else: 400, 413, 415, 422.
/// 3. The key is there, works, and was not replaced before: 404, 409.
/// 4. One transaction makes the new key and lets the old one end: 409 if somebody was faster; 503.
/// 5. 201 with the new key, shown this once, and `replaces`, the id of the old one.
///
/// # Errors
/// As above.
pub async fn rotate(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    // 1.
    let admin = authorise(exchange)?;
    // 2.
    let grace = grace_seconds(&json_body::object_or_nothing(exchange).await?)?;
    // 3.
    let old = config_writer::find::<StoredKey>(&exchange.bindings.db()?, Sort::Key, id).await?;
    let StoredKey { hash, record } = old.ok_or(Problem::NotFound)?;
    rotatable(&record, &admin)?;
    // 4.
    let key = ApiKey::generate(record.grant.kind(), clock::random());
    let new_hash = key.hash();
    let successor = record.successor(new_hash.key_id(), admin.now);
    let retired = record.retired(&successor.id, admin.now.plus_seconds(grace.into()));
    let (old, new) = (StoredKey { hash, record: retired }, StoredKey { hash: new_hash, record: successor });
    if !key_writer::replace(&exchange.bindings, &admin.change(Sort::Key, id), &old, &new).await? {
        return Err(Problem::NotRotatable("Somebody else has replaced or revoked it just now.".to_owned()));
    }
    // 5.
    created(&key, &new.record, Some(("replaces", Value::from(id))))
}

/// Whether a key can give way to another.
fn rotatable(record: &KeyRecord, admin: &crate::io::audit::Admin<'_>) -> Result<(), Problem> {
    match &record.replaced_by {
        Some(successor) => Err(Problem::NotRotatable(format!("It was replaced by {successor}: rotate that one."))),
        None if !record.is_valid_at(admin.now) => {
            Err(Problem::NotRotatable("It has expired: make a new key.".to_owned()))
        }
        None => Ok(()),
    }
}

fn grace_seconds(members: &Map<String, Value>) -> Result<u32, Problem> {
    if let Some(unknown) = members.keys().find(|name| *name != "grace_seconds") {
        return Err(configuration(
            unknown,
            "Leave this out: a rotation has grace_seconds and nothing else.".to_owned(),
        ));
    }
    let grace = member::<u32>(members, "grace_seconds")?.unwrap_or(DEFAULT_GRACE_SECONDS);
    if grace > MAX_GRACE_SECONDS {
        let text = format!("Give 0 to {MAX_GRACE_SECONDS} seconds. For longer, make a second key.");
        return Err(configuration("grace_seconds", text));
    }
    Ok(grace)
}
