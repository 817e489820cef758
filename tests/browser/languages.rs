//! The language of a form: which one it is, and that everything a visitor meets is in it.

use serde_json::{Value, json};
use tests::browser::{Interception, Page};

use crate::{FORM, SEND, Scene, answer, field, fill_and_send, problem_of, submissions};

const BOX: &str = "leadgate-form >>> .box";

/// A scene whose form speaks German and Arabic besides English.
async fn translated() -> Scene {
    let scene = Scene::start().await;
    let mut form = scene.stack.admin().form();
    form["translations"] = json!({
        "de": {
            "fields": {"email": {"label": "E-Mail", "help": "Nur für die Antwort."}},
            "consent": {"text": "Sie dürfen mir antworten."},
            "submit": "Anfragen",
            "success": {"message": "Danke, wir melden uns."},
        },
        "ar": {"consent": {"text": "أوافق على التواصل معي."}},
    });
    scene.stack.admin().put_form("contact", &form).await;
    scene
}

fn sent_body(page: &Page) -> Value {
    serde_json::from_str(page.sent("/v1/leads")[0].body.as_deref().unwrap()).unwrap()
}

#[tokio::test]
async fn the_tag_decides_the_language() {
    let scene = Scene::start().await;
    let page = scene.open("locale.html").await;
    assert_eq!(page.text(SEND).await, "Enviar");
    assert_eq!(page.attribute(BOX, "lang").await.as_deref(), Some("es"));
    page.click(SEND).await;
    assert_eq!(problem_of(&page, "consent").await, "Marque la casilla para dar su consentimiento.");
    assert_eq!(page.sent("/messages-").len(), 1);
    fill_and_send(&page).await;
    submissions(&page, 1).await;
    assert_eq!(sent_body(&page)["locale"], "es");
}

#[tokio::test]
async fn the_language_of_the_page_is_taken_where_the_tag_asks_for_none() {
    let scene = translated().await;
    let page = scene.open("locale-of-page.html").await;
    assert_eq!(page.text(SEND).await, "Anfragen");
    assert!(page.of::<String>(&field("email"), "labels[0].innerText").await.starts_with("E-Mail"));
    assert_eq!(page.text(&format!("{FORM}#email-help")).await, "Nur für die Antwort.");
    fill_and_send(&page).await;
    page.wait_for(crate::SENT).await;
    assert!(page.text(crate::SENT).await.contains("Danke, wir melden uns."));
    let body = sent_body(&page);
    assert_eq!((&body["locale"], &body["consent"]["text"]), (&json!("de"), &json!("Sie dürfen mir antworten.")));
}

#[tokio::test]
async fn a_form_whose_owner_gave_it_no_words_has_them_in_the_language_of_the_visitor() {
    let scene = Scene::with_form(|form| drop(form.as_object_mut().unwrap().remove("consent"))).await;
    let page = scene.open("locale.html").await;
    assert!(page.of::<String>(&field("phone"), "labels[0].innerText").await.starts_with("Teléfono"));
    fill_and_send(&page).await;
    page.wait_for(crate::SENT).await;
    let agreed = &sent_body(&page)["consent"]["text"];
    assert!(agreed.as_str().unwrap().starts_with("Acepto que mis datos"), "{agreed}");
    assert_eq!(scene.lead()["consent"]["text"], *agreed);
}

#[tokio::test]
async fn a_language_that_nobody_speaks_here_leaves_the_form_in_its_own() {
    let scene = Scene::start().await;
    let mut form = scene.stack.admin().form();
    form["locale"] = json!("fr-CA");
    scene.stack.admin().put_form("contact", &form).await;
    let page = scene.browser.page().await;
    page.before_load(
        "new MutationObserver(() => document.documentElement?.setAttribute('lang', 'tlh'))
            .observe(document, {childList: true});",
    )
    .await;
    page.goto(&scene.address("default.html")).await;
    page.wait_for(SEND).await;
    assert_eq!(page.text(SEND).await, "Envoyer");
    fill_and_send(&page).await;
    submissions(&page, 1).await;
    assert_eq!(sent_body(&page)["locale"], "fr-CA");
}

#[tokio::test]
async fn arabic_runs_from_right_to_left_and_addresses_do_not() {
    let scene = translated().await;
    let page = scene.open("right-to-left.html").await;
    assert_eq!(page.attribute(BOX, "dir").await.as_deref(), Some("rtl"));
    assert!(page.of::<String>(&field("consent"), "labels[0].innerText").await.contains("أوافق"));
    let direction = async |name: &str| -> String {
        page.eval(&format!(
            "getComputedStyle(document.querySelector('leadgate-form').shadowRoot.querySelector('[name={name}]')).direction"
        ))
        .await
    };
    assert_eq!((direction("name").await, direction("email").await), ("rtl".into(), "ltr".into()));
}

#[tokio::test]
async fn every_language_has_words_of_its_own_and_english_costs_no_request() {
    let scene = Scene::start().await;
    let page = scene.browser.open(&scene.address("languages.html")).await;
    let forms = "[...document.querySelectorAll('leadgate-form')]";
    page.until(&format!("{forms}.every(form => form.shadowRoot?.querySelector('button[type=submit]'))")).await;
    let buttons: Vec<String> = page
        .eval(&format!("{forms}.map(form => form.shadowRoot.querySelector('button[type=submit]').innerText)"))
        .await;
    assert_eq!(buttons, ["Send", "Enviar", "Envoyer", "Absenden", "Enviar", "Invia", "Versturen", "إرسال"]);
    assert_eq!(page.sent("/messages-").len(), 7);
    assert_eq!(page.errors(), Vec::<String>::new());
}

#[tokio::test]
async fn words_that_do_not_arrive_are_english_and_the_form_works() {
    let scene = Scene::start().await;
    let page = scene.browser.page().await;
    page.intercept("*/messages-*", [Interception::Fail, Interception::Fail, Interception::Fail]).await;
    page.goto(&scene.address("locale.html")).await;
    page.wait_for(SEND).await;
    assert_eq!(page.text(SEND).await, "Send");
}

#[tokio::test]
async fn what_the_worker_says_of_a_field_is_said_in_the_language_of_the_form() {
    let scene = Scene::start().await;
    let page = scene.browser.page().await;
    let told = "Enter a phone number that can be called, with its country code if it is abroad.";
    let refused = answer(422, &json!({"code": "validation_failed", "errors": {"phone": [told]}}));
    page.intercept("*/v1/leads*", [refused]).await;
    page.goto(&scene.address("locale.html")).await;
    page.wait_for(SEND).await;
    page.type_into(&field("phone"), "0123456789").await;
    fill_and_send(&page).await;
    assert!(problem_of(&page, "phone").await.starts_with("Introduzca un número de teléfono válido"));
}
