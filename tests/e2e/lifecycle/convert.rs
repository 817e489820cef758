//! Making clients of leads: once each, with one contact a person and form.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Answer, Stack};

use super::{call, manager, plain_form};

async fn convert(stack: &Stack, key: &str, id: &str, body: Value) -> Answer {
    call(stack, key, Method::POST, &format!("/v1/leads/{id}/convert"), Some(&body)).await
}

async fn submit(stack: &Stack, key: &str, form: &str, contact: Value) -> String {
    let mut lead = contact;
    lead["form"] = form.into();
    stack.client().submit(key, &lead).await.id()
}

#[tokio::test]
async fn of_conversions_at_once_exactly_one_makes_a_client() {
    let stack = Stack::start().await;
    plain_form(&stack, "contact").await;
    let key = manager(&stack, &["contact"]).await;
    let contact = json!({"name": "Marla", "email": "Marla@Example.com", "phone": "01623 000000"});
    let id = submit(&stack, &key, "contact", contact).await;
    let answers = join_all((0..12).map(|_| convert(&stack, &key, &id, json!({"client_type": "both"})))).await;
    let made: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(made.len(), 1);
    assert!(
        answers
            .iter()
            .filter(|answer| answer.status != 201)
            .all(|answer| answer.status == 409 && answer.body["code"] == "version_conflict")
    );
    let (client, lead) = (&made[0].body["client"], &made[0].body["lead"]);
    let told: Vec<&Value> =
        answers.iter().filter(|answer| answer.status == 409).map(|answer| &answer.body["client_id"]).collect();
    assert_eq!(told, [&client["id"]; 11]);
    assert_eq!((&client["type"], &client["lead_id"]), (&json!("both"), &json!(id)));
    assert_eq!(
        (&client["contact"]["email"], &client["contact"]["phone_e164"]),
        (&json!("marla@example.com"), &json!("+441623000000"))
    );
    assert_eq!(
        (&lead["status"], &lead["version"], &lead["client_id"]),
        (&json!("converted"), &json!(2), &client["id"])
    );
    assert_eq!(
        stack.d1().value::<i64>("SELECT (SELECT count(*) FROM client) * 10 + (SELECT count(*) FROM contact)"),
        11
    );
    let history = call(&stack, &key, Method::GET, &format!("/v1/leads/{id}/history"), None).await.body;
    let converted: Vec<&Value> =
        history["events"].as_array().unwrap().iter().filter(|event| event["event"] == "converted").collect();
    assert_eq!((converted.len(), &converted[0]["client_id"]), (1, &client["id"]));
    assert_eq!(call(&stack, &key, Method::GET, "/v1/leads?status=converted", None).await.body["meta"]["total"], 1);
}

#[tokio::test]
async fn a_person_is_one_contact_in_a_form_and_another_in_another() {
    let stack = Stack::start().await;
    for form in ["contact", "other"] {
        plain_form(&stack, form).await;
    }
    let key = manager(&stack, &["*"]).await;
    let contact_of = async |id: &str| {
        let made = convert(&stack, &key, id, json!({"client_type": "buyer"})).await;
        assert_eq!(made.status, 201, "{}", made.body);
        made.body["client"]["contact"].clone()
    };
    let by_email = submit(&stack, &key, "contact", json!({"name": "Marla", "email": "marla@example.com"})).await;
    let both = submit(&stack, &key, "contact", json!({"email": "MARLA@example.com", "phone": "01623 000000"})).await;
    let by_phone =
        submit(&stack, &key, "contact", json!({"email": "new@example.com", "phone": "+44 1623 000000"})).await;
    let stranger = submit(&stack, &key, "contact", json!({"email": "tyler@example.com"})).await;
    let elsewhere = submit(&stack, &key, "other", json!({"email": "marla@example.com"})).await;

    let first = contact_of(&by_email).await;
    let second = contact_of(&both).await;
    assert_eq!((&second["id"], &second["name"]), (&first["id"], &json!("Marla")));
    assert_eq!((&first["phone_e164"], &second["phone_e164"]), (&Value::Null, &json!("+441623000000")));
    let third = contact_of(&by_phone).await;
    assert_eq!((&third["id"], &third["email"]), (&first["id"], &json!("marla@example.com")));
    assert_ne!(contact_of(&stranger).await["id"], first["id"]);
    assert_ne!(contact_of(&elsewhere).await["id"], first["id"]);
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM contact"), 3);
}

#[tokio::test]
async fn a_number_that_another_contact_has_costs_a_contact_nothing_else() {
    let stack = Stack::start().await;
    plain_form(&stack, "contact").await;
    let key = manager(&stack, &["contact"]).await;
    let convert = async |contact: Value| {
        let id = submit(&stack, &key, "contact", contact).await;
        let made = convert(&stack, &key, &id, json!({"client_type": "buyer"})).await;
        (id, made.body["client"]["contact"].clone())
    };
    let (first, nameless) = convert(json!({"email": "marla@example.com"})).await;
    convert(json!({"email": "tyler@example.com", "phone": "01623 000000", "name": "Tyler"})).await;
    let (second, gained) =
        convert(json!({"email": "marla@example.com", "phone": "01623 000000", "name": "Marla"})).await;
    assert_eq!((&nameless["name"], &gained["id"]), (&Value::Null, &nameless["id"]));
    assert_eq!((&gained["name"], &gained["phone"]), (&json!("Marla"), &Value::Null));
    // What the contact was made of goes, and what it is made of anew shares the number of the other.
    assert_eq!(call(&stack, &key, Method::DELETE, &format!("/v1/leads/{first}"), None).await.status, 204);
    let held = json!({"email": "marla@example.com"});
    let held = call(&stack, &key, Method::POST, "/v1/privacy/export", Some(&held)).await.body;
    assert_eq!(held["clients"][0]["lead_id"], second);
    let contact = &held["clients"][0]["contact"];
    let expected = (&json!("Marla"), &json!("marla@example.com"), &Value::Null);
    assert_eq!((&contact["name"], &contact["email"], &contact["phone_e164"]), expected);
}

#[tokio::test]
async fn leads_of_one_person_that_are_converted_at_once_share_one_contact() {
    let stack = Stack::start().await;
    plain_form(&stack, "contact").await;
    let key = manager(&stack, &["contact"]).await;
    let mut leads = Vec::new();
    for _ in 0..8 {
        leads.push(submit(&stack, &key, "contact", json!({"email": "marla@example.com"})).await);
    }
    let answers = join_all(leads.iter().map(|id| convert(&stack, &key, id, json!({"client_type": "seller"})))).await;
    assert!(answers.iter().all(|answer| answer.status == 201));
    assert_eq!(
        stack.d1().value::<i64>("SELECT (SELECT count(*) FROM client) * 10 + (SELECT count(*) FROM contact)"),
        81
    );
}

#[tokio::test]
async fn a_conversion_says_what_the_client_wants_and_nothing_else() {
    let stack = Stack::start().await;
    plain_form(&stack, "contact").await;
    let key = manager(&stack, &["contact"]).await;
    let id = submit(&stack, &key, "contact", json!({"email": "marla@example.com"})).await;
    for (body, wrong) in [
        (json!({}), "client_type"),
        (json!({"client_type": "tenant"}), "client_type"),
        (json!({"client_type": "buyer", "name": "Marla"}), "name"),
        (json!({"client_type": "buyer", "version": "1"}), "version"),
    ] {
        let answer = convert(&stack, &key, &id, body).await;
        assert_eq!(answer.status, 422);
        assert!(answer.body["errors"][wrong].is_array(), "{}", answer.body);
    }
    let stale = convert(&stack, &key, &id, json!({"client_type": "buyer", "version": 7})).await;
    assert_eq!((stale.status, &stale.body["current_version"]), (409, &json!(1)));
    // A status that somebody set makes no client: that is still to be made.
    let set = json!({"version": 1, "status": "converted"});
    assert_eq!(call(&stack, &key, Method::PUT, &format!("/v1/leads/{id}"), Some(&set)).await.status, 200);
    assert_eq!(convert(&stack, &key, &id, json!({"client_type": "buyer", "version": 2})).await.status, 201);
}
