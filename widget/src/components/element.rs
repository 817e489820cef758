//! Elements whose Rust type says nothing about them. `view!` gives every element a type of its own,
//! and the code for all those types made half of the widget; these share one.

use leptos::{
    attr::{
        any_attribute::{AnyAttribute, IntoAnyAttribute},
        custom::custom_attribute,
    },
    ev::{Custom, on},
    html::custom,
    prelude::*,
};
use web_sys::Event;

/// An element in the making.
pub struct Element {
    tag: &'static str,
    attributes: Vec<AnyAttribute>,
    children: Vec<AnyView>,
}

impl Element {
    /// An element with the attributes that never change.
    pub fn new(tag: &'static str, attributes: &[(&'static str, &str)]) -> Self {
        let mut element = Self { tag, attributes: Vec::new(), children: Vec::new() };
        for (name, value) in attributes {
            element.set(name, Some(value));
        }
        element
    }

    /// Sets an attribute that never changes, if there is a value.
    pub fn set(&mut self, name: &'static str, value: Option<&str>) {
        self.attributes.push(custom_attribute(name, value.map(str::to_owned)).into_any_attr());
    }

    /// Sets an attribute whose presence is its value, such as `required`.
    pub fn flag(&mut self, name: &'static str, is_set: bool) {
        self.set(name, is_set.then_some(""));
    }

    /// Sets an attribute that follows the state.
    pub fn live(&mut self, name: &'static str, value: impl Fn() -> Option<String> + Send + 'static) {
        let value: Box<dyn Fn() -> Option<String> + Send> = Box::new(value);
        self.attributes.push(custom_attribute(name, value).into_any_attr());
    }

    /// Listens to the event of that name.
    pub fn on(&mut self, event: &'static str, handler: impl Fn(Event) + 'static) {
        let handler: Box<dyn Fn(Event)> = Box::new(handler);
        self.attributes.push(on(Custom::<Event>::new(event), handler).into_any_attr());
    }

    /// Appends a finished element.
    pub fn child(&mut self, child: Self) {
        self.view(child.finish());
    }

    /// Appends any view.
    pub fn view(&mut self, view: AnyView) {
        self.children.push(view);
    }

    /// Appends text that never changes.
    pub fn text(&mut self, text: &str) {
        self.view(text.to_owned().into_any());
    }

    /// Appends text that follows the state.
    pub fn live_text(&mut self, text: impl Fn() -> String + Send + 'static) {
        let text: Box<dyn Fn() -> String + Send> = Box::new(text);
        self.view(text.into_any());
    }

    /// The element as a view.
    pub fn finish(self) -> AnyView {
        custom(self.tag).child(self.children).add_any_attr(self.attributes).into_any()
    }
}
