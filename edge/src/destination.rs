//! A destination: a provider, configured. Checked whole when it is read, so that everything behind
//! may rely on it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::lead::Lead;

use crate::{
    condition::{self, Conditions},
    misfit::{self, Errors},
    provider::{self, OnUnconfirmed, Provider, ProviderError},
};

/// How long a provider may take from connecting to the last byte, where a destination does not say.
pub const DEFAULT_TIMEOUT_MS: u32 = 10_000;

/// The longest it may say. A first attempt runs behind the answer, where a Worker has 30 seconds, and
/// must end before its lease does (`delivery::LEASE_SECONDS`).
pub const MAX_TIMEOUT_MS: u32 = 20_000;

/// A destination as the operator writes it and as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Destination"))]
#[serde(deny_unknown_fields)]
pub struct DestinationFields {
    /// Which kind of API it is.
    #[cfg_attr(test, schemars(extend("enum" = crate::provider::NAMES)))]
    pub provider: String,
    /// The provider's whole endpoint.
    pub url: String,
    /// Name of the Worker secret that holds the credential.
    #[serde(default)]
    pub credential: Option<String>,
    /// Forms whose leads go there; `["*"]` for all.
    #[serde(default = "every_form")]
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub forms: Vec<String>,
    /// Leads that go there: for each field named, one of the values.
    #[serde(default)]
    pub when: Conditions,
    /// What the provider needs and a lead does not carry.
    #[serde(default)]
    pub settings: Map<String, Value>,
    /// Milliseconds the provider may take.
    #[serde(default = "default_timeout")]
    #[cfg_attr(test, schemars(range(min = 1, max = 20_000)))]
    pub timeout_ms: u32,
    /// Whether a delivery of which nobody knows is sent again.
    #[serde(default)]
    pub on_unconfirmed: Option<OnUnconfirmed>,
    /// Most leads it is given on one day (UTC).
    #[serde(default)]
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub daily_cap: Option<u32>,
    /// Whether anything goes there at all.
    #[serde(default = "yes")]
    pub enabled: bool,
}

fn every_form() -> Vec<String> {
    vec!["*".to_owned()]
}

const fn default_timeout() -> u32 {
    DEFAULT_TIMEOUT_MS
}

const fn yes() -> bool {
    true
}

/// A destination that can be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// Its id in addresses and deliveries.
    pub id: String,
    /// The provider with its settings.
    pub provider: Provider,
    /// The provider's whole endpoint.
    pub url: Endpoint,
    /// Name of the Worker secret that holds the credential.
    pub credential: Option<String>,
    /// Milliseconds the provider may take, at most [`MAX_TIMEOUT_MS`].
    pub timeout_ms: u32,
    /// Whether a delivery of which nobody knows is sent again.
    pub on_unconfirmed: OnUnconfirmed,
    /// Most leads it is given on one day (UTC).
    pub daily_cap: Option<u32>,
    forms: Vec<String>,
    when: Conditions,
    enabled: bool,
}

/// An absolute `http` or `https` address with a host and no user name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint(String);

impl Endpoint {
    /// Reads an address. Which hosts may be called is decided in `host_policy`.
    pub fn parse(text: &str) -> Option<Self> {
        let uri: http::Uri = text.parse().ok()?;
        let authority = uri.authority()?;
        let good = matches!(uri.scheme_str(), Some("http" | "https")) && !authority.as_str().contains('@');
        (good && !authority.host().is_empty()).then(|| Self(text.to_owned()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is wrong with a destination's configuration.
pub type DestinationErrors = Errors;

impl Destination {
    /// Checks a configuration.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(id: &str, fields: DestinationFields) -> Result<Self, DestinationErrors> {
        let mut errors = DestinationErrors::new();
        let provider = Provider::parse(&fields.provider, fields.settings.clone());
        match &provider {
            Err(ProviderError::Unknown) => {
                errors.insert("provider".to_owned(), vec![format!("Use one of: {}.", provider::NAMES.join(", "))]);
            }
            Err(ProviderError::Settings(_)) => {
                let reader = |part| match (part, &fields.provider) {
                    (Value::Object(settings), name) => match Provider::parse(name, settings) {
                        Err(ProviderError::Settings(problem)) => Some(problem),
                        _ => None,
                    },
                    _ => None,
                };
                errors.extend(misfit::all(&mut Value::Object(fields.settings.clone()), "settings", &reader));
            }
            Ok(_) => {}
        }
        let mut wrong = |field: &str, text: String| errors.entry(field.to_owned()).or_default().push(text);
        let url = Endpoint::parse(&fields.url);
        if url.is_none() {
            wrong("url", "Give the provider's whole address, such as https://api.example.com/leads.".to_owned());
        }
        let is_name = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !fields.credential.as_deref().is_none_or(is_name) {
            wrong(
                "credential",
                "Give the name of a Worker secret, such as ANYHOUSE_TOKEN, not the credential.".to_owned(),
            );
        }
        if !(1..=MAX_TIMEOUT_MS).contains(&fields.timeout_ms) {
            wrong("timeout_ms", format!("Give 1 to {MAX_TIMEOUT_MS} milliseconds."));
        }
        if fields.forms.is_empty() {
            wrong("forms", "Name at least one form, or [\"*\"] for all.".to_owned());
        }
        if fields.when.values().any(Vec::is_empty) {
            wrong("when", "Give each field at least one value.".to_owned());
        }
        if fields.daily_cap == Some(0) {
            wrong("daily_cap", "Give at least 1, or leave it out. To send nothing, set enabled to false.".to_owned());
        }
        match (provider, url) {
            (Ok(provider), Some(url)) if errors.is_empty() => Ok(Self {
                id: id.to_owned(),
                on_unconfirmed: fields.on_unconfirmed.unwrap_or(provider.on_unconfirmed()),
                provider,
                url,
                credential: fields.credential,
                timeout_ms: fields.timeout_ms,
                forms: fields.forms,
                when: fields.when,
                daily_cap: fields.daily_cap,
                enabled: fields.enabled,
            }),
            _ => Err(errors),
        }
    }

    /// Whether anything goes there at all.
    pub fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// Whether it has anything to do with that form.
    pub fn is_for(&self, form: &str) -> bool {
        self.forms.iter().any(|f| f == "*" || f == form)
    }

    /// Whether a lead of that form goes there.
    pub fn takes(&self, form: &str, lead: &Lead) -> bool {
        self.is_for(form) && self.objection(lead).is_none()
    }

    /// Why a lead does not go there though its form would; `None` when it does.
    pub fn objection(&self, lead: &Lead) -> Option<String> {
        if !self.enabled {
            return Some("it is disabled".to_owned());
        }
        condition::unmet(&self.when, lead)
    }

    /// Why a lead of that form goes there, in clauses.
    pub fn reasons(&self, form: &str) -> Vec<String> {
        let takes_all = self.forms.iter().any(|f| f == "*");
        let mut reasons = vec![if takes_all { "it takes every form".to_owned() } else { format!("form is {form}") }];
        reasons.extend(condition::met(&self.when));
        reasons
    }

    /// What a lead must say to go there.
    pub fn conditions(&self) -> &Conditions {
        &self.when
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(value: Value) -> Result<Destination, DestinationErrors> {
        Destination::parse("main", serde_json::from_value(value).unwrap())
    }

    #[test]
    fn a_provider_and_an_address_are_enough() {
        let destination =
            parse(json!({"provider": "anyhouse", "url": "https://anyhouse.app/api/partner/leads"})).unwrap();
        assert_eq!(destination.timeout_ms, DEFAULT_TIMEOUT_MS);
        assert_eq!(destination.on_unconfirmed, OnUnconfirmed::Retry);
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let errors = parse(json!({
            "provider": "carrier-pigeon", "url": "ftp://example.com", "credential": "a secret itself", "timeout_ms": 0, "forms": [],
            "daily_cap": 0, "when": {"intent": []},
        }))
        .unwrap_err();
        assert_eq!(
            errors.keys().collect::<Vec<_>>(),
            ["credential", "daily_cap", "forms", "provider", "timeout_ms", "url", "when"]
        );
        let errors =
            parse(json!({"provider": "anyhouse", "url": "https://u:p@example.com", "settings": {"auth": "basic"}}))
                .unwrap_err();
        assert_eq!(errors.keys().collect::<Vec<_>>(), ["settings.auth", "url"]);
    }

    #[test]
    fn an_unconfirmed_delivery_is_held_where_a_repeat_can_be_a_second_sale() {
        let policy = |provider: &str, extra: Value| {
            let mut config = json!({"provider": provider, "url": "https://example.com/"});
            config.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            parse(config).unwrap().on_unconfirmed
        };
        for name in provider::NAMES {
            let expected = if *name == "marketplace" { OnUnconfirmed::Hold } else { OnUnconfirmed::Retry };
            assert_eq!(policy(name, json!({})), expected, "{name}");
        }
        assert_eq!(policy("marketplace", json!({"on_unconfirmed": "retry"})), OnUnconfirmed::Retry);
    }
}
