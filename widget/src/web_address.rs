//! Which addresses a form may link to or go to.

/// Whether `address`, absolute or relative to the page, can only lead to `http` or `https`. Refuses
/// `javascript:` and its like, and control characters, which address parsers drop and so could hide one.
pub fn is_web_address(address: &str) -> bool {
    if address.is_empty() || address.starts_with(' ') || address.chars().any(char::is_control) {
        return false;
    }
    match address.split_once([':', '/', '?', '#', '\\']) {
        Some((scheme, _)) if address.as_bytes().get(scheme.len()) == Some(&b':') => {
            scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_the_web_and_of_the_site_itself_are_allowed() {
        for address in [
            "https://example.com/a:b",
            "HTTP://example.com",
            "/thanks",
            "thanks.html",
            "?sent",
            "#sent",
            "//example.com",
            "a/b:c",
        ] {
            assert!(is_web_address(address), "{address}");
        }
    }

    #[test]
    fn code_and_other_schemes_are_not() {
        for address in [
            "",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "data:text/html,x",
            "mailto:a@b.co",
            ":x",
        ] {
            assert!(!is_web_address(address), "{address:?}");
        }
    }
}
