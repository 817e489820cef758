//! The sandbox's marketplace holds to its page.

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tests::sandbox::Sandbox;

fn post(sandbox: &Sandbox, query: &str) -> RequestBuilder {
    Client::new().post(sandbox.endpoint("marketplace") + query).bearer_auth("sandbox-marketplace-token")
}

async fn answer(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn lead() -> Value {
    json!({
        "seller": "ACME1234", "category": "Auto Insurance", "firstName": "John", "lastName": "Doe",
        "email": "john.doe@email.com", "phone": "555-123-4567", "state": "TX", "zip": "75001", "city": "Dallas",
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut lead = lead();
    lead[field] = value;
    lead
}

#[tokio::test]
async fn the_marketplace_sells_the_documented_example_and_answers_as_documented() {
    let sandbox = Sandbox::start().await;
    let (status, sold) = answer(post(&sandbox, "").json(&lead())).await;
    let expected = json!({
        "success": true, "lead_id": "lead-1", "status": "sold", "price": 45.00, "buyer_ids": ["buyer-uuid-1"],
    });
    assert_eq!((status, sold), (200, expected));
}

#[tokio::test]
async fn a_lead_that_nobody_buys_is_pending() {
    let sandbox = Sandbox::start().await;
    let (status, pending) = answer(post(&sandbox, "").json(&with("state", json!("AK")))).await;
    assert_eq!((status, pending), (200, json!({"success": true, "lead_id": "lead-1", "status": "pending"})));
}

#[tokio::test]
async fn fields_may_come_in_the_query_and_the_body_wins() {
    let sandbox = Sandbox::start().await;
    let query = "?seller=ACME1234&category=Solar&state=AK&firstName=John&lastName=Doe&phone=555-1234";
    assert_eq!(answer(post(&sandbox, query)).await.1["status"], "pending");
    assert_eq!(answer(post(&sandbox, query).json(&json!({"state": "TX"}))).await.1["status"], "sold");
}

#[tokio::test]
async fn a_lead_without_a_required_field_or_campaign_is_refused_in_the_documented_words() {
    let sandbox = Sandbox::start().await;
    for field in ["seller", "category", "firstName", "lastName", "phone", "state"] {
        for value in [Value::Null, json!(" "), json!(5)] {
            let (status, refused) = answer(post(&sandbox, "").json(&with(field, value))).await;
            assert_eq!(
                (status, &refused["error"], &refused["field"]),
                (400, &json!("Missing required field"), &json!(field))
            );
        }
    }
    let (status, refused) = answer(post(&sandbox, "").json(&with("category", json!("Boats")))).await;
    assert_eq!((status, refused), (400, json!({"success": false, "error": "No matching campaign"})));
}

#[tokio::test]
async fn what_is_not_as_the_page_describes_it_is_refused() {
    let sandbox = Sandbox::start().await;
    for (field, value) in [
        ("state", json!("Texas")),
        ("state", json!("tx")),
        ("seller", json!("Acme Ltd")),
        ("zip", json!(75001)),
        ("email", json!(null)),
    ] {
        assert_eq!(answer(post(&sandbox, "").json(&with(field, value))).await.0, 400, "{field}");
    }
    assert_eq!(answer(post(&sandbox, "").json(&with("seller", json!("acme-leads")))).await.0, 200);
    assert_eq!(answer(post(&sandbox, "").json(&with("roofType", json!("tile")))).await.0, 200);
}

#[tokio::test]
async fn the_marketplace_refuses_a_wrong_credential_method_and_body() {
    let sandbox = Sandbox::start().await;
    let endpoint = sandbox.endpoint("marketplace");
    let (status, refused) = answer(Client::new().post(&endpoint).bearer_auth("other").json(&lead())).await;
    assert_eq!((status, &refused["error"]), (401, &json!("Invalid API Key")));
    assert_eq!(answer(Client::new().post(&endpoint).header("X-API-KEY", "sandbox-marketplace-token")).await.0, 401);
    assert_eq!(answer(Client::new().get(&endpoint).bearer_auth("sandbox-marketplace-token")).await.0, 405);
    assert_eq!(answer(post(&sandbox, "/1").json(&lead())).await.0, 404);
    assert_eq!(answer(post(&sandbox, "").body("{}")).await.0, 415);
    assert_eq!(answer(post(&sandbox, "").header("content-type", "application/json").body("[]")).await.0, 400);
}
