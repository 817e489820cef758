//! What admins did is on record.

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::Stack;

async fn entries(stack: &Stack, query: &str) -> (Vec<Value>, Value) {
    let answer = stack.admin().send(Method::GET, &format!("/v1/admin/audit{query}"), None).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    (answer.body["audit"].as_array().unwrap().clone(), answer.body["meta"].clone())
}

#[tokio::test]
async fn every_change_is_on_record_with_its_request_and_nothing_of_its_content() {
    let stack = Stack::start().await;
    let admin = stack.admin();
    let send = async |method: Method, path: &str, body: Option<Value>| {
        let answer = admin.send(method, &format!("/v1/admin/{path}"), body.as_ref()).await;
        assert!(answer.status < 300, "{path}: {}", answer.body);
        answer
    };
    let form = send(Method::PUT, "forms/contact", Some(admin.form())).await;
    send(Method::PUT, "forms/contact", Some(admin.form())).await;
    send(Method::PUT, "destinations/crm", Some(admin.anyhouse())).await;
    let group = json!({"mode": "first_accepted", "order": ["crm"]});
    send(Method::PUT, "groups/turns", Some(group)).await;
    send(Method::PUT, "alerts/ops", Some(json!({"url": "https://ops.example.com/hook"}))).await;
    send(Method::POST, "destinations/crm/test", None).await;
    let key = json!({"kind": "publishable", "name": "canary-name", "form": "contact"});
    let key = send(Method::POST, "keys", Some(key)).await.id();
    let successor = send(Method::POST, &format!("keys/{key}/rotate"), None).await.id();
    send(Method::DELETE, &format!("keys/{successor}"), None).await;
    // One that stores nothing any more is still there to be revoked.
    let spent = json!({"kind": "publishable", "name": "canary-name", "form": "contact"});
    let spent = send(Method::POST, "keys", Some(spent)).await.id();
    send(Method::POST, &format!("keys/{spent}/rotate"), Some(json!({"grace_seconds": 0}))).await;
    send(Method::DELETE, &format!("keys/{spent}"), None).await;
    for path in ["alerts/ops", "groups/turns", "destinations/crm", "forms/contact"] {
        send(Method::DELETE, path, None).await;
    }
    // What changes nothing is not on record.
    for (method, path) in [(Method::DELETE, "forms/contact"), (Method::DELETE, "keys/unknown"), (Method::GET, "keys")] {
        admin.send(method, &format!("/v1/admin/{path}"), None).await;
    }
    admin.send(Method::PUT, "/v1/admin/forms/bad", Some(&json!({"locale": 5}))).await;

    let (entries, meta) = entries(&stack, "").await;
    assert_eq!(meta, json!({"limit": 25, "has_more": false, "next_cursor": null}));
    let told: Vec<_> = entries.iter().rev().map(|e| ["action", "kind", "id"].map(|m| e[m].as_str().unwrap())).collect();
    assert_eq!(
        told,
        [
            ["created", "form", "contact"],
            ["replaced", "form", "contact"],
            ["created", "destination", "crm"],
            ["created", "group", "turns"],
            ["created", "alert", "ops"],
            ["tested", "destination", "crm"],
            ["created", "key", &key],
            ["rotated", "key", &key],
            ["revoked", "key", &successor],
            ["created", "key", &spent],
            ["rotated", "key", &spent],
            ["revoked", "key", &spent],
            ["removed", "alert", "ops"],
            ["removed", "group", "turns"],
            ["removed", "destination", "crm"],
            ["removed", "form", "contact"],
        ]
    );
    let first = entries.last().unwrap();
    assert_eq!(first["request_id"], form.header("x-request-id"));
    assert_eq!(first["actor"], "admin");
    assert!(first["at"].as_str().unwrap().ends_with('Z') && first["address"] != "127.0.0.1", "{first}");
    let all = Value::from(entries).to_string();
    for secret in ["canary-name", "test-admin-token", "ops.example.com", "ANYHOUSE_TOKEN"] {
        assert!(!all.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn the_record_is_read_page_by_page_and_cannot_be_changed() {
    let stack = Stack::start().await;
    for number in 0..5 {
        stack.admin().put_form(&format!("form-{number}"), &json!({})).await;
    }
    let (first, meta) = entries(&stack, "?limit=2").await;
    assert_eq!((first[0]["id"].as_str(), first[1]["id"].as_str()), (Some("form-4"), Some("form-3")));
    let cursor = meta["next_cursor"].as_str().unwrap();
    let (second, meta) = entries(&stack, &format!("?limit=3&cursor={cursor}")).await;
    assert_eq!((second.len(), second[2]["id"].as_str()), (3, Some("form-0")));
    assert_eq!(meta, json!({"limit": 3, "has_more": false, "next_cursor": null}));
    assert_eq!(entries(&stack, "?limit=2&cursor=").await.0, first);
    for query in ["?limit=0", "?limit=101", "?limit=x", "?cursor=x", "?page=1"] {
        let answer = stack.admin().send(Method::GET, &format!("/v1/admin/audit{query}"), None).await;
        assert_eq!((answer.status, answer.body["code"].as_str()), (422, Some("validation_failed")), "{query}");
    }
    for statement in ["DELETE FROM audit", "UPDATE audit SET actor = 'nobody'"] {
        assert!(stack.d1().try_execute(statement).is_err(), "{statement}");
    }
}
