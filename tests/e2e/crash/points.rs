//! A kill at each point of a lead's way: before it is stored, before, during and after the calls to the
//! providers, before and after what they answered is recorded, and between two steps of one delivery.

use std::io::Write;
use std::net::TcpStream;

use reqwest::Method;
use serde_json::json;
use tests::harness::{Delivery, PROVIDERS, Stack};
use tests::sandbox::Fault;
use tests::wait;

use super::{idempotency_keys, lead_for_all};
use crate::lead;

/// Stands for the provider that takes its time while the others have answered.
const SLOW: &str = "webhook";

fn stands(deliveries: &[Delivery], destination: &str) -> String {
    let found = deliveries.iter().find(|delivery| delivery.destination == destination);
    found.map(|delivery| delivery.status.clone()).unwrap_or_default()
}

/// Every delivery is delivered, but for the marketplace's, which stands as `marketplace`.
async fn swept(stack: &Stack, marketplace: &str) {
    let wanted = |provider| if provider == "marketplace" { marketplace } else { "delivered" };
    stack
        .sweep_until("all deliveries stand as they must", |deliveries| {
            let done = PROVIDERS.into_iter().all(|provider| stands(&deliveries, provider) == wanted(provider));
            done.then_some(())
        })
        .await;
}

/// Kills the Worker when every provider has the request, all but the `hanging` have answered, and nothing
/// of it is recorded. Then all but the marketplace get it again, with the same key.
async fn kill_before_anything_is_recorded(hanging: &[&str]) {
    let mut stack = Stack::start().await;
    let keys = stack.admin().contact_form_at_all_providers().await;
    for provider in hanging {
        stack.sandbox.order(Fault { hang: true, ..Fault::of(provider) });
    }
    stack.client().submit(&keys.secret, &lead_for_all("marla@example.com")).await;
    wait::until("every provider has the request or has answered it", async || {
        let done = PROVIDERS.into_iter().all(|provider| {
            let received = stack.sandbox.received(provider);
            received.len() == 1 && (hanging.contains(&provider) || received[0].status.is_some())
        });
        done.then_some(())
    })
    .await;
    stack.kill_9();
    let deliveries = stack.d1().deliveries();
    assert!(deliveries.iter().all(|delivery| delivery.status == "delivering"), "too late: {deliveries:?}");
    stack.sandbox.mend();
    stack.restart().await;
    swept(&stack, "unconfirmed").await;
    for provider in PROVIDERS {
        let received = stack.sandbox.received(provider);
        assert_eq!(received.len(), if provider == "marketplace" { 1 } else { 2 }, "{provider}");
        assert_eq!(idempotency_keys(&received), 1, "{provider}");
    }
}

#[tokio::test]
async fn a_lead_that_was_not_stored_was_not_answered_and_is_stored_when_it_comes_again() {
    let mut stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let lead = lead("marla@example.com");
    let body = lead.to_string();
    let (first_half, _) = body.split_at(body.len() / 2);
    let mut line = TcpStream::connect(stack.origin().replace("http://", "")).unwrap();
    let head = format!(
        "POST /v1/leads HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {}\r\nIdempotency-Key: one\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        keys.secret,
        body.len()
    );
    line.write_all((head + first_half).as_bytes()).unwrap();
    // The Worker answers another request, so it has met this one too.
    assert_eq!(stack.admin().send(Method::GET, "/v1/admin/forms", None).await.status, 200);
    stack.restart().await;
    assert_eq!(stack.d1().lead_count(), 0);
    let again = stack.client().submit_once(&keys.secret, "one", &lead).await.unwrap();
    assert_eq!((again.status, again.header("idempotent-replayed")), (201, ""));
    stack.delivered(1).await;
}

#[tokio::test]
async fn a_lead_is_delivered_though_the_worker_died_as_soon_as_it_had_answered() {
    let mut stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let accepted = stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    stack.kill_9();
    assert_eq!(accepted.status, 201);
    stack.restart().await;
    assert_eq!(stack.d1().lead_ids(), [accepted.id()]);
    stack.sweep_until_delivered(1).await;
    assert_eq!(idempotency_keys(&stack.sandbox.received("anyhouse")), 1);
}

#[tokio::test]
async fn what_was_being_sent_is_repeated_only_where_a_repeat_does_no_harm() {
    kill_before_anything_is_recorded(&PROVIDERS).await;
}

#[tokio::test]
async fn what_was_answered_but_not_recorded_is_repeated_only_where_a_repeat_does_no_harm() {
    kill_before_anything_is_recorded(&[SLOW]).await;
}

#[tokio::test]
async fn what_was_recorded_is_not_repeated() {
    let mut stack = Stack::start().await;
    let keys = stack.admin().contact_form_at_all_providers().await;
    stack.sandbox.order(Fault { hang: true, ..Fault::of(SLOW) });
    stack.client().submit(&keys.secret, &lead_for_all("marla@example.com")).await;
    wait::until("all but one are recorded", async || {
        let deliveries = stack.d1().deliveries();
        let recorded = |provider| provider == SLOW || stands(&deliveries, provider) == "delivered";
        PROVIDERS.into_iter().all(recorded).then_some(())
    })
    .await;
    stack.kill_9();
    stack.sandbox.mend();
    stack.restart().await;
    swept(&stack, "delivered").await;
    for provider in PROVIDERS {
        let received = stack.sandbox.received(provider);
        assert_eq!(received.len(), if provider == SLOW { 2 } else { 1 }, "{provider}");
        assert_eq!(idempotency_keys(&received), 1, "{provider}");
    }
}

#[tokio::test]
async fn the_second_step_of_a_delivery_is_repeated_without_the_first() {
    let mut stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    stack.admin().put_destination("actuallycare", &stack.admin().destination("actuallycare")).await;
    stack.sandbox.order(Fault { method: Some("PUT".to_owned()), hang: true, ..Fault::of("actuallycare") });
    let mut lead = lead_for_all("marla@example.com");
    lead["interest_level"] = json!("hot");
    stack.client().submit(&keys.secret, &lead).await;
    let count = |stack: &Stack, method| {
        stack.sandbox.received("actuallycare").iter().filter(|request| request.method == method).count()
    };
    wait::until("the second step has begun", async || (count(&stack, "PUT") == 1).then_some(())).await;
    stack.kill_9();
    stack.sandbox.mend();
    stack.restart().await;
    stack.sweep_until_delivered(2).await;
    assert_eq!((count(&stack, "POST"), count(&stack, "PUT")), (1, 2));
    assert_eq!(idempotency_keys(&stack.sandbox.received("actuallycare")), 1);
}
