//! Each documented request and its documented answer.

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::Stack;

use super::{ACTUALLYCARE, ALTERESTATE, ANYHOUSE, LEADPRO, MARKETPLACE, all, lead, post};

#[tokio::test]
async fn the_examples_of_the_pages_work_with_only_host_and_key_changed() {
    let stack = Stack::start().await;
    let key = stack.admin().contact_form().await.secret;

    let anyhouse = json!({
        "name": "John Doe", "email": "john@example.com", "phone": "+1 809 555 1234",
        "notes": "Interested in Punta Cana properties around $200k.", "lead_type": "hot",
        "previous_conversation": [
            {"date": "2026-03-01T15:45:00Z", "direction": "inbound", "from": "john@example.com", "to": "sales@partner.com",
             "subject": "Interested in property", "body": "Hi, I'm looking for a 2 bedroom apartment in Punta Cana."},
        ],
    });
    let answer = post(&stack, ANYHOUSE, &key, &anyhouse).await;
    let (id, at) = (&answer.body["id"], &answer.body["created_at"]);
    assert!(id.as_u64().is_some() && at.is_string(), "{}", answer.body);
    let expected = json!({
        "id": id, "name": "John Doe", "email": "john@example.com", "phone": "+1 809 555 1234", "lead_type": "hot",
        "created_at": at,
    });
    assert_eq!((answer.status, &answer.body), (201, &expected));
    let stored = lead(&stack, &key, &answer).await;
    assert_eq!((&stored["interest_level"], &stored["form"]), (&json!("hot"), &json!("contact")));
    assert_eq!(stored["conversation"][0]["body"], anyhouse["previous_conversation"][0]["body"]);
    assert_eq!(stored["deliveries"][0]["destination"], "anyhouse");
    let client = stack.client();
    let by_other_header = client.request(Method::POST, ANYHOUSE).header("X-Api-Key", &key).json(&anyhouse);
    assert_eq!(client.send(by_other_header).await.unwrap().status, 201);

    let leadpro = json!({
        "type": "sale", "phone": "01623000000", "first_name": "Marla", "last_name": "Singer", "email": "cloud9@cloud.com",
        "title": "Mrs", "advert_address": "123 Example Street, Example town", "advert_postcode": "DE1 1JX",
        "advert_url": "https://placeholder.com/150", "utm_source": "social_media", "utm_campaign": "newsletter_2025",
        "appointment_availability": {"hours": ["2025-01-01T08:00:00.000Z", "2025-01-01T09:00:00.000Z"]},
        "message": "I would like a valuation please",
        "meta": {"Property Type": "detached", "Virtual Tour": "true", "Property ID": "7362"},
    });
    let answer = post(&stack, LEADPRO, &key, &leadpro).await;
    let stored = lead(&stack, &key, &answer).await;
    assert_eq!((answer.status, &answer.body), (200, &json!({"success": true, "id": stored["id"]})));
    assert_eq!((&stored["source"], &stored["intent"]), (&json!("homepage"), &json!("buy")));
    assert_eq!(stored["meta"], leadpro["meta"]);

    let alterestate = json!({"full_name": "John Doe", "phone": "8091234567", "email": "johndoe@email.com"});
    let answer = post(&stack, ALTERESTATE, &key, &alterestate).await;
    assert_eq!((answer.status, &answer.body["status"]), (201, &json!(201)));
    let stored = lead(&stack, &key, &answer).await;
    assert_eq!(answer.body["data"]["uid"], stored["id"]);
    assert!(answer.body["deal_id"].is_u64() && answer.body["log_id"].is_u64());
    assert_eq!(post(&stack, ALTERESTATE.trim_end_matches('/'), &key, &alterestate).await.status, 201);

    let answer = post(&stack, ACTUALLYCARE, &key, &json!({"name": "Jordan Lee"})).await;
    assert_eq!((answer.status, &answer.body["data"]["version"]), (201, &json!(1)));
    let stored = lead(&stack, &key, &answer).await;
    assert_eq!((&stored["id"], &stored["contactable"]), (&answer.body["data"]["id"], &json!(false)));
    let path = format!("{ACTUALLYCARE}/{}", stored["id"].as_str().unwrap());
    let shown = client.send(client.request(Method::GET, &path).header("X-API-Key", &key)).await.unwrap();
    assert_eq!((shown.status, &shown.body["data"]), (200, &answer.body["data"]));
    // Nobody can be told of a person that nobody can reach.
    tests::wait::until("the delivery is skipped", async || {
        let sql = format!("SELECT count(*) FROM delivery WHERE lead_id = {} AND status = 'skipped'", stored["id"]);
        (stack.d1().value::<i64>(&sql.replace('"', "'")) == 1).then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_marketplace_takes_fields_of_query_and_body_and_knows_american_numbers() {
    let stack = Stack::start().await;
    let key = stack.admin().contact_form().await.secret;
    let client = stack.client();
    let example = json!({
        "seller": "ACME1234", "category": "Auto Insurance", "firstName": "John", "lastName": "Doe",
        "phone": "555-123-4567", "email": "john@email.com", "state": "TX",
    });
    let answer = post(&stack, MARKETPLACE, &key, &example).await;
    let stored = lead(&stack, &key, &answer).await;
    assert_eq!(
        (answer.status, &answer.body),
        (200, &json!({"success": true, "lead_id": stored["id"], "status": "pending"}))
    );
    assert_eq!((&stored["phone"], &stored["phone_e164"]), (&json!("555-123-4567"), &Value::Null));
    for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
        assert!(answer.header(name).parse::<u64>().is_ok(), "{name}");
    }

    let query = format!("{MARKETPLACE}?seller=ACME1234&category=Solar&state=TX&firstName=John&phone=555-1234");
    for kind in ["", "application/json"] {
        let request = client.request(Method::POST, &query).bearer_auth(&key);
        let request = if kind.is_empty() { request } else { request.header("Content-Type", kind) };
        let answer = client.send(request).await.unwrap();
        assert_eq!(lead(&stack, &key, &answer).await["name"], "John", "{}", answer.body);
    }
    let missing = post(&stack, &query, &key, &json!({"roof": "flat"})).await;
    assert_eq!((missing.status, &missing.body["error"]), (400, &json!("Missing required field")));
    assert_eq!(missing.body["fields"], json!(["lastName"]));
    let more = json!({"lastName": "Roe", "firstName": "Jane", "state": "", "roof": "flat"});
    let answer = client.send(client.request(Method::POST, &query).bearer_auth(&key).json(&more)).await.unwrap();
    let stored = lead(&stack, &key, &answer).await;
    assert_eq!(
        (&stored["name"], &stored["state"], &stored["category"]),
        (&json!("Jane Roe"), &json!("TX"), &json!("Solar"))
    );
    assert_eq!(stored["meta"], json!({"roof": "flat"}));
}

#[tokio::test]
async fn a_repeat_is_answered_as_it_was_and_a_person_who_is_there_already_as_the_page_says() {
    let stack = Stack::start().await;
    let key = stack.admin().contact_form().await.secret;
    let client = stack.client();
    let form = json!({"duplicates": {"policy": "reject"}});
    for (number, (path, body)) in all().into_iter().enumerate() {
        stack.admin().put_form("contact", &json!({})).await;
        let contact = format!("{path}?form=contact");
        let send = || {
            client
                .request(Method::POST, &contact)
                .bearer_auth(&key)
                .header("Idempotency-Key", format!("one-{number}"))
                .json(&body)
        };
        let first = client.send(send()).await.unwrap();
        let again = client.send(send()).await.unwrap();
        assert_eq!(again.header("idempotent-replayed"), "true");
        assert_eq!((first.status, &first.body), (again.status, &again.body));
        assert_eq!(stack.d1().lead_count(), 2 * number + 1);

        // A form of its own for each, so that no person is known from the address before.
        let id = format!("form{number}");
        stack.admin().put_form(&id, &form).await;
        let path = format!("{path}?form={id}");
        let mut person = body.clone();
        person["email"] = "once@example.com".into();
        let first = post_to(&client, &path, &key, &person).await;
        let second = post_to(&client, &path, &key, &person).await;
        assert_eq!((second.status, stack.d1().lead_count()), (200, 2 * number + 2), "{}", second.body);
        for name in ["id", "lead_id"] {
            assert_eq!(first.body[name], second.body[name], "{path}");
        }
        if path.starts_with(ALTERESTATE) {
            let message = "This contact already exists. No new deal was created.";
            assert_eq!((&second.body["status"], &second.body["message"]), (&json!(200), &json!(message)));
            assert!(second.body["log_id"].as_str().unwrap().starts_with("LOG"));
        }
    }
}

async fn post_to(client: &tests::harness::Client, path: &str, key: &str, body: &Value) -> tests::harness::Answer {
    client.send(client.request(Method::POST, path).bearer_auth(key).json(body)).await.unwrap()
}
