//! What the sandbox received and what it answered, kept in the order of arrival.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use axum::http::HeaderMap;
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::broadcast;

/// A sandbox that runs for days forgets the oldest requests beyond this many.
const KEPT: usize = 10_000;

/// Headers whose value is a credential.
const CREDENTIALS: [&str; 2] = ["authorization", "x-api-key"];

/// One request as it arrived, and its answer.
#[derive(Clone, Debug, Serialize)]
pub struct Received {
    /// Counts up from 1.
    pub id: u64,
    /// The provider whose API was called.
    pub provider: String,
    /// When it arrived, RFC 3339 in UTC.
    pub at: String,
    /// HTTP method.
    pub method: String,
    /// Path and query below the provider's origin.
    pub path: String,
    /// Headers by lower-case name, credentials masked.
    pub headers: BTreeMap<String, String>,
    /// The body: as JSON where it is JSON, else as text.
    pub body: Value,
    /// The status answered; `None` while there is no answer, and for ever after a hang, a reset or a close.
    pub status: Option<u16>,
    /// The body answered, without what a fault lengthened, slowed down or cut of it.
    pub answer: Value,
    /// The fault that was ordered for it.
    pub fault: Option<String>,
}

/// The requests received, newest last.
#[derive(Debug)]
pub(super) struct Log {
    entries: Mutex<(u64, VecDeque<Received>)>,
    changes: broadcast::Sender<Received>,
}

impl Default for Log {
    fn default() -> Self {
        Self { entries: Mutex::default(), changes: broadcast::Sender::new(1024) }
    }
}

impl Log {
    /// Notes a request at its arrival, before anything is answered; returns the note.
    pub(super) fn arrived(
        &self,
        provider: &str,
        method: &str,
        path: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Received {
        let text = String::from_utf8_lossy(body);
        let mut entries = self.entries.lock().unwrap();
        let (last_id, list) = &mut *entries;
        *last_id += 1;
        let received = Received {
            id: *last_id,
            provider: provider.to_owned(),
            at: OffsetDateTime::now_utc().format(&Rfc3339).expect("the present can be written as RFC 3339"),
            method: method.to_owned(),
            path: path.to_owned(),
            headers: headers.iter().map(|(name, value)| (name.to_string(), shown(name.as_str(), value))).collect(),
            body: serde_json::from_slice(body).unwrap_or_else(|_| Value::String(text.into_owned())),
            status: None,
            answer: Value::Null,
            fault: None,
        };
        list.push_back(received.clone());
        if list.len() > KEPT {
            list.pop_front();
        }
        drop(entries);
        let _ = self.changes.send(received.clone());
        received
    }

    /// Replaces the note of the same id with a fuller one.
    pub(super) fn update(&self, received: &Received) {
        let mut entries = self.entries.lock().unwrap();
        if let Some(entry) = entries.1.iter_mut().rev().find(|entry| entry.id == received.id) {
            entry.clone_from(received);
        }
        drop(entries);
        let _ = self.changes.send(received.clone());
    }

    /// The notes of one provider or of all, oldest first.
    pub(super) fn list(&self, provider: Option<&str>) -> Vec<Received> {
        let entries = self.entries.lock().unwrap();
        entries.1.iter().filter(|entry| provider.is_none_or(|name| entry.provider == name)).cloned().collect()
    }

    /// Forgets all requests; ids go on counting.
    pub(super) fn clear(&self) {
        self.entries.lock().unwrap().1.clear();
    }

    /// Every note from now on: at arrival, and again when its fault is known and when it is answered.
    pub(super) fn subscribe(&self) -> broadcast::Receiver<Received> {
        self.changes.subscribe()
    }
}

fn shown(name: &str, value: &axum::http::HeaderValue) -> String {
    let text = String::from_utf8_lossy(value.as_bytes());
    if !CREDENTIALS.contains(&name) {
        return text.into_owned();
    }
    match text.split_once(' ') {
        Some((scheme, _)) => format!("{scheme} ***"),
        None => "***".to_owned(),
    }
}
