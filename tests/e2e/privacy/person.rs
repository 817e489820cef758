//! Data-subject requests: what is held of a person is taken out and erased, in the key's forms and nowhere else.

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Answer, Stack, store_leads};

use super::{PERSON, call, canary, must_be_gone};
use crate::{
    lead,
    lifecycle::{manager, plain_form},
};

async fn ask(stack: &Stack, key: &str, what: &str, who: &Value) -> Answer {
    call(stack, key, Method::POST, &format!("/v1/privacy/{what}"), Some(who)).await
}

#[tokio::test]
async fn what_is_held_of_a_person_is_taken_out_and_erased() {
    let mut stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let key = &keys.secret;
    plain_form(&stack, "other").await;
    let client = stack.client();
    let first = client.submit_once(key, "order-canary", &canary()).await.unwrap().id();
    // The same person by number alone, as typed elsewhere, and by a number of no known plan.
    let by_number =
        client.submit(key, &json!({"form": "other", "phone": "+44 1623 555019", "message": PERSON[4]})).await.id();
    let typed =
        client.submit(key, &json!({"form": "other", "email": "Canary.Qzxwv@Example.com", "name": PERSON[0]})).await;
    let neighbour = client.submit(key, &lead("tyler@example.com")).await.id();
    let both = json!({"email": "CANARY.qzxwv@example.com", "phone": "01623 555019"});
    let path = format!("/v1/leads/{first}/convert");
    assert_eq!(call(&stack, key, Method::POST, &path, Some(&json!({"client_type": "buyer"}))).await.status, 201);
    stack.delivered(2).await;

    let held = ask(&stack, key, "export", &both).await;
    assert_eq!(held.status, 200, "{}", held.body);
    let ids: Vec<&str> =
        held.body["leads"].as_array().unwrap().iter().map(|lead| lead["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [&first, &by_number, &typed.id()]);
    assert_eq!(held.body["leads"][0]["message"], PERSON[4]);
    assert_eq!(held.body["deliveries"][0]["attempts"][0]["outcome"], "delivered");
    assert_eq!(held.body["clients"][0]["contact"]["email"], "canary.qzxwv@example.com");
    // The same receipt with the same signature as by itself.
    let receipt = call(&stack, key, Method::GET, &format!("/v1/leads/{first}/consent"), None).await.body;
    assert_eq!((receipt["receipt"]["lead_id"].as_str(), receipt["signature"].is_string()), (Some(&*first), true));
    assert_eq!(held.body["receipts"], json!([receipt]));
    assert_eq!(held.body["answers"][0]["idempotency_key"], "order-canary");
    assert!(held.body["events"].as_array().unwrap().iter().any(|event| event["event"] == "converted"));
    assert_eq!(held.body["next_cursor"], Value::Null);

    // One way of knowing the person finds what it finds.
    let by_email = ask(&stack, key, "erase", &json!({"email": "canary.qzxwv@example.com"})).await;
    let counts = json!({"leads": 2, "deliveries": 1, "clients": 1, "contacts": 1, "answers": 1});
    assert_eq!((by_email.status, &by_email.body), (200, &json!({"erased": counts, "next_cursor": null})));
    let rest = ask(&stack, key, "erase", &both).await;
    assert_eq!(rest.body["erased"]["leads"], 1, "{}", rest.body);
    let none = ask(&stack, key, "erase", &both).await;
    assert_eq!(none.body["erased"], json!({"leads": 0, "deliveries": 0, "clients": 0, "contacts": 0, "answers": 0}));
    assert_eq!(ask(&stack, key, "export", &both).await.body["leads"], json!([]));
    assert_eq!(stack.client().get(&format!("/v1/leads/{neighbour}"), key).await.status, 200);

    let audit = stack.admin().send(Method::GET, "/v1/admin/audit?limit=5", None).await.body;
    let told: Vec<_> = audit["audit"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (&entry["action"], &entry["id"], &entry["counts"]["leads"]))
        .collect();
    let (exported, erased, nobody) = (json!("exported"), json!("erased"), Value::Null);
    assert_eq!(
        told,
        [
            (&exported, &nobody, &json!(0)),
            (&erased, &nobody, &json!(0)),
            (&erased, &nobody, &json!(1)),
            (&erased, &nobody, &json!(2)),
            (&exported, &nobody, &json!(3))
        ]
    );
    must_be_gone(&mut stack, &PERSON);
}

#[tokio::test]
async fn a_number_is_read_by_the_habits_of_each_form_and_an_unknown_one_by_its_digits() {
    let stack = Stack::start().await;
    let no_consent = json!({"consent": {"required": false}, "phone_region": "ES"});
    stack.admin().put_form("spain", &no_consent).await;
    plain_form(&stack, "contact").await;
    let key = manager(&stack, &["spain", "contact"]).await;
    let submit =
        async |form: &str, phone: &str| stack.client().submit(&key, &json!({"form": form, "phone": phone})).await.id();
    let spain = submit("spain", "912 345 678").await;
    submit("contact", "0191 234 5678").await;
    let unknown = submit("contact", "01623 000000").await;
    stack.d1().execute(&format!(
        "UPDATE lead SET document = json_set(document, '$.phone', '555-123-4567', '$.phone_e164', NULL) WHERE id = '{unknown}'"
    ));
    let found = async |phone: &str| {
        let held = ask(&stack, &key, "export", &json!({"phone": phone})).await.body;
        held["leads"].as_array().unwrap().iter().map(|lead| lead["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("912345678").await, std::slice::from_ref(&spain));
    assert_eq!(found("+34 912 34 56 78").await, [spain]);
    assert_eq!(found("(555) 123 4567").await, [unknown]);
    assert_eq!(found("4567").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_number_is_found_as_it_was_typed_whatever_was_made_of_it() {
    let stack = Stack::start().await;
    plain_form(&stack, "contact").await;
    let key = manager(&stack, &["contact"]).await;
    let client = stack.client();
    let of_partner = async |path: &str, body: Value| {
        let sent = client.request(Method::POST, path).bearer_auth(&key).json(&body);
        let answer = client.send(sent).await.unwrap();
        answer.header("location").rsplit('/').next().unwrap().to_owned()
    };
    // Read as an American number, in a British form.
    let american = json!({
        "seller": "any", "category": "Solar", "firstName": "John", "lastName": "Doe", "phone": "(202) 555-0143", "state": "TX",
    });
    let american = of_partner("/compat/marketplace/api/leads", american).await;
    let mut typed = vec![("202-555-0143", american)];
    for phone in ["ring 555-777-1234 in the evening", "٠١٦٢٣٥٥٥٠١٩"] {
        typed.push((phone, of_partner("/compat/anyhouse/api/partner/leads", json!({"phone": phone})).await));
    }
    for (phone, id) in &typed {
        let held = ask(&stack, &key, "export", &json!({"phone": phone})).await;
        assert_eq!(held.body["leads"][0]["id"], *id, "{phone}: {}", held.body);
        assert_eq!(held.body["leads"].as_array().unwrap().len(), 1);
    }
    // A client's contact keeps a number that its lead has no more.
    let (phone, id) = &typed[1];
    let path = format!("/v1/leads/{id}");
    let buyer = json!({"client_type": "buyer"});
    assert_eq!(call(&stack, &key, Method::POST, &format!("{path}/convert"), Some(&buyer)).await.status, 201);
    let moved = json!({"version": 2, "phone": null, "email": "moved@example.com"});
    assert_eq!(call(&stack, &key, Method::PUT, &path, Some(&moved)).await.status, 200);
    let erased = ask(&stack, &key, "erase", &json!({"phone": phone})).await.body;
    assert_eq!((&erased["erased"]["leads"], &erased["erased"]["contacts"]), (&json!(0), &json!(1)), "{erased}");
    for (phone, _) in [&typed[0], &typed[2]] {
        let erased = ask(&stack, &key, "erase", &json!({"phone": phone})).await.body;
        assert_eq!(erased["erased"]["leads"], 1, "{phone}");
    }
}

#[tokio::test]
async fn a_key_reaches_nobody_in_other_forms() {
    let stack = Stack::start().await;
    for form in ["contact", "other"] {
        plain_form(&stack, form).await;
    }
    let (own, other) = (manager(&stack, &["contact"]).await, manager(&stack, &["other"]).await);
    let who = json!({"email": "canary.qzxwv@example.com"});
    let id = stack.client().submit(&own, &canary()).await.id();
    assert_eq!(
        call(&stack, &own, Method::POST, &format!("/v1/leads/{id}/convert"), Some(&json!({"client_type": "buyer"})))
            .await
            .status,
        201
    );
    let held = ask(&stack, &other, "export", &who).await.body;
    assert_eq!((&held["leads"], &held["clients"]), (&json!([]), &json!([])));
    assert_eq!(ask(&stack, &other, "erase", &who).await.body["erased"]["leads"], 0);
    assert_eq!(stack.client().get(&format!("/v1/leads/{id}"), &own).await.status, 200);
    let publishable = stack.admin().publishable_key("contact").await;
    let reader = stack.admin().key(&json!({"kind": "secret", "forms": ["*"], "scopes": ["leads:read"]})).await;
    for key in [&publishable, &reader] {
        for what in ["export", "erase"] {
            assert_eq!(ask(&stack, key, what, &who).await.status, 403);
        }
    }
    for wrong in [json!({}), json!({"email": "nobody"}), json!({"name": "Canary"}), json!({"phone": 1})] {
        assert_eq!(ask(&stack, &own, "erase", &wrong).await.status, 422, "{wrong}");
    }
}

#[tokio::test]
async fn many_leads_are_found_page_by_page() {
    let stack = Stack::start().await;
    plain_form(&stack, "contact").await;
    let key = manager(&stack, &["contact"]).await;
    store_leads(&stack, "contact", 30_000);
    // One person at both ends of what one question sees, and another with more leads than one answer has room for.
    stack.d1().execute(
        "UPDATE lead SET document = json_set(document, '$.email', 'Canary.Qzxwv@example.com')
         WHERE document ->> '$.message' IN ('This is number 1.', 'This is number 29999.')",
    );
    let held = ask(&stack, &key, "export", &json!({"email": "canary.qzxwv@example.com"})).await.body;
    assert_eq!((held["leads"].as_array().unwrap().len(), &held["next_cursor"]), (2, &Value::Null));
    stack.d1().execute("UPDATE lead SET document = json_set(document, '$.phone_e164', '+441623999999') WHERE id IN (SELECT id FROM lead ORDER BY id LIMIT 120)");
    let mut who = json!({"phone": "+44 1623 999999"});
    let mut sizes = Vec::new();
    loop {
        let held = ask(&stack, &key, "export", &who).await.body;
        sizes.push(held["leads"].as_array().unwrap().len());
        match &held["next_cursor"] {
            Value::Null => break,
            cursor => who["cursor"] = cursor.clone(),
        }
    }
    assert_eq!(sizes, [50, 50, 20]);
    who.as_object_mut().unwrap().remove("cursor");
    let erased = ask(&stack, &key, "erase", &who).await.body;
    assert_eq!((&erased["erased"]["leads"], &erased["next_cursor"]), (&json!(120), &Value::Null));
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM lead WHERE erased_at IS NOT NULL"), 120);
}
