//! Turnstile: its protocol against a real local server, and that its outage is not a bot.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Json, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Keys, Stack, WorkerFolder};
use tokio::net::TcpListener;

use crate::lead;

type Asked = Arc<Mutex<Vec<Value>>>;

/// Answers as <https://developers.cloudflare.com/turnstile/get-started/server-side-validation/> says, by what
/// the response is called.
async fn siteverify(State(asked): State<Asked>, Json(question): Json<Value>) -> Response {
    asked.lock().unwrap().push(question.clone());
    let code = match question["response"].as_str().unwrap_or_default() {
        "good" if question["secret"] == "sandbox-turnstile-secret" => None,
        "good" => Some("invalid-input-secret"),
        "spent" => Some("timeout-or-duplicate"),
        "hangs" => std::future::pending().await,
        "broken" => return StatusCode::BAD_GATEWAY.into_response(),
        _ => Some("invalid-input-response"),
    };
    match code {
        None => Json(json!({"success": true, "hostname": "example.com", "error-codes": []})).into_response(),
        Some(code) => Json(json!({"success": false, "error-codes": [code]})).into_response(),
    }
}

/// A Worker that asks a local server, whose form `contact` uses Turnstile.
async fn stack() -> (Stack, Keys, Asked) {
    let asked = Asked::default();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new().route("/siteverify", post(siteverify)).with_state(asked.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });

    let folder = WorkerFolder::copy();
    let mut secrets = std::fs::read_to_string(folder.path(".dev.vars")).unwrap();
    secrets.push_str(&format!("TURNSTILE_URL=http://{address}/siteverify\n"));
    std::fs::write(folder.path(".dev.vars"), secrets).unwrap();
    let stack = Stack::start_in(folder).await;
    let keys = stack.admin().contact_form().await;
    let mut form = stack.admin().form();
    form["spam"] = json!({"turnstile_site_key": "1x00000000000000000000AA"});
    stack.admin().put_form("contact", &form).await;
    (stack, keys, asked)
}

/// Submits a lead with that response from a page, twice under one `Idempotency-Key`; its id, its score and
/// whether it is held back.
async fn judged(stack: &Stack, keys: &Keys, response: &str) -> (u64, Vec<String>, bool) {
    let client = stack.client();
    let mut lead = lead(&format!("{response}@example.com"));
    if !response.is_empty() {
        lead["cf-turnstile-response"] = response.into();
    } else {
        lead["email"] = "nobody@example.com".into();
    }
    let mut ids = Vec::new();
    for _ in 0..2 {
        let post = client.request(Method::POST, "/v1/leads").bearer_auth(&keys.publishable);
        let post = post.header("Origin", stack.sandbox.origin()).header("CF-Connecting-IP", "203.0.113.7");
        let answer = client.send(post.header("Idempotency-Key", format!("key-{response}")).json(&lead)).await.unwrap();
        assert_eq!(answer.status, 201, "{}", answer.body);
        ids.push(answer.id());
    }
    assert_eq!(ids[0], ids[1]);
    let history = client.get(&format!("/v1/leads/{}/history", ids[0]), &keys.secret).await.body;
    let scored = history["events"].as_array().unwrap().iter().find(|event| event["event"] == "scored").unwrap().clone();
    let kinds = scored["reasons"].as_array().unwrap().iter().map(|reason| reason["kind"].as_str().unwrap().to_owned());
    // Without the token, which every one of these leads lacks.
    let kinds = kinds.filter(|kind| kind != "token_missing").collect();
    (scored["score"].as_u64().unwrap() - 20, kinds, scored["quarantined"].as_bool().unwrap())
}

#[tokio::test]
async fn turnstile_is_asked_once_for_a_submission_and_only_its_word_counts() {
    let (stack, keys, asked) = stack().await;
    let form = stack.client().get("/v1/form", &keys.publishable).await.body;
    assert_eq!(form["turnstile_site_key"], "1x00000000000000000000AA");

    assert_eq!(judged(&stack, &keys, "").await, (20, vec!["turnstile_missing".into()], false));
    assert!(asked.lock().unwrap().is_empty());
    assert_eq!(judged(&stack, &keys, "good").await, (0, Vec::new(), false));
    let questions = asked.lock().unwrap().clone();
    assert_eq!((questions.len(), &questions[0]), (2, &questions[1]));
    assert_eq!(questions[0]["remoteip"], "203.0.113.7");
    assert_eq!(questions[0]["idempotency_key"].as_str().unwrap().len(), 36);

    assert_eq!(judged(&stack, &keys, "bad").await, (70, vec!["turnstile_failed".into()], true));
    assert_eq!(judged(&stack, &keys, "spent").await, (30, vec!["turnstile_spent".into()], false));
    let ids: Vec<_> = asked.lock().unwrap().iter().map(|question| question["idempotency_key"].clone()).collect();
    assert_ne!(ids[0], ids[2], "another submission is another question");

    for outage in ["hangs", "broken"] {
        let found = judged(&stack, &keys, outage).await;
        assert_eq!(found, (0, vec!["turnstile_unavailable".into()], false), "{outage}");
    }
    let server = stack.client().submit(&keys.secret, &lead("server@example.com")).await.body;
    assert_eq!(server["quarantine"], Value::Null);
    assert!(!stack.printed().contains("sandbox-turnstile-secret"));
}
