//! Leads go when their form keeps them no longer.

use reqwest::Method;
use serde_json::json;
use tests::harness::Stack;

use super::{PERSON, canary, must_be_gone};
use crate::lifecycle::{manager, plain_form, store_leads};

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
    let a_day_too_old =
        format!("UPDATE lead SET created_at = created_at - 86400000 * 30 - 60000 WHERE id <> '{}'", ids[3]);
    stack.d1().execute(&a_day_too_old);
    stack.run_cron().await;
    let erased: String = stack.d1().value("SELECT json_group_array(id) FROM lead WHERE erased_at IS NOT NULL");
    assert_eq!(erased, json!([ids[0]]).to_string());
    let audit = stack.admin().send(Method::GET, "/v1/admin/audit?limit=1", None).await.body["audit"][0].clone();
    assert_eq!(
        (&audit["action"], &audit["kind"], &audit["actor"]),
        (&json!("erased"), &json!("retention"), &json!("retention"))
    );
    assert_eq!((&audit["id"], &audit["counts"]["leads"]), (&json!(null), &json!(1)));
    // Nothing is erased twice.
    stack.run_cron().await;
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM audit WHERE kind = 'retention'"), 1);
    stack.d1().execute("UPDATE lead SET created_at = 0 WHERE erased_at IS NULL");
    stack.admin().put_form("ever", &json!({"consent": {"required": false}, "retention_days": 1})).await;
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
