//! What a page can do with a form, and where it finds what happened.

use serde_json::{Value, json};

use tests::browser::{Interception, Page};

use crate::{LIVE, SEND, SENT, Scene, field, fill_and_send, problem_of, submissions};

#[tokio::test]
async fn a_page_fills_empties_and_translates_a_form_and_puts_the_focus_into_it() {
    let scene = Scene::start().await;
    let page = scene.open("methods.html").await;
    page.type_into(&field("email"), "marla@").await;
    page.press("Tab").await;
    assert!(!problem_of(&page, "email").await.is_empty());
    page.click("#prefill").await;
    assert_eq!(page.value(&field("name")).await, "Marla Singer");
    assert_eq!(page.value(&field("email")).await, "marla@example.com");
    assert_eq!(page.text(&crate::error_of("email")).await, "");
    assert!(!page.of::<bool>(&field("consent"), "checked").await);

    page.click("#french").await;
    page.until("document.querySelector('leadgate-form').shadowRoot.querySelector('.send')?.innerText === 'Envoyer'")
        .await;
    page.wait_for(LIVE).await;
    assert_eq!(page.value(&field("name")).await, "Marla Singer");

    page.click("#focus").await;
    assert!(page.of::<bool>(&field("name"), "matches(':focus')").await);
    page.click("#reset").await;
    page.wait_for(LIVE).await;
    assert_eq!(page.value(&field("name")).await, "");
    fill_and_send(&page).await;
    page.wait_for(SENT).await;
    assert_eq!(scene.lead()["locale"], "fr");
    page.click("#reset").await;
    page.wait_for(SEND).await;
    assert_eq!(page.errors(), Vec::<String>::new());
}

#[tokio::test]
async fn the_data_layer_hears_what_happens_where_the_tag_asks_for_it() {
    let scene = Scene::start().await;
    let page = scene.open("datalayer.html").await;
    fill_and_send(&page).await;
    page.wait_for(SENT).await;
    let id = &scene.stack.d1().lead_ids()[0];
    assert_eq!(
        page.eval::<Value>("dataLayer").await,
        json!([
            {"event": "leadgate:ready", "leadgate": {}},
            {"event": "leadgate:submit", "leadgate": {}},
            {"event": "leadgate:success", "leadgate": {"id": id}},
        ])
    );
    let silent = scene.open("default.html").await;
    assert!(silent.eval::<bool>("!('dataLayer' in window)").await);
}

/// A page whose lead is sent, and what lets the Worker's answer through.
async fn on_its_way(scene: &Scene) -> (Page, tokio::sync::oneshot::Sender<()>) {
    let page = scene.browser.page().await;
    let (release, held) = tokio::sync::oneshot::channel();
    page.intercept("*/v1/leads", [Interception::Hold(held)]).await;
    page.goto(&scene.address("methods.html")).await;
    page.wait_for(LIVE).await;
    fill_and_send(&page).await;
    submissions(&page, 1).await;
    (page, release)
}

#[tokio::test]
async fn a_form_that_is_translated_while_its_lead_is_on_the_way_says_when_that_arrived() {
    let scene = Scene::start().await;
    let (page, release) = on_its_way(&scene).await;
    page.click("#french").await;
    page.until("document.querySelector('leadgate-form').shadowRoot.querySelector('.send')?.innerText === 'Envoyer'")
        .await;
    page.wait_for(LIVE).await;
    // What has the focus loses it when it is hidden, which is no reason for the form to come back.
    page.click(&field("name")).await;
    release.send(()).unwrap();
    page.wait_for(SENT).await;
    assert!(!page.exists("leadgate-form >>> form:not([hidden])").await);
    assert_eq!(page.sent("/v1/leads").len(), 1);
    scene.lead();
}

#[tokio::test]
async fn what_a_page_asks_for_before_the_form_stands_is_done_once_it_does() {
    let scene = Scene::start().await;
    let page = scene.browser.page().await;
    let (definition, held) = tokio::sync::oneshot::channel();
    page.intercept("*/v1/form*", [Interception::Hold(held)]).await;
    let (french, held) = tokio::sync::oneshot::channel();
    page.intercept("*/messages-fr*", [Interception::Hold(held)]).await;
    page.goto(&scene.address("methods.html")).await;
    page.wait_for("leadgate-form >>> .loading").await;
    let ask = |call: &str| format!("(document.querySelector('leadgate-form').{call}, true)");
    page.eval::<bool>(&ask("prefill({ email: 'marla@example.com', 'no such name (²)': 1 })")).await;
    page.eval::<bool>(&ask("setLocale('fr')")).await;
    definition.send(()).unwrap();
    tests::wait::until("the French texts to be asked for", async || page.sent("/messages-fr").pop()).await;
    page.eval::<bool>(&ask("setLocale('de')")).await;
    french.send(()).unwrap();
    page.wait_for("leadgate-form >>> .box[lang=de] form[data-busy]").await;
    assert_eq!(page.text(SEND).await, "Absenden");
    assert_eq!(page.value(&field("email")).await, "marla@example.com");
}

#[tokio::test]
async fn a_form_that_took_over_a_draft_and_left_is_no_heir_of_its_lead() {
    let scene = Scene::start().await;
    let (page, release) = on_its_way(&scene).await;
    page.click("#french").await;
    page.wait_for("leadgate-form >>> .box[lang=fr] form[data-busy]").await;
    page.click("#reset").await;
    page.until("document.querySelector('leadgate-form').shadowRoot.querySelector('[name=name]')?.value === ''").await;
    page.wait_for(LIVE).await;
    release.send(()).unwrap();
    tests::wait::until("the lead to be stored", async || scene.stack.d1().lead_ids().pop()).await;
    page.type_into(&field("name"), "Tyler Durden").await;
    assert!(
        page.eval::<bool>("document.querySelector('leadgate-form').shadowRoot.querySelector('.sent').hidden").await
    );
    assert_eq!(page.value(&field("name")).await, "Tyler Durden");
}

#[tokio::test]
async fn what_was_typed_outlives_a_prefill_of_the_next_form() {
    let scene = Scene::start().await;
    let page = scene.open("methods.html").await;
    page.type_into(&field("email"), "typed@example.com").await;
    page.eval::<bool>(
        "(form => { const place = form.parentNode; form.remove(); const next = document.createElement('leadgate-form');
            next.setAttribute('key', form.getAttribute('key') ?? form.dataset.key);
            next.prefill({ email: 'known@example.com', name: 'Marla' });
            place.append(next); return true })(document.querySelector('leadgate-form'))",
    )
    .await;
    page.wait_for(LIVE).await;
    assert_eq!(page.value(&field("email")).await, "typed@example.com");
}
