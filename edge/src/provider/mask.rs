//! What a provider said, without our credential: one that echoes it must not bring it into D1 or into an
//! answer of ours.

/// Fewest bytes of a key that are taken out at the end of a text, where the rest of it may be cut off.
const BEGINNING_MIN_BYTES: usize = 4;

/// `text` with an ellipsis for every copy of the credential, as it is or in one of JSON's spellings,
/// and for a beginning of it at the end. A credential of several keys is taken out key by key.
pub fn without(text: &str, credential: &str) -> String {
    let keys = || credential.split([' ', ',']).filter(|key| !key.is_empty());
    let (mut kept, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(next) = rest.chars().next() {
        let found = keys().filter_map(|key| spelled(rest.as_bytes(), key.as_bytes())).max();
        match found.and_then(|length| rest.get(length..)) {
            Some(behind) => {
                kept.push('…');
                rest = behind;
            }
            None => {
                kept.push(next);
                rest = rest.get(next.len_utf8()..).unwrap_or_default();
            }
        }
    }
    kept
}

/// How many bytes at the beginning of `text` spell the key, if they do.
fn spelled(text: &[u8], key: &[u8]) -> Option<usize> {
    let mut length = 0_usize;
    for (matched, byte) in key.iter().enumerate() {
        let taken = match text.get(length..)? {
            [] => return (matched >= BEGINNING_MIN_BYTES).then_some(length),
            [b'\\', b'u', b'0', b'0', high, low, ..] if is_hex(*high, *low, *byte) => 6,
            [b'\\', escaped @ (b'"' | b'\\' | b'/'), ..] if escaped == byte => 2,
            [plain, ..] if plain == byte => 1,
            _ => return None,
        };
        length = length.saturating_add(taken);
    }
    Some(length)
}

fn is_hex(high: u8, low: u8, byte: u8) -> bool {
    let digit = |digit: u8| char::from(digit).to_digit(16);
    digit(high) == Some((byte >> 4).into()) && digit(low) == Some((byte & 15).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_is_taken_out_in_every_spelling() {
        for (text, expected) in [
            ("no key", "no key"),
            ("key ab/c\"d!", "key …!"),
            (r#"{"key": "ab\/c\"d"}"#, r#"{"key": "…"}"#),
            (r#"{"key": "ab\u002Fc\u0022d"}"#, r#"{"key": "…"}"#),
            (r"\u0061b/c\u0022d, ab/c", "…, …"),
            ("é ab/x ab", "é ab/x ab"),
        ] {
            assert_eq!(without(text, "ab/c\"d"), expected, "{text}");
        }
    }

    #[test]
    fn each_key_of_a_credential_is_taken_out_and_none_takes_out_nothing() {
        assert_eq!(without("one and two, but not three", "one two"), "… and …, but not three");
        assert_eq!(without("one", ""), "one");
    }
}
