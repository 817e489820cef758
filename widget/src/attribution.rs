//! The visitor's way to the form, and the only use of the browser's storage.

use js_sys::{JSON, Object, Reflect};
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

/// Names and what is known under them.
type Values = Vec<(&'static str, String)>;

/// The other names under which something is remembered.
const REFERRER: &str = "referrer";
const LANDING_PAGE: &str = "landing_page";
const AT: &str = "at";

/// What is known of a visit, by the names of `shared::attribution::Attribution`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    values: Values,
    first_touch: Values,
}

/// What is known of the visit at `now` (RFC 3339), remembered as the page allows. Storage that is
/// blocked or full is no error: the visit is then known from its own page alone.
pub fn capture(window: &Window, memory: Memory, now: &str) -> Known {
    let location = window.location();
    let address = location.href().unwrap_or_default();
    let address = address.split('#').next().unwrap_or_default();
    if memory == Memory::None {
        let page = address.split('?').next().unwrap_or_default();
        return Known { values: vec![("page", page.to_owned())], first_touch: Vec::new() };
    }
    let here = Visit {
        address: address.to_owned(),
        referrer: window.document().map(|document| document.referrer()).unwrap_or_default(),
        parameters: parameters(&location.search().unwrap_or_default()),
    };
    let session = Place(window.session_storage().ok().flatten());
    let mut values = here.since(session.read());
    session.write(&values);
    let mut first_touch = Vec::new();
    if memory == Memory::FirstTouch {
        let ever = Place(window.local_storage().ok().flatten());
        first_touch = ever.read().unwrap_or_else(|| [values.as_slice(), &[(AT, now.to_owned())]].concat());
        ever.write(&first_touch);
    }
    values.push(("page", here.address));
    Known { values, first_touch }
}

impl Known {
    /// As the object of JSON that the API takes.
    pub fn to_object(&self) -> Object {
        let object = object(&self.values);
        if !self.first_touch.is_empty() {
            // Setting a member of a fresh object cannot fail.
            let _ = Reflect::set(&object, &"first_touch".into(), &self::object(&self.first_touch));
        }
        object
    }
}

/// One page that a visitor came to.
struct Visit {
    address: String,
    referrer: String,
    parameters: Values,
}

impl Visit {
    /// What is known after this page: a page with campaign parameters begins a new story, any other
    /// continues the one that the session knows.
    fn since(&self, earlier: Option<Values>) -> Values {
        if let (Some(earlier), true) = (earlier, self.parameters.is_empty()) {
            return earlier;
        }
        let mut known = self.parameters.clone();
        known.push((LANDING_PAGE, self.address.clone()));
        if !self.referrer.is_empty() {
            known.push((REFERRER, self.referrer.clone()));
        }
        known
    }
}

fn parameters(search: &str) -> Values {
    let Ok(all) = UrlSearchParams::new_with_str(search) else { return Vec::new() };
    let value = |name: &'static str| all.get(name).filter(|value| !value.is_empty()).map(|value| (name, value));
    CAMPAIGN.into_iter().filter_map(value).collect()
}

/// A storage of the browser, where there is one.
struct Place(Option<Storage>);

impl Place {
    fn read(&self) -> Option<Values> {
        let text = self.0.as_ref()?.get_item(STORED_AS).ok()??;
        let object = JSON::parse(&text).ok()?;
        let names = CAMPAIGN.into_iter().chain([LANDING_PAGE, REFERRER, AT]);
        let value = |name: &'static str| Some((name, Reflect::get(&object, &name.into()).ok()?.as_string()?));
        Some(names.filter_map(value).collect())
    }

    fn write(&self, values: &[(&'static str, String)]) {
        if let (Some(storage), Ok(text)) = (&self.0, JSON::stringify(&object(values))) {
            // Full or forbidden: see `capture`.
            let _ = storage.set_item(STORED_AS, &String::from(text));
        }
    }
}

fn object(values: &[(&'static str, String)]) -> Object {
    let object = Object::new();
    for (name, value) in values {
        // Setting a member of a fresh object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), &value.into());
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::attribution::Attribution;

    fn visit(parameters: &[(&'static str, &str)]) -> Visit {
        Visit {
            address: "https://example.com/here".to_owned(),
            referrer: "https://search.example/".to_owned(),
            parameters: values(parameters),
        }
    }

    fn values(values: &[(&'static str, &str)]) -> Values {
        values.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    }

    #[test]
    fn the_first_page_of_a_visit_is_its_landing_page() {
        let known = visit(&[("gclid", "g1")]).since(None);
        let expected =
            [("gclid", "g1"), (LANDING_PAGE, "https://example.com/here"), (REFERRER, "https://search.example/")];
        assert_eq!(known, values(&expected));
    }

    #[test]
    fn a_page_without_parameters_continues_the_visit() {
        let earlier = values(&[("utm_source", "newsletter"), (LANDING_PAGE, "https://example.com/first")]);
        assert_eq!(visit(&[]).since(Some(earlier.clone())), earlier);
    }

    #[test]
    fn a_new_campaign_leaves_nothing_of_the_last() {
        let earlier = values(&[("gclid", "old"), (LANDING_PAGE, "https://example.com/first")]);
        let known = visit(&[("utm_source", "ads")]).since(Some(earlier));
        assert_eq!(known, visit(&[("utm_source", "ads")]).since(None));
    }

    #[test]
    fn every_name_is_one_of_the_contract() {
        for name in CAMPAIGN.into_iter().chain([LANDING_PAGE, REFERRER, "page"]) {
            assert!(Attribution::NAMES.contains(&name), "{name}");
        }
    }
}
