//! The Worker's addresses as browsers and monitors meet them.

use reqwest::Method;
use tests::harness::Stack;

#[tokio::test]
async fn the_tag_is_cached_shortly_and_what_it_loads_for_ever() {
    let stack = Stack::start().await;
    let client = stack.client();
    let get = async |path: &str| client.send(client.request(Method::GET, path)).await.unwrap();
    let tag = get("/widget.js").await;
    assert_eq!(tag.status, 200);
    assert!(tag.header("content-type").contains("javascript"), "{}", tag.header("content-type"));
    assert!(!tag.header("cache-control").contains("immutable"));
    assert_eq!(tag.header("cross-origin-resource-policy"), "cross-origin");
    for entry in std::fs::read_dir(stack.path("dist/assets")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let asset = get(&format!("/assets/{name}")).await;
        assert_eq!(asset.status, 200, "{name}");
        assert!(asset.header("cache-control").contains("immutable"), "{name}");
        assert_eq!(asset.header("access-control-allow-origin"), "*", "{name}");
    }
}

#[tokio::test]
async fn who_opens_the_workers_own_address_is_shown_the_reference() {
    let stack = Stack::start().await;
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let answer = http.get(format!("{}/", stack.origin())).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (303, "/docs"));
    let followed = reqwest::get(stack.origin()).await.unwrap();
    assert_eq!(followed.status(), 200);
    let page = followed.text().await.unwrap();
    assert!(page.contains("/openapi.json") && page.contains("/healthz"));
}

#[tokio::test]
async fn head_follows_get_and_options_answers_a_preflight() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    let head = client.request(Method::HEAD, "/v1/form").bearer_auth(&keys.publishable);
    let head = client.send(head).await.unwrap();
    assert_eq!((head.status, head.body.as_str()), (200, Some("")));
    assert!(head.header("content-type").starts_with("application/json"));

    let preflight = client
        .request(Method::OPTIONS, "/v1/leads")
        .header("Origin", stack.sandbox.origin())
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", "authorization,content-type,idempotency-key");
    let preflight = client.send(preflight).await.unwrap();
    assert!(matches!(preflight.status, 200 | 204));
    // Which pages may is decided when the key is known, which a preflight does not carry.
    assert!(["*", &stack.sandbox.origin()].contains(&preflight.header("access-control-allow-origin")));
    let allowed = preflight.header("access-control-allow-headers").to_ascii_lowercase();
    for header in ["authorization", "content-type", "idempotency-key"] {
        assert!(allowed.contains(header), "{header} in {allowed}");
    }
}

#[tokio::test]
async fn the_admin_addresses_open_to_the_admin_token_alone() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    for path in ["/v1/admin/keys", "/v1/admin/forms", "/v1/admin/destinations"] {
        for token in ["", "wrong", &keys.secret] {
            let answer = stack.client().get(path, token).await;
            assert_eq!(answer.status, 401, "{path}");
        }
        let answer = stack.admin().send(Method::GET, path, None).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.body.to_string().contains("sandbox-anyhouse-token"), "{path} shows a credential");
    }
}
