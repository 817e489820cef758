//! Which style values a form may have. The widget sets each as the custom property `--leadgate-{name}`;
//! docs/EMBEDDING.md says what it does.

use std::collections::BTreeMap;

/// Longest value: room for a list of fonts.
const MAX_CHARS: usize = 200;

/// Colours; each has a `dark-` form as well.
const COLOURS: [&str; 8] = ["accent", "on-accent", "text", "muted", "border", "background", "error", "success"];

const LENGTHS: [&str; 6] = ["radius", "font-size", "gap", "padding", "frame", "width"];

const FUNCTIONS: [&str; 9] = ["rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch"];

/// `rem` before `em`, with which it ends.
const UNITS: [&str; 6] = ["px", "rem", "em", "ch", "vw", "%"];

/// What is wrong with a theme, in words for the operator.
pub fn problems(theme: &BTreeMap<String, String>) -> impl Iterator<Item = String> {
    theme.iter().filter_map(|(name, value)| {
        let plain = name.strip_prefix("dark-").unwrap_or(name);
        let (is_right, kind) = if COLOURS.contains(&plain) {
            (is_colour(value), "a colour, such as #1f5fbf")
        } else if LENGTHS.contains(&name.as_str()) {
            (is_length(value), "a length, such as 0.5em")
        } else if name == "font" {
            (is_font(value), "inherit, or a list of fonts, such as Georgia, serif")
        } else {
            return Some(["There is no style value ", name, "."].concat());
        };
        (!is_right).then(|| ["Give ", name, " as ", kind, "."].concat())
    })
}

/// A hexadecimal colour, a name, or one of the functions of CSS with numbers in it.
fn is_colour(value: &str) -> bool {
    if let Some(digits) = value.strip_prefix('#') {
        return matches!(digits.len(), 3 | 4 | 6 | 8) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    }
    match value.strip_suffix(')').and_then(|open| open.split_once('(')) {
        Some((name, numbers)) => {
            FUNCTIONS.contains(&name)
                && numbers.len() <= MAX_CHARS
                && numbers.bytes().all(|b| b.is_ascii_alphanumeric() || b" ,./%-".contains(&b))
        }
        None => (3..=30).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_lowercase()),
    }
}

/// A number as CSS writes it, with at most four digits on each side of the point, and a unit; or 0.
fn is_length(value: &str) -> bool {
    let Some(number) = UNITS.iter().find_map(|unit| value.strip_suffix(unit)) else { return value == "0" };
    let (whole, part) = number.split_once('.').map_or((number, None), |(whole, part)| (whole, Some(part)));
    let is_digits = |text: &str| text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    is_digits(whole) && part.is_none_or(is_digits) && !part.unwrap_or(whole).is_empty()
}

/// Names, with or without quotes, and commas.
fn is_font(value: &str) -> bool {
    let mut open = None;
    for c in value.chars() {
        match open {
            Some(quote) if c == quote => open = None,
            None if c == '"' || c == '\'' => open = Some(c),
            _ => {}
        }
    }
    (1..=MAX_CHARS).contains(&value.len())
        && open.is_none()
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || b" ,-\"'".contains(&b))
}

/// The schema of a theme: each name with the pattern that its values have.
#[cfg(test)]
pub fn schema() -> serde_json::Map<String, serde_json::Value> {
    let functions = FUNCTIONS.join("|");
    let colour = format!(
        "^(#([0-9A-Fa-f]{{3}}|[0-9A-Fa-f]{{4}}|[0-9A-Fa-f]{{6}}|[0-9A-Fa-f]{{8}})|[a-z]{{3,30}}|({functions})\\([A-Za-z0-9 ,./%-]{{0,{MAX_CHARS}}}\\))$"
    );
    let length = format!("^(0|([0-9]{{1,4}}|[0-9]{{0,4}}\\.[0-9]{{1,4}})({}))$", UNITS.join("|"));
    let font = r#"^([A-Za-z0-9 ,-]|"[A-Za-z0-9 ,'-]*"|'[A-Za-z0-9 ,"-]*')+$"#;
    let mut members = serde_json::Map::new();
    let mut add = |name: String, pattern: &str| {
        members.insert(name, serde_json::json!({ "type": "string", "pattern": pattern }));
    };
    for name in COLOURS {
        add(name.to_owned(), &colour);
        add(format!("dark-{name}"), &colour);
    }
    LENGTHS.iter().for_each(|name| add((*name).to_owned(), &length));
    add("font".to_owned(), font);
    if let Some(font) = members.get_mut("font") {
        font["maxLength"] = MAX_CHARS.into();
    }
    let mut schema = serde_json::Map::new();
    schema.insert("properties".to_owned(), members.into());
    schema.insert("additionalProperties".to_owned(), false.into());
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem_of(name: &str, value: &str) -> Option<String> {
        problems(&BTreeMap::from([(name.to_owned(), value.to_owned())])).next()
    }

    fn fits_schema(name: &str, value: &str) -> bool {
        jsonschema::is_valid(&schema().into(), &serde_json::json!({name: value}))
    }

    #[test]
    fn values_of_every_kind_are_taken() {
        for (name, value) in [
            ("accent", "#1f5fbf"),
            ("dark-accent", "rebeccapurple"),
            ("background", "rgb(255 255 255 / 90%)"),
            ("muted", "oklch(0.6, 0.1, 240)"),
            ("radius", "0"),
            ("radius", ".25rem"),
            ("width", "100%"),
            ("font", "inherit"),
            ("font", "\"Source Sans 3\", Georgia, serif"),
        ] {
            assert_eq!(problem_of(name, value), None, "{name}: {value}");
            assert!(fits_schema(name, value), "{name}: {value}");
        }
        assert_eq!(problems(&BTreeMap::new()).next(), None);
    }

    #[test]
    fn nothing_else_gets_into_a_style_sheet() {
        for (name, value) in [
            ("accent", ""),
            ("accent", "#12"),
            ("accent", "red;}"),
            ("accent", "url(https://example.com/x)"),
            ("accent", "rgb(var(--x))"),
            ("accent", "rgb(1)(2)"),
            ("radius", "1"),
            ("radius", "."),
            ("radius", "1.2.3em"),
            ("radius", "-1em"),
            ("radius", "calc(1em)"),
            ("font", "\"Source"),
            ("font", "a;b"),
            ("font", "\"a'b\"'"),
            ("radius", "1.em"),
            ("radius", "12345px"),
            ("dark-radius", "1em"),
            ("color", "red"),
        ] {
            assert!(problem_of(name, value).is_some(), "{name}: {value}");
            assert!(!fits_schema(name, value), "{name}: {value}");
        }
    }

    #[test]
    fn the_words_say_which_value_and_what_it_takes() {
        assert_eq!(problem_of("accent", "1").as_deref(), Some("Give accent as a colour, such as #1f5fbf."));
        assert_eq!(problem_of("colour", "red").as_deref(), Some("There is no style value colour."));
    }
}
