//! What the loader hands over with a painted form (`widget/loader/standing.js`).

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement};

use crate::{
    client::Client,
    definition::{self, Definition},
    messages::Messages,
};

/// Everything a form needs to be live, besides its state.
#[derive(Debug)]
pub struct Handover {
    /// The custom element, where the page listens.
    pub host: HtmlElement,
    /// The element in its shadow root that holds the painted nodes.
    pub content: HtmlElement,
    /// The form's definition, in the visitor's language.
    pub definition: Definition,
    /// The consent as the definition has it, for the lead.
    pub consent: JsValue,
    /// The widget's own texts, in the visitor's language.
    pub messages: Messages,
    /// What goes with every submission, by the names of the API.
    pub extras: Object,
    /// The way to the Worker.
    pub client: Client,
    /// Where to go after a success.
    pub redirect: Option<String>,
    /// What stands in each field already.
    pub values: Vec<String>,
    /// The fields that the visitor has left already, by index.
    pub left: Vec<usize>,
    /// When consent was given, if it was.
    pub consent_at: Option<String>,
    /// The key under which these answers were sent before.
    pub idempotency_key: Option<String>,
    /// Another way to reach the owner of the site, told when nothing can be sent.
    pub fallback_contact: Option<String>,
    value_of: Function,
    is_offline: Function,
    pause: Function,
    on_send: Function,
    on_settled: Function,
}

impl Handover {
    /// Reads the loader's object. `None` when it is not one.
    pub fn read(json: &JsValue) -> Option<Self> {
        let form = member(json, "definition");
        Some(Self {
            host: element(json, "host")?,
            content: element(json, "box")?,
            definition: definition::read(&form),
            consent: member(&form, "consent"),
            messages: Messages::new(member(json, "texts")),
            extras: member(json, "extras").dyn_into().ok()?,
            client: Client { origin: text(json, "origin"), key: text(json, "key") },
            redirect: optional_text(json, "redirect"),
            values: list(json, "values").into_iter().map(|value| value.as_string().unwrap_or_default()).collect(),
            left: list(json, "left").into_iter().filter_map(|index| Some(index.as_f64()? as usize)).collect(),
            consent_at: optional_text(json, "consentAt"),
            idempotency_key: optional_text(json, "idempotencyKey"),
            value_of: member(json, "valueOf").dyn_into().ok()?,
            fallback_contact: optional_text(&form, "fallback_contact"),
            is_offline: member(json, "isOffline").dyn_into().ok()?,
            pause: member(json, "pause").dyn_into().ok()?,
            on_send: member(json, "onSend").dyn_into().ok()?,
            on_settled: member(json, "onSettled").dyn_into().ok()?,
        })
    }

    /// What stands in a painted field now.
    pub fn value_of(&self, field: &Element) -> String {
        let value = self.value_of.call1(&JsValue::NULL, field);
        value.ok().and_then(|value| value.as_string()).unwrap_or_default()
    }

    // The loader's own functions do not throw.

    /// Tells the loader that these answers are about to leave under this key.
    pub fn tell_send(&self, body: &str, idempotency_key: &str) {
        let _ = self.on_send.call2(&JsValue::NULL, &body.into(), &idempotency_key.into());
    }

    /// Tells the loader that the Worker has decided: it stored the lead, or will never take these answers.
    pub fn tell_settled(&self, is_stored: bool) {
        let _ = self.on_settled.call1(&JsValue::NULL, &is_stored.into());
    }

    /// Whether the browser knows that it is not connected.
    pub fn is_offline(&self) -> bool {
        self.is_offline.call0(&JsValue::NULL).is_ok_and(|answer| answer.is_truthy())
    }

    /// Waits that long, and then until the browser is connected.
    pub async fn pause(&self, ms: u32) {
        if let Some(over) = self.pause.call1(&JsValue::NULL, &ms.into()).ok().and_then(|p| p.dyn_into::<Promise>().ok())
        {
            let _ = JsFuture::from(over).await;
        }
    }
}

/// A member of an object; of anything else `undefined`.
pub fn member(json: &JsValue, name: &str) -> JsValue {
    // Asked of anything else the browser throws, for which it reads the whole script once more: a tenth of the start.
    if !json.is_object() {
        return JsValue::UNDEFINED;
    }
    Reflect::get(json, &name.into()).unwrap_or_default()
}

/// A member that is text.
pub fn optional_text(json: &JsValue, name: &str) -> Option<String> {
    member(json, name).as_string()
}

/// A member that is text, or nothing.
pub fn text(json: &JsValue, name: &str) -> String {
    optional_text(json, name).unwrap_or_default()
}

/// The entries of a member that is a list.
pub fn list(json: &JsValue, name: &str) -> Vec<JsValue> {
    member(json, name).dyn_into::<Array>().map(|list| list.to_vec()).unwrap_or_default()
}

fn element(json: &JsValue, name: &str) -> Option<HtmlElement> {
    member(json, name).dyn_into().ok()
}
