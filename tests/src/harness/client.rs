//! Calls to the Worker as a website or a server makes them.

use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

/// How long an answer may take: 200 requests at once on a busy machine take their time, and no test is about that.
const PATIENCE: Duration = Duration::from_secs(120);

/// An HTTP client that knows the Worker's origin. Cloning it shares its connections.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    origin: String,
}

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body as JSON, or as a string where it is none.
    pub body: Value,
}

impl Answer {
    /// The value of a header; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The `id` of what was created.
    ///
    /// # Panics
    /// When the answer names none.
    pub fn id(&self) -> String {
        let id = self.body["id"].as_str();
        id.unwrap_or_else(|| panic!("no id in {} {}", self.status, self.body)).to_owned()
    }
}

impl Client {
    pub(super) fn new(origin: String) -> Self {
        let http = reqwest::Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none());
        Self { http: http.build().expect("a client can be built"), origin }
    }

    /// A request to a path, to be filled in and given to [`Client::send`].
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.origin))
    }

    /// Sends a request.
    ///
    /// # Errors
    /// When there is no whole answer, as when the Worker is killed meanwhile.
    pub async fn send(&self, request: RequestBuilder) -> reqwest::Result<Answer> {
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok(Answer { status, headers, body })
    }

    /// `GET` with a key.
    pub async fn get(&self, path: &str, key: &str) -> Answer {
        let request = self.request(Method::GET, path).bearer_auth(key);
        self.send(request).await.expect("the Worker answers")
    }

    /// `POST /v1/leads` with a key.
    pub async fn submit(&self, key: &str, lead: &Value) -> Answer {
        let request = self.request(Method::POST, "/v1/leads").bearer_auth(key).json(lead);
        self.send(request).await.expect("the Worker answers")
    }

    /// `POST /v1/leads` with a key and an `Idempotency-Key`.
    ///
    /// # Errors
    /// When there is no whole answer, as when the Worker is killed meanwhile.
    pub async fn submit_once(&self, key: &str, idempotency_key: &str, lead: &Value) -> reqwest::Result<Answer> {
        let request =
            self.request(Method::POST, "/v1/leads").bearer_auth(key).header("Idempotency-Key", idempotency_key);
        self.send(request.json(lead)).await
    }
}
