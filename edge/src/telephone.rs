//! Telephone numbers by libphonenumber's metadata, which is too large for a browser.

#[cfg(test)]
mod plans;

use std::sync::LazyLock;

use prost::Message;
use rlibphonenumber::{PhoneMetadataCollection, PhoneNumberUtil, get_national_significant_number_owned};
use shared::contact::{E164, Region};

/// libphonenumber's metadata without what only formats numbers, gives examples or is about short codes:
/// 35 of its 55 KB of gzip. `plans.rs` makes the file and checks that it agrees with the whole.
static PLANS: &[u8] = include_bytes!("telephone/plans.bin");

static NUMBERS: LazyLock<Option<PhoneNumberUtil>> =
    LazyLock::new(|| PhoneNumberUtil::new_for_metadata(PhoneMetadataCollection::decode(PLANS).ok()?).ok());

/// The E.164 form of a number as a person in `region` would type it; `None` when it is not a number
/// that can be called.
pub fn e164(typed: &str, region: Region) -> Option<E164> {
    let numbers = NUMBERS.as_ref()?;
    let number = numbers.parse(typed, region.to_string().parse().ok()).ok()?;
    if !numbers.is_valid_number(&number) {
        return None;
    }
    // What the crate's own formatter does for E.164, without the formatter.
    E164::parse(&format!("+{}{}", number.country_code, get_national_significant_number_owned(&number)))
}

/// Parses the metadata now, so that the first lead of an isolate does not wait for it (about 70 ms of
/// CPU where a request may have 10).
pub fn warm() {
    let _ = e164("+442079460000", Region::GB);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use shared::contact::could_be_phone;

    #[test]
    fn numbers_are_read_as_a_person_of_the_region_types_them() {
        let cases = [
            ("+44 1623 000000", "GB", Some("+441623000000")),
            ("01623 000000", "GB", Some("+441623000000")),
            ("(0)20 7946 0000", "GB", Some("+442079460000")),
            ("+1 809 555 1234", "GB", Some("+18095551234")),
            ("809-555-1234", "DO", Some("+18095551234")),
            ("(661) 555-0198", "US", Some("+16615550198")),
            ("555-123-4567", "US", None),
            ("0176 12345678", "DE", Some("+4917612345678")),
            ("phone me", "GB", None),
            ("12", "GB", None),
            ("+999 123456", "GB", None),
        ];
        for (typed, region, expected) in cases {
            let found = e164(typed, Region::parse(region).unwrap());
            assert_eq!(found.as_ref().map(E164::as_str), expected, "{typed} in {region}");
        }
    }

    proptest! {
        #[test]
        fn the_light_check_never_refuses_what_the_tables_accept(typed in r"[0-9+() \-./xA-Z\u{660}-\u{669}\u{ff10}-\u{ff19}]{0,20}") {
            for region in ["GB", "US", "DE", "DO", "SA"] {
                if e164(&typed, Region::parse(region).unwrap()).is_some() {
                    prop_assert!(could_be_phone(&typed), "{}", typed);
                }
            }
        }
    }
}
