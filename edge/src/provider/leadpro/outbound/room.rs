//! Room in a JSON object of at most so many bytes, as serde_json writes it: UTF-8 without spaces.

/// Fewest characters of a long text that are worth an entry.
const BEGINNING_MIN_CHARS: usize = 20;

/// What is left of an object's bytes.
#[derive(Debug)]
pub struct Room(usize);

impl Room {
    /// An object without entries. Its closing brace counts with the first entry, as a comma does with
    /// each further one.
    pub fn new(max_bytes: usize) -> Self {
        Self(max_bytes.saturating_sub(1))
    }

    /// Takes `parts` of so many bytes each, together or not at all; whether there was room.
    pub fn take(&mut self, parts: &[usize]) -> bool {
        let left = parts.iter().try_fold(self.0, |left, part| left.checked_sub(*part));
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }

    /// Takes parts of `around` bytes and as much of `text` as fits behind them, in quotes. `None`, and
    /// nothing taken, if that is too little to be worth an entry.
    pub fn take_beginning<'a>(&mut self, around: &[usize], text: &'a str) -> Option<&'a str> {
        let quotes = string_bytes("");
        let mut left = around.iter().try_fold(self.0.checked_sub(quotes)?, |left, part| left.checked_sub(*part))?;
        let (mut end, mut chars) = (0_usize, 0_usize);
        for character in text.chars() {
            let Some(rest) = left.checked_sub(char_bytes(character)) else { break };
            left = rest;
            end = end.saturating_add(character.len_utf8());
            chars = chars.saturating_add(1);
        }
        if chars < BEGINNING_MIN_CHARS {
            return None;
        }
        self.0 = left;
        text.get(..end)
    }
}

/// Bytes of a text as JSON, with its quotes.
pub fn string_bytes(text: &str) -> usize {
    text.chars().map(char_bytes).fold(2, usize::saturating_add)
}

/// Bytes of a character within a JSON text.
fn char_bytes(character: char) -> usize {
    match character {
        '"' | '\\' | '\u{8}' | '\t' | '\n' | '\u{c}' | '\r' => 2,
        '\0'..'\u{20}' => 6,
        _ => character.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_object_that_fills_its_room_exactly_fits_and_one_byte_more_does_not() {
        let object = serde_json::json!({"a": "é\n", "b": "\u{1}"}).to_string();
        let entries = [("a", "é\n"), ("b", "\u{1}")];
        let fits = |max| {
            let mut room = Room::new(max);
            entries.iter().all(|(key, value)| room.take(&[string_bytes(key), string_bytes(value), 2]))
        };
        assert!(fits(object.len()) && !fits(object.len() - 1));
    }

    proptest! {
        #[test]
        fn a_text_has_the_bytes_that_it_is_written_with(text in any::<String>()) {
            prop_assert_eq!(string_bytes(&text), serde_json::to_string(&text).unwrap().len());
        }
    }
}
