//! The API document against the running Worker: what is served is the document, its examples are what
//! they say, and every operation answers as it promises.

mod curl_lines;
mod document;
mod operations;

use reqwest::Method;
use tests::browser::Browser;
use tests::harness::Stack;

use document::Document;

#[test]
fn every_example_is_of_its_schema() {
    let document = Document::committed();
    let mut wrong = Vec::new();
    for (place, schema, example) in document.examples() {
        wrong.extend(
            document.complaints(&schema, &example).into_iter().map(|complaint| format!("{place}: {complaint}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn document_and_pages_are_served_without_the_worker_and_take_no_other_method() {
    let stack = Stack::start().await;
    let client = stack.client();
    let send = async |method: Method, path: &str| client.send(client.request(method, path)).await.unwrap();
    let document = send(Method::GET, "/openapi.json").await;
    assert_eq!((document.status, document.header("content-type")), (200, "application/json"));
    assert_eq!(document.body, *Document::committed().value());
    for path in ["/docs", "/docs/errors"] {
        let page = send(Method::GET, path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.header("content-type").starts_with("text/html"), "{path}");
        assert!(page.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert_eq!(send(Method::GET, &format!("{path}/")).await.status, 404, "{path}/");
    }
    for path in ["/openapi.json", "/docs", "/docs/errors"] {
        let head = send(Method::HEAD, path).await;
        assert_eq!((head.status, head.body.as_str()), (200, Some("")), "{path}");
        let other = send(Method::POST, path).await;
        assert_eq!((other.status, other.header("allow")), (405, "GET, HEAD"), "{path}");
    }
}

#[tokio::test]
async fn the_reference_is_readable_on_any_screen_and_its_links_lead_somewhere() {
    let stack = Stack::start().await;
    let browser = Browser::start().await;
    let page = browser.open(&format!("{}/docs", stack.origin())).await;
    for (width, scheme) in [(320, "light"), (1280, "dark")] {
        page.viewport(width, 800).await;
        page.color_scheme(scheme).await;
        let wide: u32 = page.eval("document.documentElement.scrollWidth").await;
        assert!(wide <= width, "{wide} of {width}");
    }
    let dead: Vec<String> = page
        .eval("[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.hash.slice(1)).filter(id => !document.getElementById(id))")
        .await;
    assert_eq!(dead, [""; 0]);
    // The example of an address is replaced by the page's own.
    let origins: bool = page.eval(&format!("document.body.textContent.includes('EDGE={}')", stack.origin())).await;
    assert!(origins);
    page.goto(&format!("{}/docs/errors", stack.origin())).await;
    let document = Document::committed();
    let codes = document.value()["components"]["schemas"]["Problem"]["properties"]["code"]["enum"].as_array().unwrap();
    for code in codes.iter().filter_map(|code| code.as_str()) {
        assert!(page.exists(&format!("h2#{code} + p")).await, "{code} has no section");
    }
    assert_eq!(page.errors(), [""; 0]);
}
