//! What the operator is told when deliveries fail, and where it is sent.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::timestamp::Timestamp;

use crate::destination::{DEFAULT_TIMEOUT_MS, Destination, DestinationErrors, DestinationFields};

/// A place that alerts go to, as the operator writes it: a signed webhook, or by `settings` any API
/// that takes JSON, such as one that sends e-mails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Alert"))]
#[serde(deny_unknown_fields)]
pub struct AlertChannel {
    /// The whole address.
    pub url: String,
    /// Name of the Worker secret that signs, or that `settings.auth_header` carries.
    #[serde(default)]
    pub credential: Option<String>,
    /// As of a `webhook` destination: `map`, `constants`, `headers`, `auth_header`.
    #[serde(default)]
    pub settings: Map<String, Value>,
    /// Whether anything goes there at all.
    #[serde(default = "yes")]
    pub enabled: bool,
}

const fn yes() -> bool {
    true
}

impl AlertChannel {
    /// The channel as something that can be sent to.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn destination(self, id: &str) -> Result<Destination, DestinationErrors> {
        let fields = DestinationFields {
            provider: "webhook".to_owned(),
            url: self.url,
            credential: self.credential,
            forms: vec!["*".to_owned()],
            when: std::collections::BTreeMap::new(),
            settings: self.settings,
            timeout_ms: DEFAULT_TIMEOUT_MS,
            on_unconfirmed: None,
            daily_cap: None,
            enabled: self.enabled,
        };
        Destination::parse(id, fields)
    }
}

/// Something the operator is to be told, as D1 has it. It names no person and repeats no provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// `first_failure`, `paused` or `gave_up`.
    pub kind: String,
    /// Which destination.
    pub destination: String,
    /// What it was: `retry`, `refused`, `unconfirmed`, `failed`, `misconfigured` or `failing`.
    pub cause: String,
    /// The latest delivery it happened to.
    pub delivery: Option<String>,
    /// How often it happened since it was told last.
    pub times: u32,
    /// When it began, in milliseconds.
    pub first_at: i64,
    /// When it happened last, in milliseconds.
    pub last_at: i64,
    /// How often telling it failed.
    pub tries: u32,
    /// The channels that took it meanwhile, as a JSON array of their ids.
    pub told_to: String,
}

impl Alert {
    /// The kind of event, as receivers tell events apart.
    pub fn event(&self) -> String {
        format!("alert.{}", self.kind)
    }

    /// What is sent: the facts, and two sentences for people.
    pub fn data(&self) -> Value {
        let time = |millis| Timestamp::from_millis(millis).to_string();
        serde_json::json!({
            "kind": self.kind,
            "destination": self.destination,
            "cause": self.cause,
            "delivery": self.delivery,
            "times": self.times,
            "first_at": time(self.first_at),
            "last_at": time(self.last_at),
            "title": self.title(),
            "text": format!("{} {}", self.what_happened(), self.what_to_do()),
        })
    }

    fn title(&self) -> String {
        let what = match self.kind.as_str() {
            "paused" => "is paused",
            "gave_up" => "did not take a lead, which was given up",
            _ => "does not take leads as it should",
        };
        format!("Leadgate: {} {what}", self.destination)
    }

    fn what_happened(&self) -> String {
        let destination = &self.destination;
        let what = match self.cause.as_str() {
            "misconfigured" => {
                format!(
                    "No lead gets to {destination} as it is configured: it is disabled, its secret is not set, or it \
                     was refused, with the address, settings and credential that it has."
                )
            }
            "failing" => format!("{destination} failed many leads in a row and is left alone for now."),
            "failed" => format!("{destination} did not take a lead in any of the attempts."),
            "refused" => format!("{destination} refused a lead for good."),
            "unconfirmed" => format!("Nobody knows whether {destination} has a lead."),
            _ => format!("{destination} could not take a lead now."),
        };
        if self.times > 1 {
            format!("{what} This happened {} times since {}.", self.times, Timestamp::from_millis(self.first_at))
        } else {
            what
        }
    }

    fn what_to_do(&self) -> &'static str {
        match self.cause.as_str() {
            "misconfigured" => "Mend the destination and write it again; its deliveries wait and go out then.",
            "failing" => "Its deliveries wait and go out when it works again. Nothing needs to be done.",
            "failed" => "The lead is kept: retry the delivery when the destination works.",
            "refused" => "The delivery says why; it can be retried.",
            "unconfirmed" => "The delivery waits: look whether the provider has the lead, and retry it if not.",
            _ => "It is tried again by itself.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_says_what_happened_and_what_to_do() {
        let alert = Alert {
            kind: "paused".into(),
            destination: "crm".into(),
            cause: "misconfigured".into(),
            delivery: None,
            times: 3,
            first_at: 0,
            last_at: 60_000,
            tries: 0,
            told_to: "[]".into(),
        };
        let data = alert.data();
        assert_eq!(alert.event(), "alert.paused");
        assert_eq!(data["title"], "Leadgate: crm is paused");
        assert_eq!(
            data["text"],
            "No lead gets to crm as it is configured: it is disabled, its secret is not set, or it was refused, with \
             the address, settings and credential that it has. This happened 3 times since \
             1970-01-01T00:00:00.000Z. Mend the destination and write it again; its deliveries wait and go out then."
        );
    }

    #[test]
    fn a_channel_is_checked_like_a_webhook() {
        let channel = |value| serde_json::from_value::<AlertChannel>(value).unwrap().destination("ops");
        assert!(channel(serde_json::json!({"url": "https://example.com/hook"})).is_ok());
        let errors = channel(serde_json::json!({"url": "mailto:me", "settings": {"nonsense": 1}})).unwrap_err();
        assert_eq!(errors.keys().collect::<Vec<_>>(), ["settings.nonsense", "url"]);
    }
}
