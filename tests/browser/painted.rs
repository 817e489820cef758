//! A form that is painted and not live yet, and one that never will be.

use serde_json::{Value, json};
use tests::browser::{Interception, Page};
use tokio::sync::oneshot;

use crate::outage::HURRIED;
use crate::{CONSENT_TEXT, LIVE, SEND, SENT, Scene, error_of, field, fill, fill_and_send, submissions};

const PLAIN: &str = "leadgate-form >>> form:not([novalidate])";

/// A page whose WebAssembly waits until the sender sends.
async fn painted(scene: &Scene) -> (Page, oneshot::Sender<()>) {
    let page = scene.browser.page().await;
    let (release, held) = oneshot::channel();
    page.intercept("*.wasm", [Interception::Hold(held)]).await;
    page.goto(&scene.address("default.html")).await;
    page.wait_for(SEND).await;
    assert!(!page.exists(LIVE).await);
    (page, release)
}

#[tokio::test]
async fn a_script_that_has_the_form_in_it_asks_for_none() {
    let scene = Scene::start().await;
    let mut form = scene.stack.admin().form();
    let words = "It's \"mine\" \\' `${x}` </script>\u{2028}.";
    form["consent"]["text"] = words.into();
    scene.stack.admin().put_form("contact", &form).await;
    for (page, asked) in [("form-script.html", 0), ("form-script-bare.html", 1)] {
        let page = scene.open(page).await;
        assert_eq!(page.sent("/v1/form?").len(), asked);
        assert_eq!(page.eval::<u32>("document.querySelectorAll('leadgate-form').length").await, 1);
        assert_eq!(page.errors(), Vec::<String>::new());
    }
    let page = scene.open("form-script.html").await;
    fill_and_send(&page).await;
    page.wait_for(SENT).await;
    assert_eq!(scene.lead()["consent"]["text"], words);
}

#[tokio::test]
async fn a_page_that_may_not_have_the_form_says_so_whichever_script_it_loads() {
    let scene = Scene::start().await;
    let mut form = scene.stack.admin().form();
    form["allowed_origins"] = json!(["https://elsewhere.example"]);
    scene.stack.admin().put_form("contact", &form).await;
    for page in ["default.html", "form-script.html", "form-script-bare.html"] {
        let page = scene.browser.open(&scene.address(page)).await;
        page.wait_for("leadgate-form >>> .retry").await;
        let told = page.text("leadgate-form >>> [role=alert]").await;
        assert!(told.contains("not allowed to show the form"), "{told}");
    }
}

#[tokio::test]
async fn what_is_typed_before_the_code_arrives_stays_and_so_do_focus_and_selection() {
    let scene = Scene::start().await;
    let (page, release) = painted(&scene).await;
    page.type_into(&field("email"), "marla@").await;
    page.type_into(&field("name"), "Marla Singer").await;
    page.eval::<()>("document.querySelector('leadgate-form').shadowRoot.activeElement.setSelectionRange(2, 4)").await;
    release.send(()).unwrap();
    page.wait_for(LIVE).await;
    assert!(page.of::<bool>(&field("name"), "matches(':focus')").await);
    assert_eq!(page.of::<[u32; 2]>(&field("name"), "selectionStart === 2 ? [2, 4] : [0, 0]").await, [2, 4]);
    assert_eq!(page.value(&field("name")).await, "Marla Singer");
    // The field that was left is checked, as it would have been by then.
    assert!(!page.text(&error_of("email")).await.is_empty());
}

#[tokio::test]
async fn a_form_that_is_sent_before_the_code_arrives_goes_out_once_when_it_does() {
    let scene = Scene::start().await;
    let (page, release) = painted(&scene).await;
    fill(&page).await;
    page.double_click(SEND).await;
    assert_eq!(page.sent("/v1/leads").len(), 0);
    release.send(()).unwrap();
    page.wait_for(SENT).await;
    assert_eq!(submissions(&page, 1).await.len(), 1);
    assert_eq!(scene.lead()["name"], "Marla Singer");
}

#[tokio::test]
async fn a_form_whose_code_never_arrives_leaves_as_plain_html() {
    let scene = Scene::start().await;
    let page = scene.browser.page().await;
    page.before_load(HURRIED).await;
    let (_never, held) = oneshot::channel();
    page.intercept("*.wasm", [Interception::Hold(held)]).await;
    page.goto(&scene.address("default.html")).await;
    page.wait_for(SEND).await;
    fill_and_send(&page).await;
    page.until("!location.pathname.includes('playground')").await;
    assert_eq!(scene.lead()["name"], "Marla Singer");
}

#[tokio::test]
async fn becoming_live_moves_nothing_on_the_page() {
    let scene = Scene::start().await;
    let (page, release) = painted(&scene).await;
    let size = "(box => [box.width, box.height])(document.querySelector('leadgate-form').getBoundingClientRect())";
    let before: [f64; 2] = page.eval(size).await;
    release.send(()).unwrap();
    page.wait_for(LIVE).await;
    assert_eq!(page.eval::<[f64; 2]>(size).await, before);
}

#[tokio::test]
async fn a_plain_form_leaves_once_and_not_without_a_network() {
    let scene = Scene::start().await;
    let page = scene.browser.page().await;
    page.goto(&scene.address("csp-no-wasm.html")).await;
    page.wait_for(PLAIN).await;
    page.offline(true).await;
    fill_and_send(&page).await;
    page.until("document.querySelector('leadgate-form').shadowRoot.querySelector('.status').textContent").await;
    assert_eq!(page.value(&field("name")).await, "Marla Singer");
    page.offline(false).await;
    page.double_click(SEND).await;
    page.until("!location.pathname.includes('playground')").await;
    assert_eq!(page.sent("/v1/leads").len(), 1);
    scene.lead();
}

#[tokio::test]
async fn where_webassembly_is_blocked_the_same_form_posts_as_plain_html() {
    let scene = Scene::start().await;
    let page = scene.browser.page().await;
    page.goto(&scene.address("csp-no-wasm.html?utm_source=newsletter")).await;
    page.wait_for(PLAIN).await;
    fill_and_send(&page).await;
    page.until("!location.pathname.includes('playground')").await;
    let lead = scene.lead();
    assert_eq!((&lead["name"], &lead["email"]), (&json!("Marla Singer"), &json!("marla@example.com")));
    assert_eq!(lead["consent"]["text"], CONSENT_TEXT);
    assert_eq!(lead["attribution"]["utm_source"], "newsletter");
    assert_eq!(lead["locale"], "en");
    assert_eq!(lead["meta"], Value::Null);
}
