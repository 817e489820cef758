//! What the admin addresses turn away, and what they say of it.

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Answer, Stack, WorkerFolder};

async fn with_token(stack: &Stack, address: &str, token: &str) -> Answer {
    let client = stack.client();
    let request = client.request(Method::GET, "/v1/admin/forms").header("CF-Connecting-IP", address).bearer_auth(token);
    client.send(request).await.unwrap()
}

#[tokio::test]
async fn who_guesses_at_the_admin_token_is_locked_out_and_nobody_else() {
    let stack = Stack::start().await;
    let mut last = 401;
    // Both of two windows, should one end meanwhile.
    for _ in 0..45 {
        last = with_token(&stack, "203.0.113.7", "wrong").await.status;
        assert!([401, 429].contains(&last), "{last}");
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429);
    // Even the right one: whoever guesses must not learn that it is.
    let locked = with_token(&stack, "203.0.113.7", "test-admin-token").await;
    assert_eq!((locked.status, locked.body["code"].as_str()), (429, Some("rate_limited")));
    assert!((1..=60).contains(&locked.header("retry-after").parse::<u32>().unwrap()));
    assert_eq!(with_token(&stack, "203.0.113.8", "test-admin-token").await.status, 200);
}

#[tokio::test]
async fn without_an_admin_token_the_answer_names_the_secret_to_set() {
    let folder = WorkerFolder::copy();
    let secrets = std::fs::read_to_string(folder.path(".dev.vars")).unwrap();
    std::fs::write(folder.path(".dev.vars"), secrets.replace("ADMIN_TOKEN=test-admin-token", "")).unwrap();
    let stack = Stack::start_in(folder).await;
    let answer = stack.admin().send(Method::GET, "/v1/admin/keys", None).await;
    assert_eq!((answer.status, answer.body["code"].as_str()), (500, Some("internal")));
    assert!(answer.body["detail"].as_str().unwrap().contains("ADMIN_TOKEN"), "{}", answer.body);
}

#[tokio::test]
async fn what_is_wrong_with_a_configuration_is_said_of_the_member() {
    let stack = Stack::start().await;
    stack.admin().contact_form().await;
    let field = |more: Value| {
        let mut field = json!({"name": "topic", "label": "Topic"});
        field.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"fields": [field]})
    };
    let secret = |more: Value| {
        let mut key = json!({"kind": "secret", "forms": ["*"], "scopes": ["leads:read"]});
        key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        key
    };
    let destination = |more: Value| {
        let mut destination = stack.admin().anyhouse();
        destination.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        destination
    };
    for (method, path, body, member) in [
        (Method::PUT, "forms/f", json!({"nmae": "x"}), "nmae"),
        (Method::PUT, "forms/f", json!({"retention_days": "x"}), "retention_days"),
        (Method::PUT, "forms/f", field(json!({"kind": "picture"})), "fields.0.kind"),
        (Method::PUT, "forms/f", field(json!({"kind": "select", "required": true})), "fields.0.options"),
        (Method::PUT, "forms/f", field(json!({"kind": "radio", "options": []})), "fields.0.options"),
        (Method::PUT, "forms/f", json!({"consent": {"colour": "red"}}), "consent.colour"),
        (Method::PUT, "forms/f", json!({"allowed_origins": ["example.com"]}), "allowed_origins"),
        (Method::PUT, "forms/f", json!({"allowed_origins": ["https://example.com/contact"]}), "allowed_origins"),
        (Method::PUT, "forms/f", json!({"allowed_origins": ["https://a.*.example.com"]}), "allowed_origins"),
        (Method::PUT, "forms/f", json!({"allowed_origins": ["ftp://example.com"]}), "allowed_origins"),
        (Method::PUT, "destinations/d", destination(json!({"colour": "red"})), "colour"),
        (Method::PUT, "destinations/d", destination(json!({"timeout_ms": "long"})), "timeout_ms"),
        (Method::PUT, "destinations/d", destination(json!({"url": "nonsense"})), "url"),
        (Method::PUT, "destinations/d", json!({"provider": "webhook"}), "url"),
        (Method::PUT, "groups/g", json!({"order": "crm"}), "order"),
        (Method::PUT, "alerts/a", json!({"url": 5}), "url"),
        (Method::POST, "keys", json!({"kind": "other"}), "kind"),
        (Method::POST, "keys", json!({"kind": "publishable", "form": "nowhere"}), "form"),
        (Method::POST, "keys", json!({"kind": "publishable", "form": 5}), "form"),
        (Method::POST, "keys", json!({"kind": "publishable"}), "form"),
        (Method::POST, "keys", json!({"kind": "publishable", "form": "contact", "forms": ["contact"]}), "forms"),
        (Method::POST, "keys", secret(json!({"scopes": ["leads:everything"]})), "scopes"),
        (Method::POST, "keys", secret(json!({"scopes": []})), "scopes"),
        (Method::POST, "keys", secret(json!({"forms": []})), "forms"),
        (Method::POST, "keys", secret(json!({"rate_limit": {"limit": 0, "window_seconds": 60}})), "rate_limit"),
        (Method::POST, "keys", secret(json!({"rate_limit": {"limit": 1}})), "rate_limit"),
        (Method::POST, "keys", secret(json!({"expires_at": "tomorrow"})), "expires_at"),
        (Method::POST, "keys", secret(json!({"name": "x".repeat(201)})), "name"),
        (Method::POST, "keys", secret(json!({"expires": "2027-01-01T00:00:00Z"})), "expires"),
    ] {
        let answer = stack.admin().send(method, &format!("/v1/admin/{path}"), Some(&body)).await;
        assert_eq!((answer.status, answer.body["code"].as_str()), (422, Some("validation_failed")), "{body}");
        let errors = answer.body["errors"].as_object().unwrap();
        assert_eq!(errors.keys().collect::<Vec<_>>(), [member], "{body}: {}", answer.body);
    }
}

#[tokio::test]
async fn all_that_is_wrong_with_a_configuration_is_said_at_once() {
    let stack = Stack::start().await;
    let put = async |path: &str, body: Value| {
        let answer = stack.admin().send(Method::PUT, &format!("/v1/admin/{path}"), Some(&body)).await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        answer.body["errors"].clone()
    };
    let errors = put(
        "forms/f",
        json!({
            "nmae": "x", "retention_days": "x", "consent": {"text": " "}, "theme": {"accent": "1", "colour": "red"},
            "allowed_origins": ["example.com", "https://example.com", "ftp://example.com"],
            "fields": [{"name": "a", "kind": "picture"}, {"name": "b", "kind": "select"}],
            "success": {"redirect_url": "/thanks"},
        }),
    )
    .await;
    let members: Vec<&String> = errors.as_object().unwrap().keys().collect();
    let expected = [
        "allowed_origins",
        "consent.text",
        "fields.0.kind",
        "fields.1.options",
        "nmae",
        "retention_days",
        "success.redirect_url",
        "theme",
    ];
    assert_eq!(members, expected);
    assert_eq!(
        (errors["allowed_origins"].as_array().unwrap().len(), errors["theme"].as_array().unwrap().len()),
        (2, 2)
    );
    assert_eq!(errors["retention_days"], json!(["Give a whole number from 0 to 4294967295."]));
    let errors = put(
        "destinations/d",
        json!({
            "provider": "anyhouse", "timeout_ms": 0, "forms": "contact", "colour": "red",
            "settings": {"auth": "basic", "source": "x"},
        }),
    )
    .await;
    let members: Vec<&String> = errors.as_object().unwrap().keys().collect();
    assert_eq!(members, ["colour", "forms", "settings.auth", "settings.source", "timeout_ms", "url"]);
    for (_, texts) in errors.as_object().unwrap() {
        assert!(!texts[0].as_str().unwrap().contains('`'), "{texts}");
    }
}

#[tokio::test]
async fn a_key_or_a_destination_may_come_before_its_form_and_is_told_so() {
    let stack = Stack::start().await;
    stack.admin().contact_form().await;
    let mut destination = stack.admin().anyhouse();
    destination["forms"] = json!(["contact", "later"]);
    let answer = stack.admin().put_destination("early", &destination).await;
    assert_eq!(answer.body["warnings"], json!(["There is no form later yet."]));
    let key = json!({"kind": "secret", "forms": ["later"], "scopes": ["leads:write"]});
    let answer = stack.admin().send(Method::POST, "/v1/admin/keys", Some(&key)).await;
    assert_eq!((answer.status, &answer.body["warnings"]), (201, &json!(["There is no form later yet."])));
    let shown = stack.admin().put_destination("anyhouse", &stack.admin().anyhouse()).await;
    assert_eq!(shown.body["warnings"], Value::Null);
}

#[tokio::test]
async fn a_destination_whose_secret_is_not_set_says_so_wherever_it_is_shown() {
    let mut stack = Stack::start().await;
    stack.admin().contact_form().await;
    let mut destination = stack.admin().anyhouse();
    destination["credential"] = "NEW_TOKEN".into();
    let put = stack.admin().put_destination("new", &destination).await;
    let warning =
        json!(["The secret NEW_TOKEN is not set. Until it is, the destination is paused with its first lead."]);
    assert_eq!((put.status, &put.body["warnings"]), (201, &warning));
    let shown = async |path: &str| stack.admin().send(Method::GET, &format!("/v1/admin/{path}"), None).await.body;
    assert_eq!(shown("destinations/new").await["warnings"], warning);
    let listed = shown("destinations").await;
    let warnings: Vec<&Value> =
        listed["destinations"].as_array().unwrap().iter().map(|listed| &listed["warnings"]).collect();
    assert_eq!(warnings, [&Value::Null, &warning]);
    stack.give_secret("NEW_TOKEN", "t0ken-of-anyhouse").await;
    let shown = stack.admin().send(Method::GET, "/v1/admin/destinations/new", None).await.body;
    assert_eq!(shown["warnings"], Value::Null);
    assert!(!shown.to_string().contains("t0ken-of-anyhouse"));
}

#[tokio::test]
async fn origins_and_labels_are_stored_as_browsers_and_people_need_them() {
    let stack = Stack::start().await;
    let form = json!({
        "allowed_origins": ["https://EXAMPLE.com/", "https://münchen.example:443", "http://localhost:80", "https://*.example.com", "null"],
        "fields": [{"name": "first_name"}, {"name": "email", "label": " "}, {"name": "campaign", "kind": "hidden"}],
    });
    let stored = stack.admin().put_form("contact", &form).await.body;
    let origins =
        ["https://example.com", "https://xn--mnchen-3ya.example", "http://localhost", "https://*.example.com", "null"];
    assert_eq!(stored["allowed_origins"], json!(origins));
    let labels: Vec<&str> = stored["fields"].as_array().unwrap().iter().map(|f| f["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["First name", "Email", ""]);
}

#[tokio::test]
async fn in_production_no_destination_or_alert_leads_into_a_network() {
    let folder = WorkerFolder::copy();
    let secrets = std::fs::read_to_string(folder.path(".dev.vars")).unwrap();
    std::fs::write(folder.path(".dev.vars"), secrets + "ENVIRONMENT=production\n").unwrap();
    let stack = Stack::start_in(folder).await;
    let put = async |path: &str, mut body: Value, url: &str| {
        body["url"] = url.into();
        stack.admin().send(Method::PUT, &format!("/v1/admin/{path}"), Some(&body)).await
    };
    for host in [
        "localhost",
        "127.1",
        "0x7f000001",
        "2130706433",
        "①②⑦.⓪.⓪.①",
        "169。254。169。254",
        "[::ffff:a9fe:a9fe]",
        "[64:ff9b::a00:1]",
        "[2002:7f00:1::]",
        "[fd00::1]",
        "10.0.0.1.",
        "user@example.com",
        "loc%61lhost",
        "metadata.google.internal",
        "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
        "example.com\\@127.0.0.1",
    ] {
        let url = format!("https://{host}/leads");
        for (path, body) in [("destinations/d", json!({"provider": "webhook"})), ("alerts/a", json!({}))] {
            let answer = put(path, body, &url).await;
            assert_eq!(answer.status, 422, "{path} {url}: {}", answer.body);
            assert!(answer.body["errors"]["url"].is_array(), "{path} {url}: {}", answer.body);
        }
    }
    let clear = put("destinations/d", json!({"provider": "webhook"}), "http://example.com/leads").await;
    assert!(clear.body["errors"]["url"][0].as_str().unwrap().contains("https"), "{}", clear.body);
    for url in ["https://api.example.com/leads", "https://[2606:4700::1111]:8443/leads", "https://010.010.010.010/"] {
        let answer = put("destinations/d", json!({"provider": "webhook"}), url).await;
        assert!(answer.status < 300, "{url}: {}", answer.body);
    }
}
