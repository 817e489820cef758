//! Every provider in every way to answer and to fail: what the answer means, what the delivery becomes,
//! and when it is tried again. The cases are generated from [`rules`], which hold the contract and the
//! providers' pages.

mod cases;
mod rules;

use serde_json::{Value, json};
use tests::harness::{Delivery, PROVIDERS, Stack};
use tests::wait;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::net::TcpSocket;

use cases::{Case, Exchange, Setting};
use rules::{Meaning, Wait};

/// The first wait of the schedule, in seconds: long enough that no case sees a retry.
const FIRST_WAIT: i64 = 600;

/// What a provider that hangs is given, in milliseconds: what the others need when the machine is busy.
const SHORT_TIMEOUT: u32 = 2_000;

/// How far two clocks of one machine, or a date without milliseconds, may lie apart.
const TOLERANCE_MS: i64 = 1_500;

#[tokio::test]
async fn every_answer_and_every_failure_of_every_provider_means_what_the_contract_says() {
    let stack = Stack::start_retrying_after(&FIRST_WAIT.to_string()).await;
    let keys = stack.admin().contact_form_at_all_providers().await;
    // Bound, and nobody listens: a connection is refused, and the port stays ours.
    let closed = TcpSocket::new_v4().unwrap();
    closed.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let closed_origin = format!("http://{}", closed.local_addr().unwrap());
    let mut setting = Setting::Usual;
    let mut wrong = Vec::new();
    for case in cases::all() {
        if case.setting != setting {
            setting = case.setting;
            configure(&stack, setting, &closed_origin).await;
        }
        forget_deliveries(&stack);
        stack.sandbox.mend();
        case.exchanges.iter().flat_map(|exchange| exchange.fault.clone()).for_each(|fault| stack.sandbox.order(fault));
        let before = PROVIDERS.map(|provider| stack.sandbox.received(provider).len());
        assert_eq!(stack.client().submit(&keys.secret, &lead()).await.status, 201);
        let deliveries = attempted(&stack, &case).await;
        for (exchange, before) in case.exchanges.iter().zip(before) {
            let delivery = deliveries.iter().find(|delivery| delivery.destination == exchange.provider).unwrap();
            let mut differences = differences(&stack, exchange, delivery);
            let sent = stack.sandbox.received(exchange.provider).len() - before;
            if sent != usize::from(setting != Setting::ClosedPort) {
                differences.push(format!("{sent} requests"));
            }
            if !differences.is_empty() {
                let differences = differences.join("; ");
                wrong.push(format!("{}, {}: {differences}\n    {delivery:?}", case.name, exchange.provider));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n  {}\n", wrong.len(), wrong.join("\n  "));
}

/// A lead that suits all six providers.
fn lead() -> Value {
    json!({
        "form": "contact",
        "first_name": "Marla",
        "last_name": "Singer",
        "name": "Marla Singer",
        "email": "marla@example.com",
        "phone": "01623 000000",
        "intent": "sell",
        "address": "1 Example Street",
        "postcode": "DE1 1JX",
        "state": "TX",
        "category": "Real Estate",
        "message": "I would like a valuation please",
        "consent": {"given": true, "text": "You may contact me about my enquiry.", "version": "2026-11"},
    })
}

async fn configure(stack: &Stack, setting: Setting, closed_origin: &str) {
    for provider in PROVIDERS {
        let mut destination = stack.admin().destination(provider);
        match setting {
            Setting::Usual => {}
            Setting::ShortTimeout => destination["timeout_ms"] = SHORT_TIMEOUT.into(),
            Setting::ClosedPort => {
                let url = destination["url"].as_str().unwrap().replace(&stack.sandbox.origin(), closed_origin);
                destination["url"] = url.into();
            }
        }
        stack.admin().put_destination(provider, &destination).await;
    }
}

/// Lets each case begin with nothing pending, nothing paused and no failure counted.
fn forget_deliveries(stack: &Stack) {
    let d1 = stack.d1();
    for table in ["delivery", "wakeup", "destination_pause", "destination_failure"] {
        d1.execute(&format!("DELETE FROM {table}"));
    }
}

async fn attempted(stack: &Stack, case: &Case) -> Vec<Delivery> {
    wait::until(format!("six deliveries are attempted: {}", case.name), async || {
        let deliveries = stack.d1().deliveries();
        let done = deliveries.len() == PROVIDERS.len() && deliveries.iter().all(|one| one.status != "delivering");
        done.then_some(deliveries)
    })
    .await
}

/// What of a delivery is not as the rules say.
fn differences(stack: &Stack, exchange: &Exchange, delivery: &Delivery) -> Vec<String> {
    let mut found = Vec::new();
    let [attempt] = &delivery.attempt_log[..] else {
        return vec![format!("{} attempts", delivery.attempt_log.len())];
    };
    let expected = exchange.meaning.outcome();
    if attempt["outcome"] != expected {
        found.push(format!("{} instead of {expected}", attempt["outcome"]));
    }
    let status = exchange.meaning.delivery_status(exchange.provider);
    if delivery.status != status {
        found.push(format!("{} instead of {status}", delivery.status));
    }
    if attempt["status_code"].as_u64() != exchange.status_code().map(u64::from) && exchange.fault.is_some() {
        found.push(format!("status code {}", attempt["status_code"]));
    }
    if let Meaning::Delivered { reference: Some(reference) } = exchange.meaning
        && delivery.reference.as_deref() != Some(reference)
    {
        found.push(format!("reference {:?} instead of {reference}", delivery.reference));
    }
    let ended = milliseconds(attempt["at"].as_str().unwrap()) + attempt["duration_ms"].as_i64().unwrap();
    match (expected_time(exchange, ended), delivery.due_at) {
        (None, None) => {}
        (Some((from, to)), Some(due)) if (from - TOLERANCE_MS..=to + TOLERANCE_MS).contains(&due) => {}
        (expected, due) => {
            let after = |time: i64| (time - ended) / 1_000;
            let expected = expected.map(|(from, to)| (after(from), after(to)));
            found.push(format!("due after {:?} s instead of {expected:?}", due.map(after)));
        }
    }
    let query = format!("SELECT count(*) FROM destination_pause WHERE destination = '{}'", exchange.provider);
    let is_paused = stack.d1().value::<i64>(&query) == 1;
    if is_paused != (exchange.meaning == Meaning::Misconfigured) {
        found.push(if is_paused { "paused" } else { "not paused" }.to_owned());
    }
    found
}

/// The first and the last moment at which it may be due, in milliseconds.
fn expected_time(exchange: &Exchange, ended: i64) -> Option<(i64, i64)> {
    let after = |seconds: i64| ended + seconds * 1_000;
    let by_schedule = (ended + FIRST_WAIT * 800, ended + FIRST_WAIT * 1_200);
    match exchange.meaning.wait(exchange.provider)? {
        Wait::Schedule => Some(by_schedule),
        Wait::Seconds(seconds) => Some((after(seconds), after(seconds))),
        Wait::Until(second) => Some((second * 1_000, second * 1_000)),
    }
}

fn milliseconds(at: &str) -> i64 {
    let at = OffsetDateTime::parse(at, &Rfc3339).unwrap();
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap()
}
