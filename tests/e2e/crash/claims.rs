//! Whoever finds a delivery due, only one of them sends it.

use futures_util::future::join_all;
use tests::harness::Stack;
use tests::sandbox::Fault;
use tests::wait;

use crate::lead;

#[tokio::test]
async fn many_sweeps_and_a_queue_consumer_at_once_send_each_delivery_once() {
    const LEADS: usize = 10;
    const SWEEPS: usize = 6;
    let stack = Stack::start_retrying_after("600").await;
    let keys = stack.admin().contact_form().await;
    stack.sandbox.order(Fault { status: Some(503), ..Fault::of("anyhouse") });
    for number in 0..LEADS {
        stack.client().submit(&keys.secret, &lead(&format!("lead-{number}@example.com"))).await;
    }
    wait::until("all first attempts failed", async || {
        stack.d1().deliveries().iter().all(|delivery| delivery.status == "pending").then_some(())
    })
    .await;
    // Slow, so that whoever comes later finds every delivery still being sent.
    stack.sandbox.order(Fault { delay_ms: Some(1_000), ..Fault::of("anyhouse") });
    stack.d1().execute("UPDATE delivery SET due_at = 0");
    let sweeps = join_all((0..SWEEPS).map(|_| stack.run_cron()));
    // Written again, the destination is called at once by the queue's consumer.
    let (admin, destination) = (stack.admin(), stack.admin().anyhouse());
    tokio::join!(sweeps, admin.put_destination("anyhouse", &destination));
    let deliveries = stack.delivered(LEADS).await;
    assert!(deliveries.iter().all(|delivery| delivery.attempts == 2));
    assert_eq!(stack.sandbox.received("anyhouse").len(), 2 * LEADS);
}
