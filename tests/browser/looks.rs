//! The look: light and dark, what a page and the form's `theme` set, and sizes for fingers.

use serde_json::json;
use tests::browser::Page;

use crate::{SEND, SENT, Scene, fill_and_send};

/// A computed style of something inside the form.
async fn style(page: &Page, selector: &str, property: &str) -> String {
    page.eval(&format!(
        "getComputedStyle(document.querySelector('leadgate-form').shadowRoot.querySelector({selector:?})).{property}"
    ))
    .await
}

const LIGHT: &str = "rgb(255, 255, 255)";
const DARK: &str = "rgb(22, 27, 34)";

#[tokio::test]
async fn a_form_is_as_light_or_dark_as_the_system_unless_the_tag_says_otherwise() {
    let scene = Scene::start().await;
    for (file, on_light, on_dark) in
        [("default.html", LIGHT, DARK), ("theme.html", DARK, DARK), ("theme-light.html", LIGHT, LIGHT)]
    {
        let page = scene.open(file).await;
        for (scheme, paper) in [("light", on_light), ("dark", on_dark)] {
            page.color_scheme(scheme).await;
            assert_eq!(style(&page, ".box", "backgroundColor").await, paper, "{file} on a {scheme} system");
        }
    }
}

#[tokio::test]
async fn the_theme_of_a_form_holds_under_a_strict_policy_and_the_page_has_the_last_word() {
    let scene = Scene::start().await;
    let mut form = scene.stack.admin().form();
    form["theme"] = json!({"accent": "#00695c", "radius": "3px", "font": "inherit"});
    scene.stack.admin().put_form("contact", &form).await;
    let page = scene.open("csp.html").await;
    assert_eq!(style(&page, ".send", "backgroundColor").await, "rgb(0, 105, 92)");
    assert_eq!(style(&page, ".send", "borderRadius").await, "3px");
    assert!(!style(&page, ".send", "fontFamily").await.contains("system-ui"));
    assert_eq!(page.errors(), Vec::<String>::new());
    let page = scene.open("properties.html").await;
    assert_eq!(style(&page, ".send", "backgroundColor").await, "rgb(122, 46, 142)");
    assert_eq!(style(&page, ".send", "borderRadius").await, "0px");
}

#[tokio::test]
async fn the_font_is_that_of_the_page_only_where_the_page_wants_it() {
    let scene = Scene::start().await;
    let page = scene.open("font.html").await;
    assert!(style(&page, ".send", "fontFamily").await.starts_with("Georgia"));
    assert!(style(&scene.open("default.html").await, ".send", "fontFamily").await.contains("system-ui"));
}

#[tokio::test]
async fn everything_that_is_pressed_is_44_pixels_high_and_nothing_is_wider_than_the_screen() {
    let scene = Scene::start().await;
    let page = scene.open("default.html").await;
    let smallest = "Math.min(...[...document.querySelector('leadgate-form').shadowRoot
        .querySelectorAll('input:not([type=hidden]), select, textarea, button, a')]
        .filter(target => target.checkVisibility()).map(target => target.getBoundingClientRect().height))";
    for width in [320, 768, 1280] {
        page.viewport(width, 800).await;
        page.until("document.documentElement.scrollWidth <= innerWidth").await;
        assert!(page.eval::<f64>(smallest).await >= 44.0, "{width} px");
    }
    fill_and_send(&page).await;
    page.wait_for(SENT).await;
    assert!(page.eval::<f64>(smallest).await >= 44.0);
}

#[tokio::test]
async fn what_is_wrong_with_the_consent_box_is_seen_at_the_box() {
    let scene = Scene::start().await;
    let page = scene.open("default.html").await;
    page.click(SEND).await;
    let edge = "getComputedStyle(document.querySelector('leadgate-form').shadowRoot
        .querySelector('[name=\"consent.given\"]'), '::before').borderTopColor";
    page.until(&format!("{edge} === 'rgb(179, 38, 30)'")).await;
}

#[tokio::test]
async fn a_box_is_still_a_box_where_the_visitor_chose_the_colours() {
    let scene = Scene::start().await;
    let page = scene.browser.page().await;
    page.media_feature("forced-colors", "active").await;
    page.goto(&scene.address("default.html")).await;
    page.wait_for(SEND).await;
    assert_eq!(style(&page, "[name='consent.given']", "appearance").await, "auto");
}
