//! Seeing where leads went, and sending again what did not arrive.

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Answer, Keys, Stack};
use tests::sandbox::Fault;
use tests::wait;

use crate::lead;

async fn post(stack: &Stack, path: &str, key: &str, body: &Value) -> Answer {
    let client = stack.client();
    let request = client.request(Method::POST, path).bearer_auth(key).json(body);
    client.send(request).await.expect("the Worker answers")
}

/// A lead whose delivery has come to stand at `status`, and the id of that delivery.
async fn settled(stack: &Stack, keys: &Keys, email: &str, status: &str) -> (String, String) {
    let id = stack.client().submit(&keys.secret, &lead(email)).await.id();
    let delivery = wait::until(format!("the delivery is {status}"), async || {
        let answer = stack.client().get(&format!("/v1/leads/{id}/deliveries"), &keys.secret).await;
        let delivery = answer.body["deliveries"][0].clone();
        (delivery["status"] == status).then_some(delivery)
    })
    .await;
    (id, delivery["id"].as_str().unwrap().to_owned())
}

fn ids(answer: &Answer) -> Vec<String> {
    let deliveries = answer.body["deliveries"].as_array().unwrap_or_else(|| panic!("{}", answer.body));
    deliveries.iter().map(|delivery| delivery["id"].as_str().unwrap().to_owned()).collect()
}

/// A secret key of the form `other`, which exists after this.
async fn key_of_another_form(stack: &Stack) -> String {
    let admin = stack.admin();
    admin.put_form("other", &admin.form()).await;
    let scopes = ["leads:write", "leads:manage"];
    admin.key(&json!({"kind": "secret", "name": "other", "forms": ["other"], "scopes": scopes})).await
}

#[tokio::test]
async fn the_deliveries_of_a_lead_are_shown_with_every_attempt() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    stack.sandbox.order(Fault { status: Some(503), times: Some(1), ..Fault::of("anyhouse") });
    let (lead, id) = settled(&stack, &keys, "marla@example.com", "delivered").await;
    let shown = stack.client().get(&format!("/v1/leads/{lead}/deliveries"), &keys.secret).await;
    assert_eq!((shown.status, &shown.body["meta"]), (200, &json!({"total": 1})));
    let delivery = &shown.body["deliveries"][0];
    assert_eq!((delivery["id"].as_str(), delivery["lead_id"].as_str()), (Some(&*id), Some(&*lead)));
    assert_eq!((&delivery["destination"], &delivery["provider"]), (&json!("anyhouse"), &json!("anyhouse")));
    assert_eq!((&delivery["attempt_count"], &delivery["next_attempt_at"]), (&json!(2), &Value::Null));
    let attempts = delivery["attempts"].as_array().unwrap();
    let outcomes: Vec<_> = attempts.iter().map(|a| (a["outcome"].clone(), a["status_code"].clone())).collect();
    assert_eq!(outcomes, [(json!("retry_later"), json!(503)), (json!("delivered"), json!(201))]);
    assert_eq!(delivery["reference"].as_str().unwrap(), stack.sandbox.received("anyhouse")[1].answer["id"].to_string());

    let elsewhere = key_of_another_form(&stack).await;
    for (path, key) in [
        (format!("/v1/leads/{lead}/deliveries"), &elsewhere),
        (format!("/v1/leads/{lead}/history"), &elsewhere),
        ("/v1/leads/01890000-0000-7000-8000-000000000000/deliveries".to_owned(), &keys.secret),
        ("/v1/leads/nothing/history".to_owned(), &keys.secret),
    ] {
        assert_eq!(stack.client().get(&path, key).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn deliveries_are_listed_newest_first_page_by_page_and_by_filter() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    stack.sandbox.order(Fault { status: Some(422), times: Some(1), ..Fault::of("anyhouse") });
    let (_, refused) = settled(&stack, &keys, "one@example.com", "refused").await;
    let (_, second) = settled(&stack, &keys, "two@example.com", "delivered").await;
    let (_, third) = settled(&stack, &keys, "three@example.com", "delivered").await;
    let get = async |query: &str| stack.client().get(&format!("/v1/deliveries{query}"), &keys.secret).await;

    let first_page = get("?limit=2").await;
    assert_eq!(ids(&first_page), [third.clone(), second.clone()]);
    assert_eq!((&first_page.body["meta"]["limit"], &first_page.body["meta"]["has_more"]), (&json!(2), &json!(true)));
    let cursor = first_page.body["meta"]["next_cursor"].as_str().unwrap();
    let rest = get(&format!("?limit=2&cursor={cursor}")).await;
    assert_eq!(ids(&rest), std::slice::from_ref(&refused));
    assert_eq!(rest.body["meta"], json!({"limit": 2, "has_more": false, "next_cursor": null}));

    let all = [third.clone(), second.clone(), refused.clone()];
    for (query, expected) in [
        ("", &all[..]),
        ("?status=&destination=anyhouse&provider=anyhouse", &all[..]),
        ("?status=refused", &all[2..]),
        ("?status=delivered&created_from=2026-01-01T00:00:00Z", &all[..2]),
        ("?status=delivered&limit=1", &all[..1]),
        ("?destination=nowhere", &[]),
        ("?provider=leadpro", &[]),
        ("?created_to=2026-01-01T00:00:00Z", &[]),
        ("?status=refused&created_to=2026-01-01T00:00:00Z", &[]),
    ] {
        assert_eq!(ids(&get(query).await), expected, "{query}");
    }
    for (query, named) in
        [("?stat=failed", "stat"), ("?status=fail", "status"), ("?limit=101", "limit"), ("?cursor=1", "cursor")]
    {
        let answer = get(query).await;
        assert_eq!((answer.status, answer.body["code"].as_str()), (422, Some("validation_failed")), "{query}");
        assert_eq!(answer.body["errors"].as_object().unwrap().keys().collect::<Vec<_>>(), [named]);
    }

    let elsewhere = key_of_another_form(&stack).await;
    assert_eq!(ids(&stack.client().get("/v1/deliveries", &elsewhere).await), [""; 0]);
    // Those of erased leads take no room on a page.
    for erased in [&third, &second] {
        let path = format!("/v1/leads/{}", erased.split('_').next().unwrap());
        let client = stack.client();
        assert_eq!(
            client.send(client.request(Method::DELETE, &path).bearer_auth(&keys.secret)).await.unwrap().status,
            204
        );
    }
    let one = get("?limit=1").await;
    assert_eq!((ids(&one), &one.body["meta"]["has_more"]), (vec![refused], &json!(false)));
    assert_eq!(stack.client().get("/v1/deliveries", &keys.publishable).await.status, 403);
}

#[tokio::test]
async fn a_delivery_that_was_refused_is_sent_again_under_the_same_key_when_a_person_asks() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    stack.sandbox.order(Fault { status: Some(422), times: Some(1), ..Fault::of("anyhouse") });
    let (lead, id) = settled(&stack, &keys, "marla@example.com", "refused").await;
    let path = format!("/v1/deliveries/{id}/retry");
    let elsewhere = key_of_another_form(&stack).await;
    assert_eq!(post(&stack, &path, &elsewhere, &json!({})).await.status, 404);
    let reader = json!({"kind": "secret", "name": "reader", "forms": ["*"], "scopes": ["leads:read"]});
    let reader = stack.admin().key(&reader).await;
    assert_eq!(post(&stack, &path, &reader, &json!({})).await.status, 403);
    assert_eq!(post(&stack, &format!("/v1/deliveries/{id}9/retry"), &keys.secret, &json!({})).await.status, 404);

    let answer = post(&stack, &path, &keys.secret, &json!({})).await;
    assert_eq!((answer.status, &answer.body["id"], &answer.body["status"]), (200, &json!(id), &json!("pending")));
    assert!(answer.body["next_attempt_at"].is_string());
    stack.delivered(1).await;
    let received = stack.sandbox.received("anyhouse");
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].headers["idempotency-key"], received[1].headers["idempotency-key"]);

    let again = post(&stack, &path, &keys.secret, &json!({})).await;
    assert_eq!((again.status, again.body["code"].as_str()), (409, Some("version_conflict")));
    // Who asked is told between the two attempts, once: neither who may not nor who came too late did anything.
    let told = retried(&stack, &keys, &lead).await;
    assert_eq!(told, ["attempt", "retried", "attempt"]);
    assert_eq!(stack.client().get(&path, &keys.secret).await.status, 405);
}

#[tokio::test]
async fn many_are_sent_again_at_once_but_only_failed_ones_unless_asked() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    stack.sandbox.order(Fault { status: Some(422), times: Some(3), ..Fault::of("anyhouse") });
    let mut leads = Vec::new();
    for email in ["one@example.com", "two@example.com", "three@example.com"] {
        leads.push(settled(&stack, &keys, email, "refused").await.0);
    }
    // Where seven retries, or a provider that did not answer, would have led.
    stack.d1().execute("UPDATE delivery SET status = 'failed'");
    stack.d1().execute("UPDATE delivery SET status = 'unconfirmed' WHERE lead_id IN (SELECT max(id) FROM lead)");
    let retry = async |key: &str, body: Value| post(&stack, "/v1/deliveries/retry", key, &body).await;
    for body in [json!({"status": "delivered"}), json!({"stats": "failed"}), json!({"limit": 1})] {
        assert_eq!(retry(&keys.secret, body).await.status, 422);
    }
    assert_eq!(retry(&key_of_another_form(&stack).await, json!({})).await.body, json!({"retried": 0}));
    assert_eq!(retry(&keys.secret, json!({"destination": "nowhere"})).await.body, json!({"retried": 0}));
    assert_eq!(retry(&keys.secret, json!({})).await.body, json!({"retried": 2}));
    wait::until("two are delivered", async || {
        (stack.d1().value::<i64>("SELECT count(*) FROM delivery WHERE status = 'delivered'") == 2).then_some(())
    })
    .await;
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM delivery WHERE status = 'unconfirmed'"), 1);
    assert_eq!(retry(&keys.secret, json!({"status": ["unconfirmed"]})).await.body, json!({"retried": 1}));
    stack.delivered(3).await;
    for lead in &leads {
        assert_eq!(retried(&stack, &keys, lead).await, ["attempt", "retried", "attempt"], "{lead}");
    }
}

/// What a lead's history tells of attempts and of who asked for them.
async fn retried(stack: &Stack, keys: &Keys, lead: &str) -> Vec<String> {
    let history = stack.client().get(&format!("/v1/leads/{lead}/history"), &keys.secret).await.body;
    let events = history["events"].as_array().unwrap().iter();
    let told = events.filter(|event| ["attempt", "retried"].contains(&event["event"].as_str().unwrap()));
    let told: Vec<&Value> = told.collect();
    for event in told.iter().filter(|event| event["event"] == "retried") {
        assert_eq!(event["deliveries"], json!([format!("{lead}_1")]));
        assert!(event["key_id"].is_string() && event["at"].as_str().unwrap().ends_with('Z'), "{event}");
    }
    told.iter().map(|event| event["event"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn many_of_a_paused_destination_wait_for_it() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    stack.sandbox.order(Fault { status: Some(422), times: Some(1), ..Fault::of("anyhouse") });
    settled(&stack, &keys, "marla@example.com", "refused").await;
    // Paused, and left alone until the year 3000.
    stack.d1().execute(
        "INSERT INTO destination_pause (destination, reason, since, probe_at) VALUES ('anyhouse', 'HTTP 401.', 0, 32503680000000)",
    );
    let answer = post(&stack, "/v1/deliveries/retry", &keys.secret, &json!({"status": "refused"})).await;
    assert_eq!(answer.body, json!({"retried": 1}));
    let waiting = wait::until("the delivery waits for its destination", async || {
        let listed = stack.client().get("/v1/deliveries?status=pending", &keys.secret).await;
        let delivery = listed.body["deliveries"][0].clone();
        (delivery["reason"] == "HTTP 401.").then_some(delivery)
    })
    .await;
    assert!(waiting["next_attempt_at"].as_str().unwrap().starts_with("3000-01-01"), "{waiting}");
    assert_eq!(stack.sandbox.received("anyhouse").len(), 1);
    stack.admin().put_destination("anyhouse", &stack.admin().anyhouse()).await;
    stack.delivered(1).await;
}

#[tokio::test]
async fn of_a_group_nobody_is_tried_again_beside_one_that_has_the_lead() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let (lead, id) = settled(&stack, &keys, "marla@example.com", "delivered").await;
    let standing = |ordinal: u32, status: &str| {
        stack.d1().execute(&format!(
            "INSERT INTO delivery (lead_id, ordinal, destination, provider, status, group_id, created_at, updated_at)
             VALUES ('{lead}', {ordinal}, 'anyhouse', 'anyhouse', '{status}', 'buyers', 0, 0)"
        ));
    };
    stack.d1().execute("UPDATE delivery SET group_id = 'buyers'");
    standing(2, "failed");
    standing(3, "failed");
    let second = format!("/v1/deliveries/{lead}_2/retry");
    let refused = post(&stack, &second, &keys.secret, &json!({})).await;
    assert_eq!((refused.status, refused.body["code"].as_str()), (409, Some("version_conflict")));
    assert_eq!(post(&stack, "/v1/deliveries/retry", &keys.secret, &json!({})).await.body, json!({"retried": 0}));

    // When none has it, one at a time is tried.
    stack.d1().execute("UPDATE delivery SET status = 'refused' WHERE ordinal = 1");
    assert_eq!(post(&stack, "/v1/deliveries/retry", &keys.secret, &json!({})).await.body, json!({"retried": 1}));
    let first = format!("/v1/deliveries/{id}/retry");
    assert_eq!(post(&stack, &first, &keys.secret, &json!({})).await.status, 409);
}

#[tokio::test]
async fn a_history_tells_a_leads_life_in_order() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    stack.sandbox.order(Fault { status: Some(503), times: Some(1), ..Fault::of("anyhouse") });
    let mut lead = lead("marla@example.com");
    lead["phone"] = "01623 000000".into();
    lead["Colour"] = "red".into();
    let id = stack.client().submit(&keys.secret, &lead).await.id();
    stack.delivered(1).await;
    let history = stack.client().get(&format!("/v1/leads/{id}/history"), &keys.secret).await;
    assert_eq!((history.status, history.body["lead_id"].as_str()), (200, Some(&*id)));
    let events = history.body["events"].as_array().unwrap();
    let told: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(told, ["received", "normalised", "scored", "routed", "attempt", "attempt", "delivery"]);
    assert!(events.is_sorted_by_key(|event| event["at"].as_str().unwrap()));
    assert_eq!((&events[0]["form"], &events[0]["key_kind"]), (&json!("contact"), &json!("secret")));
    let fields: Vec<_> = events[1]["fields"].as_array().unwrap().iter().map(|field| &field["field"]).collect();
    assert_eq!(fields, ["phone", "meta.Colour"]);
    assert_eq!((&events[4]["outcome"], &events[5]["outcome"]), (&json!("retry_later"), &json!("delivered")));
    assert_eq!((&events[6]["status"], &events[6]["delivery"]), (&json!("delivered"), &json!(format!("{id}_1"))));
    // A provider may repeat what it was sent; the rest of the history does not.
    assert!(!json!(events[..4]).to_string().contains("01623 000000"));
}
