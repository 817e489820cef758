//! Faults to order: how a provider fails, and for how many requests.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How a provider fails. As JSON: `{"provider": "anyhouse", "status": 503, "times": 2}`. What is not
/// ordered is as the provider would answer, so one fault may have several parts: a delay and a status,
/// or a status with a body that is cut.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fault {
    /// The provider that fails.
    pub provider: String,
    /// Only requests with this method fail, such as the `PUT` that follows a `POST`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// For this many requests; without it until the fault is taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,

    /// Wait this many milliseconds before the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// Take the request and never answer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hang: bool,
    /// Take the request and break the connection with a TCP reset.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reset: bool,
    /// Take the request and close the connection without an answer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub close: bool,

    /// Answer with this status, and a body that says it was ordered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Answer with this status, such as 302 or 307, and a `Location` in the same provider's API, where
    /// nobody is to be seen: whoever follows it is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect: Option<u16>,
    /// Add this `Retry-After` to the answer: seconds or a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<String>,
    /// Add these headers to the answer, such as `X-RateLimit-Reset`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,

    /// Answer with this body: JSON, or a string that is sent as it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// The `Content-Type` of the answer, in place of `application/json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Answer without a body.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub empty_body: bool,
    /// Lengthen the answer to this many bytes by one more member of its JSON, `padding`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub large_body_bytes: Option<usize>,
    /// Send status and headers at once, and let the body drip over this many milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slow_body_ms: Option<u64>,
    /// Break the connection in the middle of the answer's body.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cut_body: bool,
}

impl Fault {
    /// No fault yet, for `provider`; set what is to happen with struct update syntax.
    pub fn of(provider: &str) -> Self {
        Self { provider: provider.to_owned(), ..Self::default() }
    }

    /// Why this fault cannot happen; `None` if it can.
    pub(super) fn problem(&self) -> Option<&'static str> {
        let sendable = |status: u16| (200..=599).contains(&status);
        if !self.status.is_none_or(sendable) || !self.redirect.is_none_or(sendable) {
            return Some("`status` and `redirect` are from 200 to 599");
        }
        let headers = self.headers.iter().map(|(name, value)| (name.as_str(), value));
        let named = [("retry-after", &self.retry_after), ("content-type", &self.content_type)];
        let optional = named.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        let fit = |(name, value): (&str, &String)| {
            name.parse::<axum::http::HeaderName>().is_ok() && value.parse::<axum::http::HeaderValue>().is_ok()
        };
        (!headers.chain(optional).all(fit)).then_some("`headers` has what HTTP cannot carry")
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        parts.extend(self.method.as_ref().map(|method| format!("{method} only")));
        parts.extend(self.delay_ms.map(|delay| format!("delay {delay} ms")));
        parts.extend(self.hang.then(|| "hang".to_owned()));
        parts.extend(self.reset.then(|| "reset".to_owned()));
        parts.extend(self.close.then(|| "close".to_owned()));
        parts.extend(self.status.map(|status| format!("status {status}")));
        parts.extend(self.redirect.map(|status| format!("redirect {status}")));
        parts.extend(self.retry_after.as_ref().map(|after| format!("Retry-After {after}")));
        parts.extend(self.headers.iter().map(|(name, value)| format!("{name} {value}")));
        parts.extend(self.body.as_ref().map(|_| "another body".to_owned()));
        parts.extend(self.content_type.clone());
        parts.extend(self.empty_body.then(|| "empty body".to_owned()));
        parts.extend(self.large_body_bytes.map(|size| format!("body of {size} bytes")));
        parts.extend(self.slow_body_ms.map(|time| format!("body within {time} ms")));
        parts.extend(self.cut_body.then(|| "cut body".to_owned()));
        formatter.write_str(&parts.join(", "))
    }
}

/// The faults in force, at most one a provider.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<BTreeMap<String, Fault>>);

impl Faults {
    /// Puts a fault in force; `times: 0` is none.
    pub(super) fn order(&self, fault: Fault) {
        let mut faults = self.0.lock().unwrap();
        if fault.times == Some(0) {
            faults.remove(&fault.provider);
        } else {
            faults.insert(fault.provider.clone(), fault);
        }
    }

    /// Takes back the fault of one provider, or all.
    pub(super) fn cancel(&self, provider: Option<&str>) {
        self.0.lock().unwrap().retain(|name, _| provider.is_some_and(|cancelled| cancelled != name));
    }

    /// The faults in force.
    pub(super) fn list(&self) -> Vec<Fault> {
        self.0.lock().unwrap().values().cloned().collect()
    }

    /// The fault that the next request of `provider` with this method meets; counts it.
    pub(super) fn take(&self, provider: &str, method: &str) -> Option<Fault> {
        let mut faults = self.0.lock().unwrap();
        let fault = faults.get_mut(provider)?;
        if fault.method.as_ref().is_some_and(|only| only != method) {
            return None;
        }
        let met = fault.clone();
        if let Some(times) = &mut fault.times {
            *times -= 1;
            if *times == 0 {
                faults.remove(provider);
            }
        }
        Some(met)
    }
}
