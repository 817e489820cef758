//! A consent that is withdrawn while destinations take turns with the lead.

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Keys, Stack};
use tests::sandbox::Fault;
use tests::wait;

use super::call;
use crate::lead;

/// A form whose leads go to a group: AnyHouse, then the webhook, then ActuallyCare.
async fn three_in_turn(stack: &Stack) -> Keys {
    let keys = stack.admin().contact_form().await;
    for provider in ["webhook", "actuallycare"] {
        stack.admin().put_destination(provider, &stack.admin().destination(provider)).await;
    }
    let group = json!({"mode": "first_accepted", "order": ["anyhouse", "webhook", "actuallycare"], "retries": 1});
    let answer = stack.admin().send(Method::PUT, "/v1/admin/groups/buyers", Some(&group)).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    keys
}

/// Waits until the deliveries stand so, in the order of their making.
async fn stand(stack: &Stack, expected: &[(&str, &str)]) {
    wait::until(format!("the deliveries are {expected:?}"), async || {
        let deliveries = stack.d1().deliveries();
        let found: Vec<_> = deliveries.iter().map(|d| (d.destination.as_str(), d.status.as_str())).collect();
        (found == expected).then_some(())
    })
    .await;
}

/// Withdraws the consent and waits until the deliveries stand so, with nothing waiting; then nobody gets the
/// lead any more, by no sweep and by no retry.
async fn withdraw(stack: &Stack, key: &str, id: &str, expected: &[(&str, &str)]) {
    let withdrawn = call(stack, key, Method::POST, &format!("/v1/leads/{id}/withdraw"), None).await;
    assert_eq!(withdrawn.status, 200, "{}", withdrawn.body);
    stand(stack, expected).await;
    let received = |provider: &str| stack.sandbox.received(provider).len();
    let asked = || ["anyhouse", "webhook", "actuallycare"].map(received);
    let before = asked();
    stack.sandbox.mend();
    stack.run_cron().await;
    for ordinal in 1..=expected.len() {
        let path = format!("/v1/deliveries/{id}_{ordinal}/retry");
        assert_eq!(call(stack, key, Method::POST, &path, None).await.status, 409);
    }
    let all = json!({"status": ["refused", "failed", "skipped", "cancelled", "duplicate"]});
    assert_eq!(call(stack, key, Method::POST, "/v1/deliveries/retry", Some(&all)).await.body["retried"], 0);
    stack.run_cron().await;
    stand(stack, expected).await;
    assert_eq!(asked(), before);
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM wakeup"), 0);
}

#[tokio::test]
async fn the_one_whose_turn_it_is_stops_and_the_next_has_none() {
    let stack = Stack::start().await;
    let keys = three_in_turn(&stack).await;
    let later = Some("600".to_owned());
    stack.sandbox.order(Fault { status: Some(503), retry_after: later, ..Fault::of("anyhouse") });
    let id = stack.client().submit(&keys.secret, &lead("marla@example.com")).await.id();
    stand(&stack, &[("anyhouse", "pending")]).await;
    withdraw(&stack, &keys.secret, &id, &[("anyhouse", "cancelled")]).await;
    assert!(stack.sandbox.received("webhook").is_empty());
}

#[tokio::test]
async fn a_refusal_that_comes_after_it_passes_the_lead_to_nobody() {
    let stack = Stack::start().await;
    let keys = three_in_turn(&stack).await;
    stack.sandbox.order(Fault { status: Some(422), delay_ms: Some(3_000), times: Some(1), ..Fault::of("anyhouse") });
    let id = stack.client().submit(&keys.secret, &lead("marla@example.com")).await.id();
    stand(&stack, &[("anyhouse", "delivering")]).await;
    withdraw(&stack, &keys.secret, &id, &[("anyhouse", "refused"), ("webhook", "cancelled")]).await;
    let why: Option<String> = stack.d1().deliveries()[1].reason.clone();
    assert_eq!((why.as_deref(), stack.d1().deliveries()[1].attempts), (Some("The consent was withdrawn."), 0));
    assert!(stack.sandbox.received("webhook").is_empty());
}

#[tokio::test]
async fn a_later_turn_stops_as_the_first_would() {
    let stack = Stack::start().await;
    let keys = three_in_turn(&stack).await;
    stack.sandbox.order(Fault { status: Some(422), times: Some(1), ..Fault::of("anyhouse") });
    stack.sandbox.order(Fault { status: Some(503), retry_after: Some("600".into()), ..Fault::of("webhook") });
    let id = stack.client().submit(&keys.secret, &lead("marla@example.com")).await.id();
    stand(&stack, &[("anyhouse", "refused"), ("webhook", "pending")]).await;
    wait::until("the second was tried", async || (stack.d1().deliveries()[1].attempts == 1).then_some(())).await;
    withdraw(&stack, &keys.secret, &id, &[("anyhouse", "refused"), ("webhook", "cancelled")]).await;
    let told = call(&stack, &keys.secret, Method::GET, &format!("/v1/leads/{id}/deliveries"), None).await.body;
    assert_eq!((&told["meta"]["total"], &told["deliveries"][1]["group"]), (&json!(2), &json!("buyers")));
    assert_eq!(told["deliveries"][1]["next_attempt_at"], Value::Null);
}
