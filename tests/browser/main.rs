//! The widget in a real browser, on the pages of `widget/playground`, with the real Worker behind it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a failed expectation ends the test"
)]

mod attribution;
mod axe;
mod embed_page;
mod embedding;
mod fields;
mod filling;
mod host_page;
mod languages;
mod looks;
mod methods;
mod outage;
mod painted;
mod sending;
mod trouble;
mod turnstile;

use serde_json::{Value, json};
use tests::browser::{Browser, Interception, Page, SentRequest};
use tests::harness::Stack;

/// What stands before every selector of something inside a form.
const FORM: &str = "leadgate-form >>> ";
const SEND: &str = "leadgate-form >>> button[type=submit]";
/// A form that the WebAssembly has taken over says whether it is busy.
const LIVE: &str = "leadgate-form >>> form[data-busy]";
const SENT: &str = "leadgate-form >>> .sent";
const STATUS: &str = "leadgate-form >>> form [role=status]";
const CONSENT_TEXT: &str = "You may contact me about my enquiry.";

/// A Worker with a form, and a browser.
struct Scene {
    stack: Stack,
    browser: Browser,
}

impl Scene {
    async fn start() -> Self {
        Self::with_form(|_| ()).await
    }

    /// The same with another form.
    async fn with_form(change: impl FnOnce(&mut Value)) -> Self {
        let stack = Stack::start().await;
        let keys = stack.admin().contact_form().await;
        let mut form = stack.admin().form();
        change(&mut form);
        stack.admin().put_form("contact", &form).await;
        stack.embed(&keys.publishable);
        Self { stack, browser: Browser::start().await }
    }

    /// The address of a playground page.
    fn address(&self, page: &str) -> String {
        format!("{}/playground/{page}", self.stack.sandbox.origin())
    }

    /// A playground page whose form is live.
    async fn open(&self, page: &str) -> Page {
        let page = self.browser.open(&self.address(page)).await;
        page.wait_for(LIVE).await;
        page
    }

    /// The only lead there is, once there is one.
    fn lead(&self) -> Value {
        let leads = self.stack.d1().leads();
        assert_eq!(leads.len(), 1, "{leads:?}");
        leads[0].clone()
    }
}

fn field(name: &str) -> String {
    let name = if name == "consent" { "consent.given" } else { name };
    format!("{FORM}[name='{name}']")
}

fn error_of(name: &str) -> String {
    format!("{FORM}#{name}-error")
}

/// What is said to be wrong with a field, once something is.
async fn problem_of(page: &Page, name: &str) -> String {
    let line = format!("document.querySelector('leadgate-form').shadowRoot.querySelector('#{name}-error')");
    page.until(&format!("{line}?.textContent")).await;
    page.text(&error_of(name)).await
}

/// Fills in what the form needs.
async fn fill(page: &Page) {
    page.type_into(&field("name"), "Marla Singer").await;
    page.type_into(&field("email"), "marla@example.com").await;
    page.click(&field("consent")).await;
}

async fn fill_and_send(page: &Page) {
    fill(page).await;
    page.click(SEND).await;
}

/// The submissions that left the page, once there are so many.
async fn submissions(page: &Page, count: usize) -> Vec<SentRequest> {
    tests::wait::until(format!("{count} submissions"), async || {
        Some(page.sent("/v1/leads")).filter(|sent| sent.len() >= count)
    })
    .await
}

fn answer(status: u16, body: &Value) -> Interception {
    Interception::Answer {
        status,
        headers: vec![("Content-Type", "application/json".to_owned())],
        body: body.to_string(),
    }
}

fn down() -> Interception {
    answer(503, &json!({"code": "store_unavailable"}))
}

fn keys_of(sent: &[SentRequest]) -> Vec<&str> {
    sent.iter().map(|request| request.header("idempotency-key").unwrap()).collect()
}
