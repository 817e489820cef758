//! A lead that we delivered never comes back as a new one.

use reqwest::Method;
use serde_json::json;
use tests::harness::Stack;

use super::{ALTERESTATE, ANYHOUSE, all, post};
use crate::lead;

const VIA: &str = "Leadgate-Via";

#[tokio::test]
async fn a_delivery_carries_the_way_of_its_lead() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let first = stack.client().submit(&keys.secret, &lead("marla@example.com")).await.id();
    stack.delivered(1).await;
    assert_eq!(stack.sandbox.received("anyhouse")[0].headers["leadgate-via"], first);

    let before = "0199f3a2-7c1e-7d3a-9b54-2f6f1c0a8e11";
    let client = stack.client();
    let request = client.request(Method::POST, ANYHOUSE).bearer_auth(&keys.secret).header(VIA, before);
    let answer = client.send(request.json(&json!({"email": "tyler@example.com"}))).await.unwrap();
    let second = answer.header("location").trim_start_matches("/v1/leads/").to_owned();
    stack.delivered(2).await;
    assert_eq!(stack.sandbox.received("anyhouse")[1].headers["leadgate-via"], format!("{before}, {second}"));
}

#[tokio::test]
async fn a_lead_of_ours_that_comes_back_is_answered_as_one_that_is_there_already() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    let first = client.submit(&keys.secret, &lead("marla@example.com")).await.id();
    let elsewhere = "0199f3a2-7c1e-7d3a-9b54-2f6f1c0a8e11";
    for (path, body) in all() {
        for (name, value) in
            [(VIA, first.clone()), (VIA, format!("{first}, {elsewhere}")), ("Idempotency-Key", format!("{first}_1"))]
        {
            let request = client.request(Method::POST, path).bearer_auth(&keys.secret).header(name, value);
            let answer = client.send(request.json(&body)).await.unwrap();
            assert_eq!(answer.status, 200, "{path} {name}: {}", answer.body);
            if path == ALTERESTATE {
                assert_eq!(answer.body["status"], 200);
            } else if path != ANYHOUSE {
                assert!(answer.body.to_string().contains(&first), "{}", answer.body);
            }
        }
    }
    let own = client.request(Method::POST, "/v1/leads").bearer_auth(&keys.secret).header(VIA, &first);
    let own = client.send(own.json(&lead("other@example.com"))).await.unwrap();
    assert_eq!((own.status, own.body), (200, json!({"id": first, "duplicate": true})));
    assert_eq!(stack.d1().lead_count(), 1);
}

#[tokio::test]
async fn a_lead_that_was_passed_on_too_often_is_refused() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    let way = |hops: usize| {
        let ids: Vec<String> = (0..hops).map(|hop| format!("0199f3a2-7c1e-7d3a-9b54-2f6f1c0a8e{hop:02}")).collect();
        ids.join(", ")
    };
    for (path, body) in all() {
        let send = |hops: usize| {
            client.request(Method::POST, path).bearer_auth(&keys.secret).header(VIA, way(hops)).json(&body)
        };
        assert!(client.send(send(5)).await.unwrap().status < 300);
        let refused = client.send(send(6)).await.unwrap();
        assert!((400..=422).contains(&refused.status), "{}", refused.body);
    }
    let answer = post(&stack, ANYHOUSE, &keys.secret, &json!({"email": "a@example.com"})).await;
    assert_eq!(answer.status, 201);
}
