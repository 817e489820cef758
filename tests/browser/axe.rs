//! No state of the form has a fault that axe-core finds: light and dark, on a small screen and a large one.

use serde_json::json;
use tests::browser::{Interception, Page};
use tests::repository;

use crate::fields::{NEXT, every_kind};
use crate::outage::{HURRIED, TRIES};
use crate::{LIVE, SEND, SENT, STATUS, Scene, down, field, fill, problem_of};

/// A rule of axe-core that something in the form breaks, and each place with what is wrong there.
type Fault = (String, Vec<String>);

/// A page that hears axe-core's verdict in the middle of no transition.
async fn page(scene: &Scene) -> Page {
    let page = scene.browser.page().await;
    page.media_feature("prefers-reduced-motion", "reduce").await;
    page
}

/// Looks at the form as it stands, in both colour schemes and at both ends of the widths it is made for.
async fn must_be_without_fault(page: &Page, state: &str) {
    let axe = std::fs::read_to_string(repository::path("node_modules/axe-core/axe.min.js"))
        .expect("`cargo xtask build` has installed axe-core");
    page.eval::<()>(&format!("{axe}; void 0")).await;
    for scheme in ["light", "dark"] {
        for width in [320, 1280] {
            page.color_scheme(scheme).await;
            page.viewport(width, 800).await;
            let faults: Vec<Fault> = page
                .eval(
                    "axe.run('leadgate-form', {resultTypes: ['violations', 'incomplete'], rules: {'target-size': {enabled: true}}}).then(found =>
                        [...found.violations, ...found.incomplete].map(({id, nodes}) =>
                            [id, nodes.map(node => `${node.target.flat().join(' ')}: ${node.failureSummary}`)]))",
                )
                .await;
            assert!(faults.is_empty(), "{state}, {scheme}, {width} px: {faults:#?}");
        }
    }
}

#[tokio::test]
async fn the_empty_form_and_one_with_errors_have_no_fault() {
    let scene = Scene::start().await;
    let page = page(&scene).await;
    page.goto(&scene.address("default.html")).await;
    page.wait_for(SEND).await;
    must_be_without_fault(&page, "empty").await;
    page.click(SEND).await;
    problem_of(&page, "consent").await;
    must_be_without_fault(&page, "with errors").await;
    page.type_into(&field("phone"), "1").await;
    page.click(SEND).await;
    problem_of(&page, "phone").await;
    must_be_without_fault(&page, "with other errors").await;
}

#[tokio::test]
async fn a_form_from_right_to_left_has_no_fault() {
    let scene = Scene::start().await;
    let page = page(&scene).await;
    page.goto(&scene.address("right-to-left.html")).await;
    page.wait_for(SEND).await;
    page.click(SEND).await;
    problem_of(&page, "consent").await;
    must_be_without_fault(&page, "right to left").await;
}

#[tokio::test]
async fn a_form_on_its_way_one_that_failed_and_one_that_arrived_have_no_fault() {
    let scene = Scene::start().await;
    let page = page(&scene).await;
    let (release, held) = tokio::sync::oneshot::channel();
    page.before_load(HURRIED).await;
    let tries = (0..TRIES).map(|_| down());
    page.intercept("*/v1/leads*", tries.chain([Interception::Hold(held)])).await;
    page.goto(&scene.address("default.html")).await;
    page.wait_for(SEND).await;
    fill(&page).await;
    page.click(SEND).await;
    page.until("document.querySelector('leadgate-form').shadowRoot.querySelector('.bad')").await;
    assert!(page.text(STATUS).await.contains("Nothing you typed is lost"));
    must_be_without_fault(&page, "failed").await;
    page.click(SEND).await;
    page.until("document.querySelector('leadgate-form').shadowRoot.querySelector('[data-busy=true]')").await;
    must_be_without_fault(&page, "sending").await;
    release.send(()).unwrap();
    page.wait_for(SENT).await;
    must_be_without_fault(&page, "sent").await;
}

#[tokio::test]
async fn every_kind_of_field_and_every_step_has_no_fault() {
    let scene = Scene::with_form(|form| {
        form["fields"] = every_kind();
        form["fields"]
            .as_array_mut()
            .unwrap()
            .push(json!({"name": "city", "label": "City", "step": 2, "required": true}));
        form["consent"]["marketing"] = json!("You may send me offers.");
        form["consent"]["policy_url"] = json!("https://example.com/privacy");
    })
    .await;
    let page = page(&scene).await;
    page.goto(&scene.address("default.html")).await;
    page.wait_for(LIVE).await;
    must_be_without_fault(&page, "every kind").await;
    page.click(NEXT).await;
    page.until("document.querySelector('leadgate-form').shadowRoot.querySelector('[aria-invalid=true]')").await;
    must_be_without_fault(&page, "every kind, with errors").await;
    page.type_into(&field("name"), "Marla Singer").await;
    page.click("leadgate-form >>> label[for=Contact-by-2]").await;
    page.type_into(&field("email"), "marla@example.com").await;
    page.click(NEXT).await;
    page.wait_for(&field("city")).await;
    must_be_without_fault(&page, "second step").await;
}

#[tokio::test]
async fn a_form_that_cannot_be_shown_has_no_fault() {
    let scene = Scene::start().await;
    let page = page(&scene).await;
    page.goto(&scene.address("key-missing.html")).await;
    page.wait_for("leadgate-form >>> .retry").await;
    must_be_without_fault(&page, "without a key").await;
}
