//! A key sees what belongs to its forms and nothing of anybody else, at every address.

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Answer, Stack};

use crate::lead;

/// What the other tenant must not learn, in any answer.
const CANARY: &str = "canary-of-the-first-tenant";

struct Tenant {
    key: String,
    lead: String,
    delivery: String,
}

/// A form, a destination of its own, a key that may do everything with it, and a lead.
async fn tenant(stack: &Stack, name: &str, message: &str) -> Tenant {
    let admin = stack.admin();
    admin.put_form(name, &admin.form()).await;
    let mut destination = admin.anyhouse();
    destination["forms"] = json!([name]);
    admin.put_destination(&format!("crm-{name}"), &destination).await;
    let scopes = ["leads:write", "leads:read", "leads:manage"];
    let key = admin.key(&json!({"kind": "secret", "name": name, "forms": [name], "scopes": scopes})).await;
    let mut lead = lead(&format!("{message}@example.com"));
    lead["form"] = name.into();
    lead["message"] = message.into();
    let made = stack.client().submit(&key, &lead).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let delivery = made.body["deliveries"][0]["id"].as_str().unwrap().to_owned();
    Tenant { key, lead: made.id(), delivery }
}

async fn ask(stack: &Stack, key: &str, method: &Method, path: &str, body: Option<&Value>) -> Answer {
    let client = stack.client();
    let mut request = client.request(method.clone(), path).bearer_auth(key);
    if let Some(body) = body {
        request = request.json(body);
    }
    client.send(request).await.unwrap()
}

#[tokio::test]
async fn no_address_shows_or_changes_anything_of_another_tenant() {
    let stack = Stack::start().await;
    let first = tenant(&stack, "first", CANARY).await;
    let second = tenant(&stack, "second", "nothing-special").await;
    stack.delivered(2).await;
    let (lead, delivery) = (&first.lead, &first.delivery);
    let before =
        stack.d1().value::<String>(&format!("SELECT document || updated_at || version FROM lead WHERE id = '{lead}'"));

    // Named by its id: as if there were none.
    for (method, path) in [
        (Method::GET, format!("/v1/leads/{lead}")),
        (Method::GET, format!("/v1/leads/{lead}/deliveries")),
        (Method::GET, format!("/v1/leads/{lead}/history")),
        (Method::POST, format!("/v1/deliveries/{delivery}/retry")),
    ] {
        let own = ask(&stack, &first.key, &method, &path, None).await;
        assert!([200, 409].contains(&own.status), "{path}: {}", own.body);
        let unknown = path.replace(lead, "01890000-0000-7000-8000-000000000000");
        let (theirs, unknown) = (
            ask(&stack, &second.key, &method, &path, None).await,
            ask(&stack, &second.key, &method, &unknown, None).await,
        );
        assert_eq!(theirs.status, 404, "{path}");
        let told = |answer: &Answer| {
            let mut body = answer.body.clone();
            body["request_id"] = Value::Null;
            body
        };
        assert_eq!(told(&theirs), told(&unknown), "{path} tells that it exists");
    }

    // Whatever may be there for it, and may not for others.
    for (method, path, body) in [
        (Method::GET, "/v1/leads".to_owned(), None),
        (Method::GET, "/v1/leads?form=first".to_owned(), None),
        (Method::GET, format!("/v1/leads?q={CANARY}"), None),
        (Method::GET, "/v1/leads/export?format=jsonl".to_owned(), None),
        (Method::GET, "/v1/leads/export?format=csv".to_owned(), None),
        (Method::GET, format!("/v1/leads/{lead}/consent"), None),
        (Method::PUT, format!("/v1/leads/{lead}"), Some(json!({"version": 1, "status": "lost"}))),
        (Method::POST, format!("/v1/leads/{lead}/convert"), Some(json!({"client_type": "buyer"}))),
        (Method::POST, format!("/v1/leads/{lead}/release"), None),
        (Method::DELETE, format!("/v1/leads/{lead}"), None),
        (Method::POST, "/v1/privacy/export".to_owned(), Some(json!({"email": format!("{CANARY}@example.com")}))),
        (Method::POST, "/v1/privacy/erase".to_owned(), Some(json!({"email": format!("{CANARY}@example.com")}))),
        (Method::GET, "/v1/deliveries".to_owned(), None),
        (Method::GET, "/v1/deliveries?destination=crm-first".to_owned(), None),
        (Method::GET, "/v1/deliveries?status=delivered&provider=anyhouse".to_owned(), None),
        (Method::GET, format!("/v1/deliveries?cursor={delivery}"), None),
        (Method::POST, "/v1/deliveries/retry".to_owned(), Some(json!({"destination": "crm-first"}))),
    ] {
        let answer = ask(&stack, &second.key, &method, &path, body.as_ref()).await;
        assert!(answer.status < 500, "{path}: {}", answer.body);
        let told = answer.body.to_string();
        for secret in [CANARY, lead, "crm-first"] {
            assert!(answer.status >= 400 || !told.contains(secret), "{method} {path} tells {secret}: {told}");
        }
    }

    // Nor may it write to it, whatever it says.
    let mut theirs = crate::lead("marla@example.com");
    theirs["form"] = "first".into();
    assert_eq!(stack.client().submit(&second.key, &theirs).await.status, 403);
    let in_query =
        ask(&stack, &second.key, &Method::POST, "/v1/leads?form=first", Some(&json!({"email": "a@example.com"}))).await;
    assert_eq!(in_query.status, 403, "{}", in_query.body);
    let after =
        stack.d1().value::<String>(&format!("SELECT document || updated_at || version FROM lead WHERE id = '{lead}'"));
    assert_eq!(before, after);
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM lead WHERE form = 'first'"), 1);
    assert_eq!(stack.sandbox.received("anyhouse").len(), 2);
}

#[tokio::test]
async fn a_key_does_only_what_its_kind_and_scopes_allow() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let made = stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    let delivery = made.body["deliveries"][0]["id"].as_str().unwrap().to_owned();
    stack.delivered(1).await;
    let with = async |scopes: &[&str]| {
        stack.admin().key(&json!({"kind": "secret", "name": "k", "forms": ["contact"], "scopes": scopes})).await
    };
    let (writer, reader, manager) =
        (with(&["leads:write"]).await, with(&["leads:read"]).await, with(&["leads:manage"]).await);
    let (read, manage) = (format!("/v1/leads/{}", made.id()), format!("/v1/deliveries/{delivery}/retry"));
    for (key, method, path, may) in [
        (&keys.publishable, Method::GET, read.as_str(), false),
        (&keys.publishable, Method::GET, "/v1/deliveries", false),
        (&keys.publishable, Method::POST, manage.as_str(), false),
        (&writer, Method::GET, read.as_str(), false),
        (&writer, Method::POST, manage.as_str(), false),
        (&reader, Method::GET, read.as_str(), true),
        (&reader, Method::GET, "/v1/deliveries", true),
        (&reader, Method::POST, manage.as_str(), false),
        (&manager, Method::GET, read.as_str(), true),
        (&manager, Method::POST, manage.as_str(), true),
    ] {
        let answer = ask(&stack, key, &method, path, None).await;
        assert_eq!(answer.status == 403, !may, "{method} {path}: {}", answer.body);
        if !may {
            assert_eq!(answer.body["code"], "missing_scope");
        }
    }
    for key in [&reader, &manager] {
        assert_eq!(stack.client().submit(key, &lead("two@example.com")).await.status, 403);
    }
}
