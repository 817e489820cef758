//! What LeadPro has no field for, or too short a one, goes into `meta` while there is room.

use std::collections::BTreeMap;

use super::{
    super::wire::META_MAX_BYTES,
    room::{Room, string_bytes},
};
use crate::provider::{Notes, facts::Fact};

/// Bytes of an entry besides its two texts: a colon, and a comma or the closing brace.
const ENTRY_BYTES: usize = 2;

/// The `meta` that is made of `facts`: those that fit whole, the lead's own `meta` first and then the
/// others in their order; in the room that is left the beginnings of longer ones, and of these what a
/// person wrote first. `cut` names the fields whose beginning stands in a field of LeadPro's, as the notes
/// say already.
pub fn meta(facts: Vec<Fact>, cut: &[String], notes: &mut Notes) -> BTreeMap<String, String> {
    let mut meta = Meta { entries: BTreeMap::new(), room: Room::new(META_MAX_BYTES) };
    let is_cut = |fact: &Fact| cut.contains(&fact.field);
    let (own, others): (Vec<Fact>, Vec<Fact>) = facts.into_iter().partition(is_own);
    let (mut written, mut longer) = (Vec::new(), Vec::new());
    for fact in own.into_iter().chain(others) {
        if meta.put(&fact) {
            if !is_own(&fact) {
                notes.moved(
                    &fact.field,
                    if is_cut(&fact) { "meta, what its own field has no room for" } else { "meta" },
                );
            }
        } else if fact.field == "message" || fact.field == "notes" {
            written.push(fact);
        } else {
            longer.push(fact);
        }
    }
    for fact in written.into_iter().chain(longer) {
        match meta.put_beginning(&fact) {
            Some(chars) => notes.shortened(&fact.field, &format!("{chars} characters in meta")),
            None if is_cut(&fact) => {}
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
        let beginning = self.room.take_beginning(&[string_bytes(&key), ENTRY_BYTES], &fact.value)?;
        self.entries.insert(key, beginning.to_owned());
        Some(beginning.chars().count())
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
