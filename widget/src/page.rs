//! The painted nodes of one form, and what the state makes of them.

mod fields;
mod phase;
mod steps;
mod summary;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlFormElement, ShadowRoot};

use self::fields::Place;
use crate::{
    body::PROOF,
    form_state::FormState,
    handover::{Handover, text},
};

/// The nodes of one form.
#[derive(Debug)]
pub struct Page {
    content: HtmlElement,
    fields: Vec<Place>,
    steps: Vec<Element>,
    /// What stands on the button as long as nothing has been sent.
    send: String,
}

/// One part of the page, made to say what the state says.
pub type Show = fn(&Page, &Handover, &FormState);

/// Every part that follows the state.
pub const PARTS: [Show; 4] = [fields::show, steps::show, summary::show, phase::show];

/// The first control that is marked wrong, in a group its first choice.
const WRONG: &str = r#"[aria-invalid="true"]:not(fieldset), fieldset[aria-invalid="true"] input"#;

/// What is filled in the form and is no field of its definition: the trap for programs, and the consent to marketing.
const UNBOUND: &str = "[name=_lg_trap], [name='consent.marketing']:checked";

impl Page {
    /// Finds the nodes below `content`.
    pub fn new(content: HtmlElement) -> Self {
        let send = find(&content, ".send").and_then(|send| send.text_content()).unwrap_or_default();
        let fields = all(&content, "[data-field]").into_iter().filter_map(Place::new).collect();
        Self { fields, steps: all(&content, ".step"), send, content }
    }

    /// The names and values of what the visitor filled and no field of the definition holds.
    pub fn unbound(&self) -> impl Iterator<Item = (String, String)> {
        let input = |input: Element| (text(&input, "name"), text(&input, "value"));
        all(&self.content, UNBOUND).into_iter().map(input).filter(|(_, value)| !value.is_empty())
    }

    /// What the challenge beside the form has given the visitor, if there is one and it did.
    pub fn proof(&self) -> Option<String> {
        let input = find(&self.content, &["[name=", PROOF, "]"].concat())?;
        Some(text(&input, "value")).filter(|proof| !proof.is_empty())
    }

    /// Whether the visitor is in the form.
    pub fn has_focus(&self) -> bool {
        let root = self.content.get_root_node().dyn_into::<ShadowRoot>();
        root.is_ok_and(|root| root.active_element().is_some())
    }

    /// After a submission that needs mending: to what needs it first.
    pub fn focus_first_problem(&self) {
        self.focus(WRONG);
    }

    /// After the form made way for its success: to the words that say so.
    pub fn focus_success(&self) {
        self.focus(".sent");
    }

    /// After the visitor asked for the form anew: to its first field.
    pub fn focus_first_field(&self) {
        self.focus("[data-field] :is(input, select, textarea)");
    }

    /// After a step was left: to the heading of the one that is seen now.
    pub fn focus_step(&self) {
        self.focus(".step:not([hidden]) > .progress");
    }

    /// To the control of a field.
    pub fn focus_field(&self, index: usize) {
        self.focus(&["[data-field='", &index.to_string(), "'] :is(input, select, textarea)"].concat());
    }

    /// What stands in the field at `index`, if that is painted.
    pub fn value(&self, handover: &Handover, index: usize) -> Option<String> {
        let place = self.fields.iter().find(|place| place.index == index)?;
        Some(handover.value_of(place.whole()))
    }

    /// What stands in each field of the definition.
    pub fn values(&self, handover: &Handover) -> Vec<String> {
        let mut values = vec![String::new(); handover.definition.fields.len()];
        for place in &self.fields {
            if let Some(value) = values.get_mut(place.index) {
                *value = handover.value_of(place.whole());
            }
        }
        values
    }

    /// Empties every control.
    pub fn reset(&self) {
        if let Some(form) = find(&self.content, ".form").and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) {
            form.reset();
        }
    }

    fn focus(&self, selector: &str) {
        if let Some(node) = find(&self.content, selector).and_then(|node| node.dyn_into::<HtmlElement>().ok()) {
            // The node is in the page, and one that cannot take the focus is left alone.
            let _ = node.focus();
        }
    }
}

/// The field that a node belongs to: its index, and the painted field.
pub fn field_of(node: &Element) -> Option<(usize, Element)> {
    let field = node.closest("[data-field]").ok()??;
    Some((index_of(&field)?, field))
}

fn index_of(field: &Element) -> Option<usize> {
    field.get_attribute("data-field")?.parse().ok()
}

fn find(within: &Element, selector: &str) -> Option<Element> {
    within.query_selector(selector).ok().flatten()
}

fn all(within: &Element, selector: &str) -> Vec<Element> {
    let mut found = Vec::new();
    if let Ok(nodes) = within.query_selector_all(selector) {
        for index in 0..nodes.length() {
            found.extend(nodes.get(index).map(JsCast::unchecked_into));
        }
    }
    found
}

// A live region that is given the text it has is read out again: only what differs is written.

fn put_text(node: &Element, text: &str) {
    if node.text_content().as_deref() != Some(text) {
        node.set_text_content(Some(text));
    }
}

fn put(node: &Element, attribute: &str, value: &str) {
    if node.get_attribute(attribute).as_deref() != Some(value) {
        // The attributes' names are ours, and valid.
        let _ = node.set_attribute(attribute, value);
    }
}

fn put_flag(node: &Element, attribute: &str, is_set: bool) {
    // As above.
    let _ = node.toggle_attribute_with_force(attribute, is_set);
}

fn word(is_true: bool) -> &'static str {
    if is_true { "true" } else { "false" }
}
