//! The address that a lead is sent from: nothing of it is kept, or its network where the form says so.

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Answer, Stack};

use super::{call, must_be_gone};
use crate::lead;

/// Sends a lead from that address.
async fn send_from(stack: &Stack, key: &str, address: &str, path: &str, lead: &Value) -> Answer {
    let post = stack.client().request(Method::POST, path).bearer_auth(key).header("CF-Connecting-IP", address);
    let answer = stack.client().send(post.json(lead)).await.unwrap();
    assert!(matches!(answer.status, 200 | 201), "{} {}", answer.status, answer.body);
    assert!(!answer.body.to_string().contains("client_address"), "{}", answer.body);
    answer
}

/// Sends a lead from that address; the path of the lead.
async fn submit_from(stack: &Stack, key: &str, address: &str, lead: &Value) -> String {
    format!("/v1/leads/{}", send_from(stack, key, address, "/v1/leads", lead).await.id())
}

#[tokio::test]
async fn a_network_is_kept_where_the_form_says_so_and_goes_with_the_lead() {
    let mut stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    stack.admin().put_destination("hook", &stack.admin().destination("webhook")).await;
    let mut form = stack.admin().form();
    (form["client_address"], form["consent"]["required"]) = ("truncated".into(), false.into());
    stack.admin().put_form("contact", &form).await;
    let public = stack.client().get("/v1/form", &keys.publishable).await.body;
    assert!(public["fields"].is_array() && public.get("client_address").is_none(), "{public}");

    let (key, marla) = (&keys.publishable, lead("marla@example.com"));
    let v4 = submit_from(&stack, key, "203.0.113.77", &marla).await;
    let v6 = submit_from(&stack, key, "2001:db8:aa:bb:cc::1", &lead("tyler@example.com")).await;
    // What comes from a server has the server's address: a partner's, or that of a form builder.
    let server = submit_from(&stack, &keys.secret, "198.51.100.7", &lead("bob@example.com")).await;
    let partner = json!({"email": "lou@example.com"});
    send_from(&stack, &keys.secret, "198.51.100.8", "/compat/anyhouse/api/partner/leads", &partner).await;
    let built = json!({"name": "Contact", "site": "s", "data": {"Email": "chloe@example.com"}, "_id": "1"});
    send_from(&stack, key, "198.51.100.9", "/v1/leads?format=webflow", &built).await;

    for (path, kept) in [(&v4, json!("203.0.113.0")), (&v6, json!("2001:db8:aa::")), (&server, Value::Null)] {
        let shown = call(&stack, &keys.secret, Method::GET, path, None).await.body;
        assert_eq!(shown["client_address"], kept, "{path}");
    }
    assert_eq!(stack.d1().value::<i64>("SELECT count(client_address) FROM lead"), 2);
    for whole in ["203.0.113.77", "2001:db8:aa:bb", "198.51.100"] {
        assert_eq!(stack.d1().places_of(whole), Vec::<String>::new(), "{whole}");
    }
    let found = call(&stack, &keys.secret, Method::GET, "/v1/leads", None).await.body;
    assert_eq!(
        found["leads"].as_array().unwrap().iter().filter(|lead| lead.get("client_address").is_some()).count(),
        2
    );
    let person = json!({"email": "marla@example.com"});
    let held = call(&stack, &keys.secret, Method::POST, "/v1/privacy/export", Some(&person)).await.body;
    assert_eq!(held["leads"][0]["client_address"], "203.0.113.0");
    let request = stack.client().request(Method::GET, "/v1/leads/export").bearer_auth(&keys.secret);
    let file = request.send().await.unwrap().text().await.unwrap();
    assert!(file.lines().next().unwrap().contains(",client_address,") && file.contains(",203.0.113.0,\r\n"), "{file}");

    // No provider is told.
    stack.delivered(10).await;
    for provider in ["anyhouse", "webhook"] {
        for received in stack.sandbox.received(provider) {
            let body = received.body.to_string();
            assert!(!body.contains("203.0.113") && !body.contains("2001:db8"), "{body}");
        }
    }
    // Whoever sends the lead back as it was read changes nothing by it, and nobody changes the address.
    let shown = call(&stack, &keys.secret, Method::GET, &v4, None).await.body;
    assert_eq!(call(&stack, &keys.secret, Method::PUT, &v4, Some(&shown)).await.body["version"], 1);
    let other = json!({"version": 1, "client_address": "203.0.113.1"});
    assert_eq!(call(&stack, &keys.secret, Method::PUT, &v4, Some(&other)).await.status, 422);

    let erased = call(&stack, &keys.secret, Method::POST, "/v1/privacy/erase", Some(&person)).await;
    assert_eq!(erased.body["erased"]["leads"], 1);
    assert_eq!(call(&stack, &keys.secret, Method::DELETE, &v6, None).await.status, 204);
    must_be_gone(&mut stack, &["203.0.113", "2001:db8"]);
}

#[tokio::test]
async fn no_address_is_kept_unless_the_form_says_so() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let path = submit_from(&stack, &keys.publishable, "203.0.113.77", &lead("marla@example.com")).await;
    stack.delivered(1).await;
    assert_eq!(call(&stack, &keys.secret, Method::GET, &path, None).await.body.get("client_address"), None);
    assert_eq!(stack.d1().places_of("203.0.113"), Vec::<String>::new());
    let mut form = stack.admin().form();
    form["client_address"] = "whole".into();
    let refused = stack.admin().send(Method::PUT, "/v1/admin/forms/contact", Some(&form)).await;
    assert_eq!((refused.status, refused.body["errors"].get("client_address").is_some()), (422, true));
}
