//! Base62 with the digits `0-9A-Za-z`, left-padded with `0`.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE: u32 = 62;

/// The digit of `value` modulo 62.
pub fn digit(value: u32) -> u8 {
    let index = value.checked_rem(BASE).and_then(|rest| usize::try_from(rest).ok()).unwrap_or(0);
    DIGITS.get(index).copied().unwrap_or(b'0')
}

/// Whether the byte is one of the digits.
pub fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// The last `width` digits of `number`.
pub fn padded(number: u32, width: usize) -> String {
    let mut rest = number;
    let mut digits: Vec<u8> = Vec::with_capacity(width);
    for _ in 0..width {
        digits.push(digit(rest));
        rest = rest.checked_div(BASE).unwrap_or(0);
    }
    digits.iter().rev().map(|digit| char::from(*digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_with_leading_zeros() {
        assert_eq!(padded(0, 6), "000000");
        assert_eq!(padded(61, 2), "0z");
        assert_eq!(padded(62, 2), "10");
        assert_eq!(padded(u32::MAX, 6), "4gfFC3");
    }
}
