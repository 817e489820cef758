//! Statistics against what is computed from the leads themselves.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Stack, store_leads};

use super::{call, manager, plain_form};

async fn stats(stack: &Stack, key: &str, query: &str) -> Value {
    let answer = call(stack, key, Method::GET, &format!("/v1/stats?{query}"), None).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    answer.body
}

/// `{key: count}` of the groups.
fn groups(stats: &Value, count: &str) -> BTreeMap<String, u64> {
    let of = |group: &Value| (group["key"].as_str().unwrap_or("none").to_owned(), group[count].as_u64().unwrap());
    stats["groups"].as_array().unwrap().iter().map(of).filter(|(_, count)| *count > 0).collect()
}

/// The same counted one by one.
fn counted(leads: impl Iterator<Item = String>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    leads.for_each(|key| *counts.entry(key).or_default() += 1);
    counts
}

#[tokio::test]
async fn leads_are_counted_by_day_form_source_campaign_and_status() {
    let stack = Stack::start().await;
    for (form, count) in [("contact", 5_000), ("other", 3_000), ("third", 400)] {
        store_leads(&stack, form, count);
    }
    stack.d1().execute("UPDATE lead SET quarantined_at = 1 WHERE form = 'other' AND id LIKE '%3'");
    stack.d1().execute("UPDATE lead SET erased_at = 1 WHERE form = 'other' AND id LIKE '%7'");
    stack.d1().execute("UPDATE lead SET status = 'converted' WHERE id LIKE '%1'");
    stack.d1().execute("UPDATE lead SET document = json_remove(document, '$.source') WHERE id LIKE '%2'");
    let key = manager(&stack, &["contact", "other"]).await;
    let mut shown = Vec::new();
    let mut query = "limit=100&quarantined=any".to_owned();
    loop {
        let page = call(&stack, &key, Method::GET, &format!("/v1/leads?{query}"), None).await.body;
        shown.extend(page["leads"].as_array().unwrap().clone());
        let Some(cursor) = page["meta"]["next_cursor"].as_str() else { break };
        query = format!("limit=100&quarantined=any&cursor={cursor}");
    }
    let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
    let range = "from=2025-12-30&to=2026-01-01";
    let within = |lead: &&Value| *text(&lead["created_at"]) >= *"2025-12-30";
    for (by, of) in [
        ("form", Box::new(|lead: &Value| text(&lead["form"])) as Box<dyn Fn(&Value) -> String>),
        ("day", Box::new(|lead: &Value| text(&lead["created_at"])[..10].to_owned())),
        ("source", Box::new(|lead: &Value| text(&lead["source"]))),
        ("utm_campaign", Box::new(|lead: &Value| text(&lead["attribution"]["utm_campaign"]))),
        ("status", Box::new(|lead: &Value| text(&lead["status"]))),
    ] {
        let found = stats(&stack, &key, &format!("{range}&by={by}")).await;
        let meant: Vec<&Value> = shown.iter().filter(within).collect();
        let free = || meant.iter().filter(|lead| lead["quarantine"].is_null());
        assert_eq!(groups(&found, "leads"), counted(free().map(|lead| of(lead))), "{by}");
        let held = meant.iter().filter(|lead| !lead["quarantine"].is_null());
        assert_eq!(groups(&found, "quarantined"), counted(held.map(|lead| of(lead))), "{by}");
        let converted = free().filter(|lead| lead["status"] == "converted");
        assert_eq!(groups(&found, "converted"), counted(converted.map(|lead| of(lead))), "{by}");
        assert_eq!(found["total"]["leads"], free().count(), "{by}");
        assert_eq!(found["other"], Value::Null);
    }
    // By day in its order, and nothing of a form that is not the key's.
    let days = stats(&stack, &key, "from=2025-12-30&to=2026-01-01").await;
    let order: Vec<&Value> = days["groups"].as_array().unwrap().iter().map(|group| &group["key"]).collect();
    assert_eq!(order, [&json!("2025-12-30"), &json!("2025-12-31"), &json!("2026-01-01")]);
    assert_eq!(stats(&stack, &key, &format!("{range}&form=third&by=form")).await["groups"], json!([]));
    let all = manager(&stack, &["*"]).await;
    assert_eq!(groups(&stats(&stack, &all, &format!("{range}&form=third&by=form")).await, "leads").len(), 1);
    for wrong in ["by=hour", "from=2024-01-01", "from=x", "group=form"] {
        assert_eq!(call(&stack, &key, Method::GET, &format!("/v1/stats?{wrong}"), None).await.status, 422, "{wrong}");
    }
}

#[tokio::test]
async fn more_groups_than_are_shown_are_summed() {
    let stack = Stack::start().await;
    store_leads(&stack, "contact", 1_000);
    stack.d1().execute(
        "UPDATE lead SET document = json_set(document, '$.source', CASE WHEN id LIKE '%0' THEN 'common' ELSE id END)",
    );
    let key = manager(&stack, &["contact"]).await;
    let found = stats(&stack, &key, "by=source&from=2025-12-25&to=2026-01-02").await;
    let shown = groups(&found, "leads");
    assert_eq!((shown.len(), found["groups"][0]["key"].as_str()), (400, Some("common")));
    let others = found["other"]["leads"].as_u64().unwrap();
    assert_eq!(found["total"]["leads"], 1_000);
    assert_eq!(shown.values().sum::<u64>() + others, 1_000);
    assert_eq!(found["other"]["groups"], others);
}

#[tokio::test]
async fn deliveries_are_counted_by_destination_and_where_they_stand() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    plain_form(&stack, "other").await;
    for n in 0..3 {
        let made = stack.client().submit(&keys.secret, &crate::lead(&format!("a{n}@example.com"))).await;
        assert_eq!(made.status, 201);
    }
    stack.delivered(3).await;
    stack.d1().execute("UPDATE delivery SET status = 'failed' WHERE lead_id = (SELECT min(id) FROM lead)");
    let found = stats(&stack, &keys.secret, "by=destination").await;
    let counts = json!({
        "deliveries": 3, "pending": 0, "delivered": 2, "duplicate": 0, "refused": 0, "unconfirmed": 0, "failed": 1,
        "skipped": 0, "cancelled": 0,
    });
    assert_eq!(found["total"], counts);
    let mut group = counts;
    group["key"] = "anyhouse".into();
    assert_eq!(found["groups"], json!([group]));
    let other = manager(&stack, &["other"]).await;
    assert_eq!(stats(&stack, &other, "by=destination").await["groups"], json!([]));
}
