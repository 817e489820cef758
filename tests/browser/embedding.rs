//! Where a form appears, and that it asks nothing of the page.

use tests::browser::Page;

use crate::{FORM, SEND, Scene, field, fill_and_send};

const FORMS: &str = "document.querySelectorAll('leadgate-form')";

async fn forms_ready(page: &Page, count: usize) {
    page.until(&format!(
        "{FORMS}.length === {count} && [...{FORMS}].every(form => form.shadowRoot?.querySelector('form'))"
    ))
    .await;
}

#[tokio::test]
async fn a_form_stands_where_the_page_wants_it_by_every_way_of_asking() {
    let scene = Scene::start().await;
    for (page, place) in [
        ("default.html", "script[data-key] + leadgate-form"),
        ("target.html", "#place > leadgate-form:only-child"),
        ("element.html", "h1 + leadgate-form[key]"),
        ("theme.html", "leadgate-form[data-theme=dark]"),
        ("locale.html", "leadgate-form[data-locale=es]"),
    ] {
        let page = scene.open(page).await;
        assert!(page.exists(place).await, "{place}");
        assert_eq!(page.errors(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn two_tags_make_two_forms_that_know_nothing_of_each_other_and_load_everything_once() {
    let scene = Scene::start().await;
    let page = scene.open("two.html").await;
    forms_ready(&page, 2).await;
    for asset in ["/v1/form", ".wasm"] {
        assert_eq!(page.sent(asset).len(), 1, "{asset}");
    }
    page.type_into(&format!("#first {}", field("name")), "Marla").await;
    assert_eq!(page.value(&format!("#second {}", field("name"))).await, "");
}

#[tokio::test]
async fn a_form_takes_neither_focus_nor_scroll_before_the_visitor_acts() {
    let scene = Scene::start().await;
    let page = scene.open("two.html").await;
    forms_ready(&page, 2).await;
    assert!(page.eval::<bool>("document.activeElement === document.body && scrollY === 0").await);
}

#[tokio::test]
async fn the_style_of_a_hostile_page_stays_out_and_ours_stays_in() {
    let scene = Scene::start().await;
    let plain = scene.open("default.html").await;
    let hostile = scene.open("hostile.html").await;
    for (selector, style) in [
        (field("name"), "fontSize"),
        (field("name"), "display"),
        (field("name"), "borderTopColor"),
        (format!("{FORM}label"), "color"),
        (format!("{FORM}label"), "fontFamily"),
        (format!("{FORM}label"), "letterSpacing"),
        (format!("{FORM}label"), "textTransform"),
        (SEND.to_owned(), "backgroundColor"),
        (SEND.to_owned(), "lineHeight"),
    ] {
        let of = async |page: &Page| -> String {
            page.wait_for(&selector).await;
            let inside = selector.strip_prefix(FORM).unwrap();
            page.eval(&format!(
                "getComputedStyle(document.querySelector('leadgate-form').shadowRoot.querySelector({inside:?})).{style}"
            ))
            .await
        };
        assert_eq!(of(&hostile).await, of(&plain).await, "{style} of {selector}");
    }
    let witness = "getComputedStyle(document.querySelector('#witness')).color";
    assert_eq!(hostile.eval::<String>(witness).await, "rgb(255, 0, 255)");
    fill_and_send(&hostile).await;
    hostile.wait_for(crate::SENT).await;
}

#[tokio::test]
async fn a_strict_content_security_policy_needs_no_exception_but_the_one_for_webassembly() {
    let scene = Scene::start().await;
    let page = scene.open("csp.html").await;
    fill_and_send(&page).await;
    page.wait_for(crate::SENT).await;
    assert_eq!(page.errors(), Vec::<String>::new());
}

#[tokio::test]
async fn the_form_fits_every_width_from_320_pixels_on_and_its_targets_are_large_enough() {
    let scene = Scene::start().await;
    let page = scene.open("default.html").await;
    for width in [320, 768, 1280] {
        page.viewport(width, 800).await;
        page.until("document.documentElement.scrollWidth <= innerWidth").await;
        let smallest: f64 = page
            .eval(
                "Math.min(...[...document.querySelector('leadgate-form').shadowRoot
                    .querySelectorAll('input, textarea, button, a')]
                    .filter(target => target.checkVisibility() && !target.closest('.trap'))
                    .flatMap(target => { const box = target.getBoundingClientRect(); return [box.width, box.height] }))",
            )
            .await;
        assert!(smallest >= 24.0, "{smallest} at {width}");
    }
}
