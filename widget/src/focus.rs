//! Where the focus goes after the visitor acted. Nothing here runs before.

use leptos::task::tick;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ShadowRoot};

/// The first control that is marked wrong, in a group its first choice.
const WRONG: &str = r#"[aria-invalid="true"]:not(fieldset), fieldset[aria-invalid="true"] input"#;

/// The text that stands in place of a sent form.
const SENT: &str = ".sent";

/// The first thing that can be filled.
const CONTROL: &str = "input, select, textarea";

/// After a submission that needs mending: to what needs it first.
pub async fn to_first_problem(content: &HtmlElement) {
    move_to(content, WRONG).await;
}

/// After the form made way for its success: to the words that say so, unless the visitor is elsewhere by now.
pub async fn to_success(content: &HtmlElement) {
    let root = content.get_root_node().dyn_into::<ShadowRoot>();
    if root.is_ok_and(|root| root.active_element().is_some()) {
        move_to(content, SENT).await;
    }
}

/// After the visitor asked for the form anew: to its first field.
pub async fn to_first_field(content: &HtmlElement) {
    move_to(content, CONTROL).await;
}

async fn move_to(content: &HtmlElement, selector: &str) {
    // What the state says is on the page one tick later.
    tick().await;
    if let Some(element) =
        content.query_selector(selector).ok().flatten().and_then(|e| e.dyn_into::<HtmlElement>().ok())
    {
        let _ = element.focus();
    }
}
