//! A single-page application's forms, and what the page around hears of them.

use serde_json::{Value, json};
use tests::browser::Page;

use crate::{SEND, SENT, Scene, field, fill_and_send};

const LISTEN: &str = "window.heard = [];
    for (const name of ['ready', 'submit', 'success', 'error'])
        document.addEventListener('leadgate:' + name, event => heard.push([name, event.detail, event.composed]));";

async fn open_single_page(scene: &Scene) -> Page {
    let page = scene.browser.open(&scene.address("single-page.html")).await;
    page.click("#add").await;
    page.wait_for(SEND).await;
    page
}

#[tokio::test]
async fn a_form_added_later_works_and_what_was_typed_survives_a_move_and_a_removal() {
    let scene = Scene::start().await;
    let page = open_single_page(&scene).await;
    page.type_into(&field("name"), "Marla Singer").await;
    page.type_into(&field("email"), "marla@example.com").await;
    page.click(&field("consent")).await;
    page.click("#move").await;
    assert_eq!(page.value(&format!("#other {}", field("name"))).await, "Marla Singer");
    assert!(page.of::<bool>(&field("consent"), "checked").await);

    page.click("#remove").await;
    page.until("!document.querySelector('leadgate-form')").await;
    page.click("#add").await;
    page.wait_for(SEND).await;
    assert_eq!(page.value(&field("name")).await, "Marla Singer");
    assert!(!page.of::<bool>(&field("consent"), "checked").await);
    page.click(&field("consent")).await;
    page.click(SEND).await;
    page.wait_for(SENT).await;
    assert_eq!(scene.lead()["name"], "Marla Singer");
    assert_eq!(page.errors(), Vec::<String>::new());
}

#[tokio::test]
async fn a_removed_form_comes_back_when_its_element_does() {
    let scene = Scene::start().await;
    let page = open_single_page(&scene).await;
    page.type_into(&field("name"), "Marla Singer").await;
    page.click("#remove").await;
    page.click("#again").await;
    page.wait_for(SEND).await;
    assert_eq!(page.value(&field("name")).await, "Marla Singer");
}

#[tokio::test]
async fn the_page_hears_what_happens_and_nothing_about_the_person() {
    let scene = Scene::start().await;
    let page = scene.browser.page().await;
    page.before_load(LISTEN).await;
    page.goto(&scene.address("default.html")).await;
    page.wait_for(SEND).await;
    fill_and_send(&page).await;
    page.wait_for(SENT).await;
    let heard: Value = page.eval("heard").await;
    let id = &scene.stack.d1().lead_ids()[0];
    assert_eq!(heard, json!([["ready", {}, true], ["submit", {}, true], ["success", {"id": id}, true]]));
}

#[tokio::test]
async fn a_success_leads_to_the_page_that_the_tag_names() {
    let scene = Scene::start().await;
    let page = scene.open("redirect.html").await;
    fill_and_send(&page).await;
    page.until("location.pathname.endsWith('/thanks.html')").await;
}

#[tokio::test]
async fn a_success_never_runs_code_that_the_tag_names() {
    let scene = Scene::start().await;
    let page = scene.open("redirect-refused.html").await;
    fill_and_send(&page).await;
    page.wait_for(SENT).await;
    assert_eq!(page.eval::<String>("document.title").await, "A redirect that is no page");
}

#[tokio::test]
async fn values_given_with_the_tag_stand_in_the_form_but_never_a_consent() {
    let scene = Scene::start().await;
    let page = scene.open("prefill.html").await;
    assert_eq!(page.value(&field("email")).await, "marla@example.com");
    assert_eq!(page.value(&field("name")).await, "Marla Singer");
    assert!(!page.of::<bool>(&field("consent"), "checked").await);
}
