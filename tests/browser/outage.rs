//! No network, a Worker in trouble, too many submissions: what was typed arrives in the end, or the visitor knows where
//! else to turn.

use serde_json::json;
use tests::browser::Interception;

use crate::{LIVE, SEND, SENT, STATUS, Scene, down, field, fill, fill_and_send, keys_of, submissions};

/// As often as the form tries by itself.
pub const TRIES: usize = 5;

/// The waits between the tries, shorter.
pub const HURRIED: &str =
    "{ const wait = setTimeout; window.setTimeout = (call, ms, ...rest) => wait(call, ms / 20, ...rest); }";

#[tokio::test]
async fn what_is_sent_without_a_network_leaves_as_soon_as_there_is_one() {
    let scene = Scene::start().await;
    let page = scene.open("default.html").await;
    fill(&page).await;
    page.offline(true).await;
    page.click(SEND).await;
    page.until(&said("You are offline")).await;
    page.offline(false).await;
    page.wait_for(SENT).await;
    let sent = submissions(&page, 1).await;
    let keys = keys_of(&sent);
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    scene.lead();
}

#[tokio::test]
async fn a_limit_is_waited_for_as_long_as_the_worker_says() {
    let scene = Scene::start().await;
    let page = scene.browser.page().await;
    let headers = vec![("Retry-After", "2".to_owned()), ("Access-Control-Expose-Headers", "Retry-After".to_owned())];
    page.intercept("*/v1/leads", [Interception::Answer { status: 429, headers, body: String::new() }]).await;
    page.goto(&scene.address("default.html")).await;
    fill_and_send(&page).await;
    page.until(&said("Trying again")).await;
    page.wait_for(SENT).await;
    assert_eq!(page.sent("/v1/leads").len(), 2);
    scene.lead();
}

#[tokio::test]
async fn after_an_outage_the_visitor_is_told_where_else_to_turn() {
    let scene = Scene::with_form(|form| form["fallback_contact"] = json!("01623 000000")).await;
    let page = scene.browser.page().await;
    page.before_load(HURRIED).await;
    page.intercept("*/v1/leads", (0..TRIES).map(|_| down())).await;
    page.goto(&scene.address("default.html")).await;
    page.wait_for(LIVE).await;
    fill_and_send(&page).await;
    page.until(&said("You can also reach us here: 01623 000000")).await;
    assert!(page.text(STATUS).await.contains("Nothing you typed is lost"));
    assert_eq!(page.value(&field("name")).await, "Marla Singer");
    assert_eq!(page.sent("/v1/leads").len(), TRIES);
}

#[tokio::test]
async fn where_the_page_asks_for_it_a_submission_survives_the_page() {
    let scene = Scene::start().await;
    let page = scene.browser.page().await;
    page.intercept("*/v1/leads", [Interception::Fail]).await;
    page.goto(&scene.address("outbox.html")).await;
    page.wait_for(LIVE).await;
    fill_and_send(&page).await;
    let first = submissions(&page, 1).await;
    page.until(&said("Trying again")).await;
    page.goto(&scene.address("default.html")).await;
    page.wait_for(LIVE).await;
    page.until("localStorage.length === 0").await;
    let sent = submissions(&page, 2).await;
    let keys = keys_of(&sent);
    assert_eq!((keys[0], &sent[0].body), (keys[1], &first[0].body));
    assert_eq!(scene.lead()["name"], "Marla Singer");
}

fn said(words: &str) -> String {
    format!(
        "document.querySelector('leadgate-form').shadowRoot.querySelector('form [role=status]').textContent.includes('{words}')"
    )
}
