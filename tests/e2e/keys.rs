//! Who may submit: keys, scopes, forms and origins.

use reqwest::Method;
use serde_json::json;
use tests::harness::{Answer, Stack};

use crate::lead;

/// A key of the right shape that nobody was given.
fn unknown_key() -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let body = format!("lg_sk_{}", "Unknown0".repeat(4));
    let mut rest = crc32fast::hash(body.as_bytes());
    let mut checksum = [b'0'; 6];
    for digit in checksum.iter_mut().rev() {
        *digit = DIGITS[(rest % 62) as usize];
        rest /= 62;
    }
    body + std::str::from_utf8(&checksum).unwrap()
}

fn assert_refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, answer.body["code"].as_str()), (status, Some(code)), "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.body["status"], status);
    for member in ["type", "title", "detail", "request_id"] {
        assert!(answer.body[member].is_string(), "{member} in {}", answer.body);
    }
}

#[tokio::test]
async fn without_a_key_in_force_nothing_is_accepted_and_the_answer_does_not_tell_why() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    let post = || client.request(Method::POST, "/v1/leads").json(&lead("marla@example.com"));

    let none = client.send(post()).await.unwrap();
    assert_refused(&none, 401, "invalid_key");
    assert_eq!(none.header("www-authenticate"), "Bearer");
    for malformed in ["nonsense", "lg_sk_short", &format!("{}x", &keys.secret[..keys.secret.len() - 1])] {
        assert_refused(&client.submit(malformed, &lead("marla@example.com")).await, 401, "invalid_key");
    }
    let unknown = client.submit(&unknown_key(), &lead("marla@example.com")).await;
    assert_refused(&unknown, 401, "invalid_key");

    let listed = stack.admin().send(Method::GET, "/v1/admin/keys", None).await;
    assert!(!listed.body.to_string().contains(&keys.secret));
    let server = listed.body["keys"].as_array().unwrap().iter().find(|key| key["name"] == "server").unwrap();
    let path = format!("/v1/admin/keys/{}", server["id"].as_str().unwrap());
    assert_eq!(stack.admin().send(Method::DELETE, &path, None).await.status, 204);
    let revoked = client.submit(&keys.secret, &lead("marla@example.com")).await;
    assert_refused(&revoked, 401, "invalid_key");
    assert_eq!(revoked.body["detail"], unknown.body["detail"]);
    assert_eq!(stack.d1().lead_count(), 0);
}

#[tokio::test]
async fn a_key_is_taken_in_every_documented_place_and_a_secret_one_never_from_the_query() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    let post = |path: &str| client.request(Method::POST, path).json(&lead("marla@example.com"));

    let in_query = client.send(post(&format!("/v1/leads?key={}", keys.secret))).await.unwrap();
    assert_refused(&in_query, 401, "invalid_key");
    assert!(in_query.body["detail"].as_str().unwrap().contains("address"), "{}", in_query.body);
    assert!(!in_query.body.to_string().contains(&keys.secret));

    let accepted = [
        client.send(post(&format!("/v1/leads?key={}", keys.publishable))).await.unwrap(),
        client.send(post("/v1/leads").header("Authorization", format!("Token {}", keys.secret))).await.unwrap(),
        client.send(post("/v1/leads").header("X-Api-Key", &keys.secret)).await.unwrap(),
    ];
    assert_eq!(accepted.map(|answer| answer.status), [201, 201, 201]);
}

#[tokio::test]
async fn a_secret_key_is_refused_anywhere_in_the_address_and_stored_from_nowhere_in_a_body() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    for query in [format!("api_key={}", keys.secret), format!("key={}&key={}", keys.publishable, keys.secret)] {
        let post = client.request(Method::POST, &format!("/v1/leads?{query}")).bearer_auth(&keys.secret);
        let answer = client.send(post.json(&lead("marla@example.com"))).await.unwrap();
        assert_refused(&answer, 401, "invalid_key");
        assert!(answer.body["detail"].as_str().unwrap().contains("address"), "{}", answer.body);
    }
    let mut sent = lead("marla@example.com");
    sent["key"] = json!(keys.secret);
    sent["meta"] = json!({"Api key": keys.secret});
    let answer = client.submit(&keys.secret, &sent).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.body["meta"]["Api key"], "[a secret key was removed]");
    let stored: String = stack.d1().value("SELECT group_concat(document) FROM lead");
    assert!(!stored.contains("lg_sk_"), "{stored}");
}

#[tokio::test]
async fn a_catalog_that_makes_no_sense_is_no_fault_of_any_key() {
    let mut stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    stack.put_kv("catalog", "{").await;
    let answer = stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    assert_refused(&answer, 503, "store_unavailable");
}

#[tokio::test]
async fn scopes_forms_and_origins_bind_a_key() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    let reader = json!({"kind": "secret", "name": "reader", "forms": ["*"], "scopes": ["leads:read"]});
    let reader = stack.admin().key(&reader).await;
    assert_refused(&client.submit(&reader, &lead("marla@example.com")).await, 403, "missing_scope");

    stack.admin().put_form("other", &stack.admin().form()).await;
    let other = json!({"kind": "secret", "name": "other", "forms": ["other"], "scopes": ["leads:write"]});
    let other = stack.admin().key(&other).await;
    assert_eq!(client.submit(&other, &lead("marla@example.com")).await.status, 403);

    let from = async |origin: &str| {
        let post = client.request(Method::POST, "/v1/leads").bearer_auth(&keys.publishable).header("Origin", origin);
        client.send(post.json(&lead("marla@example.com"))).await.unwrap()
    };
    assert_refused(&from("https://elsewhere.example").await, 403, "origin_not_allowed");
    assert_eq!(stack.d1().lead_count(), 0);
    let allowed = from(&stack.sandbox.origin()).await;
    assert_eq!(allowed.status, 201);
    assert_eq!(allowed.header("access-control-allow-origin"), stack.sandbox.origin());
}
