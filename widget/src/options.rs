//! What the attributes of a tag or element ask for: the one place that knows their names.

use crate::web_address::is_web_address;

/// The choices a page makes for one form. `data-key` and `data-target` are read by the loader, which
/// needs them before this code has arrived.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// `data-locale`: the language asked for (BCP 47). Accepted; forms have one language so far.
    pub locale: Option<String>,
    /// `data-theme`: the look asked for. Accepted; forms have one look so far.
    pub theme: Option<String>,
    /// `data-redirect`: where to go after a lead was accepted. Only addresses of the web.
    pub redirect: Option<String>,
    /// `data-attribution`: what is remembered of the visitor's way.
    pub memory: Memory,
    /// `data-prefill-*`: first values by field name.
    prefill: Vec<(String, String)>,
}

/// How long the visitor's way to the form is remembered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Memory {
    /// As long as the browser tab.
    #[default]
    Session,
    /// The first visit for ever, besides the session's.
    FirstTouch,
    /// Not at all, and campaign parameters are not sent either.
    None,
}

impl Options {
    /// Reads attributes as name and value. Unknown ones are the page's own business.
    pub fn from_attributes(attributes: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut options = Self::default();
        for (name, value) in attributes {
            match name.as_str() {
                "data-locale" => options.locale = Some(value),
                "data-theme" => options.theme = Some(value),
                "data-redirect" => options.redirect = Some(value).filter(|address| is_web_address(address)),
                "data-attribution" => options.memory = Memory::named(&value),
                _ => {
                    if let Some(field) = name.strip_prefix("data-prefill-") {
                        options.prefill.push((field.to_owned(), value));
                    }
                }
            }
        }
        options
    }

    /// The first value of a field. Attribute names have neither capitals nor, by custom, underscores:
    /// `data-prefill-first-name` fills `first_name`.
    pub fn prefill(&self, field: &str) -> Option<&str> {
        let same = |a: u8, b: u8| a.eq_ignore_ascii_case(&b) || (is_joint(a) && is_joint(b));
        let is_named =
            |name: &str| name.len() == field.len() && name.bytes().zip(field.bytes()).all(|(a, b)| same(a, b));
        self.prefill.iter().find(|(name, _)| is_named(name)).map(|(_, value)| value.as_str())
    }
}

impl Memory {
    /// A word that is not understood remembers nothing: the cautious reading of a privacy option.
    fn named(word: &str) -> Self {
        match word {
            "session" | "" => Self::Session,
            "first-touch" => Self::FirstTouch,
            _ => Self::None,
        }
    }
}

fn is_joint(byte: u8) -> bool {
    matches!(byte, b'-' | b'_' | b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(attributes: &[(&str, &str)]) -> Options {
        Options::from_attributes(attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn a_bare_tag_remembers_for_the_session_and_stays_on_the_page() {
        assert_eq!(options(&[("class", "x"), ("data-other", "y")]), Options::default());
        assert_eq!(Options::default().memory, Memory::Session);
    }

    #[test]
    fn every_option_is_read() {
        let read = options(&[
            ("data-locale", "es"),
            ("data-theme", "dark"),
            ("data-redirect", "/thanks"),
            ("data-attribution", "first-touch"),
        ]);
        assert_eq!(read.locale.as_deref(), Some("es"));
        assert_eq!(read.theme.as_deref(), Some("dark"));
        assert_eq!(read.redirect.as_deref(), Some("/thanks"));
        assert_eq!(read.memory, Memory::FirstTouch);
    }

    #[test]
    fn a_redirect_that_is_no_web_address_is_dropped() {
        assert_eq!(options(&[("data-redirect", "javascript:alert(1)")]).redirect, None);
    }

    #[test]
    fn a_misspelt_attribution_option_remembers_nothing() {
        assert_eq!(options(&[("data-attribution", "nnoe")]).memory, Memory::None);
    }

    #[test]
    fn prefill_finds_fields_whose_names_an_attribute_cannot_spell() {
        let read = options(&[("data-prefill-first-name", "Marla"), ("data-prefill-property-type", "detached")]);
        assert_eq!(read.prefill("first_name"), Some("Marla"));
        assert_eq!(read.prefill("Property Type"), Some("detached"));
        assert_eq!(read.prefill("firstname"), None);
    }
}
