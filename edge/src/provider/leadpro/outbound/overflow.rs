//! What LeadPro has no field for, or too short a one, goes into `meta` while there is room.

use std::collections::BTreeMap;

use super::{
    super::wire::META_MAX_BYTES,
    room::{Room, char_bytes, string_bytes},
};
use crate::provider::{Notes, facts::Fact};

/// Bytes of an entry besides its two texts: a colon, and a comma or the closing brace.
const ENTRY_BYTES: usize = 2;

/// Fewest characters of a long text that are worth an entry.
const BEGINNING_MIN_CHARS: usize = 20;

/// The `meta` that is made of `facts`, those that are the lead's own `meta` first, then the others in
/// their order, each whole or not at all; what a person wrote fills the room that is left at the end.
/// `cut` names the fields whose beginning stands in a field of LeadPro's, as the notes say already.
pub fn meta(facts: Vec<Fact>, cut: &[&str], notes: &mut Notes) -> BTreeMap<String, String> {
    let mut meta = Meta { entries: BTreeMap::new(), room: Room::new(META_MAX_BYTES) };
    let (own, others): (Vec<Fact>, Vec<Fact>) = facts.into_iter().partition(is_own);
    let mut written = Vec::new();
    for fact in own.into_iter().chain(others) {
        let is_cut = cut.contains(&fact.field.as_str());
        if meta.put(&fact) {
            if !is_own(&fact) {
                notes.moved(&fact.field, if is_cut { "meta, what its own field has no room for" } else { "meta" });
            }
        } else if fact.field == "message" || fact.field == "notes" {
            written.push(fact);
        } else if !is_cut {
            notes.left_out(&fact.field, "no room left in meta");
        }
    }
    for fact in written {
        match meta.put_beginning(&fact) {
            Some(chars) => notes.shortened(&fact.field, &format!("{chars} characters in meta")),
            None if cut.contains(&fact.field.as_str()) => {}
            None => notes.left_out(&fact.field, "no room left in meta"),
        }
    }
    meta.entries
}

fn is_own(fact: &Fact) -> bool {
    fact.field.starts_with("meta.")
}

struct Meta {
    entries: BTreeMap<String, String>,
    room: Room,
}

impl Meta {
    /// Adds the fact if it fits.
    fn put(&mut self, fact: &Fact) -> bool {
        let key = self.key(fact);
        let fits = self.room.take(&[string_bytes(&key), string_bytes(&fact.value), ENTRY_BYTES]);
        if fits {
            self.entries.insert(key, fact.value.clone());
        }
        fits
    }

    /// Adds as much of the fact as fits; how many characters that are.
    fn put_beginning(&mut self, fact: &Fact) -> Option<usize> {
        let key = self.key(fact);
        let around = string_bytes(&key).saturating_add(string_bytes("")).saturating_add(ENTRY_BYTES);
        let mut left = self.room.left().checked_sub(around)?;
        let mut beginning = String::new();
        for character in fact.value.chars() {
            let Some(rest) = left.checked_sub(char_bytes(character)) else { break };
            left = rest;
            beginning.push(character);
        }
        let chars = beginning.chars().count();
        let put = chars >= BEGINNING_MIN_CHARS && self.put(&Fact { value: beginning, ..fact.clone() });
        put.then_some(chars)
    }

    /// The label, made unlike those of the entries that are there: a lead's own `meta` may be called
    /// as one of its fields is.
    fn key(&self, fact: &Fact) -> String {
        let mut key = fact.label.clone();
        while self.entries.contains_key(&key) {
            key = format!("{key} ({})", fact.field);
        }
        key
    }
}
