//! The widget: the form that a page embeds, rendered by Leptos inside the element that the loader
//! (`widget/loader/`) makes. This file connects the parts; what they do is theirs.

pub mod answer;
pub mod attribution;
pub mod body;
pub mod client;
pub mod clock;
pub mod components;
pub mod definition;
pub mod drafts;
pub mod focus;
pub mod form_state;
pub mod host_events;
pub mod messages;
pub mod options;
pub mod retry;
pub mod sending;
pub mod web_address;

use std::{rc::Rc, sync::Arc};

use js_sys::Function;
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use crate::{
    client::Client,
    components::lead_form::lead_form,
    form_state::FormState,
    host_events::{HostEvent, tell},
    options::Options,
    sending::Sending,
};

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Renders a form into `content`, which stands in the shadow root of `host`. `form` is the definition
/// as the Worker at `origin` gave it for `key`. Gives back the function that removes the form and
/// keeps what was typed for the next one with that key.
///
/// # Errors
/// A text for the console when the definition is not one, or there is no window.
#[wasm_bindgen]
pub fn mount(
    host: HtmlElement,
    content: HtmlElement,
    origin: String,
    key: String,
    form: JsValue,
) -> Result<Function, JsValue> {
    let form = definition::read(&form).ok_or("not a form definition")?;
    let window = web_sys::window().ok_or("no window")?;
    let options = options_of(&host);
    let known = attribution::capture(&window, options.memory, &clock::now());

    let mut state = FormState::new(Arc::new(form), clock::idempotency_key(&window), |field| {
        options.prefill(field).map(str::to_owned)
    });
    if let Some(draft) = drafts::take(&key) {
        state.restore(draft);
    }
    let state = ArcRwSignal::new(state);
    let sending = Rc::new(Sending {
        window,
        host: host.clone(),
        content: content.clone(),
        client: Client { origin, key: key.clone() },
        known,
        redirect: options.redirect,
    });
    let shown = state.clone();
    let handle = mount_to(content, move || lead_form(RwSignal::from(shown), sending));
    tell(&host, HostEvent::Ready);

    let unmount = Closure::once_into_js(move || {
        if let Some(draft) = state.with_untracked(FormState::draft) {
            drafts::keep(&key, draft);
        }
        drop(handle);
    });
    Ok(unmount.unchecked_into())
}

fn options_of(host: &HtmlElement) -> Options {
    let names = host.get_attribute_names();
    Options::from_attributes(names.iter().filter_map(|name| {
        let name = name.as_string()?;
        let value = host.get_attribute(&name)?;
        Some((name, value))
    }))
}
