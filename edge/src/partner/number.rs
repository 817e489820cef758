//! A lead's id as a number, for APIs that call their leads by one.

use shared::lead::LeadId;

/// Characters of an id that hold its time, with the hyphen between them (RFC 9562 §5.7: 48 bits).
const TIME_CHARS: usize = 13;

/// Characters behind them that hold the version and 12 random bits, with their hyphen.
const RANDOM_CHARS: usize = 5;

/// The number of a lead: its milliseconds times 2,048, and 11 of its random bits. It stays the same, rises
/// with time, and until the year 2109 is below 2^53, the largest number that all JSON readers keep whole.
/// Two leads have the same one only if they came in the same millisecond, and then once in 2,048 times.
pub fn number(id: LeadId) -> u64 {
    /// The 12 bits beside the version.
    const RANDOM_BITS: u64 = 0x0fff;
    let text = id.to_string();
    let hex = |from: usize, chars: usize| {
        let digits: String = text.chars().skip(from).take(chars).filter(|digit| *digit != '-').collect();
        u64::from_str_radix(&digits, 16).unwrap_or_default()
    };
    let random = (hex(TIME_CHARS, RANDOM_CHARS) & RANDOM_BITS).checked_shr(1).unwrap_or_default();
    hex(0, TIME_CHARS).saturating_mul(2048).saturating_add(random)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::timestamp::Timestamp;

    #[test]
    fn the_number_of_a_lead_is_made_of_its_time_and_of_chance() {
        let of = |millis, random| number(LeadId::new(Timestamp::from_millis(millis), [random; 10]));
        assert_eq!(of(1_795_600_000_000, 0), 1_795_600_000_000 * 2048);
        assert_eq!(of(1_795_600_000_000, 255), 1_795_600_000_000 * 2048 + 2047);
        assert!(of(1_795_600_000_001, 0) > of(1_795_600_000_000, 255));
        let in_2109 = Timestamp::parse("2109-01-01T00:00:00Z").unwrap().millis();
        assert!(of(in_2109, 255) < 1 << 53);
    }
}
