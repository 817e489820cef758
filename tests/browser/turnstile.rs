//! The challenge of a form with a site key. Its script is Cloudflare's; here a file of ours stands for it, which calls
//! back as the documentation of that script says.

use serde_json::{Value, json};
use tests::browser::{Interception, Page};

use crate::{LIVE, SEND, SENT, Scene, fill_and_send, submissions};

const SCRIPT: &str = "
    let asked = 0;
    window.turnstile = {
        render(place, options) {
            this.options = options;
            place.textContent = 'challenge for ' + options.sitekey;
            options.callback('proof-' + ++asked);
            return 'first';
        },
        reset() { this.options.callback('proof-' + ++asked) },
        remove() {},
    };";

async fn scene() -> Scene {
    Scene::with_form(|form| form["spam"] = json!({"turnstile_site_key": "site-1"})).await
}

async fn open(scene: &Scene, script: Interception) -> Page {
    let page = scene.browser.page().await;
    page.intercept("https://challenges.cloudflare.com/*", [script]).await;
    page.goto(&scene.address("default.html")).await;
    page.wait_for(LIVE).await;
    page
}

fn script() -> Interception {
    Interception::Answer {
        status: 200,
        headers: vec![("Content-Type", "text/javascript".to_owned())],
        body: SCRIPT.to_owned(),
    }
}

fn proof_of(request: &tests::browser::SentRequest) -> Value {
    let body: Value = serde_json::from_str(request.body.as_deref().unwrap()).unwrap();
    body["cf-turnstile-response"].clone()
}

#[tokio::test]
async fn the_challenge_stands_in_the_form_and_its_answer_goes_with_the_lead() {
    let scene = scene().await;
    let page = open(&scene, script()).await;
    page.until("document.querySelector('leadgate-form > [slot=turnstile]')?.textContent === 'challenge for site-1'")
        .await;
    let shown = "document.querySelector('leadgate-form > [slot=turnstile]').checkVisibility()";
    assert!(page.eval::<bool>(shown).await);
    fill_and_send(&page).await;
    page.wait_for(SENT).await;
    assert_eq!(proof_of(&submissions(&page, 1).await[0]), "proof-1");
}

#[tokio::test]
async fn a_challenge_that_does_not_load_keeps_nobody_from_sending() {
    let scene = scene().await;
    let page = open(&scene, Interception::Fail).await;
    fill_and_send(&page).await;
    page.wait_for(SENT).await;
    assert_eq!(proof_of(&submissions(&page, 1).await[0]), Value::Null);
}

#[tokio::test]
async fn the_same_answers_leave_with_the_same_proof_however_often_they_are_sent() {
    let scene = scene().await;
    let page = open(&scene, script()).await;
    page.eval::<()>(
        "{ const real = fetch; let failures = 5;
           window.fetch = (...request) => String(request[0]).endsWith('/v1/leads') && failures-- > 0
             ? Promise.reject(new TypeError('down')) : real(...request);
           const wait = setTimeout; window.setTimeout = (call, ms, ...rest) => wait(call, ms / 20, ...rest); }
         null",
    )
    .await;
    fill_and_send(&page).await;
    page.until("document.querySelector('leadgate-form').shadowRoot.querySelector('.send').textContent === 'Try again'")
        .await;
    page.click(SEND).await;
    page.wait_for(SENT).await;
    let sent = submissions(&page, 1).await;
    assert_eq!(proof_of(&sent[0]), "proof-1");
}
