//! The two charsets that forms are still sent in.

/// How the bytes of a form stand for characters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Charset {
    /// The charset of the web.
    #[default]
    Utf8,
    /// What browsers mean by `iso-8859-1`, too.
    Windows1252,
}

/// Names of windows-1252 (<https://encoding.spec.whatwg.org/#names-and-labels>) that forms are sent with.
const WINDOWS_1252: [&str; 8] =
    ["windows-1252", "iso-8859-1", "latin1", "iso8859-1", "us-ascii", "ascii", "cp1252", "x-cp1252"];

/// What 0x80 to 0x9F stand for there (<https://encoding.spec.whatwg.org/index-windows-1252.txt>); every
/// other byte is the character of its own number.
const UPPER_CONTROLS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

impl Charset {
    /// The charset of that name; UTF-8 for one that is not known, as most of what is sent is ASCII.
    pub fn named(label: &str) -> Self {
        let is_known = WINDOWS_1252.iter().any(|name| name.eq_ignore_ascii_case(label.trim()));
        if is_known { Self::Windows1252 } else { Self::Utf8 }
    }

    /// The text of bytes. What is not UTF-8 becomes U+FFFD, so that the rest is kept.
    pub fn decode(self, bytes: &[u8]) -> String {
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Self::Windows1252 => bytes.iter().map(|byte| character(*byte)).collect(),
        }
    }
}

fn character(byte: u8) -> char {
    let control = byte.checked_sub(0x80).and_then(|at| UPPER_CONTROLS.get(usize::from(at)));
    control.copied().unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_in_the_charset_that_was_named() {
        assert_eq!(Charset::named("ISO-8859-1").decode(b"Andr\xe9 \x80 5"), "André € 5");
        assert_eq!(Charset::named("utf-8").decode("André".as_bytes()), "André");
        assert_eq!(Charset::named("utf-8").decode(b"Andr\xe9!"), "Andr\u{fffd}!");
        assert_eq!(Charset::named("klingon"), Charset::Utf8);
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(Charset::Windows1252.decode(&all).chars().count(), 256);
    }
}
