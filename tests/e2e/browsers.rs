//! What browsers are told: which page may read an answer, and what it may do with it.

use reqwest::Method;
use serde_json::json;
use tests::harness::{Answer, Stack, WorkerFolder};

use crate::lead;

/// `GET /v1/form` from a page of that origin.
async fn form_for(stack: &Stack, key: &str, origin: &str) -> Answer {
    let client = stack.client();
    client.send(client.request(Method::GET, "/v1/form").bearer_auth(key).header("Origin", origin)).await.unwrap()
}

/// A stack whose Worker takes itself for one in production.
async fn production() -> Stack {
    let folder = WorkerFolder::copy();
    let secrets = std::fs::read_to_string(folder.path(".dev.vars")).unwrap();
    std::fs::write(folder.path(".dev.vars"), secrets + "ENVIRONMENT=production\n").unwrap();
    Stack::start_in(folder).await
}

#[tokio::test]
async fn a_page_reads_an_answer_only_where_the_form_allows_its_origin() {
    let stack = production().await;
    let mut form = stack.admin().form();
    form["allowed_origins"] = json!(["https://example.com", "https://*.example.com"]);
    stack.admin().put_form("contact", &form).await;
    let key = stack.admin().publishable_key("contact").await;
    for (origin, allowed) in [
        ("https://example.com", true),
        ("https://www.example.com", true),
        ("https://a.b.example.com", true),
        ("https://example.com:8443", false),
        ("http://example.com", false),
        ("https://example.com.evil.test", false),
        ("https://notexample.com", false),
        ("null", false),
        ("file://", false),
    ] {
        let answer = form_for(&stack, &key, origin).await;
        assert!(answer.header("vary").split(", ").any(|name| name == "Origin"), "{origin}");
        if allowed {
            assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, origin));
            assert!(answer.header("access-control-expose-headers").contains("X-Request-Id"), "{origin}");
        } else {
            // The page may read why, and nothing else.
            assert_eq!((answer.status, answer.body["code"].as_str()), (403, Some("origin_not_allowed")), "{origin}");
            assert_eq!(answer.header("access-control-allow-origin"), "*", "{origin}");
            assert!(!answer.body.to_string().contains("example.com"), "{}", answer.body);
        }
        assert_eq!(answer.header("access-control-allow-credentials"), "");
    }
    // What a secret key asked for is for no page at all.
    let secret = stack.admin().secret_key().await;
    let client = stack.client();
    let post = client.request(Method::POST, "/v1/leads").bearer_auth(&secret).header("Origin", "https://example.com");
    let answer = client.send(post.json(&lead("marla@example.com"))).await.unwrap();
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (201, ""));
    for (path, status) in [
        ("/v1/leads", 200),
        ("/v1/leads?stat=new", 422),
        ("/v1/leads/export", 200),
        ("/v1/stats", 200),
        ("/v1/form", 403),
        ("/v1/deliveries", 200),
    ] {
        let get = client.request(Method::GET, path).bearer_auth(&secret).header("Origin", "https://example.com");
        let answer = client.send(get).await.unwrap();
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (status, ""), "{path}");
    }
    let admin = client.request(Method::OPTIONS, "/v1/admin/keys").header("Origin", "https://example.com");
    let admin = client.send(admin).await.unwrap();
    assert_eq!((admin.status, admin.header("access-control-allow-origin")), (204, ""));
}

#[tokio::test]
async fn the_script_has_the_form_in_it_for_pages_that_may_have_it_and_for_no_other() {
    let stack = production().await;
    let mut form = stack.admin().form();
    (form["allowed_origins"], form["name"]) = (json!(["https://example.com"]), "It's `a` \\ form".into());
    stack.admin().put_form("contact", &form).await;
    let key = stack.admin().publishable_key("contact").await;
    let secret = stack.admin().secret_key().await;
    let client = stack.client();
    let script = client.get("/widget.js", "").await.body.as_str().unwrap().to_owned();
    let mistyped = &key[..key.len() - 1];
    let here = ("Origin", "https://example.com");
    for (key, header, has_form, readable_by) in [
        (key.as_str(), here, true, "https://example.com"),
        (&key, ("Sec-Fetch-Site", "same-origin"), true, "*"),
        // What is wrong is told to the script, when it asks for the form.
        (&key, ("Origin", "https://example.org"), false, "*"),
        (&key, ("Sec-Fetch-Site", "cross-site"), false, "*"),
        (mistyped, here, false, "*"),
        ("%22%27%3Balert(1)%2F%2F", here, false, "*"),
        (&secret, here, false, "*"),
    ] {
        let request = client.request(Method::GET, &format!("/form.js?key={key}")).header(header.0, header.1);
        let answer = client.send(request).await.unwrap();
        let text = answer.body.as_str().unwrap();
        assert_eq!(answer.status, 200, "{key}");
        assert!(answer.header("content-type").starts_with("text/javascript"), "{key}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
        assert_eq!(answer.header("access-control-allow-origin"), readable_by, "{key} {header:?}");
        assert!(text.contains(script.split_once('\n').unwrap().1), "{key}");
        assert_eq!(text == script, !has_form, "{key} {header:?}");
        assert_eq!(text.contains(r"It\'s `a` \\\\ form"), has_form, "{key} {header:?}");
    }
    assert_eq!(client.get("/form.js", "").await.body, script);
}

#[tokio::test]
async fn a_page_without_an_origin_of_its_own_has_to_be_named_but_for_development() {
    let (here, there) = (Stack::start().await, production().await);
    for (stack, list, allowed) in [
        (&there, json!([]), false),
        (&there, json!(["https://example.com"]), false),
        (&there, json!(["null"]), true),
        (&there, json!(["*"]), true),
        (&here, json!([]), true),
    ] {
        let mut form = stack.admin().form();
        form["allowed_origins"] = list.clone();
        stack.admin().put_form("contact", &form).await;
        let key = stack.admin().publishable_key("contact").await;
        let answer = form_for(stack, &key, "null").await;
        assert_eq!(answer.status, if allowed { 200 } else { 403 }, "{list}");
        assert_eq!(answer.header("access-control-allow-origin"), if allowed { "null" } else { "*" }, "{list}");
    }
}

#[tokio::test]
async fn every_answer_tells_the_browser_to_do_nothing_with_it() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    for (method, path, key) in [
        (Method::GET, "/healthz", ""),
        (Method::GET, "/nowhere", ""),
        (Method::GET, "/v1/form", keys.publishable.as_str()),
        (Method::OPTIONS, "/v1/leads", ""),
        (Method::GET, "/v1/leads/x", keys.secret.as_str()),
        (Method::GET, "/v1/admin/keys", "wrong"),
        (Method::GET, "/v1/admin/keys", "test-admin-token"),
    ] {
        let answer = client.send(client.request(method, path).bearer_auth(key)).await.unwrap();
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
            ("cache-control", "no-store"),
            // Nothing promises encryption where there is none.
            ("strict-transport-security", ""),
        ] {
            assert_eq!(answer.header(name), value, "{name} of {path}");
        }
        assert_eq!(answer.header("x-request-id").len(), 36, "{path}");
    }
}

#[tokio::test]
async fn the_widgets_files_may_be_loaded_from_anywhere_and_framed_nowhere() {
    let stack = Stack::start().await;
    let client = stack.client();
    let get = async |method: Method, path: &str| client.send(client.request(method, path)).await.unwrap();
    let tag = get(Method::GET, "/widget.js").await;
    for (name, value) in [
        ("access-control-allow-origin", "*"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ] {
        assert_eq!(tag.header(name), value, "{name}");
    }
    for path in ["/widget.js", "/openapi.json", "/pages.css", "/docs", "/docs/errors"] {
        let file = get(Method::GET, path).await;
        assert!(file.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert!(!file.header("content-security-policy").contains(','), "{path} has two policies");
        assert_eq!(file.header("strict-transport-security"), "max-age=31536000", "{path}");
    }
    let refused = get(Method::POST, "/widget.js").await;
    assert_eq!(refused.status, 405);
    let missing = get(Method::GET, "/assets/nothing.wasm").await;
    assert_eq!((missing.status, missing.body["code"].as_str()), (404, Some("not_found")));
}
