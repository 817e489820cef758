//! What the visitor does, as changes of the state: one listener for all nodes of a form.

use std::{cell::Cell, pin::Pin, rc::Rc};

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, EventTarget};

use crate::{clock, page::field_of, sending::Sending};

/// Everything that is listened to.
const EVENTS: [&str; 9] =
    ["input", "change", "focusout", "pointerdown", "pointerup", "pointercancel", "keydown", "mousedown", "click"];

/// After the pointer was lifted, the time in which a click may follow: a tap moves the focus only then, and clicks last.
const CLICK_WITHIN_MS: u32 = 300;

/// Listens until it is dropped.
pub struct Visitor {
    content: EventTarget,
    /// Not `FnMut`: what it does to the focus is told to it before it is done.
    listener: Closure<dyn Fn(Event)>,
}

impl Visitor {
    /// Listens at the element that holds the form.
    pub fn new(sending: Rc<Sending>) -> Self {
        let content: EventTarget = sending.handover.content.clone().into();
        let hand = Rc::new(Hand { sending, pointing: Cell::new(None), presses: Cell::new(0), left: Cell::new(None) });
        let listener = Closure::new(move |event: Event| hand.take(&event));
        let visitor = Self { content, listener };
        visitor.each(|content, event, listener| content.add_event_listener_with_callback(event, listener));
        visitor
    }

    fn each(&self, act: fn(&EventTarget, &str, &js_sys::Function) -> Result<(), JsValue>) {
        for event in EVENTS.into_iter().chain(["submit"]) {
            // Fails for no name of an event.
            let _ = act(&self.content, event, self.listener.as_ref().unchecked_ref());
        }
    }
}

impl Drop for Visitor {
    fn drop(&mut self) {
        self.each(|content, event, listener| content.remove_event_listener_with_callback(event, listener));
    }
}

/// Boxed, since the executor's code is compiled anew for every type of future.
type Work = Pin<Box<dyn Future<Output = ()>>>;

/// What the visitor is about to do.
struct Hand {
    sending: Rc<Sending>,
    /// Which press of the pointer is under way, until its click. What a field that is left meanwhile has to say waits
    /// for that: it would move what is about to be clicked, and swallow the click.
    pointing: Cell<Option<u32>>,
    presses: Cell<u32>,
    left: Cell<Option<usize>>,
}

impl Hand {
    fn take(self: &Rc<Self>, event: &Event) {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        match event.type_().as_str() {
            "input" | "change" => self.edit(&target),
            "focusout" => self.leave(&target),
            "pointerdown" => {
                self.presses.set(self.presses.get().wrapping_add(1));
                self.pointing.set(Some(self.presses.get()));
            }
            "pointerup" | "pointercancel" => self.lift(CLICK_WITHIN_MS),
            "keydown" => self.lift(0),
            // Some browsers give the focus to a button that is clicked and some to nothing; so it stays where it was.
            "mousedown" if closest(&target, "button").is_some() => event.prevent_default(),
            "click" => {
                self.lift(0);
                self.click(event, &target);
            }
            "submit" => {
                event.prevent_default();
                self.start(|sending| Box::pin(async move { sending.submit().await }));
            }
            _ => {}
        }
    }

    fn edit(&self, target: &Element) {
        let Some((index, field)) = field_of(target) else { return };
        let value = self.sending.handover.value_of(&field);
        self.sending.state.update(|state| {
            if state.is_consent(index) {
                // The browser says it twice, and the first time is when the box was ticked.
                if state.consent_given_at().is_some() == value.is_empty() {
                    state.consent((!value.is_empty()).then(clock::now));
                }
            } else {
                state.edit(index, value);
            }
        });
    }

    fn leave(&self, target: &Element) {
        // Radio buttons and boxes are left by a click on their own labels, too.
        let is_text = closest(target, "[type=radio], [type=checkbox], button, a").is_none();
        let Some((index, _)) = field_of(target).filter(|_| is_text) else { return };
        if self.pointing.get().is_some() {
            self.left.set(Some(index));
        } else {
            self.leave_now(index);
        }
    }

    /// Reads the field once more: of a half typed date a browser says nothing before.
    fn leave_now(&self, index: usize) {
        let value = self.sending.page.value(&self.sending.handover, index);
        self.sending.state.update(|state| {
            if let Some(value) = value {
                state.edit(index, value);
            }
            state.leave(index);
        });
    }

    /// The press that is under way ends after so many milliseconds, and so does what waits for it.
    fn lift(self: &Rc<Self>, ms: u32) {
        let Some(press) = self.pointing.get() else { return };
        let hand = Rc::clone(self);
        // Never at once, but after what else this event does.
        Timeout::new(ms, move || {
            if hand.pointing.get() == Some(press) {
                hand.pointing.set(None);
                if let Some(index) = hand.left.take() {
                    hand.leave_now(index);
                }
            }
        })
        .forget();
    }

    fn click(&self, event: &Event, target: &Element) {
        if let Some(index) = closest(target, "[data-to]").and_then(|link| link.get_attribute("data-to")?.parse().ok()) {
            event.prevent_default();
            self.sending.page.focus_field(index);
        } else if closest(target, ".back").is_some() {
            self.start(|sending| Box::pin(async move { sending.back().await }));
        } else if closest(target, ".another").is_some() {
            self.start(|sending| Box::pin(async move { sending.begin_anew().await }));
        }
    }

    fn start(&self, work: fn(Rc<Sending>) -> Work) {
        spawn_local(work(Rc::clone(&self.sending)));
    }
}

fn closest(node: &Element, selector: &str) -> Option<Element> {
    node.closest(selector).ok().flatten()
}
