//! From an accepted lead to a provider that is not always well.

use std::time::Duration;

use reqwest::Method;
use tests::harness::Stack;
use tests::sandbox::{Fault, Received};
use tests::wait;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::lead;

fn assert_one_idempotency_key(received: &[Received]) {
    let first = &received[0].headers["idempotency-key"];
    assert!(received.iter().all(|request| &request.headers["idempotency-key"] == first));
}

async fn status(stack: &Stack, wanted: &str) {
    wait::until(format!("the delivery is {wanted}"), async || {
        stack.d1().deliveries().iter().all(|delivery| delivery.status == wanted).then_some(())
    })
    .await;
}

async fn paused(stack: &Stack) {
    wait::until("the destination is paused", async || {
        (stack.d1().value::<i64>("SELECT count(*) FROM destination_pause") == 1).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_was_down_gets_the_lead_once_it_is_up() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    stack.sandbox.order(Fault { status: Some(503), times: Some(2), ..Fault::of("anyhouse") });
    assert_eq!(stack.client().submit(&keys.secret, &lead("marla@example.com")).await.status, 201);
    let deliveries = stack.delivered(1).await;
    assert_eq!(deliveries[0].attempts, 3);
    let received = stack.sandbox.received("anyhouse");
    assert_eq!(received.iter().map(|one| one.status).collect::<Vec<_>>(), [Some(503), Some(503), Some(201)]);
    assert_one_idempotency_key(&received);
}

#[tokio::test]
async fn broken_connections_and_answers_are_tried_again_with_the_same_key() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    for (index, fault) in [
        Fault { reset: true, times: Some(1), ..Fault::of("anyhouse") },
        Fault { cut_body: true, times: Some(1), ..Fault::of("anyhouse") },
    ]
    .into_iter()
    .enumerate()
    {
        stack.sandbox.order(fault);
        let email = format!("marla{index}@example.com");
        assert_eq!(stack.client().submit(&keys.secret, &lead(&email)).await.status, 201);
        stack.delivered(index + 1).await;
        let received = stack.sandbox.received("anyhouse");
        assert_eq!(received.len(), 2 * (index + 1));
        assert_one_idempotency_key(&received[2 * index..]);
    }
}

#[tokio::test]
async fn retries_after_429_no_earlier_than_retry_after() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let retry_after = Some("3".to_owned());
    stack.sandbox.order(Fault { status: Some(429), retry_after, times: Some(1), ..Fault::of("anyhouse") });
    stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    stack.delivered(1).await;
    let times: Vec<_> = stack.sandbox.received("anyhouse").iter().map(|one| parsed(&one.at)).collect();
    assert!(times[1] - times[0] >= Duration::from_secs(3), "{times:?}");
}

#[tokio::test]
async fn a_refused_lead_is_not_sent_again() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    stack.sandbox.order(Fault { status: Some(422), ..Fault::of("anyhouse") });
    stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    status(&stack, "refused").await;
    stack.run_cron().await;
    assert_eq!(stack.sandbox.received("anyhouse").len(), 1);
}

#[tokio::test]
async fn a_refused_credential_pauses_the_destination_until_it_is_mended() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    stack.sandbox.order(Fault { status: Some(401), ..Fault::of("anyhouse") });
    stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    paused(&stack).await;
    assert_eq!(stack.client().submit(&keys.secret, &lead("tyler@example.com")).await.status, 201);
    stack.run_cron().await;
    assert_eq!(stack.sandbox.received("anyhouse").len(), 1);

    // Whoever writes the destination again has mended it: what waited goes out at once, without the cron.
    stack.sandbox.mend();
    stack.admin().put_destination("anyhouse", &stack.admin().anyhouse()).await;
    stack.delivered(2).await;
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM destination_pause"), 0);
}

#[tokio::test]
async fn a_paused_destination_that_works_again_by_itself_gets_everything_that_waited() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    stack.sandbox.order(Fault { status: Some(401), ..Fault::of("anyhouse") });
    stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    paused(&stack).await;
    assert_eq!(stack.client().submit(&keys.secret, &lead("tyler@example.com")).await.status, 201);

    stack.sandbox.mend();
    // One of the deliveries finds out after five minutes whether it is mended; this brings the time forward.
    stack.d1().execute("UPDATE destination_pause SET probe_at = 0");
    stack.sweep_until_delivered(2).await;
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM destination_pause"), 0);
}

#[tokio::test]
async fn a_destination_that_hangs_does_not_hold_the_others() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    stack.admin().put_destination("second", &stack.admin().anyhouse()).await;
    stack.sandbox.order(Fault { hang: true, times: Some(1), ..Fault::of("anyhouse") });
    stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    wait::until("one of two requests is answered", async || {
        let received = stack.sandbox.received("anyhouse");
        let answered = received.iter().filter(|request| request.status == Some(201)).count();
        (received.len() == 2 && answered == 1).then_some(())
    })
    .await;
    // What is known of the one is recorded while the other still hangs.
    wait::until("one delivery is recorded", async || {
        let count =
            |status| stack.d1().value::<i64>(&format!("SELECT count(*) FROM delivery WHERE status = '{status}'"));
        (count("delivered") == 1 && count("delivering") == 1).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_copy_of_the_configuration_that_is_gone_cancels_nothing() {
    let mut stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    stack.sandbox.order(Fault { status: Some(503), times: Some(1), ..Fault::of("anyhouse") });
    stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    wait::until("the first attempt failed", async || {
        stack.d1().deliveries().iter().any(|delivery| delivery.attempts == 1).then_some(())
    })
    .await;
    // A fresh isolate finds no copy in KV and must ask D1 where the lead goes.
    stack.kill_9();
    std::fs::remove_dir_all(stack.path("state/v3/kv")).unwrap();
    stack.restart().await;
    stack.sweep_until_delivered(1).await;
}

#[tokio::test]
async fn a_deleted_destination_cancels_what_waited_for_it() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    stack.sandbox.order(Fault { status: Some(401), ..Fault::of("anyhouse") });
    stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    paused(&stack).await;
    stack.client().submit(&keys.secret, &lead("tyler@example.com")).await;
    let answer = stack.admin().send(Method::DELETE, "/v1/admin/destinations/anyhouse", None).await;
    assert_eq!(answer.status, 204);
    status(&stack, "cancelled").await;
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM destination_pause"), 0);
}

#[tokio::test]
async fn a_secret_that_is_not_set_pauses_the_destination_and_says_which() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let mut destination = stack.admin().anyhouse();
    destination["credential"] = "NOT_SET".into();
    stack.admin().put_destination("anyhouse", &destination).await;
    stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    let shown = wait::until("the destination is shown as paused", async || {
        let shown = stack.admin().send(Method::GET, "/v1/admin/destinations/anyhouse", None).await.body;
        (!shown["paused"].is_null()).then_some(shown)
    })
    .await;
    assert_eq!(shown["paused"]["reason"], "The secret NOT_SET is not set.");
    stack.admin().put_destination("anyhouse", &stack.admin().anyhouse()).await;
    stack.delivered(1).await;
}

fn parsed(at: &str) -> OffsetDateTime {
    OffsetDateTime::parse(at, &Rfc3339).unwrap()
}
