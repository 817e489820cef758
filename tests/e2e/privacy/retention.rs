//! Leads go when their form keeps them no longer.

use reqwest::Method;
use serde_json::json;
use tests::harness::{Stack, store_leads};

use super::{PERSON, canary, must_be_gone};
use crate::lifecycle::{manager, plain_form};

/// Makes leads that were accepted just now so many minutes older, which shows in their ids.
fn age(stack: &Stack, minutes: i64, which: &str) {
    let at = format!("(created_at - {minutes} * 60000)");
    stack.d1().execute(&format!(
        "UPDATE lead SET created_at = {at}, id = printf('%08x-%04x', {at} / 65536, {at} % 65536) || substr(id, 14) WHERE {which}"
    ));
}

#[tokio::test]
async fn leads_that_are_too_old_are_erased_and_others_stay() {
    let mut stack = Stack::start().await;
    for (form, days) in [("contact", 30), ("longer", 31), ("ever", 0)] {
        stack.admin().put_form(form, &json!({"consent": {"required": false}, "retention_days": days})).await;
    }
    let key = manager(&stack, &["*"]).await;
    let mut ids = Vec::new();
    for form in ["contact", "longer", "ever", "contact"] {
        let mut lead = canary();
        lead["form"] = form.into();
        ids.push(stack.client().submit(&key, &lead).await.id());
    }
    // A minute more than thirty days.
    age(&stack, 30 * 1_440 + 1, &format!("id <> '{}'", ids[3]));
    stack.run_cron().await;
    let erased: String = stack.d1().value("SELECT json_group_array(form) FROM lead WHERE erased_at IS NOT NULL");
    assert_eq!(erased, json!(["contact"]).to_string());
    assert_eq!(stack.client().get(&format!("/v1/leads/{}", ids[3]), &key).await.status, 200);
    let audit = stack.admin().send(Method::GET, "/v1/admin/audit?limit=1", None).await.body["audit"][0].clone();
    assert_eq!(
        (&audit["action"], &audit["kind"], &audit["actor"]),
        (&json!("erased"), &json!("retention"), &json!("retention"))
    );
    assert_eq!((&audit["id"], &audit["counts"]["leads"]), (&json!(null), &json!(1)));
    // Nothing is erased twice.
    stack.run_cron().await;
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM audit WHERE kind = 'retention'"), 1);
    age(&stack, 2 * 1_440, "erased_at IS NULL");
    for form in ["contact", "longer", "ever"] {
        stack.admin().put_form(form, &json!({"consent": {"required": false}, "retention_days": 1})).await;
    }
    stack.run_cron().await;
    must_be_gone(&mut stack, &PERSON);
}

#[tokio::test]
async fn a_tick_erases_so_many_and_the_next_goes_on() {
    let stack = Stack::start().await;
    plain_form(&stack, "contact").await;
    store_leads(&stack, "contact", 1_000);
    // Fifty more were erased before, in their midst.
    stack.d1().execute("UPDATE lead SET erased_at = 1, document = '{}' WHERE id IN (SELECT id FROM lead ORDER BY id LIMIT 50 OFFSET 60)");
    let left = || stack.d1().value::<i64>("SELECT count(*) FROM lead WHERE erased_at IS NULL");
    let mut before = left();
    stack.admin().put_form("contact", &json!({"consent": {"required": false}, "retention_days": 1})).await;
    while before > 0 {
        stack.run_cron().await;
        let now = left();
        assert!(before - now <= 200 && (now < before), "{before} to {now}");
        before = now;
    }
}

#[tokio::test]
async fn of_many_forms_a_tick_erases_no_more_than_of_one_and_the_oldest_first() {
    let stack = Stack::start().await;
    let form = |days: u32| json!({"consent": {"required": false}, "retention_days": days});
    // By the length of their names: every second one keeps leads for ever, and one for longer than there was time.
    for length in 1..=40 {
        let (id, days) = ("f".repeat(length), if length % 2 == 0 { 30 } else { 0 });
        stack.admin().put_form(&id, &form(days)).await;
        store_leads(&stack, &id, 12);
    }
    stack.admin().put_form("f", &form(u32::MAX)).await;
    let erased = || stack.d1().value::<i64>("SELECT count(*) FROM lead WHERE erased_at IS NOT NULL");
    stack.run_cron().await;
    assert_eq!(erased(), 200);
    let oldest_left = "SELECT min(created_at) FROM lead WHERE erased_at IS NULL AND length(form) % 2 = 0";
    let latest_gone = format!("SELECT ({oldest_left}) >= max(created_at) FROM lead WHERE erased_at IS NOT NULL");
    assert!(stack.d1().value::<bool>(&latest_gone));
    for _ in 0..2 {
        stack.run_cron().await;
        assert_eq!(erased(), 240);
    }
    let others = "SELECT count(*) FROM lead WHERE erased_at IS NULL AND length(form) % 2 = 1";
    assert_eq!(stack.d1().value::<i64>(others), 240);
    let most = "SELECT max(counts ->> '$.leads') FROM audit WHERE kind = 'retention'";
    assert_eq!(stack.d1().value::<i64>(most), 50);
    // What is erased is passed, so that no later tick reads it again.
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM retention"), 20);
}
