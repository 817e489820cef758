//! Collects the answers of a payload: each finds its field, or is kept in `meta` under its label.

use serde_json::{Map, Value};
use shared::{
    attribution::Attribution,
    field::{Choice, LINE_MAX_CHARS, LINES_MAX_CHARS, NO, YES},
    lead::{Intent, InterestLevel},
    submission::META_MAX_ENTRIES,
    text::is_longer_than,
};

use super::{Flat, label};
use crate::intake::aliases;

/// Words that a ticked box sends besides those of a boolean.
const TICKED: [&str; 6] = ["accepted", "checked", "agree", "sí", "oui", "ja"];

/// Digits of a telephone number: extensions and short codes are no contact (ITU-T E.164 has at most 15).
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 6..=15;

/// What a payload said so far.
#[derive(Debug)]
pub struct Answers {
    platform: &'static str,
    fields: Map<String, Value>,
    attribution: Map<String, Value>,
    meta: Map<String, Value>,
    /// The first long text, which is the message if nothing else is.
    long: Option<(String, String)>,
}

impl Answers {
    /// Nothing yet, from that platform.
    pub fn new(platform: &'static str) -> Self {
        let mut attribution = Map::new();
        attribution.insert("platform".to_owned(), platform.into());
        Self { platform, fields: Map::new(), attribution, meta: Map::new(), long: None }
    }

    /// An answer that the platform itself says is `field`. The first that fits is it, the others are kept.
    pub fn typed(&mut self, field: &'static str, label: &str, value: &Value) {
        let Some(text) = text_of(value) else { return };
        if fits(field, &text) && !self.fields.contains_key(field) {
            self.fields.insert(field.to_owned(), text.into());
        } else {
            self.keep(label, value);
        }
    }

    /// An answer of which a name and a label are known, which may be the same.
    pub fn named(&mut self, name: &str, label: &str, value: &Value) {
        let Some(text) = text_of(value) else { return };
        if Attribution::NAMES.contains(&name) {
            return self.came_from(name, value);
        }
        if aliases::is_about_property(name) && !is_longer_than(&text, LINE_MAX_CHARS) {
            self.fields.entry(name).or_insert_with(|| text.into());
            return;
        }
        let shown = if label.is_empty() { name } else { label };
        let asked_for = || label::field(name).or_else(|| label::field(label));
        if label::asks_consent(shown) || label::asks_consent(name) {
            self.agreed(shown, is_yes(&text) || text == shown, value);
        } else if let Some(field) = aliases::top_level(name).or_else(asked_for) {
            self.typed(field, shown, value);
        } else {
            self.keep(shown, value);
        }
    }

    /// An answer to a question that leaves room for several lines.
    pub fn long(&mut self, name: &str, label: &str, value: &Value) {
        let Some(text) = text_of(value) else { return };
        let known = aliases::top_level(name).is_some() || label::field(name).or(label::field(label)).is_some();
        let shown = if label.is_empty() { name } else { label };
        if known || self.long.is_some() || is_longer_than(&text, LINES_MAX_CHARS) {
            self.named(name, label, value);
        } else {
            self.long = Some((shown.to_owned(), text));
        }
    }

    /// A box beside the words the person was shown; whether it was ticked, and the answer as it came.
    pub fn agreed(&mut self, words: &str, ticked: bool, value: &Value) {
        if !ticked || self.fields.contains_key("consent") {
            return self.keep(words, value);
        }
        let mut consent = Map::new();
        consent.insert("given".to_owned(), true.into());
        consent.insert("text".to_owned(), words.into());
        // The form's own version is not the one of these words.
        consent.insert("version".to_owned(), self.platform.into());
        self.fields.insert("consent".to_owned(), consent.into());
    }

    /// Where the person came from; `name` is one of [`Attribution::NAMES`].
    pub fn came_from(&mut self, name: &str, value: &Value) {
        if let Some(text) = text_of(value) {
            self.attribution.insert(name.to_owned(), text.into());
        }
    }

    /// Keeps a value in `meta` under a name of its own. With one more than `meta` may have the lead is refused for
    /// that, and no further one is looked at: a body full of equal names must not be worth a search for each.
    pub fn keep(&mut self, name: &str, value: &Value) {
        let Some(text) = text_of(value).filter(|_| self.meta.len() <= META_MAX_ENTRIES) else { return };
        let mut free = name.to_owned();
        let mut number = 2_u32;
        while self.meta.contains_key(&free) {
            free = format!("{name}_{number}");
            number = number.saturating_add(1);
        }
        self.meta.insert(free, text.into());
    }

    /// Keeps members of `object` in `meta` under names of ours.
    pub fn keep_members(&mut self, object: &Map<String, Value>, names: &[(&str, &str)]) {
        for (theirs, ours) in names {
            if let Some(value) = object.get(*theirs) {
                self.keep(ours, value);
            }
        }
    }

    /// All as fields, with the id under which the platform sends it again.
    pub fn finish(mut self, id: Option<&Value>) -> Flat {
        if let Some((label, text)) = self.long.take() {
            self.typed("message", &label, &text.into());
        }
        let Self { mut fields, attribution, meta, .. } = self;
        fields.insert("attribution".to_owned(), attribution.into());
        if !meta.is_empty() {
            fields.insert("meta".to_owned(), meta.into());
        }
        Flat { fields, id: id.and_then(text_of) }
    }
}

/// An answer as text: a list as its entries, an object as JSON; nothing if nothing was answered.
pub fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Null => return None,
        Value::Array(list) => {
            let mut all = String::new();
            for text in list.iter().filter_map(text_of) {
                if !all.is_empty() {
                    all.push_str(", ");
                }
                all.push_str(&text);
            }
            all
        }
        Value::Object(members) if members.is_empty() => return None,
        other => other.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

/// A number written so that texts sort as the numbers do: platforms number their questions, and what comes first
/// in a form is not what comes first in the alphabet.
pub fn in_order(number: &str) -> String {
    format!("{number:0>20}")
}

/// Whether a box with that value is ticked.
pub fn is_yes(text: &str) -> bool {
    YES.iter().chain(&TICKED).any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether `text` can be the value of that field as far as its form goes. What is not is an answer to
/// another question, or an answer nobody can use as more than words.
pub fn fits(field: &str, text: &str) -> bool {
    match field {
        "email" => text.contains('@') && !text.contains(char::is_whitespace),
        "phone" => {
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            PHONE_DIGITS.contains(&digits) && text.chars().all(|c| c.is_ascii_digit() || " +()-./\u{a0}".contains(c))
        }
        "country" => text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic()),
        "intent" => Intent::named(text).is_some(),
        "interest_level" => InterestLevel::named(text).is_some(),
        "international" => YES.iter().chain(&NO).any(|word| word.eq_ignore_ascii_case(text)),
        "budget" | "office_id" => text.len() <= 15 && text.bytes().all(|b| b.is_ascii_digit()),
        "message" | "notes" => !is_longer_than(text, LINES_MAX_CHARS),
        "name" | "first_name" | "last_name" | "title" | "address" | "postcode" | "city" | "state" | "category"
        | "timeline" | "source" | "locale" => !is_longer_than(text, LINE_MAX_CHARS),
        _ => false,
    }
}
