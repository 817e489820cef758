//! The sandbox's LeadPro holds to its page.

use reqwest::Client;
use serde_json::{Map, Value, json};
use tests::sandbox::Sandbox;

async fn send(sandbox: &Sandbox, lead: &Value) -> (u16, Value) {
    let request = Client::new().post(sandbox.endpoint("leadpro")).header("X-API-KEY", "sandbox-leadpro-token");
    let answer = request.json(lead).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn lead() -> Value {
    json!({"first_name": "Marla", "last_name": "Singer", "email": "cloud9@cloud.com", "phone": "01623000000", "type": "sale"})
}

fn with(field: &str, value: Value) -> Value {
    let mut lead = lead();
    lead[field] = value;
    lead
}

#[tokio::test]
async fn leadpro_takes_the_documented_example_and_every_field_at_its_limit() {
    let sandbox = Sandbox::start().await;
    let full = json!({
        "type": "sale", "phone": "1".repeat(255), "first_name": "é".repeat(50), "last_name": "S", "email": "cloud9@cloud.com",
        "title": "é".repeat(50), "advert_address": "é".repeat(100), "advert_postcode": "DE", "advert_url": "u".repeat(255),
        "advert_image": "i".repeat(255), "message": "é".repeat(255), "host": "h".repeat(255), "address": "é".repeat(100),
        "postcode": "1234567890", "source": "nowhere", "international": false, "gdpr_checkbox": true, "office_id": 12,
        "utm_source": "s", "utm_campaign": "c", "utm_medium": "m", "utm_term": "t", "utm_content": "x",
        "property_type": "semi-detached", "meta": {"k": "v".repeat(1024 - 8)},
        "appointment_availability": {"hours": ["2025-01-01T08:00:00.000Z", "2025-01-01T09:00:00.000Z"]},
        "questionnaire": {"1": ["q", "a".repeat(2048 - 14)]}, "not_on_the_page": [1],
    });
    let (status, first) = send(&sandbox, &full).await;
    assert_eq!(status, 200, "{first}");
    let (_, second) = send(&sandbox, &lead()).await;
    assert!(second["id"].as_u64() > first["id"].as_u64());
}

#[tokio::test]
async fn leadpro_refuses_a_lead_without_a_required_field() {
    let sandbox = Sandbox::start().await;
    for field in ["first_name", "last_name", "email", "phone", "type"] {
        let mut lead = lead();
        lead.as_object_mut().unwrap().remove(field);
        let (status, answer) = send(&sandbox, &lead).await;
        assert_eq!((status, &answer["errors"]), (422, &json!({field: "is required"})));
    }
}

#[tokio::test]
async fn leadpro_refuses_what_is_beyond_a_limit_or_of_another_type() {
    let sandbox = Sandbox::start().await;
    let many: Map<String, Value> = (0..200).map(|n| (format!("k{n}"), json!("vvv"))).collect();
    for (field, value) in [
        ("first_name", json!("")),
        ("last_name", json!("é".repeat(51))),
        ("title", json!("")),
        ("email", json!("nobody")),
        ("phone", json!("1".repeat(256))),
        ("phone", json!(1_623_000_000)),
        ("type", json!("buyer")),
        ("advert_address", json!("é".repeat(101))),
        ("advert_postcode", json!("D")),
        ("postcode", json!("12345678901")),
        ("advert_url", json!("u".repeat(256))),
        ("message", json!("é".repeat(256))),
        ("message", Value::Null),
        ("gdpr_checkbox", json!("true")),
        ("international", json!(1)),
        ("office_id", json!("12")),
        ("property_type", json!("bungalow")),
        ("meta", json!({"rooms": 3})),
        ("meta", Value::Object(many)),
        ("appointment_availability", json!(["2025-01-01T08:00:00.000Z"])),
        ("appointment_availability", json!({"hours": ["x".repeat(1024)]})),
        ("questionnaire", json!({"1": ["q"]})),
        ("questionnaire", json!({"1": ["q", "a".repeat(2048)]})),
    ] {
        let (status, answer) = send(&sandbox, &with(field, value)).await;
        assert_eq!(status, 422, "{field}");
        assert!(answer["errors"][field].is_string(), "{field}: {answer}");
    }
}

#[tokio::test]
async fn leadpro_takes_the_address_of_a_vendor_but_no_advert() {
    let sandbox = Sandbox::start().await;
    for kind in ["vendor", "landlord"] {
        let mut lead = with("type", json!(kind));
        lead["address"] = json!("1 Home St");
        assert_eq!(send(&sandbox, &lead).await.0, 200);
        lead["advert_postcode"] = json!("DE1 1JX");
        assert_eq!(send(&sandbox, &lead).await.0, 422);
    }
}

#[tokio::test]
async fn leadpro_refuses_a_wrong_credential_method_and_body() {
    let sandbox = Sandbox::start().await;
    let post = || Client::new().post(sandbox.endpoint("leadpro"));
    let status = async |request: reqwest::RequestBuilder| request.send().await.unwrap().status().as_u16();
    let key = |request: reqwest::RequestBuilder| request.header("X-API-KEY", "sandbox-leadpro-token");
    assert_eq!(status(post().json(&lead())).await, 401);
    assert_eq!(status(post().header("X-API-KEY", "other").json(&lead())).await, 401);
    assert_eq!(status(post().bearer_auth("sandbox-leadpro-token").json(&lead())).await, 200);
    assert_eq!(status(key(post()).body(lead().to_string())).await, 415);
    assert_eq!(status(key(post()).header("content-type", "application/json").body("{")).await, 400);
    assert_eq!(status(key(Client::new().get(sandbox.endpoint("leadpro")))).await, 405);
    assert_eq!(status(key(Client::new().post(sandbox.endpoint("leadpro") + "/1")).json(&lead())).await, 404);
}
