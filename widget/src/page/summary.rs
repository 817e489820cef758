//! The list of what is wrong, at the top of a form that was sent with more than one error.

use wasm_bindgen::JsValue;
use web_sys::{Document, Element};

use super::{Page, fields::words, find, put_flag};
use crate::{
    form_state::{FormState, Phase},
    handover::Handover,
};

/// Shows a link for each problem. With one problem there is nothing to sum up, but what is shown stays until the last is
/// mended: it stands above the field that is being mended.
pub fn show(page: &Page, handover: &Handover, state: &FormState) {
    let (Some(summary), Some(list)) = (find(&page.content, ".summary"), find(&page.content, ".summary > ul")) else {
        return;
    };
    let problems =
        if matches!(state.phase(), Phase::Mending { .. }) { lines(page, handover, state) } else { Vec::new() };
    let is_shown = problems.len() > 1 || problems.len() == 1 && !summary.has_attribute("hidden");
    put_flag(&summary, "hidden", !is_shown);
    let text: String = problems.iter().map(|(_, line)| line.as_str()).collect();
    if is_shown && list.text_content().as_deref() != Some(&text) {
        list.set_text_content(None);
        if let Some(document) = list.owner_document() {
            for (index, line) in &problems {
                // The names of the elements are ours, and valid.
                let _ = append_link(&document, &list, *index, line);
            }
        }
    }
}

fn lines(page: &Page, handover: &Handover, state: &FormState) -> Vec<(usize, String)> {
    let line = |index: usize| {
        let words = words(state, index, state.problem(index).filter(|_| state.is_seen(index))?, handover);
        // The consent is no field: its words are too long for a link, and the error speaks for itself.
        let label = state.form().fields.get(index).map(|field| field.label.as_str());
        let is_sentence = label.is_some_and(|label| label.ends_with(['?', '!', '.', ':', '؟']));
        let joint = if is_sentence { " ".to_owned() } else { handover.messages.text("joint") };
        Some((index, label.map_or(words.clone(), |label| [label, &joint, &words].concat())))
    };
    page.fields.iter().filter_map(|place| line(place.index)).collect()
}

fn append_link(document: &Document, list: &Element, index: usize, line: &str) -> Result<(), JsValue> {
    let link = document.create_element("a")?;
    // References do not lead into a shadow root: the click is answered in `visitor.rs`.
    link.set_attribute("href", "#")?;
    link.set_attribute("data-to", &index.to_string())?;
    link.set_text_content(Some(line));
    let entry = document.create_element("li")?;
    entry.append_child(&link)?;
    list.append_child(&entry)?;
    Ok(())
}
