//! The states of the USA as two letters (United States Postal Service, Publication 28, appendix B).

/// The code of a state, the District of Columbia, a territory, or the armed forces' mail: of a code in
/// any case or a full English name. `None` for anything else.
pub fn code(text: &str) -> Option<&'static str> {
    let text = text.trim();
    let named =
        |(code, name): &&(&'static str, &str)| text.eq_ignore_ascii_case(code) || text.eq_ignore_ascii_case(name);
    STATES.iter().find(named).map(|(code, _)| *code)
}

/// Codes and names; where people write a second name, the code stands twice.
const STATES: &[(&str, &str)] = &[
    ("AL", "Alabama"),
    ("AK", "Alaska"),
    ("AZ", "Arizona"),
    ("AR", "Arkansas"),
    ("CA", "California"),
    ("CO", "Colorado"),
    ("CT", "Connecticut"),
    ("DE", "Delaware"),
    ("DC", "District of Columbia"),
    ("DC", "Washington DC"),
    ("DC", "Washington, DC"),
    ("DC", "Washington D.C."),
    ("DC", "Washington, D.C."),
    ("FL", "Florida"),
    ("GA", "Georgia"),
    ("HI", "Hawaii"),
    ("ID", "Idaho"),
    ("IL", "Illinois"),
    ("IN", "Indiana"),
    ("IA", "Iowa"),
    ("KS", "Kansas"),
    ("KY", "Kentucky"),
    ("LA", "Louisiana"),
    ("ME", "Maine"),
    ("MD", "Maryland"),
    ("MA", "Massachusetts"),
    ("MI", "Michigan"),
    ("MN", "Minnesota"),
    ("MS", "Mississippi"),
    ("MO", "Missouri"),
    ("MT", "Montana"),
    ("NE", "Nebraska"),
    ("NV", "Nevada"),
    ("NH", "New Hampshire"),
    ("NJ", "New Jersey"),
    ("NM", "New Mexico"),
    ("NY", "New York"),
    ("NC", "North Carolina"),
    ("ND", "North Dakota"),
    ("OH", "Ohio"),
    ("OK", "Oklahoma"),
    ("OR", "Oregon"),
    ("PA", "Pennsylvania"),
    ("RI", "Rhode Island"),
    ("SC", "South Carolina"),
    ("SD", "South Dakota"),
    ("TN", "Tennessee"),
    ("TX", "Texas"),
    ("UT", "Utah"),
    ("VT", "Vermont"),
    ("VA", "Virginia"),
    ("WA", "Washington"),
    ("WV", "West Virginia"),
    ("WI", "Wisconsin"),
    ("WY", "Wyoming"),
    ("AS", "American Samoa"),
    ("GU", "Guam"),
    ("MP", "Northern Mariana Islands"),
    ("PR", "Puerto Rico"),
    ("VI", "Virgin Islands"),
    ("VI", "U.S. Virgin Islands"),
    ("AA", "Armed Forces Americas"),
    ("AE", "Armed Forces Europe"),
    ("AP", "Armed Forces Pacific"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_known_in_any_case() {
        for (text, expected) in [
            ("TX", "TX"),
            ("tx", "TX"),
            (" Ca ", "CA"),
            ("new york", "NY"),
            ("TEXAS", "TX"),
            ("District of Columbia", "DC"),
            ("Washington, D.C.", "DC"),
            ("Washington", "WA"),
            ("Puerto Rico", "PR"),
        ] {
            assert_eq!(code(text), Some(expected), "{text}");
        }
        for text in ["", " ", "T", "TXX", "ZZ", "ON", "Kent", "Texas, USA", "TX 75001", "ＴＸ"] {
            assert_eq!(code(text), None, "{text}");
        }
    }

    #[test]
    fn there_are_fifty_states_the_district_five_territories_and_three_military_codes() {
        let mut codes: Vec<&str> = STATES.iter().map(|(code, _)| *code).collect();
        codes.dedup();
        assert_eq!(codes.len(), 50 + 1 + 5 + 3);
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), 59);
        assert!(codes.iter().all(|code| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())));
    }
}
