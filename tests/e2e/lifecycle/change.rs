//! Changing a lead: optimistic locking, validation, and what follows a changed contact.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Answer, Stack};

use super::{call, manager, plain_form};
use crate::{compat::ACTUALLYCARE, lead};

async fn put(stack: &Stack, key: &str, id: &str, body: Value) -> Answer {
    call(stack, key, Method::PUT, &format!("/v1/leads/{id}"), Some(&body)).await
}

/// A form, a key that may do everything with it, and a lead.
async fn one_lead(stack: &Stack) -> (String, String) {
    plain_form(stack, "contact").await;
    let key = manager(stack, &["contact"]).await;
    let id = stack.client().submit(&key, &lead("marla@example.com")).await.id();
    (key, id)
}

#[tokio::test]
async fn of_changes_of_one_version_at_once_exactly_one_wins() {
    let stack = Stack::start().await;
    let (key, id) = one_lead(&stack).await;
    for version in 1..=3 {
        let changes =
            (0..16).map(|n| put(&stack, &key, &id, json!({"version": version, "notes": format!("{version} {n}")})));
        let answers = join_all(changes).await;
        let won: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(won.len(), 1);
        for lost in answers.iter().filter(|answer| answer.status != 200) {
            assert_eq!((lost.status, &lost.body["code"]), (409, &json!("version_conflict")));
            assert_eq!(lost.body["current_version"], version + 1);
        }
        let now = call(&stack, &key, Method::GET, &format!("/v1/leads/{id}"), None).await;
        assert_eq!(now.body, won[0].body);
        assert_eq!((now.header("etag"), &now.body["version"]), (won[0].header("etag"), &json!(version + 1)));
    }
}

#[tokio::test]
async fn changes_of_any_version_at_once_all_come_through() {
    let stack = Stack::start().await;
    let (key, id) = one_lead(&stack).await;
    let path = format!("{ACTUALLYCARE}/{id}");
    let bodies: Vec<Value> = (0..8).map(|n| json!({"notes": format!("note {n}")})).collect();
    let answers = join_all(bodies.iter().map(|body| call(&stack, &key, Method::PUT, &path, Some(body)))).await;
    for answer in &answers {
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    assert_eq!(call(&stack, &key, Method::GET, &format!("/v1/leads/{id}"), None).await.body["version"], 9);
}

#[tokio::test]
async fn a_secret_key_in_a_change_is_stored_nowhere() {
    let stack = Stack::start().await;
    let (key, id) = one_lead(&stack).await;
    let changed = put(&stack, &key, &id, json!({"version": 1, "notes": key})).await;
    assert_eq!((changed.status, &changed.body["notes"]), (200, &json!("[a secret key was removed]")));
}

#[tokio::test]
async fn a_change_says_which_version_it_is_meant_for() {
    let stack = Stack::start().await;
    let (key, id) = one_lead(&stack).await;
    let with = async |name: &str, value: &str, method: Method, body: Option<Value>| {
        let client = stack.client();
        let mut request = client.request(method, &format!("/v1/leads/{id}")).bearer_auth(&key).header(name, value);
        if let Some(body) = body {
            request = request.json(&body);
        }
        client.send(request).await.unwrap()
    };
    let missing = put(&stack, &key, &id, json!({"status": "lost"})).await;
    assert_eq!(missing.status, 422);
    assert!(missing.body["errors"]["version"].is_array(), "{}", missing.body);

    let text = stack.client().request(Method::PUT, &format!("/v1/leads/{id}")).bearer_auth(&key).body("status=lost");
    let text = stack.client().send(text).await.unwrap();
    assert_eq!((text.status, &text.body["detail"]), (415, &json!("Send application/json.")));

    let status = |status: &str| Some(json!({"status": status}));
    let stale = with("If-Match", "\"2\"", Method::PUT, status("lost")).await;
    assert_eq!((stale.status, &stale.body["current_version"]), (409, &json!(1)));
    let changed = with("If-Match", "\"1\"", Method::PUT, status("contacted")).await;
    assert_eq!((changed.status, changed.header("etag"), &changed.body["status"]), (200, "\"2\"", &json!("contacted")));
    assert_eq!(with("If-Match", "*", Method::PUT, status("qualified")).await.body["version"], 3);
    // What is there already changes nothing.
    assert_eq!(with("If-Match", "\"3\"", Method::PUT, status("qualified")).await.header("etag"), "\"3\"");

    let known = with("If-None-Match", "\"3\"", Method::GET, None).await;
    assert_eq!((known.status, known.header("etag"), &known.body), (304, "\"3\"", &json!("")));
    assert_eq!(with("If-None-Match", "\"2\"", Method::GET, None).await.status, 200);

    let mut all = call(&stack, &key, Method::GET, &format!("/v1/leads/{id}"), None).await.body;
    all["city"] = "Mansfield".into();
    let sent_back = put(&stack, &key, &id, all).await;
    assert_eq!((sent_back.status, &sent_back.body["city"]), (200, &json!("Mansfield")), "{}", sent_back.body);
}

#[tokio::test]
async fn a_change_is_checked_and_normalised_as_a_submission_is() {
    let stack = Stack::start().await;
    let (key, id) = one_lead(&stack).await;
    let changed = put(&stack, &key, &id, json!({
        "version": 1, "status": "qualified", "interest_level": "hot", "phone": " 01623 000000 ", "notes": "Zoe\u{308}\u{0}\r\n ok",
        "message": "I would like a valuation please",
    }))
    .await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(
        (&changed.body["phone"], &changed.body["phone_e164"]),
        (&json!("01623 000000"), &json!("+441623000000"))
    );
    assert_eq!((&changed.body["notes"], &changed.body["status"]), (&json!("Zoë\n ok"), &json!("qualified")));

    let wrong = put(&stack, &key, &id, json!({
        "version": 2, "status": "open", "email": "x", "phone": "12", "message": "other", "colour": "red", "created_at": "x",
    }))
    .await;
    let named: Vec<&String> = wrong.body["errors"].as_object().unwrap().keys().collect();
    assert_eq!(wrong.status, 422);
    assert_eq!(named, ["colour", "created_at", "email", "message", "phone", "status"]);
    let last_contact = put(&stack, &key, &id, json!({"version": 2, "email": null, "phone": null})).await;
    assert_eq!(last_contact.status, 422);
    let cleared = put(&stack, &key, &id, json!({"version": 2, "phone": null, "notes": null})).await;
    assert_eq!((cleared.status, &cleared.body["phone_e164"]), (200, &Value::Null));
    assert!(cleared.body.get("notes").is_none());

    let history = call(&stack, &key, Method::GET, &format!("/v1/leads/{id}/history"), None).await.body;
    let changes: Vec<&Value> =
        history["events"].as_array().unwrap().iter().filter(|event| event["event"] == "changed").collect();
    assert_eq!(changes[0]["fields"], json!(["status", "phone", "interest_level", "notes"]));
    assert_eq!(changes[1]["fields"], json!(["phone", "notes"]));
    assert!(!history.to_string().contains("01623"), "{history}");
}

#[tokio::test]
async fn a_contact_that_was_corrected_stays_nowhere() {
    let stack = Stack::start().await;
    stack.admin().put_form("contact", &json!({"consent": {"required": false}})).await;
    stack.admin().put_destination("anyhouse", &stack.admin().anyhouse()).await;
    let key = manager(&stack, &["contact"]).await;
    let (old, phone) = ("canary.qzxwv@example.com", "+44 1623 555019");
    let lead = json!({"form": "contact", "email": old, "phone": phone, "name": "Marla"});
    let id = stack.client().submit_once(&key, "once", &lead).await.unwrap().id();
    stack.delivered(1).await;
    let excerpt = "SELECT instr(attempt_log, 'canary.qzxwv') > 0 FROM delivery";
    assert!(stack.d1().value::<bool>(excerpt), "the provider said the address again");
    let change = json!({"version": 1, "email": "new@example.com", "phone": null});
    assert_eq!(put(&stack, &key, &id, change).await.status, 200);
    for gone in ["canary.qzxwv", "1623 555019", "1623555019"] {
        assert_eq!(stack.d1().places_of(gone), Vec::<String>::new(), "{gone}");
    }
    // The same request again is still the same lead, as it is called now.
    let again = stack.client().submit_once(&key, "once", &lead).await.unwrap();
    assert_eq!((again.status, again.id(), &again.body["email"]), (201, id.clone(), &json!("new@example.com")));
    assert_eq!((&again.body["phone"], &again.body["name"]), (&Value::Null, &json!("Marla")));
    // Also where both members of the number are the same text.
    let lead = json!({"form": "contact", "email": "Tyler@Example.com", "phone": "+441623555018"});
    let other = stack.client().submit_once(&key, "twice", &lead).await.unwrap().id();
    let change = json!({"version": 1, "phone": "01623 555018", "email": null});
    assert_eq!(put(&stack, &key, &other, change).await.status, 200);
    let again = stack.client().submit_once(&key, "twice", &lead).await.unwrap().body;
    assert_eq!((&again["phone"], &again["phone_e164"]), (&json!("01623 555018"), &json!("+441623555018")));
    assert_eq!(again["email"], Value::Null);
    let deliveries = call(&stack, &key, Method::GET, &format!("/v1/leads/{id}/deliveries"), None).await.body;
    let excerpt = deliveries["deliveries"][0]["attempts"][0]["excerpt"].as_str().unwrap();
    assert!(excerpt.contains("[changed]"), "{excerpt}");
    assert_eq!(deliveries["deliveries"][0]["attempts"][0]["outcome"], "delivered");
}

#[tokio::test]
async fn what_a_form_knows_a_lead_by_follows_its_contact() {
    let stack = Stack::start().await;
    let form = json!({"consent": {"required": false}, "duplicates": {"policy": "reject"}});
    stack.admin().put_form("contact", &form).await;
    let key = manager(&stack, &["contact"]).await;
    let submit = async |email: &str| stack.client().submit(&key, &json!({"form": "contact", "email": email})).await;
    let (first, other) = (submit("old@example.com").await.id(), submit("other@example.com").await.id());
    let changed = put(&stack, &key, &first, json!({"version": 1, "email": "New@example.com"})).await;
    assert_eq!(changed.status, 200);
    assert_eq!(submit("new@example.com").await.body, json!({"id": first, "duplicate": true}));
    assert_eq!(submit("old@example.com").await.status, 201);
    // A contact that another lead has stays with it.
    let taken = put(&stack, &key, &first, json!({"version": 2, "email": "other@example.com"})).await;
    assert_eq!(taken.status, 200);
    assert_eq!(submit("other@example.com").await.id(), other);
    assert_eq!(submit("new@example.com").await.status, 201);
}

#[tokio::test]
async fn a_lead_that_is_erased_and_a_key_that_is_revoked_change_nothing() {
    let stack = Stack::start().await;
    let (key, id) = one_lead(&stack).await;
    let other = stack.client().submit(&key, &lead("tyler@example.com")).await.id();
    stack.d1().execute(&format!("UPDATE lead SET erased_at = 1 WHERE id = '{other}'"));
    let client_type = json!({"client_type": "buyer"});
    for (method, path, body) in [
        (Method::GET, format!("/v1/leads/{other}"), None),
        (Method::PUT, format!("/v1/leads/{other}"), Some(json!({"version": 1, "status": "lost"}))),
        (Method::POST, format!("/v1/leads/{other}/convert"), Some(client_type.clone())),
    ] {
        assert_eq!(call(&stack, &key, method, &path, body.as_ref()).await.status, 404, "{path}");
    }
    let listed = call(&stack, &key, Method::GET, "/v1/leads?quarantined=any", None).await;
    assert_eq!((&listed.body["meta"]["total"], &listed.body["leads"][0]["id"]), (&json!(1), &json!(id)));
    // The isolate still knows the key: only the transaction finds that it is revoked.
    stack.d1().execute("INSERT INTO revoked_key (id, at) SELECT DISTINCT key_id, 1 FROM lead");
    assert_eq!(put(&stack, &key, &id, json!({"version": 1, "status": "lost"})).await.status, 401);
    assert_eq!(
        call(&stack, &key, Method::POST, &format!("/v1/leads/{id}/convert"), Some(&client_type)).await.status,
        401
    );
    assert_eq!(stack.d1().value::<i64>("SELECT sum(version) + (SELECT count(*) FROM client) FROM lead"), 2);
}
