//! The same request again makes nothing new.

use std::collections::HashSet;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use tests::harness::Stack;

use crate::lead;

#[tokio::test]
async fn the_same_request_again_is_answered_as_the_first_time() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    let first = client.submit_once(&keys.secret, "order-66", &lead("marla@example.com")).await.unwrap();
    assert_eq!((first.status, first.header("idempotent-replayed")), (201, ""));
    let again = client.submit_once(&keys.secret, "order-66", &lead("marla@example.com")).await.unwrap();
    assert_eq!((again.status, again.header("idempotent-replayed")), (201, "true"));
    assert_eq!((&again.body, again.header("location")), (&first.body, first.header("location")));

    let other = client.submit_once(&keys.secret, "order-66", &lead("tyler@example.com")).await.unwrap();
    assert_eq!((other.status, other.body["code"].as_str()), (422, Some("idempotency_conflict")));
    let of_other_key = client.submit_once(&keys.publishable, "order-66", &lead("marla@example.com")).await.unwrap();
    assert_eq!((of_other_key.status, of_other_key.header("idempotent-replayed")), (201, ""));
    stack.delivered(2).await;
    assert_eq!(stack.sandbox.received("anyhouse").len(), 2);
}

#[tokio::test]
async fn two_hundred_requests_at_once_with_one_key_make_one_lead() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let (client, lead) = (stack.client(), lead("marla@example.com"));
    let requests = (0..200).map(|_| client.submit_once(&keys.secret, "one-for-all", &lead));
    let answers: Vec<_> = join_all(requests).await.into_iter().map(Result::unwrap).collect();
    assert!(answers.iter().all(|answer| answer.status == 201));
    let bodies: HashSet<String> = answers.iter().map(|answer| answer.body.to_string()).collect();
    assert_eq!(bodies.len(), 1);
    let fresh = answers.iter().filter(|answer| answer.header("idempotent-replayed").is_empty());
    assert_eq!((fresh.count(), stack.d1().lead_count()), (1, 1));
    stack.delivered(1).await;
    assert_eq!(stack.sandbox.received("anyhouse").len(), 1);
}

#[tokio::test]
async fn what_was_accepted_once_is_answered_as_it_was_whatever_the_form_asks_by_now() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    let first = client.submit_once(&keys.secret, "once", &lead("marla@example.com")).await.unwrap();
    assert_eq!(first.status, 201);
    let mut form = stack.admin().form();
    form["fields"] = json!([{"name": "postcode", "required": true}]);
    stack.admin().put_form("contact", &form).await;

    let again = client.submit_once(&keys.secret, "once", &lead("marla@example.com")).await.unwrap();
    assert_eq!((again.status, again.header("idempotent-replayed"), &again.body), (201, "true", &first.body));
    assert_eq!(again.header("location"), first.header("location"));
    // Another request under that key is told so, even one that is wrong besides, or cannot be read.
    let code = |answer: &tests::harness::Answer| answer.body["code"].as_str().unwrap_or_default().to_owned();
    let other = client.submit_once(&keys.secret, "once", &json!({"form": "contact"})).await.unwrap();
    assert_eq!((other.status, code(&other).as_str()), (422, "idempotency_conflict"));
    let broken = client.request(Method::POST, "/v1/leads").bearer_auth(&keys.secret).header("Idempotency-Key", "once");
    let broken = client.send(broken.header("Content-Type", "application/json").body("{")).await.unwrap();
    assert_eq!((broken.status, code(&broken).as_str()), (422, "idempotency_conflict"));
    let new = client.submit_once(&keys.secret, "new", &lead("marla@example.com")).await.unwrap();
    assert_eq!((new.status, code(&new).as_str()), (422, "validation_failed"));
    assert_eq!(stack.d1().lead_count(), 1);
}
