//! The admin API, as a client sees it.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;
use ureq::http::Response;
use ureq::{Agent, Body};

/// How long the Worker may take for one request; it answers within milliseconds.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A Worker and the token that opens its admin addresses.
pub struct Admin {
    agent: Agent,
    worker: String,
    authorization: String,
}

#[derive(Deserialize)]
struct CreatedKey {
    key: String,
}

impl Admin {
    /// `worker` is its origin, such as `http://localhost:8787`.
    pub fn new(worker: &str, token: &str) -> Self {
        Self {
            agent: agent(TIMEOUT),
            worker: worker.trim_end_matches('/').to_owned(),
            authorization: format!("Bearer {token}"),
        }
    }

    /// Creates or replaces what stands at `path`.
    pub fn put(&self, path: &str, body: &Value) -> Result<()> {
        let answer = self.agent.put(self.address(path)).header("Authorization", &self.authorization).send_json(body);
        self.success("PUT", path, answer).map(drop)
    }

    /// Creates a key and returns it; it cannot be asked for again.
    pub fn create_key(&self, body: &Value) -> Result<String> {
        let path = "/v1/admin/keys";
        let answer = self.agent.post(self.address(path)).header("Authorization", &self.authorization).send_json(body);
        let created: CreatedKey = self.success("POST", path, answer)?.body_mut().read_json()?;
        Ok(created.key)
    }

    /// Whether the Worker takes `key` at `path`, whatever it answers then.
    pub fn knows_key(&self, path: &str, key: &str) -> Result<bool> {
        let answer = self
            .agent
            .get(self.address(path))
            .header("Authorization", format!("Bearer {key}"))
            .call()
            .with_context(|| format!("GET {}", self.address(path)))?;
        Ok(answer.status() != 401)
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.worker)
    }

    fn success(&self, method: &str, path: &str, answer: Result<Response<Body>, ureq::Error>) -> Result<Response<Body>> {
        let address = self.address(path);
        let mut answer = answer.with_context(|| format!("{method} {address}"))?;
        if !answer.status().is_success() {
            bail!(
                "{method} {address} answered {}: {}",
                answer.status(),
                answer.body_mut().read_to_string().unwrap_or_default()
            );
        }
        Ok(answer)
    }
}

/// A client for addresses of this machine: no proxy, and an answer of any status is an answer.
pub fn agent(timeout: Duration) -> Agent {
    Agent::config_builder().timeout_global(Some(timeout)).http_status_as_error(false).proxy(None).build().into()
}
