//! Forms of plain HTML: what their visitors see, and where they go.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tests::browser::Browser;
use tests::harness::{Answer, Keys, Stack, WorkerFolder};

/// What a browser sends when a form is submitted.
const ACCEPT: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

const FORM: &str = "application/x-www-form-urlencoded";

fn form(stack: &Stack, key: &str, body: &str) -> RequestBuilder {
    let headers = [("Accept", ACCEPT), ("Content-Type", FORM), ("Origin", &stack.sandbox.origin())];
    post(stack, key, headers, body)
}

fn post(stack: &Stack, key: &str, headers: [(&str, &str); 3], body: &str) -> RequestBuilder {
    let request = stack.client().request(Method::POST, &format!("/v1/leads?key={key}")).body(body.to_owned());
    headers.into_iter().fold(request, |request, (name, value)| request.header(name, value))
}

async fn sent(stack: &Stack, request: RequestBuilder) -> Answer {
    stack.client().send(request).await.expect("the Worker answers")
}

fn text(answer: &Answer) -> &str {
    answer.body.as_str().unwrap_or_default()
}

async fn start_with(form: impl FnOnce(&mut Value)) -> (Stack, Keys) {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let mut definition = stack.admin().form();
    form(&mut definition);
    stack.admin().put_form("contact", &definition).await;
    (stack, keys)
}

#[tokio::test]
async fn a_visitor_without_scripts_corrects_the_form_and_is_thanked() {
    // In development a page that hides its origin may send every form: what browsers send shows elsewhere.
    let stack = Stack::start_in(WorkerFolder::copy().with_secret("ENVIRONMENT", "production")).await;
    let mut form = stack.admin().form();
    form["success"] = json!({"message": "Thanks, we will call you."});
    stack.admin().put_form("contact", &form).await;
    stack.embed(&stack.admin().publishable_key("contact").await);
    let browser = Browser::start().await;
    let page = browser.page().await;
    page.without_scripts().await;
    let form_page = format!("{}/playground/plain.html", stack.sandbox.origin());
    page.goto(&form_page).await;
    page.type_into("[name=name]", "Marla <b>Singer</b>").await;
    page.type_into("[name=email]", "nobody").await;
    page.type_into("[name=message]", "Two\nlines").await;
    page.click("[name=consent]").await;
    page.click("button").await;

    page.wait_for("main.box").await;
    assert_eq!(page.text("h1").await, "Some fields need to be changed");
    assert!(page.text("#f1-error").await.contains("name@example.com"));
    assert_eq!(page.value("[name=name]").await, "Marla <b>Singer</b>");
    assert_eq!(page.value("[name=message]").await, "Two\nlines");
    assert!(!page.of::<bool>("[name=consent]", "checked").await);
    assert!(page.attribute(".back a", "href").await.unwrap().starts_with(&stack.sandbox.origin()));
    assert_eq!(stack.d1().lead_count(), 0);

    page.eval::<()>("void document.querySelector('[name=email]').select()").await;
    page.type_text("marla@example.com").await;
    page.click("[name=consent]").await;
    page.click("button").await;
    page.until("location.pathname == '/v1/thanks'").await;
    assert_eq!(page.text("h1").await, "Thanks, we will call you.");
    let style: String = page.eval("getComputedStyle(document.querySelector('.box')).borderStyle").await;
    assert_eq!(style, "solid", "the page has its style");
    // Chromium reports the refused form, and nothing that the policy kept from loading.
    assert!(page.errors().iter().all(|error| error.contains("status of 422")), "{:?}", page.errors());

    let lead = stack.d1().leads().remove(0);
    assert_eq!(lead["email"], "marla@example.com");
    assert_eq!(lead["message"], "Two\nlines");
    assert_eq!(lead["attribution"]["utm_source"], "plain");
    assert_eq!(lead["consent"]["text"], "You may contact me about my enquiry.");
}

#[tokio::test]
async fn a_success_leads_where_the_form_or_an_allowed_page_says_and_nowhere_else() {
    let (stack, keys) = start_with(|_| ()).await;
    let origin = stack.sandbox.origin();
    let to = async |redirect: &str| {
        let body = format!("email=marla%40example.com&consent=on&redirect={redirect}");
        let answer = sent(&stack, form(&stack, &keys.publishable, &body)).await;
        assert_eq!((answer.status, &answer.body), (303, &json!("")));
        answer.header("location").to_owned()
    };
    let thanks = format!("/v1/thanks?key={}", keys.publishable);
    assert_eq!(to("").await, thanks);
    assert_eq!(to(&format!("{origin}/thanks")).await, format!("{origin}/thanks"));
    assert_eq!(to("/thanks").await, format!("{origin}/thanks"));
    assert_eq!(to("https://evil.example").await, thanks);

    let mut definition = stack.admin().form();
    for (redirect_url, status) in [
        ("http://example.com/danke", 422),
        ("http://localhost.example.com/", 422),
        ("http://localhost:8080/danke", 200),
        ("https://example.com/danke", 200),
    ] {
        definition["success"] = json!({ "redirect_url": redirect_url });
        let answer = stack.admin().send(Method::PUT, "/v1/admin/forms/contact", Some(&definition)).await;
        assert_eq!(answer.status, status, "{redirect_url}: {}", answer.body);
    }
    assert_eq!(to("").await, "https://example.com/danke");
    assert_eq!(to("https://evil.example").await, "https://example.com/danke");
    assert!(stack.d1().leads().iter().all(|lead| lead["meta"] == Value::Null), "a redirect is no field");
}

#[tokio::test]
async fn a_form_is_answered_in_pages_only_to_who_prefers_them() {
    let (stack, keys) = start_with(|_| ()).await;
    let lead = "email=marla%40example.com&consent=on";
    for (accept, status) in [(ACCEPT, 303), ("*/*", 201), ("application/json", 201), ("text/html;q=0.5,*/*", 201)] {
        let headers = [("Accept", accept), ("Content-Type", FORM), ("Origin", &stack.sandbox.origin())];
        let answer = sent(&stack, post(&stack, &keys.publishable, headers, lead)).await;
        assert_eq!(answer.status, status, "{accept}");
    }
    let secret = stack.client().request(Method::POST, "/v1/leads?form=contact").bearer_auth(&keys.secret);
    let secret = secret.header("Accept", "text/html").header("Content-Type", FORM);
    assert_eq!(sent(&stack, secret.body(lead)).await.status, 201);
}

#[tokio::test]
async fn refusals_are_pages_with_the_status_they_end_in() {
    let (stack, keys) = start_with(|_| ()).await;
    let page = async |request: RequestBuilder| {
        let answer = sent(&stack, request).await;
        assert!(answer.header("content-type").starts_with("text/html"), "{}", answer.body);
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
        // Or browsers would not say whose the form is when it is sent again.
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        answer
    };
    let missing = page(form(&stack, &keys.publishable, "name=%3Cscript%3E")).await;
    assert_eq!(missing.status, 422);
    assert!(text(&missing).contains("value=\"&lt;script&gt;\"") && text(&missing).contains("Tick the box to agree."));
    assert_eq!(page(form(&stack, "lg_pk_wrong", "")).await.status, 401);
    assert_eq!(page(form(&stack, &keys.publishable, &"x".repeat(70_000))).await.status, 413);
    let other = async |content_type: &str, origin: &str| {
        let headers = [("Accept", ACCEPT), ("Content-Type", content_type), ("Origin", origin)];
        page(post(&stack, &keys.publishable, headers, "email=nobody")).await.status
    };
    assert_eq!(other("text/plain", &stack.sandbox.origin()).await, 415);
    assert_eq!(other(FORM, "https://evil.example").await, 403);
    assert_eq!(other(FORM, &stack.origin()).await, 422);
    let thanks = stack.client().request(Method::GET, "/v1/thanks?key=lg_pk_wrong");
    assert_eq!(page(thanks).await.status, 401);
}

#[tokio::test]
async fn a_page_may_send_a_form_without_asking_first() {
    let (stack, keys) = start_with(|_| ()).await;
    stack.embed(&keys.publishable);
    let browser = Browser::start().await;
    let page = browser.open(&format!("{}/playground/plain.html", stack.sandbox.origin())).await;
    let send = format!(
        "(async () => {{
            const body = new FormData();
            for (const [name, value] of [['email', 'marla@example.com'], ['consent', 'on'], ['extras[]', 'pool'], ['extras[]', 'garden']])
                body.append(name, value);
            body.append('plan', new File(['%PDF'], 'floor.pdf', {{type: 'application/pdf'}}));
            const answer = await fetch('{}/v1/leads?key={}', {{method: 'POST', body}});
            return [answer.status, typeof (await answer.json()).id];
        }})()",
        stack.origin(),
        keys.publishable
    );
    assert_eq!(page.eval::<Value>(&send).await, json!([201, "string"]));
    let lead = stack.d1().leads().remove(0);
    assert_eq!(lead["meta"], json!({"extras": "[\"pool\",\"garden\"]", "plan": "floor.pdf"}));
}

#[tokio::test]
async fn a_repeated_multipart_body_is_the_same_request_under_another_boundary() {
    let (stack, keys) = start_with(|_| ()).await;
    let send = async |boundary: &str, email: &str| {
        let part = |name: &str, value: &str| {
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body = part("email", email) + &part("consent", "on") + &format!("--{boundary}--\r\n");
        let request = stack.client().request(Method::POST, "/v1/leads?form=contact").bearer_auth(&keys.secret);
        let content_type = format!("multipart/form-data; boundary={boundary}");
        sent(&stack, request.header("Content-Type", content_type).header("Idempotency-Key", "one").body(body)).await
    };
    let first = send("first", "marla@example.com").await;
    assert_eq!(first.status, 201);
    let again = send("second", "marla@example.com").await;
    assert_eq!((again.status, again.header("idempotent-replayed"), again.id()), (201, "true", first.id()));
    assert_eq!(send("third", "other@example.com").await.status, 422);
    assert_eq!(stack.d1().lead_count(), 1);
}
