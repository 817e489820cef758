//! Every kind of field, steps, and fields that depend on others.

use serde_json::{Value, json};
use tests::browser::Page;

use crate::{FORM, LIVE, SENT, Scene, error_of, field, submissions};

pub const NEXT: &str = "leadgate-form >>> .next";
const BACK: &str = "leadgate-form >>> .back";
const SEND: &str = "leadgate-form >>> .send";
const PROGRESS: &str = "leadgate-form >>> .step:not([hidden]) > .progress";
const SUMMARY: &str = "leadgate-form >>> .summary";

async fn open(fields: Value, page: &str) -> (Scene, Page) {
    let scene = Scene::with_form(|form| form["fields"] = fields).await;
    let page = scene.open(page).await;
    (scene, page)
}

async fn seen(page: &Page, selector: &str) -> bool {
    page.of(selector, "checkVisibility()").await
}

pub fn every_kind() -> Value {
    json!([
        {"name": "source", "kind": "hidden"},
        {"name": "name", "kind": "text", "label": "Name", "placeholder": "First and last", "required": true},
        {"name": "email", "kind": "email", "label": "Email"},
        {"name": "phone", "kind": "tel", "label": "Phone"},
        {"name": "budget", "kind": "number", "label": "Budget", "help": "In pounds."},
        {"name": "moving", "kind": "date", "label": "Moving on"},
        {"name": "intent", "kind": "select", "label": "You would like to",
            "options": [{"value": "buy", "label": "Buy"}, {"value": "sell", "label": "Sell"}]},
        {"name": "Contact by", "kind": "radio", "label": "Contact me by", "required": true,
            "options": [{"value": "mail", "label": "Mail"}, {"value": "call", "label": "Call"}]},
        {"name": "newsletter", "kind": "checkbox", "label": "Send me the newsletter"},
        {"name": "message", "kind": "textarea", "label": "Message"},
    ])
}

#[tokio::test]
async fn every_kind_of_field_is_filled_in_its_own_control_and_arrives() {
    let (scene, page) = open(every_kind(), "prefill.html?lg_source=brochure").await;
    for (name, kind) in [("email", "email"), ("phone", "tel"), ("budget", "number"), ("moving", "date")] {
        assert_eq!(page.attribute(&field(name), "type").await.as_deref(), Some(kind));
    }
    assert_eq!(page.attribute(&field("budget"), "aria-describedby").await.as_deref(), Some("budget-help budget-error"));
    assert_eq!(page.attribute(&field("name"), "aria-required").await.as_deref(), Some("true"));
    page.type_into(&field("budget"), "380000").await;
    page.eval::<()>(&format!(
        "{{ const moving = {}; moving.value = '2027-03-01'; moving.dispatchEvent(new Event('input', {{bubbles: true}}));
            const intent = {}; intent.value = 'sell'; intent.dispatchEvent(new Event('change', {{bubbles: true}})); }} null",
        inside("[name=moving]"),
        inside("[name=intent]")
    ))
    .await;
    page.click(&format!("{FORM}label[for=Contact-by-2]")).await;
    page.click(&field("newsletter")).await;
    page.type_into(&field("message"), "Hello").await;
    page.click(&field("consent")).await;
    page.click(SEND).await;
    page.wait_for(SENT).await;
    let lead = scene.lead();
    for (name, value) in [
        ("source", json!("brochure")),
        ("name", json!("Marla Singer")),
        ("budget", json!(380_000)),
        ("intent", json!("sell")),
        ("message", json!("Hello")),
    ] {
        assert_eq!(lead[name], value, "{name}");
    }
    assert_eq!(lead["meta"], json!({"Contact by": "call", "moving": "2027-03-01", "newsletter": "true"}));
}

#[tokio::test]
async fn more_than_one_error_is_summed_up_with_links_to_the_fields() {
    let (_scene, page) = open(every_kind(), "default.html").await;
    assert!(!seen(&page, SUMMARY).await);
    page.click(SEND).await;
    page.wait_for(SUMMARY).await;
    let links = format!("[...{}].map(link => link.textContent)", inside_all(".summary a"));
    let said: Vec<String> = page.eval(&links).await;
    assert_eq!(said.len(), 5, "{said:?}");
    assert!(said[0].starts_with("Name: ") && said[4].starts_with("Tick the box"), "{said:?}");
    page.until(&format!("{}.matches(':focus')", inside("[name=name]"))).await;
    page.click(&format!("{FORM}.summary li:nth-child(4) a")).await;
    page.until(&format!("{}.matches(':focus')", inside("[type=radio]"))).await;
    page.press(" ").await;
    page.until(&format!("{}.length === 4", inside_all(".summary a"))).await;
    assert_eq!(page.text(&error_of("Contact-by")).await, "");
}

fn in_steps() -> Value {
    json!([
        {"name": "intent", "kind": "radio", "label": "You would like to", "required": true,
            "options": [{"value": "buy", "label": "Buy"}, {"value": "sell", "label": "Sell"}]},
        {"name": "owner_since", "kind": "text", "label": "Owner since", "required": true,
            "show_when": {"field": "intent", "is": ["sell"]}},
        {"name": "name", "kind": "text", "label": "Name", "step": 2},
        {"name": "email", "kind": "email", "label": "Email", "step": 2},
    ])
}

#[tokio::test]
async fn steps_come_one_by_one_and_back_again_by_keyboard_alone() {
    let (scene, page) = open(in_steps(), "default.html").await;
    assert!(!seen(&page, &field("email")).await && !seen(&page, SEND).await && !seen(&page, BACK).await);
    page.press("Tab").await;
    page.press(" ").await;
    page.press("Enter").await;
    page.until(&format!("{}.matches(':focus')", inside(".step:not([hidden]) > .progress"))).await;
    assert_eq!(page.text(PROGRESS).await, "Step 2 of 2");
    assert!(!seen(&page, &field("intent")).await);
    page.click(BACK).await;
    page.wait_for(NEXT).await;
    assert_eq!(page.text(PROGRESS).await, "Step 1 of 2");
    page.click(NEXT).await;
    page.wait_for(SEND).await;
    page.type_into(&field("email"), "marla@example.com").await;
    page.click(&field("consent")).await;
    page.press("Shift+Tab").await;
    page.press("Enter").await;
    page.wait_for(SENT).await;
    assert_eq!(scene.lead()["intent"], "buy");
}

#[tokio::test]
async fn a_field_that_depends_on_another_comes_and_goes_with_its_answer() {
    let (_scene, page) = open(in_steps(), "default.html").await;
    assert!(!seen(&page, &field("owner_since")).await);
    page.click(&format!("{FORM}label[for=intent-2]")).await;
    page.wait_for(&field("owner_since")).await;
    page.click(NEXT).await;
    page.until(&format!("{}.textContent !== ''", inside("#owner_since-error"))).await;
    page.type_into(&field("owner_since"), "May").await;
    page.click(&format!("{FORM}label[for=intent-1]")).await;
    page.until(&format!("!{}.checkVisibility()", inside("[name=owner_since]"))).await;
    page.click(NEXT).await;
    page.type_into(&field("email"), "marla@example.com").await;
    page.click(&field("consent")).await;
    page.click(SEND).await;
    page.wait_for(SENT).await;
    let sent = submissions(&page, 1).await;
    assert!(!sent[0].body.as_deref().unwrap().contains("owner_since"));
}

#[tokio::test]
async fn without_webassembly_every_step_and_every_field_is_shown() {
    let scene = Scene::with_form(|form| form["fields"] = in_steps()).await;
    let page = scene.browser.open(&scene.address("csp-no-wasm.html")).await;
    page.wait_for("leadgate-form >>> form:not([novalidate])").await;
    for selector in [field("intent"), field("owner_since"), field("email"), SEND.to_owned()] {
        assert!(seen(&page, &selector).await, "{selector}");
    }
    assert!(!page.exists(NEXT).await);
}

#[tokio::test]
async fn a_second_box_for_marketing_is_never_required_and_goes_with_its_words() {
    let words = "Send me news by email.";
    let scene = Scene::with_form(|form| form["consent"]["marketing"] = words.into()).await;
    let page = scene.open("default.html").await;
    let marketing = format!("{FORM}[name='consent.marketing']");
    assert!(!page.of::<bool>(&marketing, "checked").await);
    crate::fill(&page).await;
    page.click(&marketing).await;
    page.click(SEND).await;
    page.wait_for(SENT).await;
    assert_eq!(scene.lead()["meta"], json!({"consent.marketing": words}));
}

#[tokio::test]
async fn a_definition_is_shown_as_text_whatever_it_says_and_however_long_it_is() {
    let hostile = "<img src=x onerror=\"document.title='run'\">";
    let mut fields = vec![json!({"name": "email", "kind": "email", "label": hostile, "help": hostile})];
    fields.extend((1..100).map(|number| json!({"name": format!("submit {number}"), "label": hostile})));
    fields[1]["name"] = "submit".into();
    fields[2]["name"] = "action".into();
    let (_scene, page) = open(fields.into(), "default.html").await;
    assert_eq!(page.text(&format!("{FORM}label[for=email]")).await, hostile);
    page.type_into(&field("email"), "marla@example.com").await;
    page.click(&field("consent")).await;
    page.click(SEND).await;
    page.wait_for(SENT).await;
    assert_ne!(page.eval::<String>("document.title").await, "run");
    assert_eq!(page.errors(), Vec::<String>::new());
}

#[tokio::test]
async fn a_definition_that_lacks_what_it_should_have_still_makes_a_form() {
    let scene = Scene::start().await;
    let page = scene.browser.page().await;
    let bare = json!({"fields": [{"name": "email", "kind": "hologram"}, null, 7, {"options": "x", "kind": "select"}]});
    page.intercept("*/v1/form*", [crate::answer(200, &bare)]).await;
    page.goto(&scene.address("default.html")).await;
    page.wait_for(LIVE).await;
    page.wait_for(&field("email")).await;
}

fn inside(selector: &str) -> String {
    format!("document.querySelector('leadgate-form').shadowRoot.querySelector('{selector}')")
}

fn inside_all(selector: &str) -> String {
    format!("document.querySelector('leadgate-form').shadowRoot.querySelectorAll('{selector}')")
}
