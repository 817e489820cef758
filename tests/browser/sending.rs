//! One lead, whatever happens on its way.

use serde_json::json;
use tests::browser::Interception;
use tokio::sync::oneshot;

use crate::{
    FORM, SEND, SENT, STATUS, Scene, answer, down, error_of, field, fill, fill_and_send, keys_of, submissions,
};

#[tokio::test]
async fn a_double_click_is_one_request() {
    let scene = Scene::start().await;
    let page = scene.browser.page().await;
    let (release, held) = oneshot::channel();
    page.intercept("*/v1/leads", [Interception::Hold(held)]).await;
    page.goto(&scene.address("default.html")).await;
    page.wait_for(SEND).await;
    fill(&page).await;
    page.double_click(SEND).await;
    submissions(&page, 1).await;
    assert_eq!(page.attribute(SEND, "aria-disabled").await.as_deref(), Some("true"));
    assert_eq!(page.text(SEND).await, "Sending…");
    page.click(SEND).await;
    release.send(()).unwrap();
    page.wait_for(SENT).await;
    assert_eq!(page.sent("/v1/leads").len(), 1);
}

#[tokio::test]
async fn a_form_says_that_it_was_loaded_and_its_trap_catches_only_who_looks_for_it() {
    let scene = Scene::start().await;
    let trap = format!("{FORM}.trap input");
    let page = scene.open("default.html").await;
    assert_eq!(page.attribute(&trap, "tabindex").await.as_deref(), Some("-1"));
    fill_and_send(&page).await;
    page.wait_for(SENT).await;
    let script = scene.open("default.html").await;
    let fill_all = format!(
        "(() => {{ const trap = {}; trap.value = 'x'; trap.dispatchEvent(new Event('input')); return true }})()",
        "document.querySelector('leadgate-form').shadowRoot.querySelector('.trap input')"
    );
    assert!(script.eval::<bool>(&fill_all).await);
    fill_and_send(&script).await;
    script.wait_for(SENT).await;

    let kinds = |query: &str| scene.stack.d1().value::<String>(&format!("SELECT spam FROM lead ORDER BY id {query}"));
    let (person, program) = (kinds("LIMIT 1"), kinds("LIMIT 1 OFFSET 1"));
    assert!(!person.contains("token_") && !person.contains("trap_filled"), "{person}");
    assert!(!program.contains("token_") && program.contains("trap_filled"), "{program}");
}

#[tokio::test]
async fn a_short_outage_is_bridged_without_the_visitor_under_one_idempotency_key() {
    let scene = Scene::start().await;
    let page = scene.browser.page().await;
    page.intercept("*/v1/leads", [down(), Interception::Fail]).await;
    page.goto(&scene.address("default.html")).await;
    fill_and_send(&page).await;
    page.wait_for(SENT).await;
    let sent = submissions(&page, 3).await;
    let keys = keys_of(&sent);
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    assert!(sent.iter().all(|request| request.body == sent[0].body));
    scene.lead();
}

#[tokio::test]
async fn after_a_long_outage_the_visitor_sends_again_what_is_still_there() {
    let scene = Scene::start().await;
    let page = scene.browser.page().await;
    let headers = vec![("Retry-After", "120".to_owned()), ("Access-Control-Expose-Headers", "Retry-After".to_owned())];
    page.intercept("*/v1/leads", [Interception::Answer { status: 503, headers, body: String::new() }]).await;
    page.goto(&scene.address("default.html")).await;
    fill_and_send(&page).await;
    page.until(&format!("{} === 'Try again'", text_of("button[type=submit]"))).await;
    assert!(page.text(STATUS).await.contains("Nothing you typed is lost"));
    assert_eq!(page.sent("/v1/leads").len(), 1);
    assert_eq!(page.value(&field("name")).await, "Marla Singer");
    page.click(SEND).await;
    page.wait_for(SENT).await;
    let keys = submissions(&page, 2).await;
    let keys = keys_of(&keys);
    assert_eq!(keys[0], keys[1]);
    scene.lead();
}

#[tokio::test]
async fn an_answer_that_was_lost_is_no_second_lead() {
    let scene = Scene::start().await;
    let page = scene.open("default.html").await;
    // The request arrives and only its answer is lost.
    page.eval::<()>(
        "{ const real = fetch; let lost = false;
           window.fetch = async (...request) => {
             const answer = await real(...request);
             if (!lost && String(request[0]).endsWith('/v1/leads')) { lost = true; throw new TypeError('lost'); }
             return answer; }; }
         null",
    )
    .await;
    fill_and_send(&page).await;
    page.wait_for(SENT).await;
    assert_eq!(submissions(&page, 2).await.len(), 2);
    scene.lead();
}

#[tokio::test]
async fn the_workers_own_errors_stand_at_their_fields_and_changed_answers_are_another_request() {
    let scene = Scene::start().await;
    let page = scene.browser.page().await;
    let refused = json!({"code": "validation_failed", "errors": {"email": ["This address bounces."]}});
    page.intercept("*/v1/leads", [answer(422, &refused)]).await;
    page.goto(&scene.address("default.html")).await;
    fill_and_send(&page).await;
    page.until(&format!("{} === 'This address bounces.'", text_of("#email-error"))).await;
    assert_eq!(page.text(&error_of("email")).await, "This address bounces.");
    page.until(&format!("{}.matches(':focus')", element("[name=email]"))).await;
    page.type_text(".uk").await;
    page.click(SEND).await;
    page.wait_for(SENT).await;
    let sent = submissions(&page, 2).await;
    let keys = keys_of(&sent);
    assert_ne!(keys[0], keys[1]);
    assert_eq!(scene.lead()["email"], "marla@example.com.uk");
}

#[tokio::test]
async fn a_sent_form_makes_way_for_a_new_one_with_a_key_of_its_own() {
    let scene = Scene::start().await;
    let page = scene.open("default.html").await;
    fill_and_send(&page).await;
    page.wait_for(SENT).await;
    page.click(&format!("{FORM}.another")).await;
    page.wait_for(SEND).await;
    assert_eq!(page.value(&field("email")).await, "");
    fill_and_send(&page).await;
    page.wait_for(SENT).await;
    let sent = submissions(&page, 2).await;
    let keys = keys_of(&sent);
    assert_ne!(keys[0], keys[1]);
}

fn element(selector: &str) -> String {
    format!("document.querySelector('leadgate-form').shadowRoot.querySelector('{selector}')")
}

fn text_of(selector: &str) -> String {
    format!("{}.textContent", element(selector))
}
