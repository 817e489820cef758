//! What a `Content-Type` says of a body.

use super::charset::Charset;

/// A body's type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaType {
    /// `application/json`, or any `+json`.
    Json,
    /// `application/x-www-form-urlencoded`.
    UrlEncoded(Charset),
    /// `multipart/form-data`.
    Multipart {
        /// What stands between the parts.
        boundary: String,
        /// The charset of parts that name none.
        charset: Charset,
    },
    /// No header came.
    None,
    /// Anything else, or multipart without a boundary.
    Other,
}

impl MediaType {
    /// Reads the header's value.
    pub fn of(content_type: Option<&str>) -> Self {
        let Some(text) = content_type.map(str::trim).filter(|text| !text.is_empty()) else { return Self::None };
        let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let charset = || parameter(text, "charset").map_or(Charset::Utf8, |label| Charset::named(&label));
        match essence.as_str() {
            "application/json" => Self::Json,
            "application/x-www-form-urlencoded" => Self::UrlEncoded(charset()),
            "multipart/form-data" => match parameter(text, "boundary") {
                Some(boundary) if !boundary.is_empty() => Self::Multipart { boundary, charset: charset() },
                _ => Self::Other,
            },
            other if other.ends_with("+json") => Self::Json,
            _ => Self::Other,
        }
    }
}

/// A parameter of a header such as `form-data; name="email"`. In quotes `\"` is a quote; another
/// backslash stands for itself, since browsers do not escape it.
pub fn parameter(header: &str, wanted: &str) -> Option<String> {
    let mut rest = header.split_once(';')?.1;
    loop {
        let (name, after) = rest.split_once('=')?;
        let (value, next) = match after.trim_start().strip_prefix('"') {
            Some(quoted) => unquoted(quoted),
            None => match after.split_once(';') {
                Some((value, next)) => (value.trim().to_owned(), next),
                None => (after.trim().to_owned(), ""),
            },
        };
        // What stands before a semicolon without an equals sign is a parameter without a value.
        let name = name.rsplit(';').next().unwrap_or_default().trim();
        if name.eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = next;
    }
}

/// What stands before the closing quote, and what follows it.
fn unquoted(quoted: &str) -> (String, &str) {
    let mut value = String::new();
    let mut letters = quoted.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => break,
            '\\' if letters.as_str().starts_with('"') => value.extend(letters.next()),
            letter => value.push(letter),
        }
    }
    (value, letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_apart_whatever_their_case_and_parameters() {
        for (header, expected) in [
            ("application/json; charset=utf-8", MediaType::Json),
            ("Application/JSON", MediaType::Json),
            ("application/ld+json", MediaType::Json),
            ("application/x-www-form-urlencoded", MediaType::UrlEncoded(Charset::Utf8)),
            ("application/x-www-form-urlencoded; charset=ISO-8859-1", MediaType::UrlEncoded(Charset::Windows1252)),
            ("multipart/form-data", MediaType::Other),
            ("multipart/form-data; boundary=\"\"", MediaType::Other),
            ("multipart/mixed; boundary=x", MediaType::Other),
            ("text/plain", MediaType::Other),
            (" ", MediaType::None),
        ] {
            assert_eq!(MediaType::of(Some(header)), expected, "{header}");
        }
        let of_parts = |boundary: &str| MediaType::Multipart { boundary: boundary.into(), charset: Charset::Utf8 };
        assert_eq!(MediaType::of(Some("multipart/form-data; Boundary=abc")), of_parts("abc"));
        assert_eq!(MediaType::of(Some("multipart/form-data;charset=utf-8; boundary=\"a;b\"")), of_parts("a;b"));
        assert_eq!(MediaType::of(None), MediaType::None);
    }

    #[test]
    fn parameters_are_found_behind_others_and_inside_quotes() {
        for (header, name, expected) in [
            ("form-data; name=email", "name", Some("email")),
            ("form-data; name=\"a; filename=b\"; filename=\"c\"", "filename", Some("c")),
            ("form-data; name=\"say \\\"hi\\\"\"", "name", Some("say \"hi\"")),
            ("form-data; name=\"C:\\new\"", "name", Some("C:\\new")),
            ("form-data; flag; name=\"open", "name", Some("open")),
            ("form-data; filename=\"name=x\"", "name", None),
            ("form-data", "name", None),
            ("form-data;;=;;", "name", None),
        ] {
            assert_eq!(parameter(header, name).as_deref(), expected, "{header}");
        }
    }
}
