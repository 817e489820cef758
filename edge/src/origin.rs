//! Which pages may use a form: exact origins and wildcard subdomains.

/// The origin of a page that has none of its own: a file, or a frame in a sandbox.
pub const OPAQUE: &str = "null";

/// Whether `origin` (the value of an `Origin` header) is one of `allowed`. An empty list means the
/// Worker's own origin only. `*` allows any, `https://*.example.com` any subdomain of example.com
/// but not example.com itself. An opaque origin, which any site can have by way of a sandboxed frame,
/// is allowed by `*` and by `null`, and by nothing else.
pub fn is_allowed(origin: &str, allowed: &[String], own_origin: &str) -> bool {
    if allowed.is_empty() {
        return origin.eq_ignore_ascii_case(own_origin);
    }
    allowed.iter().any(|pattern| matches(origin, pattern))
}

fn matches(origin: &str, pattern: &str) -> bool {
    if pattern == "*" {
        return true;
    }
    let (origin, pattern) = (origin.to_ascii_lowercase(), pattern.trim_end_matches('/').to_ascii_lowercase());
    match pattern.split_once("*.") {
        Some((scheme, domain)) => origin
            .strip_prefix(scheme)
            .and_then(|host| host.strip_suffix(domain))
            .and_then(|subdomain| subdomain.strip_suffix('.'))
            .is_some_and(|sub| {
                !sub.is_empty() && sub.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
            }),
        None => origin == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_matched_exactly_or_by_subdomain() {
        let own = "https://leads.example.net";
        let list =
            ["https://example.com".to_owned(), "https://*.example.com".to_owned(), "http://localhost:8788".to_owned()];
        for (origin, expected) in [
            ("https://example.com", true),
            ("HTTPS://Example.com", true),
            ("https://www.example.com", true),
            ("https://a.b.example.com", true),
            ("http://localhost:8788", true),
            ("http://localhost:8787", false),
            ("http://example.com", false),
            ("https://evilexample.com", false),
            ("https://example.com.evil.com", false),
            ("https://evil.com/.example.com", false),
            ("https://.example.com", false),
            ("https://example.com:444", false),
            ("null", false),
            (own, false),
        ] {
            assert_eq!(is_allowed(origin, &list, own), expected, "{origin}");
        }
    }

    #[test]
    fn an_empty_list_means_the_workers_own_origin() {
        assert!(is_allowed("https://leads.example.net", &[], "https://leads.example.net"));
        assert!(!is_allowed("https://example.com", &[], "https://leads.example.net"));
    }

    #[test]
    fn a_star_means_any_origin() {
        for origin in ["https://example.com", "http://localhost:1", OPAQUE] {
            assert!(is_allowed(origin, &["*".to_owned()], "https://leads.example.net"), "{origin}");
        }
    }

    #[test]
    fn an_opaque_origin_has_to_be_named() {
        let own = "https://leads.example.net";
        assert!(is_allowed(OPAQUE, &[OPAQUE.to_owned()], own));
        for list in [vec![], vec!["https://*.example.com".to_owned()], vec!["https://null".to_owned()]] {
            assert!(!is_allowed(OPAQUE, &list, own), "{list:?}");
        }
    }
}
