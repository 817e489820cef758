//! What is a lead, and what is answered where it is none.

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::Stack;

use crate::lead;

#[tokio::test]
async fn all_errors_come_at_once_and_nothing_is_stored() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let wrong =
        json!({"form": "contact", "email": "nobody", "phone": "12", "intent": "fly", "interest_level": "tepid"});
    let answer = stack.client().submit(&keys.secret, &wrong).await;
    assert_eq!((answer.status, &answer.body["code"]), (422, &json!("validation_failed")));
    assert_eq!(answer.header("content-type"), "application/problem+json");
    for field in ["email", "phone", "intent", "interest_level", "consent"] {
        assert!(answer.body["errors"][field][0].is_string(), "{field} in {}", answer.body);
    }
    assert_eq!(stack.d1().lead_count(), 0);
    assert_eq!(stack.sandbox.received("anyhouse").len(), 0);
}

#[tokio::test]
async fn a_body_is_read_no_further_than_it_may_be_long_and_must_be_utf_8() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    let post = |body: reqwest::Body| {
        let request = client.request(Method::POST, "/v1/leads").bearer_auth(&keys.secret);
        client.send(request.header("Content-Type", "application/json").body(body))
    };
    // In chunks, so that no length is announced.
    let chunks = (0..64).map(|_| Ok::<_, std::io::Error>(vec![b' '; 16 * 1024]));
    let refused = post(reqwest::Body::wrap_stream(futures_util::stream::iter(chunks))).await.unwrap();
    assert_eq!((refused.status, &refused.body["code"]), (413, &json!("body_too_large")));
    let refused = post(b"{\"message\": \"\xff\"}".to_vec().into()).await.unwrap();
    assert_eq!((refused.status, &refused.body["code"]), (400, &json!("invalid_json")));
    assert_eq!(post("".into()).await.unwrap().status, 400);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_by_its_kind() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    let post = |content_type: &str, body: String| {
        let request = client.request(Method::POST, "/v1/leads").bearer_auth(&keys.secret);
        client.send(request.header("Content-Type", content_type).body(body))
    };
    let cases = [
        ("application/json", "{\"form\":".to_owned(), 400, "invalid_json"),
        ("text/plain", "hello".to_owned(), 415, "unsupported_media_type"),
        ("application/json", json!({"message": "x".repeat(70_000)}).to_string(), 413, "body_too_large"),
    ];
    for (content_type, body, status, code) in cases {
        let answer = post(content_type, body).await.unwrap();
        assert_eq!((answer.status, answer.body["code"].as_str()), (status, Some(code)), "{}", answer.body);
    }
    let other_method = client.send(client.request(Method::PATCH, "/v1/leads")).await.unwrap();
    assert_eq!(other_method.status, 405);
    assert!(other_method.header("allow").contains("POST"));
    let elsewhere = client.send(client.request(Method::GET, "/v1/nothing")).await.unwrap();
    assert_eq!((elsewhere.status, &elsewhere.body["code"]), (404, &json!("not_found")));
}

#[tokio::test]
async fn a_secret_key_is_answered_with_the_lead_and_a_publishable_one_with_its_id_alone() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let mut submission = lead("  Marla@Example.com ");
    submission["favourite_colour"] = json!("teal");
    let full = stack.client().submit(&keys.secret, &submission).await;
    assert_eq!(full.status, 201);
    let path = format!("/v1/leads/{}", full.id());
    assert_eq!(full.header("location"), path);
    assert_eq!(full.body["email"], "Marla@Example.com");
    assert_eq!(full.body["meta"]["favourite_colour"], "teal");
    assert_eq!(full.body["deliveries"][0]["destination"], "anyhouse");
    stack.delivered(1).await;
    let shown = stack.client().get(&path, &keys.secret).await;
    assert_eq!(shown.status, 200);
    assert_eq!(shown.body["deliveries"][0]["status"], "delivered");
    assert_eq!(shown.body["email"], full.body["email"]);

    let short = stack.client().submit(&keys.publishable, &submission).await;
    assert_eq!(short.status, 201);
    let members: Vec<&String> = short.body.as_object().map(|body| body.keys().collect()).unwrap_or_default();
    assert_eq!(members, ["created_at", "id"]);
    assert_eq!(stack.client().get(&path, &keys.publishable).await.status, 403);
}

#[tokio::test]
async fn a_publishable_key_reads_its_form_without_what_is_not_for_the_public() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let form = stack.client().get("/v1/form", &keys.publishable).await;
    assert_eq!((form.status, &form.body["id"]), (200, &json!("contact")));
    assert_eq!(form.body["consent"]["text"], "You may contact me about my enquiry.");
    for private in ["allowed_origins", "duplicates", "retention_days"] {
        assert_eq!(form.body[private], Value::Null, "{private}");
    }
}
