//! The widget: makes the form live that the loader (`widget/loader/`) has painted. Leptos's signal holds what the
//! form knows, its effects keep the painted nodes at what that says. This file connects the parts; what they do is
//! theirs.

pub mod answer;
pub mod body;
pub mod client;
pub mod clock;
pub mod definition;
pub mod form_state;
pub mod handover;
pub mod host_events;
pub mod messages;
pub mod page;
pub mod retry;
pub mod sending;
pub mod visitor;

use std::{rc::Rc, sync::Arc};

use any_spawner::Executor;
use js_sys::Function;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

use crate::{
    form_state::FormState,
    handover::Handover,
    page::{PARTS, Page},
    sending::Sending,
    visitor::Visitor,
};

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Makes a painted form live. `handover` is what the loader knows of it. What was typed stays, and so does the
/// focus. Gives back the function that lets the form go, and that returns the key under which to send what was
/// typed another time; nothing once it was sent.
///
/// # Errors
/// A text for the console when that is no form, or there is no window.
#[wasm_bindgen]
pub fn bind(handover: &JsValue) -> Result<Function, JsValue> {
    let mut handover = Handover::read(handover).ok_or("not a painted form")?;
    let window = web_sys::window().ok_or("no window")?;
    let key = handover.idempotency_key.take().unwrap_or_else(|| clock::idempotency_key(&window));
    let definition = Arc::new(handover.definition.clone());
    let mut state = FormState::new(definition, std::mem::take(&mut handover.values), key);
    state.consent(handover.consent_at.take());
    for index in &handover.left {
        state.leave(*index);
    }
    let page = Page::new(handover.content.clone());
    let state = ArcRwSignal::new(state);
    let sending = Rc::new(Sending::new(window, handover, page, state));

    // Fails for the second form of a page, which is as well.
    let _ = Executor::init_wasm_bindgen();
    let effects = PARTS.map(|show| {
        let sending = Rc::clone(&sending);
        RenderEffect::new(move |_| sending.state.with(|state| show(&sending.page, &sending.handover, state)))
    });
    let visitor = Visitor::new(Rc::clone(&sending));

    let unbind = Closure::once_into_js(move || {
        drop((effects, visitor));
        sending.state.with_untracked(FormState::unsent_key)
    });
    Ok(unbind.unchecked_into())
}
