//! Keys over their life: rotated, dated, and filled into KV again.

use std::fs;

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Answer, Stack};
use tests::wait;

use crate::lead;

/// The id of the key that the operator called `name`.
async fn id_of(stack: &Stack, name: &str) -> String {
    let listed = stack.admin().send(Method::GET, "/v1/admin/keys", None).await;
    let keys = listed.body["keys"].as_array().unwrap().clone();
    keys.iter().find(|key| key["name"] == name).unwrap()["id"].as_str().unwrap().to_owned()
}

async fn rotate(stack: &Stack, id: &str, body: Option<&Value>) -> Answer {
    stack.admin().send(Method::POST, &format!("/v1/admin/keys/{id}/rotate"), body).await
}

async fn show(stack: &Stack, id: &str) -> Value {
    stack.admin().send(Method::GET, &format!("/v1/admin/keys/{id}"), None).await.body
}

#[tokio::test]
async fn a_key_that_is_rotated_works_for_its_grace_beside_its_successor() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    let old_id = id_of(&stack, "server").await;
    // Seen before, so that what the isolate remembers is at stake as well.
    assert_eq!(client.submit(&keys.secret, &lead("one@example.com")).await.status, 201);

    let rotated = rotate(&stack, &old_id, Some(&json!({"grace_seconds": 3600}))).await;
    assert_eq!(rotated.status, 201, "{}", rotated.body);
    let successor = rotated.body["key"].as_str().unwrap();
    assert_eq!(rotated.body["replaces"], old_id.as_str());
    let (old, new) = (show(&stack, &old_id).await, show(&stack, &rotated.id()).await);
    for same in ["kind", "name", "forms", "scopes", "rate_limit"] {
        assert_eq!(old[same], new[same], "{same}");
        assert_eq!(old[same], rotated.body[same], "{same}");
    }
    assert_eq!((&old["replaced_by"], &new["expires_at"]), (&new["id"], &Value::Null));
    assert!(old["expires_at"].is_string() && new["key"].is_null(), "{old} {new}");
    for key in [&keys.secret, successor] {
        assert_eq!(client.submit(key, &lead("two@example.com")).await.status, 201);
    }

    let again = rotate(&stack, &old_id, None).await;
    assert_eq!((again.status, again.body["code"].as_str()), (409, Some("version_conflict")), "{}", again.body);
    assert!(again.body["detail"].as_str().unwrap().contains(&rotated.id()), "{}", again.body);
    let unknown = rotate(&stack, "000000000000000000000000", None).await;
    assert_eq!(unknown.status, 404);
    for (body, member) in [
        (json!({"grace_seconds": -1}), "grace_seconds"),
        (json!({"grace_seconds": 2_592_001}), "grace_seconds"),
        (json!({"grace": 5}), "grace"),
    ] {
        let refused = rotate(&stack, &rotated.id(), Some(&body)).await;
        assert_eq!(refused.status, 422, "{body}");
        assert!(refused.body["errors"][member].is_array(), "{}", refused.body);
    }
}

#[tokio::test]
async fn without_grace_the_old_key_writes_nothing_from_then_on() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    assert_eq!(client.submit(&keys.secret, &lead("one@example.com")).await.status, 201);
    let rotated = rotate(&stack, &id_of(&stack, "server").await, Some(&json!({"grace_seconds": 0}))).await;
    assert_eq!(rotated.status, 201, "{}", rotated.body);
    assert_eq!(client.submit(&keys.secret, &lead("two@example.com")).await.status, 401);
    assert_eq!(client.submit(rotated.body["key"].as_str().unwrap(), &lead("three@example.com")).await.status, 201);
    assert_eq!(stack.d1().lead_count(), 2);

    // What another isolate still remembers is caught by the transaction.
    let trigger = stack.d1().value::<i64>("SELECT count(*) FROM revoked_key WHERE writes_until = 0");
    assert_eq!(trigger, 1);
}

#[tokio::test]
async fn of_many_rotations_at_once_one_succeeds() {
    let stack = Stack::start().await;
    stack.admin().contact_form().await;
    let id = id_of(&stack, "server").await;
    let answers = futures_util::future::join_all((0..10).map(|_| rotate(&stack, &id, None))).await;
    let made: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(made.len(), 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    assert!(answers.iter().all(|answer| [201, 409].contains(&answer.status)));
    assert_eq!(show(&stack, &id).await["replaced_by"], made[0].id());
    let listed = stack.admin().send(Method::GET, "/v1/admin/keys", None).await;
    assert_eq!(listed.body["keys"].as_array().unwrap().len(), 3, "{}", listed.body);
    let client = stack.client();
    assert_eq!(client.submit(made[0].body["key"].as_str().unwrap(), &lead("one@example.com")).await.status, 201);
}

#[tokio::test]
async fn a_key_past_its_expiry_is_refused_and_not_rotated() {
    let stack = Stack::start().await;
    stack.admin().contact_form().await;
    let expired = json!({"kind": "secret", "name": "old", "forms": ["*"], "scopes": ["leads:write"], "expires_at": "2026-01-01T00:00:00Z"});
    let expired = stack.admin().key(&expired).await;
    let refused = stack.client().submit(&expired, &lead("one@example.com")).await;
    assert_eq!((refused.status, refused.body["code"].as_str()), (401, Some("invalid_key")));
    assert_eq!(rotate(&stack, &id_of(&stack, "old").await, None).await.status, 409);
}

#[tokio::test]
async fn the_last_use_of_a_key_is_told_whether_it_wrote_or_read() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let (writer, reader) = (id_of(&stack, "server").await, id_of(&stack, "website").await);
    assert_eq!(show(&stack, &writer).await["last_used_at"], Value::Null);
    assert_eq!(stack.client().submit(&keys.secret, &lead("one@example.com")).await.status, 201);
    assert!(show(&stack, &writer).await["last_used_at"].is_string());
    // No row but the window's own: a lead's transaction is what it was.
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM key_use"), 0);

    for _ in 0..3 {
        assert_eq!(stack.client().get("/v1/form", &keys.publishable).await.status, 200);
    }
    let noted = async || show(&stack, &reader).await["last_used_at"].is_string().then_some(());
    wait::until("the reading is noted", noted).await;
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM key_use"), 1);
}

#[tokio::test]
async fn keys_and_forms_are_in_force_again_after_kv_was_lost() {
    let mut stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    // More than one run of the cron trigger fills.
    for _ in 0..25 {
        stack.admin().secret_key().await;
    }
    let last = stack.admin().secret_key().await;
    stack.kill_9();
    fs::remove_dir_all(stack.path("state/v3/kv")).unwrap();
    stack.restart().await;
    assert_eq!(stack.client().submit(&last, &lead("one@example.com")).await.status, 401);
    wait::until("KV is filled again", async || {
        stack.run_cron().await;
        let filled = stack.d1().value::<Option<String>>("SELECT republish_after FROM catalog_revision").is_none();
        filled.then_some(())
    })
    .await;
    // A new isolate, which has no key in mind that was unknown a moment ago.
    stack.restart().await;
    for key in [&last, &keys.secret] {
        assert_eq!(stack.client().submit(key, &lead("two@example.com")).await.status, 201);
    }
}
