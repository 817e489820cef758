//! The visitor's way to the form, and the only use of the browser's storage.

use js_sys::{JSON, Object, Reflect};
use shared::attribution::Attribution;
use wasm_bindgen::JsValue;
use web_sys::{Storage, UrlSearchParams, Window};

use crate::options::Memory;

/// The parameters of an address that say where a visit came from.
const CAMPAIGN: [&str; 12] = [
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "gclid",
    "gbraid",
    "wbraid",
    "fbclid",
    "msclkid",
    "ttclid",
    "li_fat_id",
];

/// The name in `sessionStorage` and `localStorage`.
const STORED_AS: &str = "leadgate:attribution";

/// What is known of the visit at `now` (RFC 3339), remembered as the page allows. Storage that is
/// blocked or full is no error: the visit is then known from its own page alone.
pub fn capture(window: &Window, memory: Memory, now: &str) -> Attribution {
    let location = window.location();
    let address = location.href().unwrap_or_default();
    let address = address.split('#').next().unwrap_or_default();
    if memory == Memory::None {
        let page = address.split('?').next().unwrap_or_default();
        return Attribution { page: Some(page.to_owned()), ..Attribution::default() };
    }
    let here = Visit {
        address: address.to_owned(),
        referrer: window.document().map(|document| document.referrer()).unwrap_or_default(),
        parameters: parameters(&location.search().unwrap_or_default()),
    };
    let session = Place(window.session_storage().ok().flatten());
    let mut known = here.since(session.read());
    session.write(&known);
    if memory == Memory::FirstTouch {
        let ever = Place(window.local_storage().ok().flatten());
        let first = ever.read().unwrap_or_else(|| Attribution { at: Some(now.to_owned()), ..known.clone() });
        ever.write(&first);
        known.first_touch = Some(Box::new(first));
    }
    known.page = Some(here.address);
    known
}

/// One page that a visitor came to.
struct Visit {
    address: String,
    referrer: String,
    parameters: Vec<(&'static str, String)>,
}

impl Visit {
    /// What is known after this page: a page with campaign parameters begins a new story, any other
    /// continues the one that the session knows.
    fn since(&self, earlier: Option<Attribution>) -> Attribution {
        if let (Some(earlier), true) = (earlier, self.parameters.is_empty()) {
            return earlier;
        }
        let mut known = Attribution {
            landing_page: Some(self.address.clone()),
            referrer: Some(self.referrer.clone()).filter(|referrer| !referrer.is_empty()),
            ..Attribution::default()
        };
        for (name, value) in &self.parameters {
            if let Some(slot) = known.get_mut(name) {
                *slot = Some(value.clone());
            }
        }
        known
    }
}

fn parameters(search: &str) -> Vec<(&'static str, String)> {
    let Ok(all) = UrlSearchParams::new_with_str(search) else { return Vec::new() };
    let value = |name: &'static str| all.get(name).filter(|value| !value.is_empty()).map(|value| (name, value));
    CAMPAIGN.into_iter().filter_map(value).collect()
}

/// A storage of the browser, where there is one.
struct Place(Option<Storage>);

impl Place {
    fn read(&self) -> Option<Attribution> {
        let text = self.0.as_ref()?.get_item(STORED_AS).ok()??;
        let object = JSON::parse(&text).ok()?;
        let value = |name: &str| Reflect::get(&object, &name.into()).ok()?.as_string();
        let mut known = Attribution { at: value("at"), ..Attribution::default() };
        for name in Attribution::NAMES {
            if let Some(slot) = known.get_mut(name) {
                *slot = value(name);
            }
        }
        Some(known)
    }

    fn write(&self, known: &Attribution) {
        if let (Some(storage), Ok(text)) = (&self.0, JSON::stringify(&object(known))) {
            // Full or forbidden: see `capture`.
            let _ = storage.set_item(STORED_AS, &String::from(text));
        }
    }
}

/// `known` as the object of JSON that the API takes.
pub fn object(known: &Attribution) -> Object {
    let object = Object::new();
    let set = |name: &str, value: &JsValue| {
        // Setting a member of a fresh object cannot fail.
        let _ = Reflect::set(&object, &name.into(), value);
    };
    for (name, value) in known.iter() {
        set(name, &value.into());
    }
    if let Some(at) = &known.at {
        set("at", &at.into());
    }
    if let Some(first) = &known.first_touch {
        set("first_touch", &self::object(first));
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(parameters: &[(&'static str, &str)]) -> Visit {
        Visit {
            address: "https://example.com/here".to_owned(),
            referrer: "https://search.example/".to_owned(),
            parameters: parameters.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
        }
    }

    fn earlier() -> Attribution {
        Attribution {
            utm_source: Some("newsletter".to_owned()),
            gclid: Some("old".to_owned()),
            landing_page: Some("https://example.com/first".to_owned()),
            ..Attribution::default()
        }
    }

    #[test]
    fn the_first_page_of_a_visit_is_its_landing_page() {
        let known = visit(&[("gclid", "g1")]).since(None);
        assert_eq!(known.landing_page.as_deref(), Some("https://example.com/here"));
        assert_eq!(known.referrer.as_deref(), Some("https://search.example/"));
        assert_eq!(known.gclid.as_deref(), Some("g1"));
    }

    #[test]
    fn a_page_without_parameters_continues_the_visit() {
        assert_eq!(visit(&[]).since(Some(earlier())), earlier());
    }

    #[test]
    fn a_new_campaign_leaves_nothing_of_the_last() {
        let known = visit(&[("utm_source", "ads")]).since(Some(earlier()));
        assert_eq!(known.utm_source.as_deref(), Some("ads"));
        assert_eq!(known.gclid, None);
        assert_eq!(known.landing_page.as_deref(), Some("https://example.com/here"));
    }

    #[test]
    fn every_campaign_parameter_is_a_name_of_the_contract() {
        for name in CAMPAIGN {
            assert!(Attribution::NAMES.contains(&name), "{name}");
        }
    }
}
