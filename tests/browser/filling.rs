//! Validation, as a visitor meets it.

use tests::browser::Page;

use crate::{CONSENT_TEXT, FORM, SEND, SENT, STATUS, Scene, error_of, field, submissions};

async fn has_focus(page: &Page, selector: &str) -> bool {
    page.of(selector, "matches(':focus')").await
}

#[tokio::test]
async fn errors_come_when_a_field_is_left_and_go_when_it_is_mended_but_never_while_typing() {
    let scene = Scene::start().await;
    let page = scene.open("default.html").await;
    page.type_into(&field("email"), "marla@").await;
    assert_eq!(page.text(&error_of("email")).await, "");
    page.press("Tab").await;
    page.until(&format!("{} !== ''", inside("#email-error", "textContent"))).await;
    assert_eq!(page.attribute(&field("email"), "aria-invalid").await.as_deref(), Some("true"));
    page.type_into(&field("email"), "example.com").await;
    page.until(&format!("{} === ''", inside("#email-error", "textContent"))).await;
    assert_eq!(page.attribute(&field("email"), "aria-invalid").await.as_deref(), Some("false"));
}

#[tokio::test]
async fn an_incomplete_form_is_not_sent_and_the_first_error_gets_the_focus() {
    let scene = Scene::start().await;
    let page = scene.open("default.html").await;
    page.click(SEND).await;
    page.until(&format!("{}.matches(':focus')", element("[name=email]"))).await;
    assert!(page.text(&error_of("phone")).await.contains("email address or a phone number"));
    assert!(page.text(&error_of("consent")).await.contains("Tick the box"));
    assert!(!page.text(STATUS).await.is_empty());
    assert_eq!(page.sent("/v1/leads").len(), 0);
}

#[tokio::test]
async fn a_click_on_the_button_counts_though_leaving_the_field_would_move_it() {
    let scene = Scene::start().await;
    let page = scene.open("default.html").await;
    page.type_into(&field("email"), "marla@").await;
    page.click(SEND).await;
    page.until(&format!("{} !== ''", inside("#consent-error", "textContent"))).await;
    assert!(has_focus(&page, &field("email")).await);
}

#[tokio::test]
async fn a_tap_counts_though_leaving_the_field_would_move_what_is_tapped() {
    let scene = Scene::start().await;
    let page = scene.open("default.html").await;
    page.viewport(360, 740).await;
    page.tap(&field("email")).await;
    page.until(&format!("{}.matches(':focus')", element("[name=email]"))).await;
    page.type_text("marla@").await;
    page.tap(&field("consent")).await;
    page.until(&format!("{} !== ''", inside("#email-error", "textContent"))).await;
    assert!(page.of::<bool>(&field("consent"), "checked").await);
}

#[tokio::test]
async fn the_whole_form_can_be_filled_and_sent_by_keyboard_alone() {
    let scene = Scene::start().await;
    let page = scene.open("default.html").await;
    page.press("Tab").await;
    page.type_text("Marla Singer").await;
    page.press("Tab").await;
    page.type_text("marla@example.com").await;
    page.press("Tab").await;
    page.press("Tab").await;
    page.type_text("First line").await;
    page.press("Enter").await;
    page.type_text("second line").await;
    page.press("Tab").await;
    page.press(" ").await;
    page.press("Tab").await;
    page.press("Tab").await;
    assert!(has_focus(&page, SEND).await);
    page.press("Enter").await;
    page.wait_for(SENT).await;
    assert!(has_focus(&page, SENT).await);
    assert_eq!(scene.lead()["message"], "First line\nsecond line");
}

#[tokio::test]
async fn every_control_has_a_name_its_errors_and_what_autofill_needs() {
    let scene = Scene::start().await;
    let page = scene.open("default.html").await;
    for (name, label, autocomplete, kind) in
        [("name", "Name", "name", "text"), ("email", "Email", "email", "email"), ("phone", "Phone", "tel", "tel")]
    {
        let selector = field(name);
        assert!(page.of::<String>(&selector, "labels[0].innerText").await.starts_with(label));
        assert_eq!(page.attribute(&selector, "autocomplete").await.as_deref(), Some(autocomplete));
        assert_eq!(page.attribute(&selector, "type").await.as_deref(), Some(kind));
        let described_by = page.attribute(&selector, "aria-describedby").await.unwrap();
        // The second of two contacts says that one is enough.
        let expected = if name == "phone" { "phone-help phone-error".to_owned() } else { format!("{name}-error") };
        assert_eq!(described_by, expected);
    }
    assert_eq!(page.of::<String>(&field("consent"), "labels[0].innerText").await, CONSENT_TEXT);
    assert_eq!(page.attribute(&format!("{FORM}a"), "href").await.as_deref(), Some("https://example.com/privacy"));
}

#[tokio::test]
async fn consent_is_sent_with_the_words_that_were_shown() {
    let scene = Scene::start().await;
    let page = scene.open("default.html").await;
    assert!(!page.of::<bool>(&field("consent"), "checked").await);
    crate::fill_and_send(&page).await;
    let sent = submissions(&page, 1).await;
    let body: serde_json::Value = serde_json::from_str(sent[0].body.as_deref().unwrap()).unwrap();
    let consent = &body["consent"];
    assert_eq!(consent["given"], true);
    assert_eq!(consent["text"], CONSENT_TEXT);
    assert_eq!(consent["version"], "2026-11");
    assert_eq!(consent["policy_url"], "https://example.com/privacy");
    assert!(consent["at"].as_str().unwrap().ends_with('Z'));
}

fn element(selector: &str) -> String {
    format!("document.querySelector('leadgate-form').shadowRoot.querySelector('{selector}')")
}

fn inside(selector: &str, property: &str) -> String {
    format!("{}.{property}", element(selector))
}
