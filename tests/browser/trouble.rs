//! When there is no form to show: a readable text with a way on, and a page that does not notice.

use serde_json::json;
use tests::browser::{Interception, Page};

use crate::{FORM, LIVE, SEND, Scene, answer};

const ALERT: &str = "leadgate-form >>> [role=alert]";
const RETRY: &str = "leadgate-form >>> .retry";

async fn listening(scene: &Scene) -> Page {
    let page = scene.browser.page().await;
    page.before_load("window.codes = []; addEventListener('leadgate:error', event => codes.push(event.detail.code));")
        .await;
    page.before_load("addEventListener('unhandledrejection', event => codes.push('unhandled'));").await;
    page
}

#[tokio::test]
async fn a_form_that_does_not_load_says_so_and_loads_when_it_is_tried_again() {
    let scene = Scene::start().await;
    let page = listening(&scene).await;
    page.intercept("*/v1/form*", [Interception::Fail]).await;
    page.goto(&scene.address("default.html")).await;
    page.wait_for(ALERT).await;
    assert!(page.text(ALERT).await.contains("no connection"));
    assert!(page.eval::<bool>("document.activeElement === document.body").await);
    page.click(RETRY).await;
    page.wait_for(SEND).await;
    assert!(page.of::<bool>(&format!("{FORM}[name=name]"), "matches(':focus')").await);
    assert_eq!(page.eval::<Vec<String>>("codes").await, ["network_error"]);
}

#[tokio::test]
async fn a_refused_key_is_told_to_the_visitor_and_its_code_to_the_page() {
    let scene = Scene::start().await;
    let page = listening(&scene).await;
    page.intercept("*/v1/form*", [answer(401, &json!({"code": "invalid_key"}))]).await;
    page.goto(&scene.address("default.html")).await;
    page.wait_for(RETRY).await;
    assert!(page.text(ALERT).await.contains("not available"));
    assert_eq!(page.eval::<Vec<String>>("codes").await, ["invalid_key"]);
}

#[tokio::test]
async fn a_missing_key_is_told_without_a_request() {
    let scene = Scene::start().await;
    let page = listening(&scene).await;
    page.goto(&scene.address("key-missing.html")).await;
    page.wait_for(RETRY).await;
    assert_eq!(page.eval::<Vec<String>>("codes").await, ["invalid_key"]);
    // A site builder's variable that holds nothing.
    page.eval::<()>(
        "(() => {
           const tag = document.createElement('script');
           tag.src = document.querySelector('script[src$=\"/widget.js\"]').src;
           tag.dataset.key = '';
           document.body.append(tag);
         })()",
    )
    .await;
    page.until("codes.length === 2 && document.querySelectorAll('leadgate-form').length === 2").await;
    assert_eq!(page.sent("/v1/form").len(), 0);
}

#[tokio::test]
async fn code_that_does_not_arrive_is_tried_again_too() {
    let scene = Scene::start().await;
    let page = listening(&scene).await;
    page.intercept("*.wasm", [Interception::Fail]).await;
    page.goto(&scene.address("default.html")).await;
    page.wait_for(LIVE).await;
    assert_eq!(page.sent(".wasm").len(), 2);
    assert_eq!(page.eval::<Vec<String>>("codes").await, [""; 0]);
}

#[tokio::test]
async fn while_it_loads_the_form_says_so() {
    let scene = Scene::start().await;
    let page = listening(&scene).await;
    let (release, held) = tokio::sync::oneshot::channel();
    page.intercept("*/v1/form*", [Interception::Hold(held)]).await;
    page.goto(&scene.address("default.html")).await;
    page.wait_for("leadgate-form >>> .loading[role=status]:not(:empty)").await;
    release.send(()).unwrap();
    page.wait_for(SEND).await;
    assert!(!page.exists("leadgate-form >>> .loading").await);
}
