//! Meta: the handshake, and notifications whose leads are fetched.

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Answer, Stack, WorkerFolder};
use tests::sandbox::Fault;

use super::proof::hmac;
use super::{platform_form, post};

#[tokio::test]
async fn metas_handshake_is_answered_to_who_knows_the_token() {
    let stack = Stack::start().await;
    let key = platform_form(&stack).await;
    let ask = async |key: &str, token: &str| {
        let path = format!(
            "/v1/leads?key={key}&format=meta&hub.mode=subscribe&hub.verify_token={token}&hub.challenge=1158201444"
        );
        stack.client().send(stack.client().request(Method::GET, &path)).await.expect("the Worker answers")
    };
    let right = ask(&key, "test-verify-token").await;
    assert_eq!((right.status, &right.body), (200, &json!(1_158_201_444)));
    assert!(right.header("content-type").starts_with("text/plain"));
    assert_eq!(ask(&key, "test-verify-tokem").await.status, 403);
    assert_eq!(ask("lg_pk_mistyped", "test-verify-token").await.status, 401);
    let no_handshake = stack.client().get("/v1/leads?hub.mode=unsubscribe", &key).await;
    assert_ne!(no_handshake.status, 200);
}

/// Meta tells of leads, signed with `secret`.
async fn tell(stack: &Stack, key: &str, secret: &str, ids: &[u64]) -> Answer {
    let change =
        |id: &u64| json!({"field": "leadgen", "value": {"leadgen_id": id.to_string(), "form_id": "9", "page_id": "7"}});
    let changes: Vec<Value> = ids.iter().map(change).collect();
    let entry = json!([{"id": "7", "time": 1_700_000_000, "changes": changes}]);
    let body = json!({"object": "page", "entry": entry}).to_string();
    let hex: String = hmac(secret, &body).iter().map(|byte| format!("{byte:02x}")).collect();
    let headers = [("X-Hub-Signature-256", format!("sha256={hex}"))];
    post(stack, &format!("key={key}&format=meta"), ("application/json", body), &headers).await
}

const SECRET: &str = "test-app-secret";

#[tokio::test]
async fn a_lead_that_meta_tells_of_is_fetched_once_and_delivered() {
    let stack = Stack::start().await;
    let key = platform_form(&stack).await;
    assert_eq!(tell(&stack, &key, "another-secret", &[1]).await.status, 401);
    assert_eq!(stack.sandbox.received("meta").len(), 0);

    for _ in 0..2 {
        let answer = tell(&stack, &key, SECRET, &[1, 2]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    stack.delivered(2).await;
    assert_eq!(stack.sandbox.received("meta").len(), 2);
    let lead = &stack.sandbox.received("webhook")[0].body["data"];
    assert_eq!((&lead["name"], &lead["phone"]), (&json!("Marla Singer"), &json!("+441623000000")));
    assert_eq!((&lead["attribution"]["platform"], &lead["consent"]["given"]), (&json!("fb"), &json!(true)));
    assert!(!stack.printed().contains("sandbox-meta-token"));
}

#[tokio::test]
async fn what_meta_does_not_give_is_asked_for_again_and_keeps_no_other_lead_out() {
    let stack = Stack::start().await;
    let key = platform_form(&stack).await;
    stack.sandbox.order(Fault { provider: "meta".into(), status: Some(500), times: Some(1), ..Fault::default() });
    let failed = tell(&stack, &key, SECRET, &[1, 2]).await;
    assert_eq!((failed.status, failed.header("retry-after").is_empty()), (503, false));
    assert_eq!(stack.d1().lead_count(), 1);
    assert_eq!(tell(&stack, &key, SECRET, &[1, 2]).await.status, 200);
    assert_eq!(stack.d1().lead_count(), 2);

    // More than one request may fetch: Meta tells again, and the rest comes in.
    let many: Vec<u64> = (11..18).collect();
    assert_eq!(tell(&stack, &key, SECRET, &many).await.status, 503);
    assert_eq!(stack.d1().lead_count(), 7);
    assert_eq!(tell(&stack, &key, SECRET, &many).await.status, 200);
    assert_eq!(stack.d1().lead_count(), 9);
    assert_eq!(tell(&stack, &key, SECRET, &[404]).await.status, 503);
    assert_eq!(tell(&stack, &key, SECRET, &[]).await.status, 200);
}

#[tokio::test]
async fn no_key_takes_the_place_of_metas_signature() {
    let stack = Stack::start().await;
    platform_form(&stack).await;
    let keys = stack.admin().contact_form().await;
    let unsigned = async |body: Value| {
        let headers = [("Authorization", format!("Bearer {}", keys.secret))];
        post(&stack, "form=platforms", ("application/json", body.to_string()), &headers).await
    };
    let change = json!({"field": "leadgen", "value": {"leadgen_id": "1"}});
    let told = unsigned(json!({"object": "page", "entry": [{"id": "7", "changes": [change]}]})).await;
    assert_eq!((told.status, told.body["code"].as_str()), (401, Some("invalid_key")));
    // What names no lead makes us ask for none.
    let other = unsigned(json!({"object": "page", "entry": [{"id": "7", "changes": [{"field": "feed"}]}]})).await;
    assert_eq!((other.status, &other.body), (200, &json!({"accepted": 0})));
    assert_eq!((stack.sandbox.received("meta").len(), stack.d1().lead_count()), (0, 0));
}

#[tokio::test]
async fn who_has_not_connected_meta_is_told_which_secret_is_missing() {
    let folder = WorkerFolder::copy().without_secret("META_APP_SECRET").without_secret("META_VERIFY_TOKEN");
    let stack = Stack::start_in(folder).await;
    let key = platform_form(&stack).await;
    let told = tell(&stack, &key, SECRET, &[1]).await;
    let handshake = format!("/v1/leads?key={key}&hub.mode=subscribe&hub.verify_token=x&hub.challenge=1");
    let asked = stack.client().send(stack.client().request(Method::GET, &handshake)).await.unwrap();
    for (answer, secret) in [(told, "META_APP_SECRET"), (asked, "META_VERIFY_TOKEN")] {
        assert_eq!((answer.status, answer.body["code"].as_str()), (403, Some("missing_scope")), "{}", answer.body);
        assert!(answer.body["detail"].as_str().unwrap().contains(secret), "{}", answer.body);
    }
    assert_eq!(tell(&stack, &key, SECRET, &[]).await.status, 200);
}
