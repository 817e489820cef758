//! Receipts of consent, and what becomes of a lead whose consent is withdrawn.

use std::{fs, process::Command};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, SigningKey, Verifier, VerifyingKey};
use reqwest::Method;
use serde_json::{Map, Value, json};
use tests::harness::Stack;
use tests::sandbox::Fault;
use tests::wait;

use super::call;
use crate::{lead, lifecycle::manager};

/// The form of RFC 8785 for an object of texts and `true`, written down by its own table of escapes.
fn canonical(object: &Map<String, Value>) -> String {
    let text = |text: &str| {
        let escaped = text.chars().map(|c| match c {
            '\u{8}' => "\\b".to_owned(),
            '\t' => "\\t".to_owned(),
            '\n' => "\\n".to_owned(),
            '\u{c}' => "\\f".to_owned(),
            '\r' => "\\r".to_owned(),
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            c if c < ' ' => format!("\\u{:04x}", u32::from(c)),
            c => c.to_string(),
        });
        format!("\"{}\"", escaped.collect::<String>())
    };
    let mut members: Vec<_> = object.iter().collect();
    members.sort_by_key(|(name, _)| name.encode_utf16().collect::<Vec<_>>());
    let members = members.iter().map(|(name, value)| match value {
        Value::String(value) => format!("{}:{}", text(name), text(value)),
        value => format!("{}:{}", text(name), value.as_bool().expect("texts and true")),
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn bytes<const N: usize>(value: &Value) -> [u8; N] {
    URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap().try_into().unwrap()
}

/// Gives a file to the verifier of this repository, with the key in `key.json`: whether it is content, and what it
/// prints.
fn verify(stack: &Stack, file: &str) -> (bool, String) {
    let (path, key) = (stack.path("receipts"), stack.path("key.json"));
    fs::write(&path, file).unwrap();
    let program = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("xtask");
    let output = Command::new(program).arg("verify-consent").arg(path).arg("--key").arg(key).output().unwrap();
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.success(), printed)
}

#[tokio::test]
async fn a_receipt_says_what_was_agreed_to_and_anybody_can_verify_it() {
    let mut stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let mut lead = lead("marla@example.com");
    let words = "You may \"contact\" me\tabout \\ my €nquiry \u{1f600}.";
    lead["consent"] =
        json!({"given": true, "text": words, "version": "2026-11", "policy_url": "https://example.com/privacy"});
    lead["meta"] = json!({"consent.marketing": "News, please.", "colour": "violet"});
    lead["locale"] = "en-GB".into();
    lead["attribution"] = json!({"page": "https://example.com/contact"});
    let id = stack.client().submit(&keys.secret, &lead).await.id();
    let path = format!("/v1/leads/{id}/consent");
    let answer = stack.client().get(&path, &keys.secret).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let receipt = answer.body["receipt"].as_object().unwrap();
    let stored = stack.client().get(&format!("/v1/leads/{id}"), &keys.secret).await.body["consent"].clone();
    let expected = json!({
        "lead_id": id, "form": "contact", "given": true, "text": stored["text"], "version": "2026-11",
        "policy_url": "https://example.com/privacy", "at": stored["at"], "locale": "en-GB",
        "page": "https://example.com/contact", "marketing": "News, please.",
    });
    assert_eq!(Value::Object(receipt.clone()), expected);

    let key =
        stack.client().send(stack.client().request(Method::GET, "/.well-known/leadgate-consent-key")).await.unwrap();
    assert_eq!((key.status, key.header("access-control-allow-origin")), (200, "*"));
    let seed: Vec<u8> = [0x7e, 0x57].repeat(16);
    let own = SigningKey::from_bytes(&seed.try_into().unwrap()).verifying_key();
    assert_eq!(bytes::<32>(&key.body["x"]), own.to_bytes());
    assert_eq!((&answer.body["algorithm"], &answer.body["key_id"]), (&json!("Ed25519"), &key.body["kid"]));
    let signature = Signature::from_bytes(&bytes(&answer.body["signature"]));
    let public = VerifyingKey::from_bytes(&bytes(&key.body["x"])).unwrap();
    public.verify(canonical(receipt).as_bytes(), &signature).unwrap();

    // The verifier of this repository, offline, by files as they were fetched; and with a word changed.
    fs::write(stack.path("key.json"), key.body.to_string()).unwrap();
    let mut changed = answer.body.clone();
    changed["receipt"]["text"] = "You may do as you like.".into();
    for (answer, is_good) in [(&answer.body, true), (&changed, false)] {
        let (is_verified, printed) = verify(&stack, &serde_json::to_string_pretty(answer).unwrap());
        assert_eq!((is_verified, printed.contains("my €nquiry")), (is_good, is_good), "{printed}");
    }

    // The same receipt stands in what is taken out of the person, and in a file of leads.
    let person = json!({"email": "marla@example.com"});
    let held = call(&stack, &keys.secret, Method::POST, "/v1/privacy/export", Some(&person)).await.body;
    assert_eq!(held["receipts"], json!([answer.body]));
    let request = stack.client().request(Method::GET, "/v1/leads/export?format=jsonl&receipts=true");
    let file = request.bearer_auth(&keys.secret).send().await.unwrap().text().await.unwrap();
    let line: Value = serde_json::from_str(&file).unwrap();
    assert_eq!((&line["id"], &line["consent_receipt"]), (&json!(id), &answer.body));
    for file in [held.to_string(), file] {
        let (is_good, printed) = verify(&stack, &file);
        assert!(is_good && printed.contains("my €nquiry"), "{printed}");
        let (is_good, printed) = verify(&stack, &file.replace("my €nquiry", "any enquiry"));
        assert!(!is_good, "{printed}");
    }

    // A lead of nobody's consent, of another's form, and without a key to sign with.
    let other = manager(&stack, &["other"]).await;
    assert_eq!(stack.client().get(&path, &other).await.status, 404);
    stack.admin().put_form("contact", &json!({"consent": {"required": false}})).await;
    let none =
        stack.client().submit(&keys.secret, &json!({"form": "contact", "email": "tyler@example.com"})).await.id();
    let none = stack.client().get(&format!("/v1/leads/{none}/consent"), &keys.secret).await;
    assert_eq!((none.status, &none.body["code"]), (404, &json!("not_found")));
    for (secret, says) in [("7e57", "64 hexadecimal digits"), ("", "has to set the secret CONSENT_SIGNING_KEY")] {
        stack.give_secret("CONSENT_SIGNING_KEY", secret).await;
        let missing = stack.client().get(&path, &keys.secret).await;
        assert_eq!(missing.status, 500);
        assert!(missing.body["detail"].as_str().unwrap().contains(says), "{}", missing.body);
        let file = call(&stack, &keys.secret, Method::GET, "/v1/leads/export?format=jsonl&receipts=true", None).await;
        assert_eq!(file.status, 500);
        // The person is told what is held all the same.
        let held = call(&stack, &keys.secret, Method::POST, "/v1/privacy/export", Some(&person)).await;
        assert_eq!((held.status, &held.body["receipts"]), (200, &json!([{"receipt": answer.body["receipt"]}])));
    }
}

#[tokio::test]
async fn a_withdrawn_consent_stops_what_waits_and_what_would_be_tried_again() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let key = &keys.secret;
    stack.admin().put_destination("crm", &stack.admin().destination("webhook")).await;
    // One waits to be tried again, the other is on its way.
    stack.sandbox.order(Fault { status: Some(503), retry_after: Some("600".into()), ..Fault::of("webhook") });
    stack.sandbox.order(Fault { status: Some(503), delay_ms: Some(6_000), times: Some(1), ..Fault::of("anyhouse") });
    let id = stack.client().submit(key, &lead("marla@example.com")).await.id();
    let path = format!("/v1/leads/{id}/withdraw");
    wait::until("one waits and one is on its way", async || {
        let mut standing: Vec<String> = stack.d1().deliveries().into_iter().map(|d| d.status).collect();
        standing.sort();
        (standing == ["delivering", "pending"]).then_some(())
    })
    .await;
    let other = manager(&stack, &["other"]).await;
    assert_eq!(call(&stack, &other, Method::POST, &path, None).await.status, 404);
    let withdrawn = call(&stack, key, Method::POST, &path, None).await;
    assert_eq!((withdrawn.status, &withdrawn.body["version"]), (200, &json!(2)), "{}", withdrawn.body);
    let at = withdrawn.body["consent_withdrawn_at"].as_str().unwrap();
    let again = call(&stack, key, Method::POST, &path, None).await;
    assert_eq!(
        (again.status, &again.body["version"], again.body["consent_withdrawn_at"].as_str()),
        (200, &json!(2), Some(at))
    );

    let deliveries = wait::until("both are cancelled", async || {
        let deliveries = stack.d1().deliveries();
        deliveries.iter().all(|d| d.status == "cancelled").then_some(deliveries)
    })
    .await;
    let told = |d: &tests::harness::Delivery| (d.attempts, d.due_at, d.reason.clone().unwrap_or_default());
    let why = "The consent was withdrawn.".to_owned();
    assert_eq!(deliveries.iter().map(told).collect::<Vec<_>>(), [(1, None, why.clone()), (1, None, why)]);
    stack.sandbox.mend();
    let one = call(&stack, key, Method::POST, &format!("/v1/deliveries/{id}_1/retry"), None).await;
    assert_eq!((one.status, &one.body["code"]), (409, &json!("version_conflict")));
    assert!(one.body["detail"].as_str().unwrap().contains("withdrawn"), "{}", one.body);
    let filter = json!({"status": "cancelled"});
    assert_eq!(call(&stack, key, Method::POST, "/v1/deliveries/retry", Some(&filter)).await.body["retried"], 0);
    stack.run_cron().await;
    assert_eq!((stack.sandbox.received("anyhouse").len(), stack.sandbox.received("webhook").len()), (1, 1));

    let history = call(&stack, key, Method::GET, &format!("/v1/leads/{id}/history"), None).await.body;
    let told =
        history["events"].as_array().unwrap().iter().filter(|event| event["event"] == "consent_withdrawn").count();
    assert_eq!(told, 1);
    let receipt = call(&stack, key, Method::GET, &format!("/v1/leads/{id}/consent"), None).await.body;
    assert_eq!(receipt["receipt"]["withdrawn_at"], at);
}

#[tokio::test]
async fn a_quarantined_lead_whose_consent_is_withdrawn_is_not_let_out() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let id = stack.client().submit(&keys.secret, &lead("marla@example.com")).await.id();
    stack.delivered(1).await;
    stack.d1().execute("DELETE FROM delivery");
    stack.d1().execute("UPDATE lead SET quarantined_at = created_at");
    let post =
        async |what: &str| call(&stack, &keys.secret, Method::POST, &format!("/v1/leads/{id}/{what}"), None).await;
    assert_eq!(post("withdraw").await.status, 200);
    let released = post("release").await;
    assert_eq!((released.status, &released.body["code"]), (409, &json!("version_conflict")));
    assert_eq!(stack.d1().deliveries().len(), 0);
}
