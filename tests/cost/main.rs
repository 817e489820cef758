//! What accepting a lead costs, counted in the real runtime: everything the platform bills, and the calls
//! between wasm and JavaScript, which are the exact part of the CPU time. To raise a budget takes a
//! decision record.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "tests"
)]

use std::fs;

use reqwest::Method;
use serde_json::{Map, Value, json};
use tests::harness::{Stack, WorkerFolder, store_leads};

/// One batch that accepts, one that records what came of the deliveries.
const D1_CALLS: u64 = 2;
/// The free plan of D1 writes 100,000 rows a day.
const D1_ROWS_WRITTEN: u64 = 13;
/// While the isolate knows neither the key nor the catalog.
const COLD_KV_READS: u64 = 1;
/// Lead and three deliveries.
const CALLS: u64 = 400;

const DESTINATIONS: [&str; 3] = ["first", "second", "third"];

/// A copy of the built Worker whose entry counts.
fn counted_worker() -> WorkerFolder {
    let folder = WorkerFolder::copy();
    let write = |path: &str, text: &str| fs::write(folder.path(path), text).unwrap();
    write("edge/build/counted.js", include_str!("counted.js"));
    write("edge/build/count_imports.js", include_str!("count_imports.js"));
    let mut config: toml::Table = fs::read_to_string(folder.path("wrangler.toml")).unwrap().parse().unwrap();
    config.insert("main".to_owned(), "edge/build/counted.js".into());
    write("wrangler.toml", &config.to_string());
    folder
}

async fn counts(stack: &Stack, method: Method) -> Map<String, Value> {
    let client = stack.client();
    let answer = client.send(client.request(method, "/__cost")).await.unwrap();
    answer.body.as_object().unwrap_or_else(|| panic!("no counts in {}", answer.body)).clone()
}

/// Submits one lead, waits until all its deliveries are recorded, and tells what that cost.
async fn cost_of_a_lead(stack: &Stack, key: &str, number: usize) -> Map<String, Value> {
    counts(stack, Method::DELETE).await;
    let lead = json!({
        "form": "contact", "name": "Marla Singer", "email": format!("marla{number}@example.com"),
        "phone": "01623 000000", "message": "I would like a valuation please",
        "consent": {"given": true, "text": "You may contact me about my enquiry.", "version": "2026-11"},
        "attribution": {"utm_source": "newsletter", "landing_page": "https://example.com/"},
    });
    let answer = stack.client().submit_once(key, &format!("lead-{number}"), &lead).await.unwrap();
    assert_eq!(answer.status, 201, "{}", answer.body);
    stack.delivered(DESTINATIONS.len() * number).await;
    counts(stack, Method::GET).await
}

#[tokio::test]
async fn a_lead_with_three_destinations_stays_within_its_budget() {
    let mut stack = Stack::start_in(counted_worker()).await;
    let admin = stack.admin();
    admin.put_form("contact", &admin.form()).await;
    for id in DESTINATIONS {
        admin.put_destination(id, &admin.anyhouse()).await;
    }
    let key = admin.publishable_key("contact").await;
    // A new isolate, which knows neither key nor catalog.
    stack.restart().await;
    let cold = cost_of_a_lead(&stack, &key, 1).await;
    let warm = cost_of_a_lead(&stack, &key, 2).await;
    println!("first lead of an isolate: {}", Value::from(cold.clone()));
    println!("a later lead: {}", Value::from(warm.clone()));

    let count = |counts: &Map<String, Value>, name: &str| counts[name].as_u64().unwrap();
    for (counts, kv_reads) in [(&cold, COLD_KV_READS), (&warm, 0)] {
        let within = |name: &str, budget: u64| {
            let spent = count(counts, name);
            assert!(spent <= budget, "{name}: {spent}, and the budget is {budget}\n{}", Value::from(counts.clone()));
        };
        within("kv_reads", kv_reads);
        within("kv_writes", 0);
        within("queue_sends", 0);
        within("d1_calls", D1_CALLS);
        within("d1_rows_written", D1_ROWS_WRITTEN);
        within("calls", CALLS);
        assert!(count(counts, "calls") > 0, "the calls are counted");
        assert!(count(counts, "d1_rows_written") > 0, "the rows are counted");
    }
}

#[tokio::test]
async fn a_key_that_is_malformed_costs_no_look_into_a_store() {
    let stack = Stack::start_in(counted_worker()).await;
    let key = stack.admin().contact_form().await.secret;
    let client = stack.client();
    let mistyped = format!("{}{}", &key[..key.len() - 1], if key.ends_with('0') { '1' } else { '0' });
    for key in [mistyped.as_str(), "lg_sk_short", "", "Basic abc", "lg_pk_00000000000000000000000000000000000000"] {
        counts(&stack, Method::DELETE).await;
        for request in [
            client.request(Method::POST, "/v1/leads").bearer_auth(key).json(&json!({"email": "a@example.com"})),
            client.request(Method::GET, "/v1/leads/x").header("X-Api-Key", key),
            client.request(Method::GET, &format!("/v1/form?key={}", key.replace(' ', "+"))),
        ] {
            assert_eq!(client.send(request).await.unwrap().status, 401, "{key}");
        }
        let counts = counts(&stack, Method::GET).await;
        for spent in ["kv_reads", "kv_writes", "d1_calls", "queue_sends"] {
            assert_eq!(counts[spent], 0, "{spent} for {key}");
        }
    }
}

#[tokio::test]
async fn what_few_leads_meet_takes_no_call_for_each_part_of_all_the_others() {
    /// Rows that a question by address may read where thousands have another one.
    const ROWS_READ: u64 = 100;
    let stack = Stack::start_in(counted_worker()).await;
    let key = stack.admin().contact_form().await.secret;
    store_leads(&stack, "contact", 3_000);
    stack.d1().execute("UPDATE lead SET status = 'new'");
    let client = stack.client();
    let spent = async |request: reqwest::RequestBuilder| {
        counts(&stack, Method::DELETE).await;
        assert_eq!(client.send(request.bearer_auth(&key)).await.unwrap().status, 200);
        let counts = counts(&stack, Method::GET).await;
        (counts["d1_calls"].as_u64().unwrap(), counts["d1_rows_read"].as_u64().unwrap())
    };
    for path in ["/v1/leads/export?status=lost", "/v1/leads/export?quarantined=true"] {
        let (calls, _) = spent(client.request(Method::GET, path)).await;
        assert!(calls <= 2, "{path}: {calls} calls");
    }
    // Contacts are looked through for a number as it was typed, but not for an address.
    stack.d1().execute("DELETE FROM lead");
    stack.d1().execute(
        "INSERT INTO contact (id, form, email, phone, created_at)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
         SELECT i, 'contact', 'contact' || i || '@example.com', 'ring ' || i, 0 FROM n",
    );
    let asked = client.request(Method::POST, "/v1/privacy/export").json(&json!({"email": "contact7@example.com"}));
    let (calls, rows) = spent(asked).await;
    assert!(calls <= 2 && rows <= ROWS_READ, "a person: {calls} calls, {rows} rows");
}
