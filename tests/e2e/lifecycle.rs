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

/// Stores leads of a form as the Worker would, but by the thousand: numbered, one a minute, the last
/// accepted at 2026-01-01T00:00:00Z. Each has e-mail address, telephone number and message by its number.
pub(super) fn store_leads(stack: &Stack, form: &str, count: u32) {
    let last = 1_767_225_600_000_i64;
    stack.d1().execute(&format!(
        "INSERT INTO lead (id, form, key_id, status, created_at, updated_at, document, interest_level, intent, source, campaign)
         WITH RECURSIVE n(i, at) AS (SELECT 1, {last} - ({count} - 1) * 60000 UNION ALL SELECT i + 1, at + 60000 FROM n WHERE i < {count})
         SELECT printf('%08x-%04x-7000-8%03x-%012x', at / 65536, at % 65536, length('{form}'), i), '{form}', 'k',
           CASE i % 4 WHEN 0 THEN 'lost' ELSE 'new' END, at, at, json_object(
             'name', 'Lead ' || i, 'email', 'lead' || i || '@example.com', 'phone', printf('01623 %06d', i),
             'phone_e164', printf('+441623%06d', i), 'intent', CASE i % 3 WHEN 0 THEN 'buy' ELSE 'sell' END,
             'interest_level', 'warm', 'message', 'This is number ' || i || '.', 'source', 'source ' || (i % 5),
             'attribution', json_object('utm_campaign', 'campaign ' || (i % 7))),
           'warm', CASE i % 3 WHEN 0 THEN 'buy' ELSE 'sell' END, 'source ' || (i % 5), 'campaign ' || (i % 7)
         FROM n"
    ));
}
