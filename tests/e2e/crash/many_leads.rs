//! Many leads while the Worker is killed, and while the providers fail as well.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::StreamExt;
use futures_util::stream;
use serde_json::Value;
use tests::harness::{Client, Delivery, Stack};
use tests::sandbox::{Fault, Received, Sandbox};
use tests::wait;

use super::{idempotency_keys, lead_for_all};

const LEADS: usize = 300;
const AT_ONCE: usize = 12;

/// Submits all leads and kills the Worker twice meanwhile; the ids answered, in their order.
async fn submit_all_with_two_kills(stack: &mut Stack, key: &str, lead: impl Fn(&str) -> Value) -> Vec<String> {
    let client = stack.client();
    let accepted = AtomicUsize::new(0);
    let senders = stream::iter(0..LEADS).map(|number| {
        let (client, accepted, lead) = (&client, &accepted, lead(&email(number)));
        async move {
            let id = submit_until_accepted(client, key, number, &lead).await;
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
    let (mut ids, ()) = tokio::join!(sending, killing);
    ids.sort();
    ids
}

fn email(number: usize) -> String {
    format!("lead-{number}@example.com")
}

/// Submits as a careful client does: again, with the same `Idempotency-Key`, until there is an answer.
async fn submit_until_accepted(client: &Client, key: &str, number: usize, lead: &Value) -> String {
    let idempotency_key = format!("number-{number}");
    wait::until(format!("lead {number} is accepted"), async || {
        let answer = client.submit_once(key, &idempotency_key, lead).await.ok()?;
        assert!(answer.status == 201 || answer.status >= 500, "{} {}", answer.status, answer.body);
        (answer.status == 201).then(|| answer.id())
    })
    .await
}

/// What a provider received, by the e-mail address of the lead, wherever it stands in the body.
fn by_email(received: Vec<Received>) -> HashMap<String, Vec<Received>> {
    let mut found: HashMap<String, Vec<Received>> = HashMap::new();
    for request in received {
        let body = request.body.to_string();
        let start = body.find("lead-").unwrap_or_else(|| panic!("no e-mail address in {body}"));
        let end = start + body[start..].find('"').unwrap();
        found.entry(body[start..end].to_owned()).or_default().push(request);
    }
    found
}

#[tokio::test]
async fn of_300_leads_each_answered_201_is_stored_once_and_delivered_though_the_worker_is_killed() {
    let mut stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let ids = submit_all_with_two_kills(&mut stack, &keys.secret, crate::lead).await;
    assert_eq!(stack.d1().lead_ids(), ids, "what was answered is what is stored");
    stack.sweep_until_delivered(LEADS).await;
    let received = by_email(stack.sandbox.received("anyhouse"));
    assert_eq!(received.len(), LEADS);
    assert!(received.values().all(|requests| idempotency_keys(requests) == 1));
}

/// Providers of every kind of policy: a repeat does no harm, or it may be a second sale.
const FAILING: [&str; 3] = ["anyhouse", "marketplace", "leadpro"];

/// Lets one provider after the other fail for some requests in another way, for ever.
async fn fail_now_and_then(sandbox: &Sandbox) {
    let ways = [
        Fault { status: Some(503), ..Fault::default() },
        Fault { reset: true, ..Fault::default() },
        Fault { hang: true, ..Fault::default() },
        Fault { status: Some(429), retry_after: Some("1".to_owned()), ..Fault::default() },
        Fault { cut_body: true, ..Fault::default() },
    ];
    for (number, way) in ways.iter().cycle().enumerate() {
        let provider = FAILING[number % FAILING.len()].to_owned();
        let before = sandbox.received(&provider).len();
        sandbox.order(Fault { provider: provider.clone(), times: Some(2), ..way.clone() });
        let called = async || (sandbox.received(&provider).len() >= before + 4).then_some(());
        wait::until(format!("{provider} is called again"), called).await;
    }
}

#[tokio::test]
async fn of_300_leads_none_is_lost_or_sold_twice_though_providers_fail_and_the_worker_is_killed() {
    let mut stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    for provider in FAILING {
        let mut destination = stack.admin().destination(provider);
        destination["timeout_ms"] = 3_000.into();
        stack.admin().put_destination(provider, &destination).await;
    }
    let sandbox = Arc::clone(&stack.sandbox);
    let ids = tokio::select! {
        ids = submit_all_with_two_kills(&mut stack, &keys.secret, lead_for_all) => ids,
        () = fail_now_and_then(&sandbox) => unreachable!("it goes on for ever"),
    };
    sandbox.mend();
    assert_eq!(stack.d1().lead_ids(), ids, "what was answered is what is stored");
    let may_stand = |delivery: &Delivery| match delivery.status.as_str() {
        "delivered" => true,
        "unconfirmed" => delivery.destination == "marketplace",
        _ => false,
    };
    stack
        .sweep_until("all deliveries are delivered or held", |deliveries| {
            (deliveries.len() == LEADS * FAILING.len() && deliveries.iter().all(may_stand)).then_some(())
        })
        .await;
    for provider in FAILING {
        let received = by_email(stack.sandbox.received(provider));
        // What a kill kept from being sent at all is held too: nobody can tell.
        assert!(received.len() == LEADS || provider == "marketplace", "{provider}: {}", received.len());
        for (email, requests) in received {
            assert_eq!(idempotency_keys(&requests), 1, "{provider}: {email}");
            // Whoever was told to come back later has not sold it.
            let taken = requests.iter().filter(|request| request.status != Some(429)).count();
            assert!(provider != "marketplace" || taken <= 1, "{email}: {requests:?}");
        }
    }
    let sold = stack.sandbox.received("marketplace").iter().filter(|one| matches!(one.status, Some(200..=299))).count();
    let query = "SELECT count(*) FROM delivery WHERE destination = 'marketplace' AND status = 'delivered'";
    let delivered = usize::try_from(stack.d1().value::<i64>(query)).unwrap();
    assert!(delivered > LEADS / 2 && delivered <= sold, "{delivered} of {sold}");
}
