//! `DELETE /v1/leads/{id}`: a tombstone stays, and nothing of the person.

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::Stack;
use tests::sandbox::Fault;
use tests::wait;

use super::{PERSON, call, canary, must_be_gone};
use crate::lead;

#[tokio::test]
async fn a_deleted_lead_leaves_a_tombstone_and_no_byte_of_the_person() {
    let mut stack = Stack::start().await;
    let keys = stack.admin().contact_form_at_all_providers().await;
    let key = &keys.secret;
    // One that repeats what it was sent, one that refuses with it, and one that will be tried again.
    let echo = Some(json!({"error": "excerpt-canary canary.qzxwv@example.com"}));
    stack.sandbox.order(Fault { status: Some(422), body: echo.clone(), times: Some(1), ..Fault::of("leadpro") });
    stack.sandbox.order(Fault {
        status: Some(503),
        retry_after: Some("600".into()),
        body: echo,
        times: Some(1),
        ..Fault::of("webhook")
    });
    let made = stack.client().submit_once(key, "order-canary", &canary()).await.unwrap();
    let (id, path) = (made.id(), format!("/v1/leads/{}", made.id()));
    wait::until("all was tried", async || {
        let deliveries = stack.d1().deliveries();
        let waits = |status: &str, attempts| status == "delivering" || status == "pending" && attempts == 0;
        (!deliveries.iter().any(|d| waits(&d.status, d.attempts))).then_some(())
    })
    .await;
    let retried = stack.d1().deliveries().iter().find(|d| d.status == "pending").map(|d| d.due_at.is_some());
    assert_eq!(retried, Some(true), "{:?}", stack.d1().deliveries());
    let mut tyler = lead("tyler@example.com");
    tyler["phone"] = "01623 000000".into();
    let tyler = stack.client().submit(key, &tyler).await.id();
    let client = json!({"client_type": "both"});
    assert_eq!(call(&stack, key, Method::POST, &format!("{path}/convert"), Some(&client)).await.status, 201);
    assert_eq!(
        call(&stack, key, Method::PUT, &path, Some(&json!({"version": 2, "notes": PERSON[7]}))).await.status,
        200
    );

    let other_key = super::super::lifecycle::manager(&stack, &["other"]).await;
    assert_eq!(call(&stack, &other_key, Method::DELETE, &path, None).await.status, 404);
    let stale = stack.client().request(Method::DELETE, &path).bearer_auth(key).header("If-Match", "\"1\"");
    let stale = stack.client().send(stale).await.unwrap();
    assert_eq!((stale.status, &stale.body["current_version"]), (409, &json!(3)));

    let deleted = call(&stack, key, Method::DELETE, &path, None).await;
    assert_eq!((deleted.status, &deleted.body), (204, &json!("")));
    for (method, path, body) in [
        (Method::DELETE, path.clone(), None),
        (Method::GET, path.clone(), None),
        (Method::GET, format!("{path}/deliveries"), None),
        (Method::GET, format!("{path}/history"), None),
        (Method::PUT, path.clone(), Some(json!({"version": 4, "name": "Nobody"}))),
        (Method::POST, format!("{path}/convert"), Some(client.clone())),
        (Method::POST, format!("{path}/release"), None),
        (Method::POST, format!("/v1/deliveries/{id}_1/retry"), None),
    ] {
        assert_eq!(call(&stack, key, method.clone(), &path, body.as_ref()).await.status, 404, "{method} {path}");
    }
    let leads = call(&stack, key, Method::GET, "/v1/leads", None).await.body;
    assert_eq!((&leads["meta"]["total"], &leads["leads"][0]["id"]), (&json!(1), &json!(tyler)));
    let deliveries = call(&stack, key, Method::GET, "/v1/deliveries?limit=100", None).await.body;
    let listed = deliveries["deliveries"].as_array().unwrap();
    assert!(listed.len() == 6 && listed.iter().all(|delivery| delivery["lead_id"] == json!(tyler)));
    let again = call(
        &stack,
        key,
        Method::POST,
        "/v1/deliveries/retry",
        Some(&json!({"destination": "leadpro", "status": "refused"})),
    )
    .await;
    assert_eq!(again.body["retried"], 0);

    let row: String = stack.d1().value(&format!(
        "SELECT json_array(form, version, document, created_at > 0, erased_at = updated_at, routing, spam, via, events, source,
           kept_answers) FROM lead WHERE id = '{id}'"
    ));
    let tombstone = json!(["contact", 4, "{}", 1, 1, null, null, null, "[]", null, "[]"]);
    assert_eq!(serde_json::from_str::<Value>(&row).unwrap(), tombstone);
    let counted = "SELECT (SELECT count(*) FROM client) || ' ' || (SELECT count(*) FROM contact) || ' '
        || (SELECT count(*) FROM idempotency) || ' ' || (SELECT count(*) FROM wakeup WHERE lead_id = ";
    assert_eq!(stack.d1().value::<String>(&format!("{counted} '{id}')")), "0 0 0 0");
    let audit = stack.admin().send(Method::GET, "/v1/admin/audit?limit=1", None).await.body["audit"][0].clone();
    assert_eq!((&audit["action"], &audit["kind"], &audit["id"]), (&json!("erased"), &json!("lead"), &json!(id)));
    let counts = json!({"leads": 1, "deliveries": 6, "clients": 1, "contacts": 1, "answers": 1});
    assert_eq!(audit["counts"], counts);
    must_be_gone(&mut stack, &PERSON);
}

#[tokio::test]
async fn a_delivery_on_its_way_brings_nothing_back() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let echo = Some(json!({"error": "excerpt-canary"}));
    stack.sandbox.order(Fault {
        status: Some(422),
        body: echo,
        delay_ms: Some(2_000),
        times: Some(1),
        ..Fault::of("anyhouse")
    });
    let id = stack.client().submit(&keys.secret, &canary()).await.id();
    wait::until("it is on its way", async || (stack.d1().deliveries().first()?.status == "delivering").then_some(()))
        .await;
    assert_eq!(call(&stack, &keys.secret, Method::DELETE, &format!("/v1/leads/{id}"), None).await.status, 204);
    wait::until("the answer is there", async || stack.printed().contains(r#""event":"attempt""#).then_some(())).await;
    // What was recorded after it is there, so it would be too.
    let next = stack.client().submit(&keys.secret, &lead("tyler@example.com")).await.id();
    wait::until("another is recorded", async || {
        stack.d1().deliveries().iter().find(|d| d.lead_id == next && d.status == "delivered").map(drop)
    })
    .await;
    let delivery = stack.d1().deliveries().into_iter().find(|d| d.lead_id == id).unwrap();
    assert_eq!((delivery.status.as_str(), delivery.due_at, delivery.reason), ("cancelled", None, None));
    assert!(delivery.attempt_log.is_empty());
    assert_eq!(stack.d1().places_of("excerpt-canary"), Vec::<String>::new());
}

#[tokio::test]
async fn a_contact_of_several_leads_forgets_the_one_that_goes() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let of = async |email: &str, name: &str| {
        let mut lead = lead(email);
        (lead["phone"], lead["name"]) = ("01623 555019".into(), name.into());
        let id = stack.client().submit(&keys.secret, &lead).await.id();
        let client = json!({"client_type": "buyer"});
        let path = format!("/v1/leads/{id}/convert");
        assert_eq!(call(&stack, &keys.secret, Method::POST, &path, Some(&client)).await.status, 201);
        id
    };
    let (first, second) = (of("canary.qzxwv@example.com", PERSON[0]).await, of("tyler@example.com", "Tyler").await);
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM contact"), 1);
    assert_eq!(call(&stack, &keys.secret, Method::DELETE, &format!("/v1/leads/{first}"), None).await.status, 204);
    let contact: String = stack.d1().value("SELECT name || ' ' || email || ' ' || phone_e164 FROM contact");
    assert_eq!(contact, "Tyler tyler@example.com +441623555019");
    assert_eq!(stack.d1().value::<String>("SELECT lead_id FROM client"), second);
    assert_eq!(call(&stack, &keys.secret, Method::DELETE, &format!("/v1/leads/{second}"), None).await.status, 204);
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM contact"), 0);
}

#[tokio::test]
async fn answers_to_duplicates_of_a_lead_go_with_it() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let merging = json!({"consent": {"required": false}, "duplicates": {"policy": "merge"}});
    stack.admin().put_form("contact", &merging).await;
    let client = stack.client();
    let id = client.submit_once(&keys.secret, "order-canary-1", &canary()).await.unwrap().id();
    let mut again = canary();
    again["city"] = "message-canary".into();
    let merged = client.submit_once(&keys.publishable, "order-canary-2", &again).await.unwrap();
    assert_eq!((merged.status, merged.id()), (200, id.clone()));
    client.submit_once(&keys.secret, "somebody-else", &lead("tyler@example.com")).await.unwrap();
    stack.delivered(2).await;
    assert_eq!(call(&stack, &keys.secret, Method::DELETE, &format!("/v1/leads/{id}"), None).await.status, 204);
    let left: String = stack.d1().value("SELECT group_concat(idempotency_key) FROM idempotency");
    assert_eq!(left, "somebody-else");
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM duplicate_guard"), 1);
    for text in PERSON {
        assert_eq!(stack.d1().places_of(text), Vec::<String>::new(), "{text}");
    }
    // The person may come again, and is a new lead.
    let anew = client.submit_once(&keys.secret, "order-canary-1", &canary()).await.unwrap();
    assert!(anew.status == 201 && anew.id() != id, "{}", anew.body);
}
