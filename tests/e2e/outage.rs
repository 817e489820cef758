//! A destination that is down for everybody: the breaker, its probes, and what the operator is told.

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Keys, Stack};
use tests::sandbox::Fault;
use tests::wait;

use crate::lead;

async fn count(stack: &Stack, query: &str) -> i64 {
    stack.d1().value(query)
}

async fn until_count(stack: &Stack, query: &str, wanted: i64) {
    wait::until(format!("{query} is {wanted}"), async || (count(stack, query).await == wanted).then_some(())).await;
}

/// Submits `count` leads and waits until each was tried.
async fn fail(stack: &Stack, keys: &Keys, count: usize) {
    for number in 0..count {
        let answer = stack.client().submit(&keys.secret, &lead(&format!("lead-{number}@example.com"))).await;
        assert_eq!(answer.status, 201);
    }
    let tried = "SELECT count(*) FROM delivery WHERE attempts > 0";
    until_count(stack, tried, i64::try_from(count).unwrap()).await;
}

#[tokio::test]
async fn a_destination_that_fails_many_leads_in_a_row_is_left_alone_until_a_probe_gets_through() {
    let stack = Stack::start_retrying_after("3600").await;
    let keys = stack.admin().contact_form().await;
    stack.sandbox.order(Fault { status: Some(503), ..Fault::of("anyhouse") });
    fail(&stack, &keys, 20).await;
    until_count(&stack, "SELECT count(*) FROM destination_pause WHERE kind = 'failing'", 1).await;
    let asked = stack.sandbox.received("anyhouse").len();

    // What comes now waits, and is not sent.
    assert_eq!(stack.client().submit(&keys.secret, &lead("waits@example.com")).await.status, 201);
    stack.run_cron().await;
    assert_eq!(stack.sandbox.received("anyhouse").len(), asked);
    until_count(&stack, "SELECT count(*) FROM delivery WHERE status = 'pending' AND due_at IS NULL", 1).await;
    let shown = stack.admin().send(Method::GET, "/v1/admin/destinations/anyhouse", None).await.body;
    assert_eq!(shown["paused"]["kind"], "failing");
    assert_eq!(shown["paused"]["reason"], "The destination failed 20 leads in a row.");

    // A probe that fails leaves it alone; this brings its time forward.
    stack.d1().execute("UPDATE destination_pause SET probe_at = 0");
    stack.run_cron().await;
    assert_eq!(stack.sandbox.received("anyhouse").len(), asked + 1);
    until_count(&stack, "SELECT count(*) FROM delivery WHERE status = 'pending' AND due_at IS NULL", 1).await;

    // One that gets through lets the rest go; what has a time of its own keeps it.
    stack.sandbox.mend();
    stack.d1().execute("UPDATE destination_pause SET probe_at = 0");
    stack.run_cron().await;
    until_count(&stack, "SELECT count(*) FROM delivery WHERE status = 'delivered'", 1).await;
    assert_eq!(count(&stack, "SELECT count(*) FROM destination_pause").await, 0);
    assert_eq!(count(&stack, "SELECT count(*) FROM destination_failure").await, 0);
    assert_eq!(
        count(&stack, "SELECT count(*) FROM delivery WHERE status = 'pending' AND due_at IS NOT NULL").await,
        20
    );
}

async fn alert_channel(stack: &Stack) {
    channel(stack, "ops", "webhook").await;
}

async fn channel(stack: &Stack, id: &str, provider: &str) {
    let channel = json!({"url": stack.sandbox.endpoint(provider), "credential": "WEBHOOK_SECRET"});
    let answer = stack.admin().send(Method::PUT, &format!("/v1/admin/alerts/{id}"), Some(&channel)).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
}

fn alerts(stack: &Stack) -> Vec<Value> {
    stack.sandbox.received("webhook").into_iter().map(|request| request.body).collect()
}

#[tokio::test]
async fn the_operator_is_told_once_that_a_destination_is_paused_however_many_leads_wait() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    alert_channel(&stack).await;
    stack.sandbox.order(Fault { status: Some(401), ..Fault::of("anyhouse") });
    for number in 0..5 {
        stack.client().submit(&keys.secret, &lead(&format!("lead-{number}@example.com"))).await;
    }
    until_count(&stack, "SELECT count(*) FROM destination_pause", 1).await;
    stack.run_cron().await;
    stack.run_cron().await;
    let told = alerts(&stack);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["type"], "alert.paused");
    assert_eq!(told[0]["data"]["destination"], "anyhouse");
    assert_eq!(told[0]["data"]["cause"], "misconfigured");
    assert!(!told[0].to_string().contains("example.com"), "an alert names no person: {}", told[0]);
}

#[tokio::test]
async fn the_operator_is_told_of_the_first_failure_and_of_a_lead_that_was_given_up() {
    let stack = Stack::start_retrying_after("1").await;
    let keys = stack.admin().contact_form().await;
    alert_channel(&stack).await;
    stack.sandbox.order(Fault { status: Some(503), ..Fault::of("anyhouse") });
    // The channel itself is down at first: nothing that is to be told is lost.
    stack.sandbox.order(Fault { status: Some(500), times: Some(1), ..Fault::of("webhook") });
    stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    until_count(&stack, "SELECT count(*) FROM delivery WHERE status = 'failed'", 1).await;
    stack.run_cron().await;
    until_count(&stack, "SELECT count(*) FROM alert WHERE tries = 1", 1).await;
    stack.d1().execute("UPDATE alert SET due_at = 1 WHERE due_at IS NOT NULL");
    stack.run_cron().await;
    let mut kinds: Vec<String> =
        alerts(&stack).iter().map(|alert| format!("{} {}", alert["type"], alert["data"]["cause"])).collect();
    kinds.sort();
    kinds.dedup();
    assert_eq!(kinds, [r#""alert.first_failure" "retry""#, r#""alert.gave_up" "failed""#]);
    until_count(&stack, "SELECT count(*) FROM alert WHERE due_at IS NOT NULL", 0).await;
}

#[tokio::test]
async fn an_alert_is_told_once_to_each_channel_and_what_happens_meanwhile_is_told_later() {
    let stack = Stack::start_retrying_after("3600").await;
    let keys = stack.admin().contact_form().await;
    alert_channel(&stack).await;
    // Nobody takes alerts there.
    channel(&stack, "broken", "leadpro").await;
    stack.sandbox.order(Fault { status: Some(503), ..Fault::of("anyhouse") });
    fail(&stack, &keys, 1).await;
    stack.run_cron().await;
    until_count(&stack, "SELECT count(*) FROM alert WHERE tries = 1", 1).await;
    stack.d1().execute("UPDATE alert SET due_at = 1");
    stack.run_cron().await;
    until_count(&stack, "SELECT count(*) FROM alert WHERE tries = 2", 1).await;
    assert_eq!(alerts(&stack).len(), 1);

    assert_eq!(stack.admin().send(Method::DELETE, "/v1/admin/alerts/broken", None).await.status, 204);
    stack.d1().execute("UPDATE alert SET due_at = 1, told_to = '[]'");
    stack.sandbox.order(Fault { delay_ms: Some(1_000), ..Fault::of("webhook") });
    let happens_again = async {
        wait::until("the alert is being told", async || (alerts(&stack).len() == 2).then_some(())).await;
        stack.d1().execute("UPDATE alert SET times = times + 1");
    };
    tokio::join!(stack.run_cron(), happens_again);
    until_count(&stack, "SELECT count(*) FROM alert WHERE times = 1 AND due_at > unixepoch() * 1000", 1).await;
}

#[tokio::test]
async fn a_failing_destination_that_turns_out_to_be_misconfigured_is_told() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    stack.d1().execute(
        "INSERT INTO destination_pause (destination, reason, since, kind, probe_at) VALUES ('anyhouse', 'Down.', 0, 'failing', 0)",
    );
    stack.sandbox.order(Fault { status: Some(401), ..Fault::of("anyhouse") });
    stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    stack.run_cron().await;
    until_count(&stack, "SELECT count(*) FROM alert WHERE kind = 'paused' AND cause = 'misconfigured'", 1).await;
}
