//! Where a lead goes: conditions, groups that take turns, and caps.

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Keys, Stack};
use tests::sandbox::Fault;
use tests::wait;

use crate::lead;

/// A form whose leads go to a group: AnyHouse first, then the webhook.
async fn two_in_turn(stack: &Stack, retries: u32) -> Keys {
    let keys = stack.admin().contact_form().await;
    stack.admin().put_destination("second", &webhook(stack)).await;
    put(
        stack,
        "groups/buyers",
        &json!({"mode": "first_accepted", "order": ["anyhouse", "second"], "retries": retries}),
    )
    .await;
    keys
}

fn webhook(stack: &Stack) -> Value {
    let url = stack.sandbox.endpoint("webhook");
    json!({"provider": "webhook", "url": url, "credential": "WEBHOOK_SECRET"})
}

async fn put(stack: &Stack, path: &str, body: &Value) {
    let answer = stack.admin().send(Method::PUT, &format!("/v1/admin/{path}"), Some(body)).await;
    assert!(matches!(answer.status, 200 | 201), "{} {}", answer.status, answer.body);
}

/// Waits until the deliveries stand so, in the order of their making.
async fn stand(stack: &Stack, expected: &[(&str, &str)]) {
    wait::until(format!("the deliveries are {expected:?}"), async || {
        let deliveries = stack.d1().deliveries();
        let found: Vec<_> = deliveries.iter().map(|d| (d.destination.as_str(), d.status.as_str())).collect();
        (found == expected).then_some(())
    })
    .await;
}

#[tokio::test]
async fn of_a_group_the_first_that_takes_a_lead_is_the_only_one_to_have_it() {
    let stack = Stack::start().await;
    let keys = two_in_turn(&stack, 2).await;
    stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    stand(&stack, &[("anyhouse", "delivered")]).await;
    stack.run_cron().await;
    assert!(stack.sandbox.received("webhook").is_empty());

    stack.sandbox.order(Fault { status: Some(422), times: Some(1), ..Fault::of("anyhouse") });
    stack.client().submit(&keys.secret, &lead("tyler@example.com")).await;
    stand(&stack, &[("anyhouse", "delivered"), ("anyhouse", "refused"), ("second", "delivered")]).await;
    let received = stack.sandbox.received("webhook");
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].body["data"]["email"], "tyler@example.com");
}

#[tokio::test]
async fn a_member_of_a_group_that_is_down_is_passed_by_after_its_retries() {
    let stack = Stack::start().await;
    let keys = two_in_turn(&stack, 1).await;
    stack.sandbox.order(Fault { status: Some(503), ..Fault::of("anyhouse") });
    stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    stand(&stack, &[("anyhouse", "failed"), ("second", "delivered")]).await;
    assert_eq!(stack.sandbox.received("anyhouse").len(), 2);
}

#[tokio::test]
async fn a_member_of_a_group_that_may_have_a_lead_is_not_passed_by() {
    let stack = Stack::start().await;
    let keys = two_in_turn(&stack, 0).await;
    let mut first = stack.admin().anyhouse();
    first["on_unconfirmed"] = "hold".into();
    stack.admin().put_destination("anyhouse", &first).await;
    stack.sandbox.order(Fault { cut_body: true, ..Fault::of("anyhouse") });
    stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    stand(&stack, &[("anyhouse", "unconfirmed")]).await;
    stack.run_cron().await;
    assert!(stack.sandbox.received("webhook").is_empty());
}

#[tokio::test]
async fn a_member_of_a_group_that_is_misconfigured_is_paused_and_passed_by() {
    let stack = Stack::start().await;
    let keys = two_in_turn(&stack, 2).await;
    stack.sandbox.order(Fault { status: Some(401), ..Fault::of("anyhouse") });
    stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    stand(&stack, &[("anyhouse", "skipped"), ("second", "delivered")]).await;
    stack.client().submit(&keys.secret, &lead("tyler@example.com")).await;
    let both = [("anyhouse", "skipped"), ("second", "delivered")];
    stand(&stack, &[both, both].concat()).await;
    assert_eq!(stack.sandbox.received("anyhouse").len(), 1, "a paused destination is not asked again");

    // When it is time to, one lead finds out, and goes to the next all the same if it does not get through.
    stack.d1().execute("UPDATE destination_pause SET probe_at = 0");
    stack.client().submit(&keys.secret, &lead("bob@example.com")).await;
    stand(&stack, &[both, both, both].concat()).await;
    assert_eq!(stack.sandbox.received("anyhouse").len(), 2);
    assert!(stack.d1().value::<bool>("SELECT probe_at > unixepoch() * 1000 FROM destination_pause"));
    stack.sandbox.mend();
    stack.d1().execute("UPDATE destination_pause SET probe_at = 0");
    stack.client().submit(&keys.secret, &lead("chloe@example.com")).await;
    stand(&stack, &[&[both, both, both].concat()[..], &[("anyhouse", "delivered")]].concat()).await;
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM destination_pause"), 0);
}

#[tokio::test]
async fn a_lead_that_one_of_a_group_has_goes_to_nobody_else_though_it_cannot_be_completed() {
    let stack = Stack::start().await;
    let keys = two_in_turn(&stack, 0).await;
    stack.admin().put_destination("anyhouse", &stack.admin().destination("actuallycare")).await;
    stack.sandbox.order(Fault { method: Some("PUT".to_owned()), status: Some(401), ..Fault::of("actuallycare") });
    let mut lead = lead("marla@example.com");
    lead["interest_level"] = "hot".into();
    stack.client().submit(&keys.secret, &lead).await;
    wait::until("the second step was refused", async || {
        (stack.d1().value::<i64>("SELECT count(*) FROM destination_pause") == 1).then_some(())
    })
    .await;
    stand(&stack, &[("anyhouse", "pending")]).await;
    assert_eq!(stack.admin().send(Method::DELETE, "/v1/admin/destinations/anyhouse", None).await.status, 204);
    stand(&stack, &[("anyhouse", "delivered")]).await;
    let reason: String = stack.d1().value("SELECT reason FROM delivery");
    assert!(reason.starts_with("The lead is there, but was not completed"), "{reason}");
    assert!(stack.sandbox.received("webhook").is_empty());
}

#[tokio::test]
async fn a_destination_takes_turns_in_one_group_only() {
    let stack = Stack::start().await;
    two_in_turn(&stack, 2).await;
    let other = json!({"order": ["second"]});
    let answer = stack.admin().send(Method::PUT, "/v1/admin/groups/others", Some(&other)).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.body["errors"]["order"], json!(["Take second out of the group buyers first."]));
    let listed = stack.admin().send(Method::GET, "/v1/admin/groups", None).await.body;
    assert_eq!(
        listed["groups"],
        json!([{"group": "buyers", "mode": "first_accepted", "order": ["anyhouse", "second"], "retries": 2}])
    );
    assert_eq!(stack.admin().send(Method::DELETE, "/v1/admin/groups/buyers", None).await.status, 204);
    assert_eq!(stack.admin().send(Method::GET, "/v1/admin/groups/buyers", None).await.status, 404);
}

#[tokio::test]
async fn a_destination_gets_no_more_leads_a_day_than_its_cap_and_what_it_refused_does_not_count() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let mut capped = stack.admin().anyhouse();
    capped["daily_cap"] = 1.into();
    stack.admin().put_destination("anyhouse", &capped).await;
    let submit = async |email| stack.client().submit(&keys.secret, &lead(email)).await;
    stack.sandbox.order(Fault { status: Some(422), times: Some(1), ..Fault::of("anyhouse") });
    submit("refused@example.com").await;
    stand(&stack, &[("anyhouse", "refused")]).await;
    submit("first@example.com").await;
    stand(&stack, &[("anyhouse", "refused"), ("anyhouse", "delivered")]).await;
    submit("second@example.com").await;
    stand(&stack, &[("anyhouse", "refused"), ("anyhouse", "delivered"), ("anyhouse", "skipped")]).await;
    let reason: String = stack.d1().value("SELECT reason FROM delivery WHERE status = 'skipped'");
    assert!(reason.starts_with("The destination was given its 1 leads of "), "{reason}");
}

#[tokio::test]
async fn a_lead_has_one_place_of_the_day_however_often_it_is_tried_and_gives_it_back_when_it_is_refused() {
    let stack = Stack::start_retrying_after("3600").await;
    let keys = stack.admin().contact_form().await;
    let mut capped = stack.admin().anyhouse();
    capped["daily_cap"] = 1.into();
    stack.admin().put_destination("anyhouse", &capped).await;
    let submit = async |email| stack.client().submit(&keys.secret, &lead(email)).await;
    stack.sandbox.order(Fault { status: Some(503), times: Some(1), ..Fault::of("anyhouse") });
    submit("marla@example.com").await;
    stand(&stack, &[("anyhouse", "pending")]).await;
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM destination_place"), 1);
    // As if the first attempt had not been recorded.
    stack.d1().execute("UPDATE delivery SET attempts = 0, due_at = 0");
    stack.sandbox.order(Fault { status: Some(422), times: Some(1), ..Fault::of("anyhouse") });
    stack.run_cron().await;
    stand(&stack, &[("anyhouse", "refused")]).await;
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM destination_place"), 0);
    submit("tyler@example.com").await;
    stand(&stack, &[("anyhouse", "refused"), ("anyhouse", "delivered")]).await;
}

#[tokio::test]
async fn a_lead_without_consent_goes_only_where_none_is_asked_for_and_the_lead_says_why() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let mut form = stack.admin().form();
    form["consent"]["required"] = false.into();
    stack.admin().put_form("contact", &form).await;
    let mut gated = webhook(&stack);
    gated["when"] = json!({"consent": [true], "utm_source": ["Newsletter"]});
    stack.admin().put_destination("gated", &gated).await;

    let mut without = lead("marla@example.com");
    without.as_object_mut().unwrap().remove("consent");
    stack.client().submit(&keys.secret, &without).await;
    stand(&stack, &[("anyhouse", "delivered")]).await;
    let routing: String = stack.d1().value("SELECT routing FROM lead");
    let routing: Value = serde_json::from_str(&routing).unwrap();
    assert_eq!(routing[1], json!({"destination": "gated", "taken": false, "because": ["consent is not true"]}));

    let mut with = lead("tyler@example.com");
    with["attribution"] = json!({"utm_source": "newsletter"});
    stack.client().submit(&keys.secret, &with).await;
    stack.delivered(3).await;
    assert_eq!(stack.sandbox.received("webhook")[0].body["data"]["email"], "tyler@example.com");
}
