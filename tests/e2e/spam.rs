//! Suspicion is a score: over the threshold a lead waits for a person, and the sender notices nothing.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Answer, Stack, WorkerFolder};

use crate::lead;

/// A lead with more members.
fn lead_with(email: &str, more: Value) -> Value {
    let mut lead = lead(email);
    lead.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    lead
}

/// Submits as a page of the form's site does.
async fn submit_from_page(stack: &Stack, key: &str, lead: &Value) -> Answer {
    let client = stack.client();
    let post = client.request(Method::POST, "/v1/leads").bearer_auth(key).header("Origin", stack.sandbox.origin());
    client.send(post.json(lead)).await.unwrap()
}

async fn release(stack: &Stack, key: &str, id: &str) -> Answer {
    let client = stack.client();
    client.send(client.request(Method::POST, &format!("/v1/leads/{id}/release")).bearer_auth(key)).await.unwrap()
}

async fn events(stack: &Stack, key: &str, id: &str) -> Vec<Value> {
    let history = stack.client().get(&format!("/v1/leads/{id}/history"), key).await;
    history.body["events"].as_array().unwrap_or_else(|| panic!("{}", history.body)).clone()
}

fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["event"].as_str().unwrap()).collect()
}

/// The score of a lead and the kinds of its reasons, out of its history.
async fn score(stack: &Stack, key: &str, id: &str) -> (u64, Vec<String>) {
    let events = events(stack, key, id).await;
    let scored = events.iter().find(|event| event["event"] == "scored").unwrap();
    let kinds = scored["reasons"].as_array().unwrap().iter().map(|reason| reason["kind"].as_str().unwrap().to_owned());
    (scored["score"].as_u64().unwrap(), kinds.collect())
}

#[tokio::test]
async fn a_suspicious_lead_is_answered_as_any_other_and_delivered_only_when_it_is_released() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let answer =
        stack.client().submit(&keys.publishable, &lead_with("marla@example.com", json!({"_lg_trap": "x"}))).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.body.as_object().unwrap().keys().collect::<Vec<_>>(), ["created_at", "id"]);
    let id = answer.id();

    let held = stack.client().get(&format!("/v1/leads/{id}"), &keys.secret).await.body;
    assert_eq!(
        (&held["deliveries"], &held["version"], &held["quarantine"]["score"]),
        (&json!([]), &json!(1), &json!(85))
    );
    assert_eq!((&held["meta"], &held["quarantine"]["at"]), (&Value::Null, &held["created_at"]));
    let kinds: Vec<_> = held["quarantine"]["reasons"].as_array().unwrap().iter().map(|r| r["kind"].clone()).collect();
    assert_eq!(kinds, ["trap_filled", "token_missing", "origin_missing"]);
    let told = events(&stack, &keys.secret, &id).await;
    assert_eq!(names(&told), ["received", "normalised", "scored"]);
    assert_eq!((&told[2]["threshold"], &told[2]["quarantined"]), (&json!(60), &json!(true)));
    stack.run_cron().await;
    assert!(stack.sandbox.received("anyhouse").is_empty());

    let reader = json!({"kind": "secret", "name": "reader", "forms": ["*"], "scopes": ["leads:read"]});
    let reader = stack.admin().key(&reader).await;
    stack.admin().put_form("other", &stack.admin().form()).await;
    let other = json!({"kind": "secret", "name": "other", "forms": ["other"], "scopes": ["leads:manage"]});
    let other = stack.admin().key(&other).await;
    assert_eq!(release(&stack, &reader, &id).await.status, 403);
    assert_eq!(release(&stack, &other, &id).await.status, 404);
    assert_eq!(release(&stack, &keys.secret, "01890000-0000-7000-8000-000000000000").await.status, 404);

    let released = release(&stack, &keys.secret, &id).await;
    assert_eq!((released.status, released.header("etag")), (200, "\"2\""), "{}", released.body);
    assert_eq!((&released.body["quarantine"], &released.body["version"]), (&Value::Null, &json!(2)));
    assert_eq!(released.body["deliveries"][0]["destination"], "anyhouse");
    stack.delivered(1).await;
    let again = release(&stack, &keys.secret, &id).await;
    assert_eq!((again.status, again.body["code"].as_str()), (409, Some("version_conflict")));
    let told = events(&stack, &keys.secret, &id).await;
    assert_eq!(names(&told), ["received", "normalised", "scored", "released", "routed", "attempt", "delivery"]);
    assert_eq!(told[3]["at"], told[4]["at"]);
    assert_eq!(told[4]["destinations"][0]["taken"], true);
    assert_eq!(stack.sandbox.received("anyhouse").len(), 1);
}

#[tokio::test]
async fn of_many_releases_at_once_one_lets_the_lead_out() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let id =
        stack.client().submit(&keys.publishable, &lead_with("marla@example.com", json!({"_lg_trap": "x"}))).await.id();
    let answers = join_all((0..20).map(|_| release(&stack, &keys.secret, &id))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![200], vec![409; 19]].concat());
    stack.delivered(1).await;
    assert_eq!(stack.sandbox.received("anyhouse").len(), 1);
}

#[tokio::test]
async fn a_form_token_tells_who_loaded_the_form_and_when() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let put_fill_time = async |seconds: u32| {
        let mut form = stack.admin().form();
        form["spam"] = json!({"min_fill_seconds": seconds});
        stack.admin().put_form("contact", &form).await;
    };
    // However busy the machine is, this test takes less than ten minutes.
    put_fill_time(600).await;
    let form = stack.client().get("/v1/form", &keys.publishable).await.body;
    let token = form["token"].as_str().unwrap();
    assert!(form.get("spam").is_none());

    let direct = stack.client().submit(&keys.publishable, &lead("one@example.com")).await.id();
    let direct = score(&stack, &keys.secret, &direct).await;
    assert_eq!(direct, (35, vec!["token_missing".into(), "origin_missing".into()]));
    let at_once = lead_with("two@example.com", json!({"_lg_token": token}));
    let at_once = submit_from_page(&stack, &keys.publishable, &at_once).await.id();
    assert_eq!(score(&stack, &keys.secret, &at_once).await, (40, vec!["filled_too_fast".into()]));
    let forged = lead_with("three@example.com", json!({"_lg_token": "AQAAAABBBBBBBBBBBBBBBBB"}));
    let forged = submit_from_page(&stack, &keys.publishable, &forged).await.id();
    assert_eq!(score(&stack, &keys.secret, &forged).await, (30, vec!["token_invalid".into()]));
    let server = stack.client().submit(&keys.secret, &lead("four@example.com")).await.id();
    assert_eq!(score(&stack, &keys.secret, &server).await, (0, Vec::new()));

    put_fill_time(0).await;
    let person = lead_with("five@example.com", json!({"_lg_token": token}));
    let person = submit_from_page(&stack, &keys.publishable, &person).await.id();
    assert_eq!(score(&stack, &keys.secret, &person).await, (0, Vec::new()));
    // None of these was enough to hold a lead back.
    stack.delivered(5).await;
}

#[tokio::test]
async fn without_the_secret_no_token_is_given_out_and_none_is_missed() {
    let folder = WorkerFolder::copy();
    let secrets = std::fs::read_to_string(folder.path(".dev.vars")).unwrap();
    let without: Vec<&str> = secrets.lines().filter(|line| !line.starts_with("CONSENT_SIGNING_KEY")).collect();
    std::fs::write(folder.path(".dev.vars"), without.join("\n")).unwrap();
    let stack = Stack::start_in(folder).await;
    let keys = stack.admin().contact_form().await;
    let form = stack.client().get("/v1/form", &keys.publishable).await;
    assert_eq!((form.status, form.body.get("token")), (200, None));
    let lead = submit_from_page(&stack, &keys.publishable, &lead("marla@example.com")).await.id();
    assert_eq!(score(&stack, &keys.secret, &lead).await, (0, Vec::new()));
}
