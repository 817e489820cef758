//! The fields of a partner's request, taken out one by one under our names.

use serde_json::{Map, Value};
use shared::{
    field::{Choice, NO, YES},
    submission::Submission,
    text::is_longer_than,
};

use crate::intake;

/// A provider's name of a field, and the path in a submission where its value stands.
pub type Renamed = (&'static str, &'static str);

/// Fields of one text, which no value is wrong for. A partner that sends one of them though its API has
/// none of that name means what we mean by it; anything else that the page does not name goes to `meta`.
const TEXTS: [&str; 10] =
    ["address", "category", "city", "message", "notes", "postcode", "source", "state", "timeline", "title"];

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The field, by the provider's name.
    pub field: String,
    /// What to change.
    pub text: String,
    /// In which way it is wrong.
    pub kind: WrongKind,
}

/// A request that is not as the page has it.
#[derive(Debug, Clone)]
pub struct Rejected {
    /// What is wrong with it.
    pub wrong: Vec<Wrong>,
    /// What it says besides, which may be wrong by our own rules.
    pub rest: Submission,
}

/// In which way a field is wrong, where a provider has words of its own for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrongKind {
    /// It is required and did not come.
    Missing,
    /// Its value cannot be taken.
    Invalid,
    /// It names a receiver or a category that there is none of.
    NoCampaign,
}

/// What is wrong, as `{field: [text, …]}`.
pub fn by_field(wrong: &[Wrong]) -> Value {
    let mut fields = Map::new();
    for Wrong { field, text, .. } in wrong {
        let texts = fields.entry(field.as_str()).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(texts) = texts {
            texts.push(Value::from(text.as_str()));
        }
    }
    Value::Object(fields)
}

/// The fields of a request that are still to be read, and what was made of the others.
#[derive(Debug, Default)]
pub struct Fields {
    given: Map<String, Value>,
    lead: Map<String, Value>,
    wrong: Vec<Wrong>,
}

impl Fields {
    /// Nothing is read yet. What is empty did not come.
    pub fn new(given: Map<String, Value>) -> Self {
        let mut fields = Self::default();
        for (name, value) in given {
            if !is_empty(&value) {
                fields.given.insert(name, value);
            }
        }
        fields
    }

    /// The value of a field that is still to be read.
    pub fn given(&self, name: &str) -> Option<&Value> {
        self.given.get(name)
    }

    /// Whether a field came.
    pub fn has(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// Notes each of these that did not come.
    pub fn require(&mut self, names: &[&str]) {
        for name in names {
            if !self.has(name) {
                self.wrong(name, WrongKind::Missing, &format!("The field {name} is required."));
            }
        }
    }

    /// Notes something wrong with a field, which is not read any more.
    pub fn wrong(&mut self, name: &str, kind: WrongKind, text: &str) {
        self.given.remove(name);
        self.wrong.push(Wrong { field: name.to_owned(), text: text.to_owned(), kind });
    }

    /// Notes a value that cannot be taken.
    pub fn invalid(&mut self, name: &str, text: &str) {
        self.wrong(name, WrongKind::Invalid, text);
    }

    /// Takes a field out.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.given.remove(name)
    }

    /// Takes a field out that is one of a closed list, in any case.
    pub fn choice<T: Choice>(&mut self, name: &str) -> Option<T> {
        let mut names = Vec::with_capacity(T::ALL.len());
        names.extend(T::ALL.iter().map(|(name, _)| *name));
        let place = self.one_of(name, &names)?;
        T::ALL.get(place).map(|(_, value)| *value)
    }

    /// Takes a field out whose value is one of these words, in any case; the word's place among them.
    fn one_of(&mut self, name: &str, words: &[&str]) -> Option<usize> {
        let given = self.take(name)?;
        let word = given.as_str().map(str::trim).unwrap_or_default();
        let place = words.iter().position(|one| one.eq_ignore_ascii_case(word));
        if place.is_none() {
            self.invalid(name, &format!("Use one of these values: {}.", words.join(", ")));
        }
        place
    }

    /// Notes a field that is not a truth value in one of the usual words or digits.
    pub fn boolean(&mut self, name: &str) {
        let is_word = |text: &str| YES.iter().chain(&NO).any(|word| word.eq_ignore_ascii_case(text.trim()));
        let holds = match self.given(name) {
            None | Some(Value::Bool(_)) => true,
            Some(Value::String(text)) => is_word(text),
            Some(Value::Number(number)) => is_word(&number.to_string()),
            Some(_) => false,
        };
        if !holds {
            self.invalid(name, "Send true or false.");
        }
    }

    /// Notes a text that is shorter or longer than the page allows, in characters without the space around.
    pub fn bounded(&mut self, name: &str, min: usize, max: usize) {
        let Some(text) = self.given(name).and_then(Value::as_str).map(str::trim) else { return };
        if is_longer_than(text, max) || !is_longer_than(text, min.saturating_sub(1)) && min > 0 {
            let bounds = if min == 0 { format!("at most {max}") } else { format!("{min} to {max}") };
            self.invalid(name, &format!("Send {bounds} characters."));
        }
    }

    /// Puts each field that came where it stands in a submission.
    pub fn place(&mut self, names: &[Renamed]) {
        for (theirs, ours) in names {
            if let Some(value) = self.take(theirs) {
                self.put(ours, value);
            }
        }
    }

    /// Puts a value into the submission, at a path of one or two names.
    pub fn put(&mut self, path: &str, value: Value) {
        match path.split_once('.') {
            None => {
                self.lead.insert(path.to_owned(), value);
            }
            Some((parent, member)) => {
                let below = self.lead.entry(parent).or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(members) = below {
                    members.insert(member.to_owned(), value);
                }
            }
        }
    }

    /// The submission, with everything that nobody read.
    ///
    /// # Errors
    /// What was noted, in order, with the rest of the submission.
    pub fn finish(mut self) -> Result<Submission, Rejected> {
        for (name, value) in std::mem::take(&mut self.given) {
            let ours = intake::canonical_name(&name);
            let is_text = TEXTS.contains(&ours.as_str()) && !value.is_object() && !value.is_array();
            if is_text && !self.lead.contains_key(&ours) {
                self.put(&ours, value);
            } else {
                self.put_meta(name, value);
            }
        }
        let submission = Submission::new(self.lead).of_partner();
        if self.wrong.is_empty() { Ok(submission) } else { Err(Rejected { wrong: self.wrong, rest: submission }) }
    }

    /// Puts a value into `meta` under a name that may have dots.
    pub fn put_meta(&mut self, name: String, value: Value) {
        if let Value::Object(meta) = self.lead.entry("meta").or_insert_with(|| Value::Object(Map::new())) {
            meta.insert(name, value);
        }
    }
}

/// Nothing, or nothing but space. An empty list is what some languages write for an empty object.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(entries) => entries.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
