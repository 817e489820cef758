//! The Worker is killed without warning; nothing that was answered 201 is lost.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::StreamExt;
use futures_util::stream;
use tests::harness::{Client, Stack};
use tests::sandbox::Fault;
use tests::wait;

use crate::lead;

#[tokio::test]
async fn a_lead_whose_delivery_was_cut_off_by_a_kill_is_delivered_by_the_sweep() {
    let mut stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    stack.sandbox.order(Fault { hang: true, ..Fault::of("anyhouse") });
    let accepted = stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    assert_eq!(accepted.status, 201);
    wait::until("the provider has the request", async || stack.sandbox.received("anyhouse").pop()).await;
    stack.kill_9();
    stack.sandbox.mend();
    stack.restart().await;
    assert_eq!(stack.d1().lead_ids(), [accepted.id()]);
    stack.sweep_until_delivered(1).await;
    let keys: HashSet<_> =
        stack.sandbox.received("anyhouse").iter().map(|one| one.headers["idempotency-key"].clone()).collect();
    assert_eq!(keys.len(), 1);
}

#[tokio::test]
async fn of_300_leads_each_answered_201_is_stored_once_and_delivered_though_the_worker_is_killed() {
    const LEADS: usize = 300;
    const AT_ONCE: usize = 12;
    let mut stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    let accepted = AtomicUsize::new(0);
    let senders = stream::iter(0..LEADS).map(|number| {
        let (client, key, accepted) = (&client, &keys.secret, &accepted);
        async move {
            let id = submit_until_accepted(client, key, number).await;
            accepted.fetch_add(1, Ordering::Relaxed);
            id
        }
    });
    let sending = senders.buffer_unordered(AT_ONCE).collect::<Vec<String>>();
    let killing = async {
        for part in [LEADS / 3, LEADS * 2 / 3] {
            wait::until(format!("{part} leads are accepted"), async || {
                (accepted.load(Ordering::Relaxed) >= part).then_some(())
            })
            .await;
            stack.restart().await;
        }
    };
    let (ids, ()) = tokio::join!(sending, killing);

    let mut ids = ids;
    ids.sort();
    assert_eq!(stack.d1().lead_ids(), ids, "what was answered is what is stored");
    stack.sweep_until_delivered(LEADS).await;
    let mut keys_by_lead: HashMap<String, HashSet<String>> = HashMap::new();
    for request in stack.sandbox.received("anyhouse") {
        let email = request.body["email"].as_str().unwrap().to_owned();
        keys_by_lead.entry(email).or_default().insert(request.headers["idempotency-key"].clone());
    }
    assert_eq!(keys_by_lead.len(), LEADS);
    assert!(keys_by_lead.values().all(|keys| keys.len() == 1));
}

/// Submits as a careful client does: again, with the same `Idempotency-Key`, until there is an answer.
async fn submit_until_accepted(client: &Client, key: &str, number: usize) -> String {
    let (email, idempotency_key) = (format!("lead-{number}@example.com"), format!("number-{number}"));
    wait::until(format!("lead {number} is accepted"), async || {
        let answer = client.submit_once(key, &idempotency_key, &lead(&email)).await.ok()?;
        assert!(answer.status == 201 || answer.status >= 500, "{} {}", answer.status, answer.body);
        (answer.status == 201).then(|| answer.id())
    })
    .await
}
