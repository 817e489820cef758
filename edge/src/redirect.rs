//! Where a visitor goes after a form without scripts was sent: never where only a link says so.

use shared::form::FormDefinition;

use crate::origin;

/// The address to go to: what the page asks for, if it leads to the page's own site or to an origin that
/// the form names; else the form's own. `page` is the origin of the page, which the form allows. Our own page for a
/// form that was refused has the address of the first time, which was checked then; a path would lead elsewhere.
pub fn target(form: &FormDefinition, wanted: Option<&str>, page: Option<&str>, own_origin: &str) -> Option<String> {
    let is_resent = page == Some(own_origin);
    let page = page.filter(|page| *page != origin::OPAQUE && !is_resent);
    let wanted = wanted.and_then(|wanted| match wanted.starts_with('/') {
        true => page.map(|page| [page, wanted].concat()),
        false => {
            let is_good = is_resent && origin_of(wanted).is_some() || is_allowed(wanted, form, page, own_origin);
            is_good.then(|| wanted.to_owned())
        }
    });
    wanted.or_else(|| form.success.redirect_url.clone()).map(|address| visible(&address))
}

/// `*` allows pages of any site to use the form, and no site as where to go.
fn is_allowed(address: &str, form: &FormDefinition, page: Option<&str>, own_origin: &str) -> bool {
    let Some(origin) = origin_of(address) else { return false };
    let named: Vec<String> = form.allowed_origins.iter().filter(|allowed| *allowed != "*").cloned().collect();
    page.is_some_and(|page| page.eq_ignore_ascii_case(origin)) || origin::is_allowed(origin, &named, own_origin)
}

/// Scheme and host of an address as a browser reads it, which takes a backslash for a slash.
fn origin_of(address: &str) -> Option<&str> {
    let (scheme, rest) = address.split_once("://")?;
    if !["http", "https"].iter().any(|known| known.eq_ignore_ascii_case(scheme)) {
        return None;
    }
    let host = rest.split(['/', '\\', '?', '#']).next()?;
    address.get(..address.len().saturating_sub(rest.len()).saturating_add(host.len())).filter(|_| !host.contains('@'))
}

/// An address with everything escaped that cannot stand in a header.
fn visible(address: &str) -> String {
    let mut text = String::with_capacity(address.len());
    for byte in address.bytes() {
        if byte.is_ascii_graphic() {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OWN: &str = "https://leads.example.net";
    const PAGE: Option<&str> = Some("https://www.example.com");

    fn form(origins: &[&str], redirect_url: Option<&str>) -> FormDefinition {
        let json =
            serde_json::json!({"id": "contact", "allowed_origins": origins, "success": {"redirect_url": redirect_url}});
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_page_sends_its_visitor_to_its_own_site_or_one_that_the_form_names() {
        let form = form(&["https://www.example.com", "https://*.example.org"], None);
        for (wanted, expected) in [
            ("/thanks?a=1", Some("https://www.example.com/thanks?a=1")),
            ("https://www.example.com/thanks", Some("https://www.example.com/thanks")),
            ("HTTPS://WWW.EXAMPLE.COM", Some("HTTPS://WWW.EXAMPLE.COM")),
            ("https://shop.example.org?x", Some("https://shop.example.org?x")),
            ("//evil.com", Some("https://www.example.com//evil.com")),
            (
                "https://www.example.com/gr\u{e0}cies\r\nSet-Cookie: a",
                Some("https://www.example.com/gr%C3%A0cies%0D%0ASet-Cookie:%20a"),
            ),
            ("https://evil.com", None),
            ("https://www.example.com.evil.com", None),
            ("https://www.example.com@evil.com", None),
            ("https://evil.com\\@www.example.com", None),
            ("https://evil.com\\.example.org", None),
            ("https://evil.com\t.example.org", None),
            ("https:///evil.com", None),
            ("https:evil.com", None),
            ("http://www.example.com", None),
            ("javascript://www.example.com/%0aalert(1)", None),
            ("\\\\evil.com", None),
            (" https://www.example.com", None),
            ("thanks.html", None),
            ("", None),
        ] {
            assert_eq!(target(&form, Some(wanted), PAGE, OWN).as_deref(), expected, "{wanted}");
        }
    }

    #[test]
    fn the_forms_own_address_stands_in_for_what_is_not_allowed() {
        let form = form(&["*"], Some("https://example.com/danke"));
        assert_eq!(target(&form, Some("https://evil.com"), PAGE, OWN).as_deref(), Some("https://example.com/danke"));
        assert_eq!(target(&form, None, PAGE, OWN).as_deref(), Some("https://example.com/danke"));
        assert_eq!(target(&form, Some("/thanks"), None, OWN).as_deref(), Some("https://example.com/danke"));
        let own_site = target(&form, Some("https://www.example.com/a"), PAGE, OWN);
        assert_eq!(own_site.as_deref(), Some("https://www.example.com/a"));
    }

    #[test]
    fn a_page_without_an_origin_has_no_site_to_go_back_to() {
        let form = form(&["*"], None);
        for wanted in ["/thanks", "https://www.example.com/thanks", "null/thanks"] {
            assert_eq!(target(&form, Some(wanted), Some("null"), OWN), None, "{wanted}");
        }
    }

    #[test]
    fn what_is_sent_again_from_our_page_goes_where_it_would_have_gone_the_first_time() {
        let form = form(&["*"], None);
        let first = target(&form, Some("/thanks"), PAGE, OWN);
        assert_eq!(first.as_deref(), Some("https://www.example.com/thanks"));
        assert_eq!(target(&form, first.as_deref(), Some(OWN), OWN), first);
        for wanted in ["/thanks", "javascript:alert(1)", "//evil.com"] {
            assert_eq!(target(&form, Some(wanted), Some(OWN), OWN), None, "{wanted}");
        }
    }

    proptest! {
        #[test]
        fn any_address_leads_to_the_page_or_nowhere(wanted in "(https?:)?[/\\\\]{0,3}[a-z.@:\\t]{0,12}\\PC{0,20}") {
            let target = target(&form(&[], None), Some(&wanted), PAGE, OWN);
            if let Some(target) = target {
                let is_end = |rest: &str| rest.is_empty() || rest.starts_with(['/', '?', '#', '\\']);
                let at_home = ["https://www.example.com", OWN].iter().any(|home| target.strip_prefix(home).is_some_and(is_end));
                prop_assert!(at_home, "{}", target);
            }
        }
    }
}
