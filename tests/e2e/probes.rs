//! Paused destinations: who finds out whether they work again, and what a pause tells of others.

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Delivery, Stack};
use tests::sandbox::Fault;
use tests::wait;

use crate::lead;

async fn pauses(stack: &Stack, wanted: i64) {
    wait::until(format!("{wanted} destinations are paused"), async || {
        (stack.d1().value::<i64>("SELECT count(*) FROM destination_pause") == wanted).then_some(())
    })
    .await;
}

/// Waits until the first delivery was tried so often.
async fn tried(stack: &Stack, attempts: i64) -> Delivery {
    wait::until(format!("the first delivery was tried {attempts} times"), async || {
        stack.d1().deliveries().into_iter().next().filter(|delivery| delivery.attempts == attempts)
    })
    .await
}

/// Lets the time of the next probe come.
async fn probe(stack: &Stack) {
    stack.d1().execute("UPDATE destination_pause SET probe_at = 0");
    stack.run_cron().await;
}

#[tokio::test]
async fn one_lead_that_never_gets_through_does_not_hold_up_the_others_and_is_told_of_nowhere_else() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let blocked = json!({"message": "marla@example.com is blocked"});
    stack.sandbox.order(Fault { status: Some(403), body: Some(blocked), ..Fault::of("anyhouse") });
    stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    pauses(&stack, 1).await;
    stack.client().submit(&keys.secret, &lead("tyler@example.com")).await;
    stack.client().submit(&keys.secret, &lead("bob@example.com")).await;
    probe(&stack).await;
    let deliveries = stack.d1().deliveries();
    assert_eq!(deliveries[0].attempts, 2, "the one that has waited longest is asked first");
    assert_eq!(deliveries[0].reason.as_deref(), Some("HTTP 403: marla@example.com is blocked"));
    assert_eq!(deliveries[1].reason.as_deref(), Some("HTTP 403."));
    let shown = stack.admin().send(Method::GET, "/v1/admin/destinations/anyhouse", None).await.body;
    assert_eq!(shown["paused"]["reason"], "HTTP 403.");

    // The others are asked in their turn. Once one gets through, all that were never tried go at once.
    stack.sandbox.mend();
    probe(&stack).await;
    let email = |request: &Value| request["email"].as_str().unwrap_or_default().to_owned();
    let asked: Vec<String> = stack.sandbox.received("anyhouse").iter().map(|request| email(&request.body)).collect();
    assert_eq!(asked[..3], ["marla@example.com", "marla@example.com", "tyler@example.com"]);
    wait::until("the others are delivered", async || {
        let delivered = stack.d1().value::<i64>("SELECT count(*) FROM delivery WHERE status = 'delivered'");
        (delivered == 2).then_some(())
    })
    .await;
    assert_eq!(stack.sandbox.received("anyhouse").len(), 4);
    stack.d1().execute("UPDATE delivery SET due_at = 0 WHERE status = 'pending'");
    stack.sweep_until_delivered(3).await;
}

#[tokio::test]
async fn what_failed_by_an_older_configuration_pauses_nothing_and_is_sent_again() {
    let stack = Stack::start_retrying_after("3600").await;
    let keys = stack.admin().contact_form().await;
    stack.sandbox.order(Fault { status: Some(401), ..Fault::of("anyhouse") });
    // As if somebody had written a destination elsewhere, and this isolate did not know yet.
    stack.d1().execute("UPDATE catalog_revision SET written = written + 1");
    stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    let delivery = tried(&stack, 1).await;
    assert_eq!(delivery.status, "pending");
    assert!(delivery.due_at.is_some(), "{delivery:?}");
    pauses(&stack, 0).await;
    // The sweep knows the latest.
    stack.run_cron().await;
    tried(&stack, 2).await;
    pauses(&stack, 1).await;
}

#[tokio::test]
async fn a_removed_destination_cancels_also_what_would_be_tried_again_much_later() {
    let stack = Stack::start_retrying_after("3600").await;
    let keys = stack.admin().contact_form().await;
    stack.sandbox.order(Fault { status: Some(503), ..Fault::of("anyhouse") });
    stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    tried(&stack, 1).await;
    assert_eq!(stack.admin().send(Method::DELETE, "/v1/admin/destinations/anyhouse", None).await.status, 204);
    wait::until("the delivery is cancelled", async || {
        stack.d1().deliveries().iter().all(|delivery| delivery.status == "cancelled").then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_delivery_whose_sender_died_counts_as_an_attempt_of_which_nobody_knows() {
    let stack = Stack::start_retrying_after("3600,3600").await;
    let keys = stack.admin().contact_form().await;
    stack.sandbox.order(Fault { status: Some(503), ..Fault::of("anyhouse") });
    stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    tried(&stack, 1).await;
    // As a kill leaves it when its lease is over.
    let abandon = || stack.d1().execute("UPDATE delivery SET status = 'delivering', due_at = 1");
    abandon();
    stack.run_cron().await;
    let delivery = tried(&stack, 2).await;
    assert_eq!((delivery.status.as_str(), &delivery.attempt_log[1]["outcome"]), ("pending", &json!("unconfirmed")));

    // A log that is full forgets others before it forgets that.
    let full = json!(["retry_later", "unconfirmed"].map(|outcome| json!({"outcome": outcome})));
    let filled = (0..18).fold(full, |mut log, _| {
        log.as_array_mut().unwrap().push(json!({"outcome": "misconfigured"}));
        log
    });
    stack.d1().execute(&format!("UPDATE delivery SET attempt_log = '{filled}', due_at = 0"));
    stack.run_cron().await;
    let delivery = tried(&stack, 3).await;
    assert_eq!((delivery.attempt_log.len(), &delivery.attempt_log[1]["outcome"]), (20, &json!("unconfirmed")));
    assert_eq!((delivery.status.as_str(), stack.sandbox.received("anyhouse").len()), ("failed", 2));
}

#[tokio::test]
async fn what_may_be_sold_is_held_also_if_its_destination_was_switched_off_meanwhile() {
    let stack = Stack::start_retrying_after("3600").await;
    let keys = stack.admin().contact_form().await;
    stack.admin().send(Method::DELETE, "/v1/admin/destinations/anyhouse", None).await;
    let mut marketplace = stack.admin().destination("marketplace");
    stack.admin().put_destination("marketplace", &marketplace).await;
    stack.sandbox.order(Fault { status: Some(429), ..Fault::of("marketplace") });
    let mut lead = lead("marla@example.com");
    lead["phone"] = "01623 000000".into();
    lead["state"] = "TX".into();
    stack.client().submit(&keys.secret, &lead).await;
    tried(&stack, 1).await;
    stack.sandbox.mend();
    stack.d1().execute("UPDATE delivery SET status = 'delivering', due_at = 1");
    marketplace["enabled"] = false.into();
    stack.admin().put_destination("marketplace", &marketplace).await;
    stack.run_cron().await;
    assert_eq!(stack.d1().deliveries()[0].status, "unconfirmed");
    marketplace["enabled"] = true.into();
    stack.admin().put_destination("marketplace", &marketplace).await;
    stack.run_cron().await;
    assert_eq!(stack.sandbox.received("marketplace").len(), 1);
}
