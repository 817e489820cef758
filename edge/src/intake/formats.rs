//! What form builders and advertising platforms send, made into ordinary fields.
//!
//! Each platform has a file with a pure function and the page that documents its payload. An answer gets
//! a canonical name where the platform or its label tells what it is and its value fits; everything else
//! is kept in `meta` under its label, so that no lead is refused for what a field of it was called.

mod answers;
mod elementor;
mod google;
mod gravity;
mod jotform;
mod label;
mod meta;
pub mod signature;
mod typeform;
mod webflow;

use serde_json::{Map, Value};
use shared::field::Choice;

/// Longest id of a platform that is used to tell a repeated delivery; the documented ones have 15 to 100.
const ID_MAX_CHARS: usize = 200;

/// A sender whose payload is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Typeform's webhook.
    Typeform,
    /// Jotform's webhook.
    Jotform,
    /// Webflow's form submission, version 1 or 2.
    Webflow,
    /// The webhook action of Elementor Pro's form, with or without advanced data.
    Elementor,
    /// An entry of Gravity Forms, as its Webhooks add-on sends it.
    Gravity,
    /// A lead of Meta's lead ads as the Graph API shows it, or the notification of one.
    Meta,
    /// The webhook of Google Ads' lead forms.
    Google,
}

impl Choice for Format {
    const ALL: &'static [(&'static str, Self)] = &[
        ("typeform", Self::Typeform),
        ("jotform", Self::Jotform),
        ("webflow", Self::Webflow),
        ("elementor", Self::Elementor),
        ("gravity", Self::Gravity),
        ("meta", Self::Meta),
        ("google", Self::Google),
    ];
}

/// A payload as ordinary fields.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Flat {
    /// Canonical fields, `attribution`, `consent` and `meta`.
    pub fields: Map<String, Value>,
    /// What the platform calls this lead. It stays the same when the lead is sent again.
    pub id: Option<String>,
}

impl Format {
    /// The format of a body that can be nothing else.
    pub fn detect(body: &Map<String, Value>) -> Option<Self> {
        let has = |names: &[&str]| names.iter().all(|name| body.contains_key(*name));
        let says = |name: &str, word: &str| body.get(name).and_then(Value::as_str) == Some(word);
        if says("event_type", "form_response") && has(&["form_response"]) {
            Some(Self::Typeform)
        } else if has(&["rawRequest", "formID", "submissionID"]) {
            Some(Self::Jotform)
        } else if says("triggerType", "form_submission") || has(&["_id", "site", "data", "d"]) {
            Some(Self::Webflow)
        } else if elementor::is_payload(body) {
            Some(Self::Elementor)
        } else if has(&["form_id", "source_url", "is_starred"]) {
            Some(Self::Gravity)
        } else if has(&["user_column_data"]) && (has(&["google_key"]) || has(&["lead_id"])) {
            Some(Self::Google)
        } else if meta::notified(body).is_some() || meta::is_lead(body) {
            Some(Self::Meta)
        } else {
            None
        }
    }

    /// The fields of a body; `None` when it is not what this platform sends.
    pub fn flatten(self, body: Map<String, Value>) -> Option<Flat> {
        let mut flat = match self {
            Self::Typeform => typeform::flatten(body),
            Self::Jotform => jotform::flatten(body),
            Self::Webflow => webflow::flatten(body),
            Self::Elementor => elementor::flatten(body),
            Self::Gravity => gravity::flatten(body),
            Self::Meta => meta::flatten(body),
            Self::Google => google::flatten(body),
        }?;
        flat.id = flat.id.filter(|id| !id.is_empty() && id.len() <= ID_MAX_CHARS);
        Some(flat)
    }
}

pub use meta::{FIELDS as META_FIELDS, notified};

#[cfg(test)]
mod tests;
