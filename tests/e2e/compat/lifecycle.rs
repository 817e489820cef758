//! Leads in ActuallyCare's words after they came in.

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Answer, Stack};

use super::{ACTUALLYCARE, post};

/// A call as the page's examples make it.
async fn call(stack: &Stack, method: Method, path: &str, key: &str, body: Option<&Value>) -> Answer {
    let client = stack.client();
    let request = client.request(method, &format!("{ACTUALLYCARE}{path}")).header("X-API-Key", key);
    client.send(if let Some(body) = body { request.json(body) } else { request }).await.unwrap()
}

#[tokio::test]
async fn leads_are_listed_page_by_page_with_the_documented_filters() {
    let stack = Stack::start().await;
    let key = stack.admin().contact_form().await.secret;
    for number in 0..5 {
        let level = if number == 0 { "hot" } else { "cold" };
        let lead = json!({"name": format!("Rachel {number}"), "email": format!("r{number}@example.com"), "interest_level": level});
        assert_eq!(post(&stack, ACTUALLYCARE, &key, &lead).await.status, 201);
    }
    let page = call(&stack, Method::GET, "?limit=2", &key, None).await;
    let data = &page.body["data"];
    let meta = json!({"page": 1, "limit": 2, "total": 5, "totalPages": 3, "hasMore": true});
    assert_eq!((page.status, &page.body["success"], &data["meta"]), (200, &json!(true), &meta));
    assert!(page.body["timestamp"].is_string() && data["stats"].is_object());
    let names = |page: &Answer| -> Vec<String> {
        let leads = page.body["data"]["leads"].as_array().unwrap().iter();
        leads.map(|lead| lead["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&page), ["Rachel 4", "Rachel 3"]);
    assert_eq!(names(&call(&stack, Method::GET, "?page=3&limit=2", &key, None).await), ["Rachel 0"]);
    let cursor = data["cursors"]["next"].as_str().unwrap();
    let behind = call(&stack, Method::GET, &format!("?limit=2&cursor={cursor}"), &key, None).await;
    assert_eq!(names(&behind), ["Rachel 2", "Rachel 1"]);
    assert_eq!(names(&call(&stack, Method::GET, "?interest_level=hot&status=new", &key, None).await), ["Rachel 0"]);
    assert_eq!(call(&stack, Method::GET, "", &key, None).await.body["data"]["meta"]["limit"], 25);
    for wrong in ["?limit=101", "?limit=0", "?page=x", "?status=open", "?interest_level=tepid"] {
        let refused = call(&stack, Method::GET, wrong, &key, None).await;
        assert_eq!((refused.status, &refused.body["success"]), (400, &json!(false)), "{wrong}");
    }
}

#[tokio::test]
async fn a_lead_is_changed_by_version_and_becomes_a_client() {
    let stack = Stack::start().await;
    let key = stack.admin().contact_form().await.secret;
    let lead = json!({"name": "Rachel Kim", "email": "rachel@example.com", "lead_type": "buyer", "budget": 380_000});
    let made = post(&stack, ACTUALLYCARE, &key, &lead).await;
    let id = made.body["data"]["id"].as_str().unwrap().to_owned();
    let (one, convert) = (format!("/{id}"), format!("/{id}/convert"));

    let change = json!({"status": "contacted", "interest_level": "warm", "version": 1});
    let changed = call(&stack, Method::PUT, &one, &key, Some(&change)).await;
    let data = &changed.body["data"];
    assert_eq!((changed.status, &data["version"], &data["status"]), (200, &json!(2), &json!("contacted")));
    assert_eq!((&data["interest_level"], &data["budget"]), (&json!("warm"), &json!(380_000)));
    let stale = call(&stack, Method::PUT, &one, &key, Some(&change)).await;
    assert_eq!((stale.status, &stale.body["error"]["code"]), (409, &json!("version_conflict")));
    let example = json!({"status": "your-status", "interest_level": "your-interest-level", "version": 2});
    let wrong = call(&stack, Method::PUT, &one, &key, Some(&example)).await;
    assert_eq!(wrong.status, 400, "{}", wrong.body);
    // What was read may be sent back, and no version means any.
    let mut whole = data.clone();
    whole["interest_level"] = "hot".into();
    whole.as_object_mut().unwrap().remove("version");
    let again = call(&stack, Method::PUT, &one, &key, Some(&whole)).await;
    assert_eq!((again.status, &again.body["data"]["interest_level"]), (200, &json!("hot")), "{}", again.body);

    assert_eq!(call(&stack, Method::POST, &convert, &key, Some(&json!({"clientType": "tenant"}))).await.status, 400);
    let client = call(&stack, Method::POST, &convert, &key, Some(&json!({"clientType": "buyer"}))).await;
    let data = &client.body["data"];
    let expected = json!({
        "client": {
            "id": data["client"]["id"], "contact_id": data["primaryContactId"], "client_type": "buyer", "status": "active",
            "price_range_min": 342_000, "price_range_max": 418_000,
        },
        "lead": {"id": id, "lead_status": "converted", "client_id": data["client"]["id"]},
        "primaryContactId": data["client"]["contact_id"],
        "additionalContactsCount": 0,
    });
    assert_eq!((client.status, data), (200, &expected));
    assert_eq!(client.body["message"], "Lead successfully converted to client");
    let shown = call(&stack, Method::GET, &one, &key, None).await;
    assert_eq!(shown.body["data"]["converted_to_client_id"], data["client"]["id"]);
    assert_eq!(call(&stack, Method::POST, &convert, &key, None).await.status, 409);

    let erased = call(&stack, Method::DELETE, &one, &key, None).await;
    assert_eq!((erased.status, &erased.body["success"], &erased.body["data"]), (200, &json!(true), &json!({})));
    for method in [Method::DELETE, Method::GET] {
        assert_eq!(call(&stack, method, &one, &key, None).await.status, 404);
    }
}

#[tokio::test]
async fn a_key_sees_and_changes_the_leads_of_its_own_forms_only() {
    let stack = Stack::start().await;
    let admin = stack.admin();
    let key = admin.contact_form().await.secret;
    admin.put_form("other", &admin.form()).await;
    let scopes = ["leads:write", "leads:read", "leads:manage"];
    let other = admin.key(&json!({"kind": "secret", "forms": ["other"], "scopes": scopes})).await;
    let reader = admin.key(&json!({"kind": "secret", "forms": ["contact"], "scopes": ["leads:read"]})).await;
    let path = format!("{ACTUALLYCARE}?form=contact");
    let made = post(&stack, &path, &key, &json!({"name": "Rachel Kim", "email": "rachel@example.com"})).await;
    let one = format!("/{}", made.body["data"]["id"].as_str().unwrap());
    let change = json!({"status": "lost"});
    for (method, path, body) in [
        (Method::GET, one.clone(), None),
        (Method::PUT, one.clone(), Some(&change)),
        (Method::POST, format!("{one}/convert"), None),
        (Method::DELETE, one.clone(), None),
    ] {
        let answer = call(&stack, method.clone(), &path, &other, body).await;
        assert_eq!((answer.status, &answer.body["success"]), (404, &json!(false)), "{method} {path}");
        let expected = if method == Method::GET { 200 } else { 403 };
        assert_eq!(call(&stack, method, &path, &reader, body).await.status, expected);
    }
    assert_eq!(call(&stack, Method::GET, "", &other, None).await.body["data"]["meta"]["total"], 0);
    assert_eq!(call(&stack, Method::GET, "/nonsense", &key, None).await.status, 404);
}
