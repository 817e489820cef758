//! Cleaning of text from outside: control characters out, edges trimmed, Unicode in NFC.

use std::borrow::Cow;

use crate::contact::{E164, Region};

/// The two normalisations whose tables are too large for a browser. The edge supplies them.
pub trait Normaliser {
    /// `text` in Unicode Normalization Form C (UAX #15).
    fn nfc<'a>(&self, text: &'a str) -> Cow<'a, str>;

    /// The E.164 form of a telephone number as a person in `region` would type it; `None` when it
    /// is not a number that can be called.
    fn e164(&self, typed: &str, region: Region) -> Option<E164>;
}

/// Text of one line: newlines and tabs become a space, other control characters go, the edges are
/// trimmed. `None` when nothing is left.
pub fn one_line(raw: &str, normaliser: &impl Normaliser) -> Option<String> {
    finish(
        raw.chars().filter_map(|c| if breaks_line(c) { Some(' ') } else { (!c.is_control()).then_some(c) }),
        normaliser,
    )
}

/// Text of several lines: newlines and tabs stay (`\r\n` and `\r` become `\n`), other control
/// characters go, the edges are trimmed. `None` when nothing is left.
pub fn many_lines(raw: &str, normaliser: &impl Normaliser) -> Option<String> {
    let unified = raw.replace("\r\n", "\n").replace('\r', "\n");
    finish(unified.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control()), normaliser)
}

/// `text` cut to at most `max` characters, never inside one.
pub fn shortened(text: &str, max: usize) -> &str {
    text.char_indices().nth(max).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// Whether `text` is longer than `max` characters, without counting all of a huge one.
pub fn is_longer_than(text: &str, max: usize) -> bool {
    text.chars().nth(max).is_some()
}

/// A line break or tab in any spelling, U+2028 and U+2029 among them.
fn breaks_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t' | '\u{0b}' | '\u{0c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn finish(kept: impl Iterator<Item = char>, normaliser: &impl Normaliser) -> Option<String> {
    let text: String = kept.collect();
    let text = normaliser.nfc(&text);
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submission::tests::Plain;
    use proptest::prelude::*;

    #[test]
    fn one_line_fields_lose_their_line_breaks() {
        assert_eq!(one_line(" Marla\r\nSinger\u{0}\u{7f}\t ", &Plain).as_deref(), Some("Marla  Singer"));
    }

    #[test]
    fn messages_keep_their_line_breaks() {
        assert_eq!(many_lines("\na\r\nb\rc\td\u{8} ", &Plain).as_deref(), Some("a\nb\nc\td"));
    }

    #[test]
    fn nothing_but_space_is_absent() {
        assert_eq!(one_line(" \n\u{0} ", &Plain), None);
        assert_eq!(many_lines("", &Plain), None);
    }

    #[test]
    fn shortening_never_splits_a_character() {
        assert_eq!(shortened("žluťoučký", 3), "žlu");
        assert_eq!(shortened("ab", 2), "ab");
        assert!(is_longer_than("abc", 2) && !is_longer_than("ab", 2));
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing_more(raw in any::<String>()) {
            let line = one_line(&raw, &Plain);
            prop_assert_eq!(line.as_deref().and_then(|l| one_line(l, &Plain)), line.clone());
            let lines = many_lines(&raw, &Plain);
            prop_assert_eq!(lines.as_deref().and_then(|l| many_lines(l, &Plain)), lines.clone());
        }
    }
}
