//! That a lead is from the platform it says: keys in bodies, and signatures.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use serde_json::json;
use sha2::Sha256;
use tests::harness::{Stack, WorkerFolder};

use super::{example, platform_form, post, post_json};

pub(super) fn hmac(secret: &str, body: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any secret will do");
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

#[tokio::test]
async fn the_key_of_googles_webhook_may_be_a_key_of_ours_and_is_stored_nowhere() {
    let stack = Stack::start().await;
    let publishable = platform_form(&stack).await;
    let scopes = json!({"kind": "secret", "name": "google", "forms": ["platforms"], "scopes": ["leads:write"]});
    let secret = stack.admin().key(&scopes).await;
    let mut sent = example("google")["sent"].clone();
    for (key, query) in [(&publishable, "format=google"), (&secret, "")] {
        sent["google_key"] = json!(key);
        sent["lead_id"] = json!(format!("lead of {}", &key[..6]));
        let answer = post_json(&stack, query, &sent).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
    }
    let stored: String = stack.d1().value("SELECT group_concat(document) FROM lead");
    assert!(!stored.contains("google_key") && !stored.contains(&publishable) && !stored.contains(&secret));
    assert!(!stack.printed().contains(&secret));

    sent["google_key"] = json!(format!("{}x", &publishable[..publishable.len() - 1]));
    assert_eq!(post_json(&stack, "", &sent).await.body["code"], "invalid_key");
    sent["google_key"] = json!("a word of our own");
    assert_eq!(post_json(&stack, "", &sent).await.status, 401);
    assert_eq!(post_json(&stack, "", &json!({"google_key": publishable})).await.status, 401);
    assert_eq!(stack.d1().lead_count(), 2);
}

#[tokio::test]
async fn where_the_operator_has_set_a_platforms_secret_nothing_is_believed_without_it() {
    let folder = WorkerFolder::copy().with_secret("GOOGLE_LEAD_KEY", "old-key new-key");
    let stack = Stack::start_in(folder.with_secret("TYPEFORM_SECRET", "typeform-secret")).await;
    let key = platform_form(&stack).await;
    let query = format!("key={key}");

    let mut google = example("google")["sent"].clone();
    for (google_key, status) in [("wrong", 401), ("", 401), ("new-key", 201)] {
        google["google_key"] = json!(google_key);
        let answer = post_json(&stack, &query, &google).await;
        assert_eq!(answer.status, status, "{google_key}: {}", answer.body);
    }

    let body = example("typeform")["sent"].to_string();
    let signature = format!("sha256={}", STANDARD.encode(hmac("typeform-secret", &body)));
    let of_other_body = format!("sha256={}", STANDARD.encode(hmac("typeform-secret", "{}")));
    for (signature, status) in [(None, 401), (Some(of_other_body), 401), (Some(signature), 201)] {
        let headers: Vec<_> = signature.into_iter().map(|signature| ("Typeform-Signature", signature)).collect();
        let answer = post(&stack, &query, ("application/json", body.clone()), &headers).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        if status == 401 {
            assert!(answer.body["detail"].as_str().unwrap().contains("TYPEFORM_SECRET"), "{}", answer.body);
        }
    }
    assert_eq!(stack.d1().lead_count(), 2);
}

#[tokio::test]
async fn the_servers_of_a_platform_that_proved_itself_are_not_counted_as_one_visitor() {
    let stack = Stack::start_in(WorkerFolder::copy().with_secret("GOOGLE_LEAD_KEY", "a-key")).await;
    let key = platform_form(&stack).await;
    let statuses = from_one_address(&stack, &format!("key={key}"), "a-key").await;
    assert!(statuses.iter().all(|status| *status == 201), "{statuses:?}");
    // A key that stands in pages proves nothing, wherever it comes.
    let statuses = from_one_address(&stack, "", &key).await;
    assert!(statuses.iter().all(|status| *status == 401), "{statuses:?}");
}

#[tokio::test]
async fn a_publishable_key_in_the_body_is_a_visitor_like_any_other() {
    let stack = Stack::start().await;
    let key = platform_form(&stack).await;
    let statuses = from_one_address(&stack, "", &key).await;
    let accepted = statuses.iter().filter(|status| **status == 201).count();
    // Both of two windows, should one end meanwhile.
    assert!((10..=20).contains(&accepted), "{statuses:?}");
    assert!(statuses.iter().all(|status| [201, 429].contains(status)), "{statuses:?}");
}

/// What 25 leads of Google from one address are answered.
async fn from_one_address(stack: &Stack, query: &str, google_key: &str) -> Vec<u16> {
    let mut sent = example("google")["sent"].clone();
    sent["google_key"] = json!(google_key);
    let mut statuses = Vec::new();
    for number in 0..25 {
        sent["lead_id"] = json!(format!("lead {number}"));
        let headers = [("CF-Connecting-IP", "203.0.113.9".to_owned())];
        statuses.push(post(stack, query, ("application/json", sent.to_string()), &headers).await.status);
    }
    statuses
}
