//! The provider sandbox: AnyHouse holds to its page, and the pages show what arrived.

use reqwest::{Client, Response};
use serde_json::{Value, json};
use tests::sandbox::{Embed, Sandbox};

async fn send(sandbox: &Sandbox, lead: &Value) -> reqwest::Result<Response> {
    let request = Client::new().post(sandbox.endpoint("anyhouse")).bearer_auth("sandbox-anyhouse-token");
    request.json(lead).send().await
}

fn lead() -> Value {
    json!({"name": "Marla Singer", "email": "marla@example.com"})
}

#[tokio::test]
async fn anyhouse_takes_every_documented_field_and_answers_as_documented() {
    let sandbox = Sandbox::start().await;
    let lead = json!({
        "name": "John Doe", "email": "john@example.com", "phone": "+1 809 555 1234", "notes": "Two rooms",
        "lead_type": "hot",
        "previous_conversation": [{"date": "2026-03-01T15:45:00Z", "direction": "inbound", "from": "john@example.com",
            "to": "sales@partner.com", "subject": "Interested", "body": "Hello"}],
    });
    let first = send(&sandbox, &lead).await.unwrap();
    assert_eq!(first.status(), 201);
    let first: Value = first.json().await.unwrap();
    let second: Value = send(&sandbox, &lead).await.unwrap().json().await.unwrap();
    assert!(second["id"].as_u64() > first["id"].as_u64());
    for field in ["name", "email", "phone", "lead_type"] {
        assert_eq!(first[field], lead[field]);
    }
    assert!(first["created_at"].is_string());
}

#[tokio::test]
async fn anyhouse_refuses_a_lead_without_contact_in_the_documented_words() {
    let sandbox = Sandbox::start().await;
    let refused = send(&sandbox, &json!({"name": "Nobody"})).await.unwrap();
    assert_eq!(refused.status(), 422);
    let expected = json!({
        "message": "The given data was invalid.",
        "errors": {
            "email": ["Email is required when phone is missing."],
            "phone": ["Phone is required when email is missing."],
        },
    });
    assert_eq!(refused.json::<Value>().await.unwrap(), expected);
}

#[tokio::test]
async fn anyhouse_refuses_whatever_its_page_does_not_name() {
    let sandbox = Sandbox::start().await;
    let cases = [
        ("message", json!("hello")),
        ("name", Value::Null),
        ("phone", json!(5)),
        ("lead_type", json!("warm")),
        ("previous_conversation", json!("hello")),
        ("previous_conversation.0.direction", json!([{"direction": "sideways"}])),
        ("previous_conversation.0.date", json!([{"date": "yesterday"}])),
        ("previous_conversation.0.at", json!([{"at": "2026-03-01T15:45:00Z"}])),
    ];
    for (field, value) in cases {
        let mut lead = lead();
        lead[field.split('.').next().unwrap()] = value;
        let refused = send(&sandbox, &lead).await.unwrap();
        assert_eq!(refused.status(), 422, "{field}");
        let answer: Value = refused.json().await.unwrap();
        assert!(answer["errors"][field].is_array(), "{field}: {answer}");
    }
}

#[tokio::test]
async fn anyhouse_takes_both_credentials_and_refuses_others_without_showing_them() {
    let sandbox = Sandbox::start().await;
    let attempt = async |header: &str, value: &str| {
        let request = Client::new().post(sandbox.endpoint("anyhouse")).header(header, value).json(&lead());
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(attempt("X-Api-Key", "sandbox-anyhouse-token").await, 201);
    assert_eq!(attempt("Authorization", "Bearer sandbox-anyhouse-token").await, 201);
    assert_eq!(attempt("Authorization", "Bearer other").await, 401);
    assert_eq!(attempt("Authorization", "sandbox-anyhouse-token").await, 401);
    let received = sandbox.received("anyhouse");
    assert_eq!(received[0].headers["x-api-key"], "***");
    assert_eq!(received[1].headers["authorization"], "Bearer ***");
    assert_eq!(received.iter().map(|one| one.status).collect::<Vec<_>>(), [Some(201), Some(201), Some(401), Some(401)]);
}

#[tokio::test]
async fn arrivals_and_answers_are_streamed() {
    let sandbox = Sandbox::start().await;
    let mut stream = reqwest::get(format!("{}/received/stream", sandbox.origin())).await.unwrap();
    send(&sandbox, &lead()).await.unwrap();
    let mut text = String::new();
    while !text.contains("\"status\":201") {
        text.push_str(&String::from_utf8_lossy(&stream.chunk().await.unwrap().unwrap()));
    }
    assert!(text.contains("\"status\":null"), "{text}");
}

#[tokio::test]
async fn pages_escape_what_they_show() {
    let sandbox = Sandbox::start().await;
    sandbox.embed(Embed { edge: "http://localhost:1\"><script>".to_owned(), key: "<b>".to_owned() });
    send(&sandbox, &json!({"name": "<script>alert(1)</script>", "email": "a@example.com"})).await.unwrap();
    for page in ["/", "/demo"] {
        let text = reqwest::get(sandbox.origin() + page).await.unwrap().text().await.unwrap();
        assert!(!text.contains("<script>alert"), "{page}");
        assert!(!text.contains("\"><script>"), "{page}");
        assert!(!text.contains("<b>"), "{page}");
    }
    let playground = reqwest::get(sandbox.origin() + "/playground/..%2FCargo.toml").await.unwrap();
    assert_eq!(playground.status(), 404);
}
