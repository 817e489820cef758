//! Submissions over the network: the only request this code makes.

use gloo_timers::callback::Timeout;
use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestCredentials, RequestInit, Response, Window};

use crate::answer::{Answer, AnswerBody};

/// Longer than the Worker ever takes; after that the connection is taken for dead.
const TIMEOUT_MS: u32 = 20_000;

/// What is sent so that it outlives the page, with room for what else the page sends so.
const KEPT_ALIVE_BYTES: usize = 32 * 1024;

/// Where leads go, and by which key.
#[derive(Debug, Clone)]
pub struct Client {
    /// The Worker's origin.
    pub origin: String,
    /// The publishable key.
    pub key: String,
}

impl Client {
    /// Sends one lead as JSON, once. Whatever happens is an [`Answer`].
    pub async fn send(&self, window: &Window, body: &str, idempotency_key: &str) -> Answer {
        self.exchange(window, body, idempotency_key).await.unwrap_or_else(|_| Answer::none())
    }

    async fn exchange(&self, window: &Window, body: &str, idempotency_key: &str) -> Result<Answer, JsValue> {
        let headers = Headers::new()?;
        headers.set("authorization", &["Bearer ", &self.key].concat())?;
        headers.set("content-type", "application/json")?;
        headers.set(shared::wire::IDEMPOTENCY_KEY, idempotency_key)?;
        let request = RequestInit::new();
        request.set_method("POST");
        request.set_headers(&headers);
        request.set_body(&body.into());
        request.set_credentials(RequestCredentials::Omit);
        // It arrives though the page is left meanwhile; browsers take no more than 64 KiB so.
        if body.len() < KEPT_ALIVE_BYTES {
            Reflect::set(&request, &"keepalive".into(), &JsValue::TRUE)?;
        }
        let abort = AbortController::new()?;
        request.set_signal(Some(&abort.signal()));
        let _timeout = Timeout::new(TIMEOUT_MS, move || abort.abort());
        let address = [self.origin.as_str(), "/v1/leads"].concat();
        let response: Response =
            JsFuture::from(window.fetch_with_str_and_init(&address, &request)).await?.dyn_into()?;
        // An error page of something in between is no JSON; its status counts all the same.
        let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
        let body = JSON::parse(&text).map(|json| answer_body(&json)).unwrap_or_default();
        Ok(Answer::read(response.status(), response.headers().get("retry-after")?.as_deref(), body))
    }
}

fn answer_body(json: &JsValue) -> AnswerBody {
    let member = |name: &str| Reflect::get(json, &name.into()).ok();
    let text = |name: &str| member(name)?.as_string();
    let errors = member("errors").and_then(|errors| errors.dyn_into::<Object>().ok());
    let errors = errors.iter().flat_map(Object::entries).filter_map(|entry| {
        let entry: Array = entry.dyn_into().ok()?;
        let messages: Array = entry.get(1).dyn_into().ok()?;
        Some((entry.get(0).as_string()?, messages.get(0).as_string()?))
    });
    AnswerBody { id: text("id"), code: text("code"), errors: errors.collect() }
}
