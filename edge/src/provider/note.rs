//! What of a lead did not fit a provider, so that a delivery can say it.

use serde::{Deserialize, Serialize};
use shared::text::{is_longer_than, shortened};

/// Most notes that are kept of one delivery: more than the fields a lead has, far fewer than what a
/// sender could put into `meta` to make a delivery's row large.
const MAX_NOTES: usize = 60;

/// Longest field name or detail of a note, in characters: names of `meta` come from outside.
const TEXT_MAX_CHARS: usize = 120;

/// One thing that a provider gets in another way than the lead has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Note {
    /// What happened.
    pub kind: NoteKind,
    /// Which field of the lead, such as `property.url` or `meta.Colour`; of the provider's for [`NoteKind::Assumed`].
    pub field: String,
    /// In words, such as `to 255 characters`. Never a value of the lead.
    pub detail: String,
}

/// What happened to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// It was longer than the provider takes: the beginning went.
    Shortened,
    /// The provider has no field for it: it went into another one.
    Moved,
    /// The provider has no place for it, or no room left.
    LeftOut,
    /// The provider requires it and the lead does not say: this was sent.
    Assumed,
}

/// The notes of one request, gathered while its body is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    kept: Vec<Note>,
    /// How many there were no room for.
    more: usize,
}

impl Notes {
    /// Notes that `field` was cut `to` so much.
    pub fn shortened(&mut self, field: &str, to: &str) {
        self.add(NoteKind::Shortened, field, &format!("to {to}"));
    }

    /// Notes that `field` went into the provider's `target`.
    pub fn moved(&mut self, field: &str, target: &str) {
        self.add(NoteKind::Moved, field, &format!("into {target}"));
    }

    /// Notes that `field` was not sent, and why.
    pub fn left_out(&mut self, field: &str, why: &str) {
        self.add(NoteKind::LeftOut, field, why);
    }

    /// Notes that the provider's `field` was sent as `value`, which the lead does not say.
    pub fn assumed(&mut self, field: &str, value: &str) {
        self.add(NoteKind::Assumed, field, value);
    }

    /// `text` with at most `max` characters, with a note if that is less than it had.
    pub fn fit(&mut self, field: &str, text: &str, max: usize) -> String {
        if is_longer_than(text, max) {
            self.shortened(field, &format!("{max} characters"));
        }
        shortened(text, max).to_owned()
    }

    /// All of them, in the order in which they were made; at the end how many more there were.
    pub fn into_vec(self) -> Vec<Note> {
        let Self { mut kept, more } = self;
        if more > 0 {
            let detail = format!("and {more} more");
            kept.push(Note { kind: NoteKind::LeftOut, field: "notes on this delivery".to_owned(), detail });
        }
        kept
    }

    fn add(&mut self, kind: NoteKind, field: &str, detail: &str) {
        if self.kept.len() < MAX_NOTES {
            let bounded = |text| shortened(text, TEXT_MAX_CHARS).to_owned();
            self.kept.push(Note { kind, field: bounded(field), detail: bounded(detail) });
        } else {
            self.more = self.more.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_that_there_is_no_room_for_are_counted() {
        let mut notes = Notes::default();
        for number in 0..MAX_NOTES + 2 {
            notes.moved(&format!("meta.{number}"), "notes");
        }
        let notes = notes.into_vec();
        assert_eq!(notes.len(), MAX_NOTES + 1);
        assert_eq!(notes.last().map(|note| note.detail.as_str()), Some("and 2 more"));
    }
}
