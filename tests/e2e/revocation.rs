//! A revoked key writes nothing from the moment the revocation is answered.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use futures_util::future::join_all;
use futures_util::join;
use reqwest::Method;
use serde_json::json;
use tests::harness::Stack;
use tests::wait;

use crate::lead;

/// The id of the key that tests call `server`.
async fn server_key_id(stack: &Stack) -> String {
    let keys = stack.admin().send(Method::GET, "/v1/admin/keys", None).await.body;
    let server = keys["keys"].as_array().unwrap().iter().find(|key| key["name"] == "server").unwrap();
    server["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn no_lead_is_written_after_the_revocation_is_answered() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let path = format!("/v1/admin/keys/{}", server_key_id(&stack).await);
    let (client, is_revoked, refused) = (stack.client(), AtomicBool::new(false), AtomicUsize::new(0));
    let sender = async || {
        // Each goes on until it has been refused a few times after the revocation.
        let mut after = 0;
        while after < 5 {
            let was_revoked = is_revoked.load(Ordering::SeqCst);
            let status = client.submit(&keys.secret, &lead("marla@example.com")).await.status;
            assert!(status == 401 || status == 201 && !was_revoked, "{status}, revoked: {was_revoked}");
            after += usize::from(was_revoked);
            refused.fetch_add(usize::from(status == 401), Ordering::SeqCst);
        }
    };
    let revoker = async {
        wait::until("leads come in", async || (stack.d1().lead_count() > 20).then_some(())).await;
        assert_eq!(stack.admin().send(Method::DELETE, &path, None).await.status, 204);
        let written = stack.d1().lead_count();
        is_revoked.store(true, Ordering::SeqCst);
        written
    };
    let (written, _) = join!(revoker, join_all((0..16).map(|_| sender())));
    assert!(refused.load(Ordering::SeqCst) >= 16 * 5);
    assert_eq!(stack.d1().lead_count(), written);
}

#[tokio::test]
async fn a_revocation_made_elsewhere_holds_for_every_write_at_once() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let mut form = stack.admin().form();
    form["duplicates"] = json!({"policy": "merge"});
    stack.admin().put_form("contact", &form).await;
    let client = stack.client();
    let first = client.submit(&keys.secret, &lead("marla@example.com")).await.id();
    let held_back = client.submit(&keys.secret, &lead("bob@example.com")).await.id();
    stack.d1().execute(&format!("UPDATE lead SET quarantined_at = created_at WHERE id = '{held_back}'"));
    // What another location writes to D1, while this one still remembers the key.
    let id = server_key_id(&stack).await;
    stack.d1().execute(&format!("INSERT INTO revoked_key (id, at) VALUES ('{id}', 0)"));
    for email in ["marla@example.com", "tyler@example.com"] {
        assert_eq!(client.submit(&keys.secret, &lead(email)).await.status, 401, "{email}");
    }
    let release = client.request(Method::POST, &format!("/v1/leads/{held_back}/release")).bearer_auth(&keys.secret);
    assert_eq!(client.send(release).await.unwrap().status, 401);
    let still = client.get(&format!("/v1/leads/{first}"), &keys.secret).await;
    assert_eq!((still.status, &still.body["version"], stack.d1().lead_count()), (200, &json!(1), 2));
}
