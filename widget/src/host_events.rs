//! The events by which the page around a form learns what happens in it. No personal data.

use js_sys::{Object, Reflect};
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

/// What happened to a form.
#[derive(Debug, Clone, Copy)]
pub enum HostEvent<'a> {
    /// A submission leaves.
    Submit,
    /// The lead of this id is stored.
    Success(&'a str),
    /// The submission failed with this code.
    Error(&'a str),
}

/// Tells the page, at the form's element.
pub fn tell(host: &HtmlElement, event: HostEvent<'_>) {
    let (name, detail) = match event {
        HostEvent::Submit => ("leadgate:submit", None),
        HostEvent::Success(id) => ("leadgate:success", Some(("id", id))),
        HostEvent::Error(code) => ("leadgate:error", Some(("code", code))),
    };
    let object = Object::new();
    if let Some((member, value)) = detail {
        // Setting a member of a fresh object cannot fail.
        let _ = Reflect::set(&object, &member.into(), &value.into());
    }
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_detail(&object);
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
        // A listener that throws is reported by the browser, not here.
        let _ = host.dispatch_event(&event);
    }
}
