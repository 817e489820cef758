//! Searching in leads: what was typed becomes a condition in SQL over name, e-mail address, message and
//! telephone number.
//!
//! SQLite's own `lower` knows ASCII only, so each other letter of what is searched for is made small in the
//! lead's text by a `replace` of its own: nothing has to be stored a second time. D1 takes no pattern of
//! `LIKE` or `GLOB` over 50 bytes; `instr` has no such limit and no characters with a meaning of their own.

/// Most letters outside ASCII that match in either case; each takes two of the 100 values that D1 binds.
const MAX_FOLDED: usize = 30;

/// Fewer digits than this are looked for as they were typed only.
const PHONE_MIN_DIGITS: usize = 3;

/// What is between the digits of a number as people write it.
pub const PHONE_MARKS: [char; 8] = [' ', '-', '(', ')', '.', '/', '+', '\u{a0}'];

/// The case of a letter, by tables that are the runtime's.
pub trait Case {
    /// The text in small letters.
    fn lower(&self, text: &str) -> String;
    /// The text in capitals.
    fn upper(&self, text: &str) -> String;
}

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    text: String,
    folded: Vec<(String, String)>,
    phone: Option<PhoneDigits>,
}

/// The digits of what looks like a telephone number or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PhoneDigits {
    /// All of them.
    typed: String,
    /// Without zeros in front, which stand for a country's or a trunk prefix that E.164 does not have.
    significant: String,
}

impl Search {
    /// A search for a text that is one line, in NFC and not empty.
    pub fn new(typed: &str, case: &impl Case) -> Self {
        let text = case.lower(typed);
        let mut folded: Vec<(String, String)> = Vec::new();
        for small in text.chars().filter(|letter| !letter.is_ascii()).map(String::from) {
            let capital = case.upper(&small);
            let is_one_letter = capital.chars().count() == 1;
            if is_one_letter
                && capital != small
                && folded.len() < MAX_FOLDED
                && !folded.iter().any(|(_, known)| *known == small)
            {
                folded.push((capital, small));
            }
        }
        Self { phone: PhoneDigits::of(typed), text, folded }
    }

    /// The condition on a lead `l`, whose values have the numbers from `first` on, and those values.
    pub fn condition(&self, first: usize) -> (String, Vec<&str>) {
        let mut values: Vec<&str> = Vec::new();
        let mut bind = |value| {
            values.push(value);
            format!("?{}", values.len().saturating_add(first).saturating_sub(1))
        };
        let member = |name: &str| format!("coalesce(l.document ->> '$.{name}', '')");
        // No text that is searched for has a line break, so nothing is found across two of them.
        let mut said = format!(
            "lower({} || char(10) || {} || char(10) || {} || char(10) || {})",
            member("name"),
            member("email"),
            member("message"),
            member("phone")
        );
        for (capital, small) in &self.folded {
            said = format!("replace({said}, {}, {})", bind(capital), bind(small));
        }
        let mut condition = format!("instr({said}, {}) > 0", bind(&self.text));
        if let Some(digits) = &self.phone {
            let mut typed = member("phone");
            for mark in PHONE_MARKS {
                typed = format!("replace({typed}, char({}), '')", u32::from(mark));
            }
            condition = format!("({condition} OR instr({typed}, {}) > 0", bind(&digits.typed));
            if !digits.significant.is_empty() {
                condition =
                    format!("{condition} OR instr({}, {}) > 0", member("phone_e164"), bind(&digits.significant));
            }
            condition.push(')');
        }
        (condition, values)
    }
}

impl PhoneDigits {
    fn of(typed: &str) -> Option<Self> {
        // `+44 (0)1623 000000` is a habit of writing both prefixes at once.
        let typed = typed.replace("(0)", "");
        let is_digit = |c: char| c.is_ascii_digit();
        if !typed.chars().all(|c| is_digit(c) || PHONE_MARKS.contains(&c)) {
            return None;
        }
        let typed: String = typed.chars().filter(|c| is_digit(*c)).collect();
        let significant = typed.trim_start_matches('0').to_owned();
        (typed.len() >= PHONE_MIN_DIGITS).then_some(Self { typed, significant })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;
    use serde_json::{Value, json};

    struct Unicode;

    impl Case for Unicode {
        fn lower(&self, text: &str) -> String {
            text.to_lowercase()
        }

        fn upper(&self, text: &str) -> String {
            text.to_uppercase()
        }
    }

    /// Whether a lead is found, by real SQLite.
    fn finds(typed: &str, lead: &Value) -> bool {
        let search = Search::new(typed, &Unicode);
        let (condition, values) = search.condition(2);
        let mut all = vec![lead.to_string()];
        all.extend(values.into_iter().map(str::to_owned));
        let sql = format!("SELECT {condition} FROM (SELECT ?1 AS document) l");
        let db = Connection::open_in_memory().unwrap();
        db.query_row(&sql, rusqlite::params_from_iter(all), |row| row.get(0)).unwrap()
    }

    fn marla() -> Value {
        json!({
            "name": "Märla ŽIŽKA O'Neil", "email": "Marla_S%1@Example.com", "phone": "(01623) 000-123",
            "phone_e164": "+441623000123", "message": "Is \"No 5\" free?\nΔιεύθυνση ΟΔΌΣ 7", "notes": "secret",
        })
    }

    #[test]
    fn text_is_found_in_either_case_inside_and_outside_ascii() {
        for typed in
            ["märla", "MÄRLA ž", "žižka", "o'NEIL", "example.COM", "s%1@", "a_s", "\"no 5\"", "διεύθυνση", "οδόσ 7"]
        {
            assert!(finds(typed, &marla()), "{typed}");
        }
        for typed in ["marla ", "a%s", "marla.s", "secret", "neil marla", "free? δ", "phone"] {
            assert!(!finds(typed, &marla()), "{typed}");
        }
    }

    #[test]
    fn a_number_is_found_however_it_is_written() {
        for typed in [
            "01623 000123",
            "+44 1623 000 123",
            "0044 1623",
            "1623000123",
            "+44 (0)1623 000123",
            "01623-000.123",
            "(016",
            "123",
        ] {
            assert!(finds(typed, &marla()), "{typed}");
        }
        for typed in ["61", "01624", "+1 623 000 1234", "01623 000123 x"] {
            assert!(!finds(typed, &marla()), "{typed}");
        }
        assert!(finds("ZEB", &json!({"phone": "ext Zeb"})), "a number may come with words");
        let unknown_plan = json!({"name": null, "phone": "555-0123-4", "phone_e164": null});
        assert!(finds("550123", &unknown_plan) && finds("0 1 2 3", &unknown_plan) && !finds("+44", &unknown_plan));
    }

    #[test]
    fn any_number_of_letters_stays_within_what_d1_binds() {
        let typed: String = ('а'..='я').chain('α'..='ω').chain('à'..='ý').collect();
        let search = Search::new(&typed, &Unicode);
        assert!(search.condition(1).1.len() <= 2 * MAX_FOLDED + 1);
        assert!(finds(&typed, &json!({"name": typed})));
    }
}
