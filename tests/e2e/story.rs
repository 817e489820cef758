//! The whole story: a visitor fills in the form on a page, and the provider has the lead.

use serde_json::Value;
use tests::browser::{Browser, Page};
use tests::harness::Stack;

const FORM: &str = "leadgate-form >>> ";

async fn fill(page: &Page) {
    page.type_into(&format!("{FORM}[name=name]"), "Marla Singer").await;
    page.type_into(&format!("{FORM}[name=email]"), "marla@example.com").await;
    page.type_into(&format!("{FORM}[name=phone]"), "01623 000000").await;
    page.type_into(&format!("{FORM}[name=message]"), "I would like a valuation please").await;
    page.click(&format!("{FORM}[name='consent.given']")).await;
}

#[tokio::test]
async fn a_lead_typed_into_the_form_is_in_d1_and_reaches_the_provider_as_documented() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    stack.embed(&keys.publishable);
    let browser = Browser::start().await;
    let page = browser.open(&format!("{}/demo?utm_source=newsletter", stack.sandbox.origin())).await;
    fill(&page).await;
    page.click(&format!("{FORM}button[type=submit]")).await;
    page.wait_for(&format!("{FORM}.sent [role=status]")).await;

    let deliveries = stack.delivered(1).await;
    let leads = stack.d1().leads();
    assert_eq!(leads.len(), 1);
    assert_eq!(leads[0]["email"], "marla@example.com");
    assert_eq!(leads[0]["phone"], "01623 000000");
    assert_eq!(leads[0]["phone_e164"], "+441623000000");
    assert_eq!(leads[0]["attribution"]["utm_source"], "newsletter");
    assert_eq!(leads[0]["consent"]["text"], "You may contact me about my enquiry.");

    let received = stack.sandbox.received("anyhouse");
    assert_eq!(received.len(), 1);
    let request = &received[0];
    assert_eq!((request.status, request.path.as_str()), (Some(201), "/api/partner/leads"));
    assert_eq!(request.headers["content-type"], "application/json");
    assert_eq!(request.headers["authorization"], "Bearer ***");
    assert!(request.headers["idempotency-key"].starts_with(&deliveries[0].lead_id));
    assert!(request.headers["user-agent"].starts_with("Leadgate/"));
    let body = request.body.as_object().unwrap();
    assert_eq!(body.keys().collect::<Vec<_>>(), ["email", "name", "notes", "phone"]);
    assert_eq!(body["name"], "Marla Singer");
    assert_eq!(body["email"], "marla@example.com");
    assert_eq!(body["phone"], "01623 000000");
    assert!(body["notes"].as_str().unwrap().starts_with("I would like a valuation please"));
    assert_eq!(deliveries[0].reference.as_deref(), request.answer["id"].as_u64().map(|id| id.to_string()).as_deref());
    assert_eq!(page.errors(), Vec::<String>::new());
}

#[tokio::test]
async fn a_double_click_makes_one_lead() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    stack.embed(&keys.publishable);
    let browser = Browser::start().await;
    let page = browser.open(&format!("{}/demo", stack.sandbox.origin())).await;
    fill(&page).await;
    page.double_click(&format!("{FORM}button[type=submit]")).await;
    page.wait_for(&format!("{FORM}.sent [role=status]")).await;
    stack.delivered(1).await;
    assert_eq!(stack.d1().lead_count(), 1);
    assert_eq!(stack.sandbox.received("anyhouse").len(), 1);
}

#[tokio::test]
async fn a_page_of_another_origin_gets_neither_form_nor_lead() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let mut form = stack.admin().form();
    form["allowed_origins"] = serde_json::json!(["https://elsewhere.example"]);
    stack.admin().put_form("contact", &form).await;
    stack.embed(&keys.publishable);
    let browser = Browser::start().await;
    let page = browser.open(&format!("{}/demo", stack.sandbox.origin())).await;
    page.until("document.querySelector('leadgate-form')?.shadowRoot.querySelector('button')").await;
    assert!(!page.exists(&format!("{FORM}form")).await);
    let status: u16 = page
        .eval(&format!(
            "fetch('{}/v1/leads', {{method: 'POST', headers: {{'Content-Type': 'application/json',
               Authorization: 'Bearer {}'}}, body: '{{}}'}}).then(answer => answer.status, () => 0)",
            stack.origin(),
            keys.publishable
        ))
        .await;
    assert!(status == 403 || status == 0, "{status}");
    assert_eq!(stack.d1().leads(), Vec::<Value>::new());
}
