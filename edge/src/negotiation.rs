//! Whether whoever asks would rather read a page than JSON (RFC 9110 §12.5.1).

/// Whether an `Accept` header prefers `text/html`. JSON is the answer where both are as welcome, as for
/// `*/*`.
pub fn prefers_html(accept: &str) -> bool {
    quality(accept, "text", "text/html") > quality(accept, "application", "application/json")
}

/// How welcome a type is, in thousandths, by the range that names it most exactly.
fn quality(accept: &str, kind: &str, full: &str) -> u16 {
    let (mut best, mut exactness) = (0, 0_u8);
    for range in accept.split(',') {
        let (name, parameters) = range.split_once(';').unwrap_or((range, ""));
        let name = name.trim();
        let found = match name.split_once('/') {
            _ if name.eq_ignore_ascii_case(full) => 3,
            Some((of, "*")) if of.eq_ignore_ascii_case(kind) => 2,
            Some(("*", "*")) => 1,
            _ => continue,
        };
        if found > exactness {
            (best, exactness) = (weight(parameters), found);
        }
    }
    best
}

/// The weight among the parameters of a range: 1 without one, 0 for one that cannot be read.
fn weight(parameters: &str) -> u16 {
    let named =
        |parameter: &str| parameter.trim().strip_prefix(['q', 'Q'])?.trim_start().strip_prefix('=').map(thousandths);
    parameters.split(';').find_map(named).unwrap_or(1000)
}

fn thousandths(text: &str) -> u16 {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let mut digits = fraction.bytes().chain(*b"000").take(3).map(|digit| u16::from(digit.wrapping_sub(b'0')).min(9));
    let fraction = digits.by_ref().fold(0_u16, |sum, digit| sum.saturating_mul(10).saturating_add(digit));
    match whole {
        "1" => 1000,
        "0" | "" => fraction,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_for_who_would_rather_read_one() {
        for (accept, expected) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", true),
            ("text/html", true),
            ("TEXT/HTML; q=0.5, application/json; q=0.4", true),
            ("text/*, application/json;q=0.9", true),
            ("*/*, text/html;q=0.9", false),
            ("application/json, text/html", false),
            ("application/json;q=0.1, text/html;q=0.01", false),
            ("text/html;level=1;q=0.7, */*;q=0.70", false),
            ("text/html;q=0", false),
            ("text/html;q=x", false),
            ("*/*", false),
            ("", false),
            ("html", false),
        ] {
            assert_eq!(prefers_html(accept), expected, "{accept}");
        }
    }
}
