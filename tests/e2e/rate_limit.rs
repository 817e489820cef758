//! Not one lead more than the limit, whatever the concurrency.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use tests::harness::{Answer, Stack};

use crate::lead;

fn accepted(answers: &[Answer]) -> usize {
    answers.iter().filter(|answer| answer.status == 201).count()
}

#[tokio::test]
async fn of_many_requests_at_once_exactly_the_limit_gets_in_and_a_replay_spends_nothing() {
    const LIMIT: usize = 30;
    let stack = Stack::start().await;
    stack.admin().contact_form().await;
    // An hour: no window ends while this runs, but for one run in a thousand.
    let limit = json!({"limit": LIMIT, "window_seconds": 3600});
    let key = json!({"kind": "secret", "name": "limited", "forms": ["*"], "scopes": ["leads:write", "leads:read"], "rate_limit": limit});
    let key = stack.admin().key(&key).await;
    let (client, lead) = (stack.client(), lead("marla@example.com"));

    let first = client.submit_once(&key, "first", &lead).await.unwrap();
    assert_eq!(first.header("x-ratelimit-limit"), "30");
    assert_eq!(first.header("x-ratelimit-remaining"), "29");
    for header in ["x-ratelimit-reset", "ratelimit-policy", "ratelimit"] {
        assert_ne!(first.header(header), "", "{header}");
    }
    assert_eq!(client.submit_once(&key, "first", &lead).await.unwrap().header("idempotent-replayed"), "true");

    let answers = join_all((0..200).map(|_| client.submit(&key, &lead))).await;
    assert_eq!(accepted(&answers), LIMIT - 1);
    assert_eq!(stack.d1().lead_count(), LIMIT);
    let refused = answers.iter().find(|answer| answer.status != 201).unwrap();
    assert_eq!((refused.status, refused.body["code"].as_str()), (429, Some("rate_limited")));
    assert!(refused.header("retry-after").parse::<u32>().unwrap() <= 3600);
    assert_eq!(refused.header("x-ratelimit-remaining"), "0");
    // Reading has a limit of its own.
    let read = client.get(&format!("/v1/leads/{}", first.id()), &key).await;
    assert_eq!((read.status, read.header("x-ratelimit-limit")), (200, "300"));
}

#[tokio::test]
async fn one_address_gets_ten_leads_a_minute_in_by_a_publishable_key() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    let from = |address: &'static str| {
        let post = client.request(Method::POST, "/v1/leads").bearer_auth(&keys.publishable);
        client.send(post.header("CF-Connecting-IP", address).json(&lead("marla@example.com")))
    };
    // Both of two windows, should one end meanwhile.
    let answers: Vec<Answer> =
        join_all((0..30).map(|_| from("203.0.113.7"))).await.into_iter().map(Result::unwrap).collect();
    assert!((10..=20).contains(&accepted(&answers)), "{}", accepted(&answers));
    assert!(answers.iter().all(|answer| answer.status == 201 || answer.status == 429));
}

#[tokio::test]
async fn what_is_accepted_or_comes_again_uses_up_neither_reads_nor_refusals() {
    const LIMIT: usize = 5;
    let stack = Stack::start().await;
    stack.admin().contact_form().await;
    let limit = json!({"limit": LIMIT, "window_seconds": 3600});
    let key = json!({"kind": "secret", "name": "limited", "forms": ["*"], "scopes": ["leads:write", "leads:read"], "rate_limit": limit});
    let key = stack.admin().key(&key).await;
    let (client, lead) = (stack.client(), lead("marla@example.com"));

    // Far more than ten times the limit.
    let same = join_all((0..100).map(|_| client.submit_once(&key, "again", &lead))).await;
    assert!(same.iter().all(|answer| answer.as_ref().is_ok_and(|answer| answer.status == 201)), "{same:?}");
    let answers = join_all((0..100).map(|_| client.submit(&key, &lead))).await;
    assert_eq!(accepted(&answers), LIMIT - 1);
    let id = same[0].as_ref().unwrap().id();
    for _ in 0..10 * LIMIT {
        assert_eq!(client.get(&format!("/v1/leads/{id}"), &key).await.status, 200);
    }
    assert_eq!(client.get(&format!("/v1/leads/{id}"), &key).await.status, 429);
}

/// `POST /v1/leads` and `GET /v1/form` from an address.
async fn from(stack: &Stack, address: &str, key: &str, body: Option<&serde_json::Value>) -> Answer {
    let client = stack.client();
    let request = match body {
        Some(body) => client.request(Method::POST, "/v1/leads").json(body),
        None => client.request(Method::GET, "/v1/form"),
    };
    client.send(request.bearer_auth(key).header("CF-Connecting-IP", address)).await.unwrap()
}

#[tokio::test]
async fn what_is_refused_to_one_address_or_read_by_it_shuts_the_form_for_nobody_else() {
    let stack = Stack::start().await;
    stack.admin().contact_form().await;
    let limit = json!({"limit": 4, "window_seconds": 3600});
    let key = json!({"kind": "publishable", "name": "website", "form": "contact", "rate_limit": limit});
    let key = stack.admin().key(&key).await;
    let nothing = json!({});
    for (body, status) in [(Some(&nothing), 422), (None, 200)] {
        for number in 0..45 {
            let answer = from(&stack, "203.0.113.7", &key, body).await;
            assert_eq!(answer.status, if number < 40 { status } else { 429 }, "{number}: {}", answer.body);
        }
        assert_eq!(from(&stack, "203.0.113.8", &key, body).await.status, status);
    }
    assert_eq!(from(&stack, "203.0.113.8", &key, Some(&lead("marla@example.com"))).await.status, 201);
}

#[tokio::test]
async fn the_addresses_of_one_ipv6_network_count_as_one() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let mut answers = Vec::new();
    for number in 1..=25 {
        let address = format!("2001:db8:7:7:{number:x}::{number:x}");
        answers.push(from(&stack, &address, &keys.publishable, Some(&lead("marla@example.com"))).await);
    }
    // Both of two windows, should one end meanwhile.
    assert!((10..=20).contains(&accepted(&answers)), "{}", accepted(&answers));
    assert_eq!(from(&stack, "2001:db8:7:8::1", &keys.publishable, Some(&lead("marla@example.com"))).await.status, 201);
}
