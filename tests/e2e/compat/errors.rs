//! What these addresses refuse, in the provider's words.

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::Stack;

use super::{ALTERESTATE, ANYHOUSE, MARKETPLACE, all, post};

/// Whether an error has the shape that the API of that address has.
fn is_in_words(path: &str, body: &Value) -> bool {
    let said = |name: &str| body[name].as_str().is_some_and(|text| !text.is_empty());
    let is_success = body["success"] != false;
    match path.split('/').nth(2) {
        Some("anyhouse") => said("message") && body.get("type").is_none(),
        Some("leadpro") => said("message") && !is_success,
        Some("marketplace") => said("error") && !is_success,
        Some("alterestate") => body["status"] == "error" && said("message"),
        Some("actuallycare") => !is_success && body["error"]["message"].is_string() && said("timestamp"),
        _ => false,
    }
}

#[tokio::test]
async fn every_error_of_these_addresses_is_in_the_words_of_the_api() {
    let stack = Stack::start().await;
    let admin = stack.admin();
    let keys = admin.contact_form().await;
    let reader = json!({"kind": "secret", "forms": ["*"], "scopes": ["leads:read"]});
    let reader = admin.key(&reader).await;
    let limited = json!({
        "kind": "secret", "forms": ["*"], "scopes": ["leads:write"], "rate_limit": {"limit": 1, "window_seconds": 3600},
    });
    let client = stack.client();
    for (path, body) in all() {
        let limited = admin.key(&limited).await;
        assert!(post(&stack, path, &limited, &body).await.status < 300);
        let send = |method: Method, path: &str, key: &str| client.request(method, path).bearer_auth(key);
        let text =
            |kind: &str, text: String| send(Method::POST, path, &keys.secret).header("Content-Type", kind).body(text);
        let wrong_way = "PATCH".parse().unwrap();
        for (request, expected) in [
            (client.request(Method::POST, path).json(&body), 401),
            (send(Method::POST, path, "nonsense").json(&body), 401),
            (send(Method::POST, path, &keys.publishable).json(&body), 403),
            (send(Method::POST, path, &reader).json(&body), 403),
            (send(Method::POST, &format!("{path}?form=nowhere"), &reader).json(&body), 403),
            (send(Method::POST, &format!("{}/nothing", path.trim_end_matches('/')), &keys.secret).json(&body), 404),
            (send(wrong_way, path, &keys.secret).json(&body), 405),
            (text("application/json", "{\"a\":".to_owned()), 400),
            (text("application/json", " ".repeat(70_000)), 413),
            (text("text/plain", "x".to_owned()), 415),
            (send(Method::POST, path, &limited).json(&body), 429),
        ] {
            let answer = client.send(request).await.unwrap();
            // ActuallyCare has an address of a lead there, which takes no POST.
            let is_expected = answer.status == expected || expected == 404 && answer.status == 405;
            assert!(is_expected, "{path} {} for {expected}: {}", answer.status, answer.body);
            assert!(is_in_words(path, &answer.body), "{path} {}: {}", answer.status, answer.body);
            assert_eq!(answer.header("content-type"), "application/json");
            assert_ne!(answer.header("x-request-id"), "");
            match answer.status {
                401 => assert_eq!(answer.header("www-authenticate"), "Bearer"),
                405 => assert!(answer.header("allow").contains("POST") || answer.header("allow").contains("GET")),
                429 => assert_ne!(answer.header("retry-after"), ""),
                _ => {}
            }
        }
    }
    let elsewhere = client.send(client.request(Method::POST, "/compat/other/leads")).await.unwrap();
    assert_eq!((elsewhere.status, &elsewhere.body["code"]), (404, &json!("not_found")));
}

#[tokio::test]
async fn json_is_understood_whatever_type_it_is_said_to_have() {
    let stack = Stack::start().await;
    let key = stack.admin().contact_form().await.secret;
    let client = stack.client();
    for (path, body) in all() {
        // No type, and the one that curl gives to everything.
        for kind in [None, Some("application/x-www-form-urlencoded")] {
            let mut request = client.request(Method::POST, path).bearer_auth(&key).body(format!("\r\n {body}"));
            if let Some(kind) = kind {
                request = request.header("Content-Type", kind);
            }
            let answer = client.send(request).await.unwrap();
            assert!(answer.status < 300, "{path} {kind:?}: {} {}", answer.status, answer.body);
        }
    }
}

#[tokio::test]
async fn all_that_is_wrong_with_a_lead_is_said_at_once() {
    let stack = Stack::start().await;
    let key = stack.admin().contact_form().await.secret;
    let wrong = json!({"email": "nobody", "lead_type": "lukewarm", "previous_conversation": "Hi", "name": "John Doe"});
    let answer = post(&stack, ANYHOUSE, &key, &wrong).await;
    assert_eq!((answer.status, &answer.body["message"]), (422, &json!("The given data was invalid.")));
    let errors = answer.body["errors"].as_object().unwrap();
    assert_eq!(errors.keys().collect::<Vec<_>>(), ["email", "lead_type", "previous_conversation"]);
    assert!(errors.values().all(|texts| texts.as_array().unwrap().len() == 1), "{}", answer.body);
    // Where both contacts are missing, that is said in the page's words alone.
    let answer = post(&stack, ANYHOUSE, &key, &json!({"lead_type": "lukewarm"})).await;
    let errors = &answer.body["errors"];
    assert_eq!(errors["email"], json!(["Email is required when phone is missing."]));
    assert_eq!((errors["phone"].as_array().unwrap().len(), errors["lead_type"].is_array()), (1, true));
    assert_eq!(stack.d1().lead_ids(), Vec::<String>::new());
}

#[tokio::test]
async fn documented_errors_are_word_for_word() {
    let stack = Stack::start().await;
    let key = stack.admin().contact_form().await.secret;
    let nobody = post(&stack, ANYHOUSE, &key, &json!({"name": "John Doe"})).await;
    let expected = json!({
        "message": "The given data was invalid.",
        "errors": {
            "email": ["Email is required when phone is missing."], "phone": ["Phone is required when email is missing."],
        },
    });
    assert_eq!((nobody.status, nobody.body), (422, expected));
    let no_phone =
        post(&stack, ALTERESTATE, &key, &json!({"full_name": "John Doe", "email": "johndoe@email.com"})).await;
    let expected = json!({"status": "error", "message": "Missing required field: phone"});
    assert_eq!((no_phone.status, no_phone.body), (400, expected));
    let no_key = post(&stack, MARKETPLACE, "nonsense", &json!({})).await;
    assert_eq!((no_key.status, &no_key.body["error"]), (401, &json!("Invalid API Key")));
    assert_eq!(stack.d1().lead_count(), 0);
}
