//! Keys, forms and destinations as requests read them: from the isolate's memory, else from KV in
//! one read.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use shared::timestamp::Timestamp;

use super::{bindings::Bindings, door};
use crate::{
    catalog::{Catalog, CatalogDocument},
    json,
    key::{KeyHash, KeyRecord, KeyRefusal},
    problem::Problem,
    telemetry::{Event, log},
};

/// How long what was read is used without asking again, in seconds. With KV's own delay a change is
/// in force everywhere within about a minute.
const FRESH_SECONDS: i64 = 30;

/// How long a key that was seen may go on while KV cannot be read, in seconds.
const STALE_SECONDS: i64 = 300;

/// Most keys an isolate remembers; a record is about 1 KiB.
const MAX_KEYS: usize = 1_000;

/// KV name of the published forms and destinations.
pub const CATALOG: &str = "catalog";

/// KV name of a key's record.
pub fn key_name(hash: &KeyHash) -> String {
    format!("key:{}", hash.as_str())
}

/// KV name of the time until which a key is denied.
pub fn deny_name(key_id: &str) -> String {
    format!("deny:{key_id}")
}

#[derive(Default)]
struct Memory {
    keys: HashMap<KeyHash, (Rc<KeyRecord>, Timestamp)>,
    catalog: Option<(Rc<Catalog>, Timestamp)>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// A key that works, and what is configured.
#[derive(Debug, Clone)]
pub struct Found {
    /// The key's record.
    pub key: Rc<KeyRecord>,
    /// The forms and destinations in force.
    pub catalog: Rc<Catalog>,
}

/// The record of the key with that hash, with the forms and destinations in force.
///
/// # Errors
/// [`KeyRefusal::NotValid`] for a key that does not work now, [`Problem::Store`] when KV cannot be
/// read, or what it holds makes no sense, and memory does not help.
pub async fn find(bindings: &Bindings, hash: &KeyHash, now: Timestamp) -> Result<Found, Problem> {
    let (key, catalog) = remembered(hash, now, FRESH_SECONDS);
    if let (Some(key), Some(catalog)) = (&key, &catalog) {
        return valid(Found { key: key.clone(), catalog: catalog.clone() }, now);
    }
    if let Err(problem) = refresh(bindings, hash, now).await {
        let (key, catalog) = remembered(hash, now, STALE_SECONDS);
        let (Some(key), Some(catalog)) = (key, catalog) else { return Err(problem) };
        return valid(Found { key, catalog }, now);
    }
    match remembered(hash, now, FRESH_SECONDS) {
        (Some(key), Some(catalog)) => valid(Found { key, catalog }, now),
        _ => Err(KeyRefusal::NotValid.into()),
    }
}

/// Puts a catalog in force in this isolate, unless it knows a later one: KV may still give out what
/// the admin API has just replaced here.
pub fn remember(document: CatalogDocument, now: Timestamp) {
    MEMORY.with_borrow_mut(|memory| {
        let known =
            memory.catalog.take().map(|(catalog, _)| catalog).filter(|known| known.revision > document.revision);
        memory.catalog = Some((known.unwrap_or_else(|| Rc::new(document.into())), now));
    });
}

/// Forgets a key that the admin API just revoked.
pub fn forget_key(hash: &KeyHash) {
    MEMORY.with_borrow_mut(|memory| memory.keys.remove(hash));
}

fn remembered(hash: &KeyHash, now: Timestamp, seconds: i64) -> (Option<Rc<KeyRecord>>, Option<Rc<Catalog>>) {
    MEMORY.with_borrow(|memory| {
        let key = memory.keys.get(hash).filter(|(_, at)| is_younger(*at, now, seconds)).map(|(key, _)| key.clone());
        let catalog = memory.catalog.as_ref().filter(|(_, at)| is_younger(*at, now, seconds)).map(|(c, _)| c.clone());
        (key, catalog)
    })
}

fn is_younger(at: Timestamp, now: Timestamp, seconds: i64) -> bool {
    now < at.plus_seconds(seconds)
}

fn valid(found: Found, now: Timestamp) -> Result<Found, Problem> {
    if found.key.is_valid_at(now) { Ok(found) } else { Err(KeyRefusal::NotValid.into()) }
}

/// Reads key, denial and catalog in one KV read.
async fn refresh(bindings: &Bindings, hash: &KeyHash, now: Timestamp) -> Result<(), Problem> {
    let names = [key_name(hash), deny_name(&hash.key_id()), CATALOG.to_owned()];
    let values = bindings.kv()?.get_bulk(&names).text().await.map_err(|error| {
        log(&Event::Fault { doing: "kv read", cause: &error.to_string() });
        Problem::Store
    })?;
    let [key, denial, catalog] = names.map(|name| values.get(&name).cloned().flatten());
    remember_catalog(catalog.as_deref(), now)?;
    let record = key.and_then(|text| parse::<KeyRecord>("key record", &text));
    MEMORY.with_borrow_mut(|memory| {
        if memory.keys.len() >= MAX_KEYS {
            memory.keys.clear();
        }
        match record {
            Some(record) => {
                if let Some(until) = denial.and_then(|text| text.parse::<i64>().ok()) {
                    door::deny(&record.id, until, now);
                }
                memory.keys.insert(hash.clone(), (Rc::new(record), now));
            }
            None => {
                memory.keys.remove(hash);
            }
        }
    });
    Ok(())
}

/// A catalog that is not there yet is an empty one: nothing is configured. One that cannot be read is as if KV did
/// not answer: no key is at fault.
fn remember_catalog(text: Option<&str>, now: Timestamp) -> Result<(), Problem> {
    let document = match text {
        Some(text) => parse::<CatalogDocument>("catalog", text).ok_or(Problem::Store)?,
        None => CatalogDocument::default(),
    };
    remember(document, now);
    Ok(())
}

fn parse<T: serde::de::DeserializeOwned>(what: &str, text: &str) -> Option<T> {
    let value = json::parse(text).ok();
    if value.is_none() {
        log(&Event::Fault { doing: "parsing from kv", cause: what });
    }
    value
}
