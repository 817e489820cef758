//! Working with leads by API: finding, changing and converting them.

mod change;
mod convert;
mod export;
mod list;
mod statistics;

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Answer, Stack};

/// Any request with a key and perhaps a body of JSON.
async fn call(stack: &Stack, key: &str, method: Method, path: &str, body: Option<&Value>) -> Answer {
    let client = stack.client();
    let mut request = client.request(method, path).bearer_auth(key);
    if let Some(body) = body {
        request = request.json(body);
    }
    client.send(request).await.unwrap()
}

/// A key that may read and manage leads of these forms, as often as it likes.
pub(super) async fn manager(stack: &Stack, forms: &[&str]) -> String {
    let limit = json!({"limit": 10_000, "window_seconds": 60});
    let scopes = ["leads:write", "leads:read", "leads:manage"];
    stack.admin().key(&json!({"kind": "secret", "forms": forms, "scopes": scopes, "rate_limit": limit})).await
}

/// A form that asks for nothing but a contact and has no destination.
pub(super) async fn plain_form(stack: &Stack, id: &str) {
    stack.admin().put_form(id, &json!({"consent": {"required": false}})).await;
}
