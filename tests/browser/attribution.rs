//! What a lead says of the way to the form, and what the browser remembers of it.

use serde_json::Value;
use tests::browser::Page;

use crate::{LIVE, SEND, Scene, fill_and_send, submissions};

async fn sent_attribution(page: &Page) -> Value {
    page.wait_for(SEND).await;
    fill_and_send(page).await;
    let sent = submissions(page, 1).await;
    let body: Value = serde_json::from_str(sent[0].body.as_deref().unwrap()).unwrap();
    body["attribution"].clone()
}

async fn stored(page: &Page) -> (usize, usize) {
    page.eval("[sessionStorage.length, localStorage.length]").await
}

#[tokio::test]
async fn the_campaign_of_the_first_page_is_known_on_the_next() {
    let scene = Scene::start().await;
    let landing = scene.address("default.html?utm_source=newsletter&gclid=g1&email=private#part");
    let page = scene.browser.open(&landing).await;
    page.wait_for(LIVE).await;
    page.goto(&scene.address("two.html")).await;
    let attribution = sent_attribution(&page).await;
    assert_eq!(attribution["utm_source"], "newsletter");
    assert_eq!(attribution["gclid"], "g1");
    assert_eq!(attribution["landing_page"], landing.split('#').next().unwrap());
    assert_eq!(attribution["page"], scene.address("two.html"));
    assert_eq!(attribution["first_touch"], Value::Null);
    assert_eq!(stored(&page).await, (1, 0));
}

#[tokio::test]
async fn what_the_address_fills_in_is_no_part_of_the_way() {
    let scene = Scene::start().await;
    let address = scene.address("default.html?lg_message=private&utm_source=news&lg_name=Marla");
    let page = scene.browser.open(&address).await;
    let attribution = sent_attribution(&page).await;
    assert_eq!(attribution["utm_source"], "news");
    for known in [attribution.to_string(), page.eval("JSON.stringify(sessionStorage)").await] {
        assert!(!known.contains("private") && !known.contains("Marla"), "{known}");
    }
}

#[tokio::test]
async fn the_first_visit_is_remembered_only_where_the_page_asks_for_it() {
    let scene = Scene::start().await;
    let page = scene.browser.open(&scene.address("attribution-first-touch.html?utm_source=first")).await;
    page.wait_for(LIVE).await;
    page.goto(&scene.address("attribution-first-touch.html?utm_source=second")).await;
    let attribution = sent_attribution(&page).await;
    assert_eq!(attribution["utm_source"], "second");
    assert_eq!(attribution["first_touch"]["utm_source"], "first");
    assert!(attribution["first_touch"]["at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(stored(&page).await, (1, 1));
}

#[tokio::test]
async fn nothing_is_remembered_or_sent_where_the_page_forbids_it() {
    let scene = Scene::start().await;
    let page = scene.browser.open(&scene.address("attribution-none.html?utm_source=newsletter")).await;
    let attribution = sent_attribution(&page).await;
    assert_eq!(attribution, serde_json::json!({"page": scene.address("attribution-none.html")}));
    assert_eq!(stored(&page).await, (0, 0));
}

#[tokio::test]
async fn a_form_painted_anew_knows_the_campaign_where_the_storage_is_blocked_too() {
    let scene = Scene::start().await;
    let page = scene.browser.page().await;
    page.before_load("Storage.prototype.getItem = Storage.prototype.setItem = () => { throw new Error('blocked') }")
        .await;
    page.goto(&scene.address("methods.html?utm_source=newsletter")).await;
    page.wait_for(LIVE).await;
    page.eval::<bool>(
        "(history.replaceState(null, '', '?'), document.querySelector('leadgate-form').setLocale('fr'), true)",
    )
    .await;
    page.wait_for("leadgate-form >>> .box[lang=fr] form[data-busy]").await;
    assert_eq!(sent_attribution(&page).await["utm_source"], "newsletter");
}
