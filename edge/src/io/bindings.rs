//! The Worker's bindings, each name once; `tests/tidy` compares them with wrangler.toml.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use worker::{
    Env,
    kv::KvStore,
    worker_sys::{D1Database, Fetcher, Queue},
};

use crate::{delivery::backoff::Schedule, form_token::TokenKey, problem::Problem};

/// KV: key records, the published catalog, denials.
pub const CONFIG: &str = "CONFIG";
/// D1: leads, deliveries, the configuration's record.
pub const DB: &str = "DB";
/// Queue: wakes the retries.
pub const DELIVERIES: &str = "DELIVERIES";
/// The static files.
pub const ASSETS: &str = "ASSETS";
/// `development` relaxes what a local set-up needs.
pub const ENVIRONMENT: &str = "ENVIRONMENT";
/// Waits between attempts in seconds, separated by commas.
pub const RETRY_SCHEDULE_SECONDS: &str = "RETRY_SCHEDULE_SECONDS";
/// Secret: opens the admin addresses.
pub const ADMIN_TOKEN: &str = "ADMIN_TOKEN";
/// Secret: signs form tokens, by a key derived from it.
pub const CONSENT_SIGNING_KEY: &str = "CONSENT_SIGNING_KEY";
/// Where Turnstile is asked instead; read in development only.
pub const TURNSTILE_URL: &str = "TURNSTILE_URL";
/// Secret: keys that Google's webhook may have in its body.
pub const GOOGLE_LEAD_KEY: &str = "GOOGLE_LEAD_KEY";
/// Secret: signs Typeform's webhooks.
pub const TYPEFORM_SECRET: &str = "TYPEFORM_SECRET";
/// Secret: signs Webflow's webhooks.
pub const WEBFLOW_SECRET: &str = "WEBFLOW_SECRET";
/// Secret: signs Meta's notifications.
pub const META_APP_SECRET: &str = "META_APP_SECRET";
/// Secret: what Meta has to say in its handshake.
pub const META_VERIFY_TOKEN: &str = "META_VERIFY_TOKEN";
/// Secret: opens Meta's Graph API.
pub const META_ACCESS_TOKEN: &str = "META_ACCESS_TOKEN";
/// Where Meta's Graph API is instead, in development.
pub const META_GRAPH_URL: &str = "META_GRAPH_URL";

/// What the runtime hands to the Worker.
#[derive(Debug, Clone)]
pub struct Bindings(JsValue);

impl From<Env> for Bindings {
    fn from(env: Env) -> Self {
        Self(env.into())
    }
}

impl Bindings {
    /// The D1 database.
    ///
    /// # Errors
    /// [`Problem::Store`] when wrangler.toml does not bind it.
    pub fn db(&self) -> Result<D1Database, Problem> {
        // Unchecked: the checked way asks the runtime for the constructor's name on each request.
        self.get(DB).map(JsCast::unchecked_into).ok_or(Problem::Store)
    }

    /// The KV namespace.
    ///
    /// # Errors
    /// [`Problem::Store`] when wrangler.toml does not bind it.
    pub fn kv(&self) -> Result<KvStore, Problem> {
        KvStore::from_this(&self.0, CONFIG).map_err(|_| Problem::Store)
    }

    /// The queue.
    pub fn queue(&self) -> Option<Queue> {
        self.get(DELIVERIES).map(JsCast::unchecked_into)
    }

    /// The static files.
    pub fn assets(&self) -> Option<Fetcher> {
        self.get(ASSETS).map(JsCast::unchecked_into)
    }

    /// A variable or secret that is set and not empty, without the line break that a pasted one often ends in.
    pub fn text(&self, name: &str) -> Option<String> {
        let value = self.get(name)?.as_string()?;
        let value = value.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// The key of form tokens; `None` where its secret is not set, so that none is given out or expected.
    pub fn form_token_key(&self) -> Option<TokenKey> {
        self.text(CONSENT_SIGNING_KEY).as_deref().and_then(TokenKey::derive)
    }

    /// Whether this is a developer's machine.
    pub fn is_development(&self) -> bool {
        self.text(ENVIRONMENT).as_deref() == Some("development")
    }

    /// The waits between attempts; the default where none or nonsense is configured.
    pub fn schedule(&self) -> Schedule {
        self.text(RETRY_SCHEDULE_SECONDS).as_deref().and_then(Schedule::parse).unwrap_or_default()
    }

    fn get(&self, name: &str) -> Option<JsValue> {
        Reflect::get(&self.0, &JsValue::from_str(name)).ok().filter(|value| !value.is_undefined() && !value.is_null())
    }
}
