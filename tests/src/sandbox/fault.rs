//! Faults to order: how a provider fails, and for how many requests.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

/// How a provider fails. As JSON: `{"provider": "anyhouse", "status": 503, "times": 2}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fault {
    /// The provider that fails.
    pub provider: String,
    /// Answer with this status, and a body that says it was ordered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Add this `Retry-After` to the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<String>,
    /// Wait this many milliseconds before the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// Take the request and never answer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hang: bool,
    /// Take the request and break the connection with a TCP reset.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reset: bool,
    /// Break the connection in the middle of the answer's body.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cut_body: bool,
    /// For this many requests; without it until the fault is taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

impl Fault {
    /// No fault yet, for `provider`; set what is to happen with struct update syntax.
    pub fn of(provider: &str) -> Self {
        Self { provider: provider.to_owned(), ..Self::default() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        parts.extend(self.delay_ms.map(|delay| format!("delay {delay} ms")));
        parts.extend(self.status.map(|status| format!("status {status}")));
        parts.extend(self.retry_after.as_ref().map(|after| format!("Retry-After {after}")));
        parts.extend(self.hang.then(|| "hang".to_owned()));
        parts.extend(self.reset.then(|| "reset".to_owned()));
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

    /// The fault that the next request of `provider` meets; counts it.
    pub(super) fn take(&self, provider: &str) -> Option<Fault> {
        let mut faults = self.0.lock().unwrap();
        let fault = faults.get_mut(provider)?;
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
