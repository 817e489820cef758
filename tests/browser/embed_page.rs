//! `/embed/{form}`: from a key to the lines to paste.

use tests::browser::Page;

use crate::Scene;

const TAG: &str = "#tag";

async fn open(address: &str) -> (Scene, Page) {
    let scene = Scene::start().await;
    let page = scene.browser.open(&format!("{}{address}", scene.stack.origin())).await;
    (scene, page)
}

#[tokio::test]
async fn a_key_shows_the_form_and_the_tag_that_embeds_it() {
    let (scene, page) = open("/embed/contact").await;
    let key = scene.stack.admin().publishable_key("contact").await;
    page.type_into("#key", &key).await;
    page.press("Enter").await;
    page.wait_for("#preview leadgate-form >>> form[data-busy]").await;
    let origin = scene.stack.origin();
    assert_eq!(page.text(TAG).await, format!(r#"<script async src="{origin}/widget.js" data-key="{key}"></script>"#));
    let form_tag = format!(r#"<script async crossorigin src="{origin}/form.js?key={key}"></script>"#);
    assert_eq!(page.text("#form-tag").await, form_tag);
    assert!(page.text("#preload").await.contains(&format!(r#"href="{origin}/v1/form?key={key}""#)));
    page.eval::<()>("void (document.querySelector('#locale').value = 'de')").await;
    page.eval::<()>("void document.querySelector('#locale').dispatchEvent(new Event('change'))").await;
    page.wait_for("leadgate-form[data-locale=de] >>> form[data-busy]").await;
    assert!(page.text(TAG).await.contains(r#" data-locale="de""#));
    assert_eq!(page.errors(), Vec::<String>::new());
    // The fragment keeps the key for a bookmark and from the log of the server.
    page.reload().await;
    page.wait_for("#preview leadgate-form >>> form").await;
}

#[tokio::test]
async fn a_key_of_another_form_a_secret_key_and_none_are_told_apart() {
    let (scene, page) = open("/embed/sales").await;
    let other = scene.stack.admin().publishable_key("contact").await;
    let secret = scene.stack.admin().secret_key().await;
    for (key, words) in [
        (other.as_str(), "belongs to the form contact"),
        (&secret, "must never stand in a web page"),
        ("nonsense", "begins with lg_pk_"),
        ("lg_pk_nonsense", "incomplete or mistyped"),
    ] {
        page.eval::<()>(&format!("void (location.hash = '{key}')")).await;
        page.until(&format!("document.querySelector('#problem').innerText.includes({words:?})")).await;
        assert!(!page.of::<bool>("#result", "checkVisibility()").await);
    }
}
