//! Configuring the Worker through its admin addresses.

use reqwest::Method;
use serde_json::{Value, json};

use super::client::{Answer, Client};
use super::stack::Stack;
use super::worker_folder::ADMIN_TOKEN;

/// The names of all providers.
pub const PROVIDERS: [&str; 6] = ["anyhouse", "leadpro", "marketplace", "alterestate", "actuallycare", "webhook"];

/// The admin addresses of a running Worker.
#[derive(Debug)]
pub struct Admin<'a> {
    stack: &'a Stack,
    client: Client,
}

/// One key of each kind.
#[derive(Clone, Debug)]
pub struct Keys {
    /// `lg_pk_…`, bound to the form `contact`.
    pub publishable: String,
    /// `lg_sk_…` for all forms, with all scopes.
    pub secret: String,
}

impl<'a> Admin<'a> {
    pub(super) fn new(stack: &'a Stack) -> Self {
        Self { stack, client: stack.client() }
    }

    /// The form `contact`, a destination `anyhouse` at the sandbox, and keys to them whose rate limits no
    /// test meets by accident.
    pub async fn contact_form(&self) -> Keys {
        self.put_form("contact", &self.form()).await;
        self.put_destination("anyhouse", &self.anyhouse()).await;
        Keys { publishable: self.publishable_key("contact").await, secret: self.secret_key().await }
    }

    /// The form `contact` with a destination at each provider's sandbox, under the provider's name, and
    /// keys as [`Admin::contact_form`] makes them.
    pub async fn contact_form_at_all_providers(&self) -> Keys {
        self.put_form("contact", &self.form()).await;
        for provider in PROVIDERS {
            self.put_destination(provider, &self.destination(provider)).await;
        }
        Keys { publishable: self.publishable_key("contact").await, secret: self.secret_key().await }
    }

    /// A form of the usual fields whose consent is required, embedded by the sandbox's pages.
    pub fn form(&self) -> Value {
        json!({
            "name": "Contact",
            "phone_region": "GB",
            "consent": {
                "required": true,
                "text": "You may contact me about my enquiry.",
                "version": "2026-11",
                "policy_url": "https://example.com/privacy",
            },
            "allowed_origins": [self.stack.sandbox.origin()],
        })
    }

    /// A destination at the sandbox's AnyHouse.
    pub fn anyhouse(&self) -> Value {
        self.destination("anyhouse")
    }

    /// A destination of the form `contact` at the sandbox of a provider, one of [`PROVIDERS`].
    pub fn destination(&self, provider: &str) -> Value {
        let (credential, settings) = match provider {
            "anyhouse" => ("ANYHOUSE_TOKEN", json!({"auth": "bearer"})),
            "leadpro" => ("LEADPRO_KEY", json!({"type": "vendor"})),
            "marketplace" => ("MARKETPLACE_KEY", json!({"seller": "ACME1234", "category": "Real Estate"})),
            "alterestate" => ("ALTERESTATE_KEY", json!({})),
            "actuallycare" => ("ACTUALLYCARE_KEY", json!({"source": "Website Form"})),
            "webhook" => ("WEBHOOK_SECRET", json!({})),
            unknown => panic!("no provider {unknown}"),
        };
        json!({
            "provider": provider,
            "url": self.stack.sandbox.endpoint(provider),
            "credential": credential,
            "forms": ["contact"],
            "settings": settings,
        })
    }

    /// Creates or replaces a form.
    pub async fn put_form(&self, id: &str, form: &Value) -> Answer {
        self.accepted(Method::PUT, &format!("/v1/admin/forms/{id}"), form).await
    }

    /// Creates or replaces a destination.
    pub async fn put_destination(&self, id: &str, destination: &Value) -> Answer {
        self.accepted(Method::PUT, &format!("/v1/admin/destinations/{id}"), destination).await
    }

    /// A new publishable key of a form.
    pub async fn publishable_key(&self, form: &str) -> String {
        self.key(&json!({"kind": "publishable", "name": "website", "form": form})).await
    }

    /// A new secret key for all forms, with all scopes and a limit that 300 leads do not reach.
    pub async fn secret_key(&self) -> String {
        let scopes = ["leads:write", "leads:read", "leads:manage"];
        let limit = json!({"limit": 10_000, "window_seconds": 60});
        self.key(&json!({"kind": "secret", "name": "server", "forms": ["*"], "scopes": scopes, "rate_limit": limit}))
            .await
    }

    /// A new key; only its creation shows it.
    pub async fn key(&self, key: &Value) -> String {
        let answer = self.accepted(Method::POST, "/v1/admin/keys", key).await;
        answer.body["key"].as_str().unwrap_or_else(|| panic!("no key in {}", answer.body)).to_owned()
    }

    /// Any request to an admin address.
    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let mut request = self.client.request(method, path).bearer_auth(ADMIN_TOKEN);
        if let Some(body) = body {
            request = request.json(body);
        }
        self.client.send(request).await.expect("the Worker answers")
    }

    async fn accepted(&self, method: Method, path: &str, body: &Value) -> Answer {
        let answer = self.send(method, path, Some(body)).await;
        assert!(matches!(answer.status, 200 | 201), "{path}: {} {}", answer.status, answer.body);
        answer
    }
}
