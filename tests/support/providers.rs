//! The provider sandbox: AlterEstate, ActuallyCare and the receiver of webhooks hold to their pages.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use tests::sandbox::Sandbox;
use time::OffsetDateTime;

/// The status and the body of an answer to a request with one credential header.
async fn call(method: Method, url: &str, (name, value): (&str, &str), body: &Value) -> (u16, Value) {
    let answer = Client::new().request(method, url).header(name, value).json(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn alterestate(sandbox: &Sandbox, body: Value) -> (u16, Value) {
    let credential = ("authorization", "Token sandbox-alterestate-token");
    call(Method::POST, &sandbox.endpoint("alterestate"), credential, &body).await
}

#[tokio::test]
async fn alterestate_answers_with_the_documented_bodies() {
    let sandbox = Sandbox::start().await;
    let lead = json!({"full_name": "John Doe", "phone": "8091234567", "email": "johndoe@email.com", "via": "104"});
    let (status, created) = alterestate(&sandbox, lead.clone()).await;
    assert_eq!((status, &created["status"], &created["data"]["email"]), (201, &json!(201), &lead["email"]));
    assert!(created["deal_id"].is_u64() && created["log_id"].is_u64() && created["data"]["uid"].is_string());
    let known = json!({"full_name": "John Doe", "phone": "8091234567", "email": "duplicate@email.com"});
    let (status, duplicate) = alterestate(&sandbox, known).await;
    assert_eq!((status, &duplicate["status"]), (200, &json!(200)));
    assert!(duplicate["log_id"].is_string() && duplicate["message"].is_string() && duplicate.get("deal_id").is_none());
}

#[tokio::test]
async fn alterestate_refuses_whatever_its_page_does_not_name() {
    let sandbox = Sandbox::start().await;
    for (field, value, message) in [
        ("phone", Value::Null, "Missing required field: phone"),
        ("email", json!(" "), "Missing required field: email"),
        ("full_name", json!(5), "Missing required field: full_name"),
        ("source", json!("web"), "Unknown field: source"),
        ("via", json!(104), "Not a string: via"),
        ("notes", json!("<b>"), "Markup in field: notes"),
    ] {
        let mut lead = json!({"full_name": "John Doe", "phone": "8091234567", "email": "johndoe@email.com"});
        lead[field] = value;
        assert_eq!(alterestate(&sandbox, lead).await, (400, json!({"status": "error", "message": message})));
    }
    let bearer = ("authorization", "Bearer sandbox-alterestate-token");
    let refused = call(Method::POST, &sandbox.endpoint("alterestate"), bearer, &json!({})).await;
    assert_eq!(refused.0, 401);
}

async fn actuallycare(sandbox: &Sandbox, method: Method, path: &str, body: Value) -> (u16, Value) {
    let url = format!("{}{path}", sandbox.endpoint("actuallycare"));
    call(method, &url, ("x-api-key", "sandbox-actuallycare-token"), &body).await
}

#[tokio::test]
async fn actuallycare_makes_a_lead_and_changes_the_version_that_it_made() {
    let sandbox = Sandbox::start().await;
    let lead = json!({"name": "Rachel Kim", "email": "r@example.com", "phone": "(661) 555-0198", "lead_type": "buyer"});
    let (status, created) = actuallycare(&sandbox, Method::POST, "", lead).await;
    assert_eq!((status, &created["success"], &created["data"]["version"]), (201, &json!(true), &json!(1)));
    let path = format!("/{}", created["data"]["id"].as_str().unwrap());
    let change = |version: u64| json!({"interest_level": "hot", "version": version});
    let (status, changed) = actuallycare(&sandbox, Method::PUT, &path, change(1)).await;
    assert_eq!(
        (status, &changed["data"]["interest_level"], &changed["data"]["version"]),
        (200, &json!("hot"), &json!(2))
    );
    assert_eq!(actuallycare(&sandbox, Method::PUT, &path, change(2)).await.0, 400);
    let elsewhere = "/f2b8d4a6-3c5e-4f7a-9b1d-000000009999";
    assert_eq!(actuallycare(&sandbox, Method::PUT, elsewhere, change(1)).await.0, 404);
}

#[tokio::test]
async fn actuallycare_refuses_whatever_its_page_does_not_name() {
    let sandbox = Sandbox::start().await;
    for (field, value) in [
        ("name", json!("")),
        ("email", Value::Null),
        ("lead_type", json!("tenant")),
        ("interest_level", json!("hot")),
        ("message", json!("hello")),
    ] {
        let mut lead = json!({"name": "Jordan Lee"});
        lead[field] = value;
        let (status, refused) = actuallycare(&sandbox, Method::POST, "", lead).await;
        assert_eq!(status, 400, "{field}");
        assert!(refused["errors"][field].is_string(), "{refused}");
    }
    let bearer = ("authorization", "Bearer sandbox-actuallycare-token");
    let refused = call(Method::POST, &sandbox.endpoint("actuallycare"), bearer, &json!({"name": "Jordan Lee"})).await;
    assert_eq!(refused.0, 401);
}

#[tokio::test]
async fn a_webhook_is_believed_only_with_a_fresh_signature_of_its_own_secret() {
    let sandbox = Sandbox::start().await;
    let secret = "whsec_bGVhZGdhdGUtc2FuZGJveC13ZWJob29rLXNlY3JldC0x";
    let other = format!("whsec_{}", STANDARD.encode([7; 32]));
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let sign =
        |secret: &str, at: i64, body: &str| Webhook::new(secret).unwrap().sign("0197_1", at, body.as_bytes()).unwrap();
    let body = r#"{"type":"lead.created"}"#;
    let rotated = format!("{} {}", sign(&other, now, body), sign(secret, now, body));
    for (signature, at, expected) in [
        (sign(secret, now, body), now, 200),
        (rotated, now, 200),
        (sign(&other, now, body), now, 401),
        (sign(secret, now, "{}"), now, 401),
        (sign(secret, now, body), now + 1, 401),
        (sign(secret, now - 301, body), now - 301, 401),
    ] {
        let request = Client::new().post(sandbox.endpoint("webhook")).body(body).header("webhook-id", "0197_1");
        let request = request.header("webhook-timestamp", at).header("webhook-signature", &signature);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), expected, "{signature} at {at}");
    }
    let unsigned = Client::new().post(sandbox.endpoint("webhook")).body(body).send().await.unwrap();
    assert_eq!(unsigned.status(), 401);
}
