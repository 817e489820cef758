//! Which form a lead is for, which categories are bought there, and who buys.

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::Stack;
use tests::sandbox::Fault;

use super::{ANYHOUSE, MARKETPLACE, all, lead, post};

fn offer(seller: &str, category: &str) -> Value {
    json!({"seller": seller, "category": category, "firstName": "John", "lastName": "Doe", "phone": "555-123-4567", "state": "TX"})
}

/// An offer with another value for a field.
fn with(field: &str, value: Value) -> Value {
    let mut offer = offer("ACME1234", "Solar");
    offer[field] = value;
    offer
}

#[tokio::test]
async fn a_seller_and_its_campaigns_are_what_the_form_says() {
    let stack = Stack::start().await;
    let admin = stack.admin();
    let key = admin.contact_form().await.secret;
    let form = json!({
        "sellers": ["ACME1234", "acme-insurance"],
        "campaigns": {"Auto Insurance": {"required": ["zip"], "price": 45}, "Solar": {}},
    });
    admin.put_form("bought", &form).await;
    for seller in ["ACME1234", "acme-insurance", "bought"] {
        let answer = post(&stack, MARKETPLACE, &key, &offer(seller, "solar")).await;
        assert_eq!(lead(&stack, &key, &answer).await["form"], "bought", "{seller}");
    }
    for (body, error) in [
        (offer("OTHER123", "Solar"), "No matching campaign"),
        (offer("ACME1234", "Boats"), "No matching campaign"),
        (offer("ACME1234", "Auto Insurance"), "Missing required field"),
        (offer("", "Solar"), "Missing required field"),
        // What is no text is no way around.
        (with("seller", json!(99_999_999)), "No matching campaign"),
        (with("seller", json!([])), "Missing required field"),
        (with("category", json!(5)), "No matching campaign"),
        (with("category", json!(["Solar"])), "No matching campaign"),
    ] {
        let answer = post(&stack, MARKETPLACE, &key, &body).await;
        assert_eq!((answer.status, answer.body["error"].as_str()), (400, Some(error)), "{}", answer.body);
    }
    assert_eq!(stack.d1().lead_count(), 3);
}

#[tokio::test]
async fn what_was_bought_once_is_answered_as_it_was_whatever_is_bought_by_now() {
    let stack = Stack::start().await;
    let admin = stack.admin();
    admin.put_form("contact", &json!({})).await;
    let key = admin.secret_key().await;
    let client = stack.client();
    let send = async |body: String| {
        let request = client.request(Method::POST, MARKETPLACE).bearer_auth(&key).header("Idempotency-Key", "once");
        client.send(request.header("Content-Type", "application/json").body(body)).await.unwrap()
    };
    let solar = offer("ACME1234", "Solar").to_string();
    let first = send(solar.clone()).await;
    assert_eq!(first.status, 200, "{}", first.body);
    for campaigns in [json!({"Boats": {}}), json!({"Solar": {"required": ["zip"]}})] {
        admin.put_form("contact", &json!({ "campaigns": campaigns })).await;
        let again = send(solar.clone()).await;
        assert_eq!((again.status, &again.body, again.header("idempotent-replayed")), (200, &first.body, "true"));
    }
    // Another request under that name is told so, even one that is wrong besides, or cannot be read.
    for other in ["{}", "{", "category=Solar"] {
        let answer = send(other.to_owned()).await;
        assert!(answer.body["message"].as_str().unwrap().contains("new Idempotency-Key"), "{other}: {}", answer.body);
    }
    assert_eq!(stack.d1().lead_count(), 1);
}

#[tokio::test]
async fn a_key_for_several_forms_is_told_to_name_one() {
    let stack = Stack::start().await;
    let admin = stack.admin();
    admin.contact_form().await;
    admin.put_form("second", &admin.form()).await;
    admin.put_form("third", &admin.form()).await;
    let scopes = json!(["leads:write", "leads:read"]);
    let both = json!({"kind": "secret", "forms": ["contact", "second"], "scopes": scopes});
    let both = admin.key(&both).await;
    for (path, body) in all() {
        let answer = post(&stack, path, &both, &body).await;
        assert!((400..500).contains(&answer.status), "{path} {}", answer.status);
        if path != MARKETPLACE {
            assert!(answer.body.to_string().contains("?form="), "{}", answer.body);
        }
        let named = post(&stack, &format!("{path}?form=second"), &both, &body).await;
        assert!(named.status < 300, "{}", named.body);
        assert_eq!(lead(&stack, &both, &named).await["form"], "second");
        let foreign = post(&stack, &format!("{path}?form=third"), &both, &body).await;
        assert_eq!(foreign.status, 403, "{}", foreign.body);
    }
    let one = json!({"kind": "secret", "forms": ["second"], "scopes": scopes});
    let answer = post(&stack, ANYHOUSE, &admin.key(&one).await, &all()[0].1).await;
    assert_eq!(lead(&stack, &both, &answer).await["form"], "second");
}

#[tokio::test]
async fn a_lead_is_sold_to_the_first_of_a_group_that_takes_it_in_time() {
    let stack = Stack::start().await;
    let admin = stack.admin();
    admin.put_form("contact", &json!({"campaigns": {"Auto Insurance": {"price": 45}}})).await;
    for provider in ["webhook", "actuallycare"] {
        admin.put_destination(provider, &admin.destination(provider)).await;
    }
    let group = json!({"order": ["webhook", "actuallycare"], "retries": 0});
    assert_eq!(admin.send(Method::PUT, "/v1/admin/groups/buyers", Some(&group)).await.status, 201);
    let key = admin.secret_key().await;
    let client = stack.client();
    let sell = async |name: &str| {
        let request = client.request(Method::POST, MARKETPLACE).bearer_auth(&key).header("Idempotency-Key", name);
        client.send(request.json(&offer("ACME1234", "Auto Insurance"))).await.unwrap()
    };
    let sold = sell("first").await;
    let expected = json!({
        "success": true, "lead_id": sold.body["lead_id"], "status": "sold", "price": 45, "buyer_ids": ["webhook"],
    });
    assert_eq!((sold.status, &sold.body), (200, &expected));
    assert_eq!(sell("first").await.body, expected, "a repeat is told the same");

    stack.sandbox.order(Fault { status: Some(422), times: Some(1), ..Fault::of("webhook") });
    assert_eq!(sell("second").await.body["buyer_ids"], json!(["actuallycare"]));

    for provider in ["webhook", "actuallycare"] {
        stack.sandbox.order(Fault { status: Some(422), times: Some(1), ..Fault::of(provider) });
    }
    assert_eq!(sell("third").await.body["status"], "pending");
    stack.sandbox.order(Fault { delay_ms: Some(6_000), times: Some(1), ..Fault::of("webhook") });
    assert_eq!(sell("fourth").await.body["status"], "pending");
}
