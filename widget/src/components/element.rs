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

/// An element with its attributes, listeners and children.
pub fn element<const A: usize, const C: usize>(
    tag: &'static str,
    attributes: [AnyAttribute; A],
    children: [AnyView; C],
) -> AnyView {
    build(tag, attributes.into(), children.into())
}

fn build(tag: &'static str, attributes: Vec<AnyAttribute>, children: Vec<AnyView>) -> AnyView {
    custom(tag).child(children).add_any_attr(attributes).into_any()
}

/// Several views in a row.
pub fn group(views: Vec<AnyView>) -> AnyView {
    views.into_any()
}

/// Nothing.
pub fn nothing() -> AnyView {
    group(Vec::new())
}

/// Text that stays.
pub fn text(text: impl Into<String>) -> AnyView {
    text.into().into_any()
}

/// Text that follows the state.
pub fn live_text(text: impl Fn() -> String + Send + 'static) -> AnyView {
    let text: Box<dyn Fn() -> String + Send> = Box::new(text);
    text.into_any()
}

/// An attribute that stays, or none.
pub fn attribute(name: &'static str, value: impl Into<Option<String>>) -> AnyAttribute {
    custom_attribute(name, value.into()).into_any_attr()
}

/// An attribute that stays.
pub fn fixed(name: &'static str, value: &'static str) -> AnyAttribute {
    attribute(name, value.to_owned())
}

/// An attribute whose presence is its value, such as `required`.
pub fn flag(name: &'static str, is_set: bool) -> AnyAttribute {
    attribute(name, is_set.then(String::new))
}

/// An attribute that follows the state.
pub fn live(name: &'static str, value: impl Fn() -> Option<String> + Send + 'static) -> AnyAttribute {
    let value: Box<dyn Fn() -> Option<String> + Send> = Box::new(value);
    custom_attribute(name, value).into_any_attr()
}

/// A listener for an event of that name.
pub fn listener(event: &'static str, handler: impl Fn(Event) + 'static) -> AnyAttribute {
    let handler: Box<dyn Fn(Event)> = Box::new(handler);
    on(Custom::<Event>::new(event), handler).into_any_attr()
}
