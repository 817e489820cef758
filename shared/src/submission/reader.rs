//! Typed access to the fields of a submission; each problem is noted and reading goes on.

use serde_json::{Map, Number, Value};

use crate::{
    contact::Region,
    error::{Expected, FieldErrors, FieldProblem},
    field::{Choice, NO, YES},
    number::plain,
    text::{Normaliser, is_longer_than, many_lines, one_line},
    timestamp::Timestamp,
};

/// Longest piece of a wrong-typed or dotted path that is named back to the sender.
const PATH_MAX_CHARS: usize = 100;

/// Takes fields out of an object one by one and notes what is wrong with them.
pub struct Reader<'a, N> {
    fields: Map<String, Value>,
    /// The field that holds this object; empty at the top.
    path: String,
    normaliser: &'a N,
    errors: &'a mut FieldErrors,
    is_of_partner: bool,
}

impl<'a, N: Normaliser> Reader<'a, N> {
    /// Reads the top level of a submission.
    pub fn new(fields: Map<String, Value>, normaliser: &'a N, errors: &'a mut FieldErrors) -> Self {
        Self { fields, path: String::new(), normaliser, errors, is_of_partner: false }
    }

    /// The same, of a sender that was held to the rules of an API of its own if `is_of_partner`.
    pub fn held_to(self, is_of_partner: bool) -> Self {
        Self { is_of_partner, ..self }
    }

    /// Reads an object inside this one, named `path` in errors.
    pub fn inside<'b>(&'b mut self, path: &str, fields: Map<String, Value>) -> Reader<'b, N> {
        let path = self.full_path(path);
        Reader { fields, path, normaliser: self.normaliser, errors: self.errors, is_of_partner: self.is_of_partner }
    }

    /// Whether the sender was held to the rules of an API of its own.
    pub fn is_of_partner(&self) -> bool {
        self.is_of_partner
    }

    /// A limit of ours, which does not bind a sender that was held to other rules.
    pub fn limit(&self, max: usize) -> usize {
        if self.is_of_partner { usize::MAX } else { max }
    }

    /// The normaliser that text goes through.
    pub fn normaliser(&self) -> &'a N {
        self.normaliser
    }

    /// Notes a problem of the field `name`.
    pub fn problem(&mut self, name: &str, problem: FieldProblem) {
        let path = self.full_path(name);
        self.errors.add(&path, problem);
    }

    /// Whether a problem of the field `name` was noted.
    pub fn has_problem(&self, name: &str) -> bool {
        !self.errors.of(&self.full_path(name)).is_empty()
    }

    /// Takes the field out unread.
    pub fn discard(&mut self, name: &str) {
        self.fields.remove(name);
    }

    /// Keeps what nobody took of the object inside `path`, for `meta`.
    pub fn keep(&mut self, path: &str, rest: Map<String, Value>) {
        for (name, value) in rest {
            self.fields.insert(format!("{path}.{name}"), value);
        }
    }

    /// Keeps a value that is not what it should be under the name of its place, for `meta`.
    pub fn keep_one(&mut self, path: &str, value: Value) {
        self.fields.insert(path.to_owned(), value);
    }

    /// What nobody has taken.
    pub fn rest(&mut self) -> Map<String, Value> {
        std::mem::take(&mut self.fields)
    }

    /// A line of text.
    pub fn line(&mut self, name: &str, max: usize) -> Option<String> {
        let raw = self.scalar(name)?;
        let text = one_line(&raw, self.normaliser)?;
        self.bounded(name, text, max)
    }

    /// Text that may have several lines.
    pub fn lines(&mut self, name: &str, max: usize) -> Option<String> {
        let raw = self.scalar(name)?;
        let text = many_lines(&raw, self.normaliser)?;
        self.bounded(name, text, max)
    }

    /// One of the values of a closed list.
    pub fn choice<T: Choice>(&mut self, name: &str) -> Option<T> {
        let raw = self.line(name, usize::MAX)?;
        let value = T::named(&raw);
        // A form that offers some of the values has said which.
        if value.is_none() && !self.has_problem(name) {
            self.problem(name, T::problem());
        }
        value
    }

    /// A boolean; the usual words and digits for one will do.
    pub fn boolean(&mut self, name: &str) -> Option<bool> {
        let raw = self.line(name, usize::MAX)?;
        let is_one_of = |words: [&str; 4]| words.iter().any(|word| word.eq_ignore_ascii_case(&raw));
        if !is_one_of(YES) && !is_one_of(NO) {
            self.problem(name, FieldProblem::NotA(Expected::Boolean));
            return None;
        }
        Some(is_one_of(YES))
    }

    /// A number, or a string that holds one.
    pub fn number(&mut self, name: &str) -> Option<Number> {
        let is_text = matches!(self.fields.get(name), Some(Value::String(_)));
        let raw = self.line(name, usize::MAX)?;
        // What machines write is tried as people write it only where it is no number of theirs, or came as text.
        let typed = if is_text { plain(&raw) } else { None };
        let number = serde_json::from_str::<Number>(typed.as_deref().unwrap_or(&raw)).ok();
        if number.is_none() {
            self.problem(name, FieldProblem::NotA(Expected::Number));
        }
        number
    }

    /// A whole number that is not negative, or a string that holds one.
    pub fn whole_number(&mut self, name: &str) -> Option<u64> {
        let number = self.number(name)?.as_u64();
        if number.is_none() {
            self.problem(name, FieldProblem::NotA(Expected::Number));
        }
        number
    }

    /// A country as two letters, made upper case.
    pub fn country(&mut self, name: &str) -> Option<String> {
        let raw = self.line(name, usize::MAX)?;
        let region = Region::parse(&raw);
        if region.is_none() {
            self.problem(name, FieldProblem::NotA(Expected::Country));
        }
        region.map(|region| region.to_string())
    }

    /// A date and time.
    pub fn time(&mut self, name: &str) -> Option<Timestamp> {
        let raw = self.line(name, usize::MAX)?;
        let time = Timestamp::parse(&raw);
        if time.is_none() {
            self.problem(name, FieldProblem::NotA(Expected::Time));
        }
        time
    }

    /// An object.
    pub fn object(&mut self, name: &str) -> Option<Map<String, Value>> {
        match self.fields.remove(name)? {
            Value::Object(fields) => Some(fields),
            Value::Null => None,
            _ => {
                self.problem(name, FieldProblem::NotA(Expected::Object));
                None
            }
        }
    }

    /// A list of at most `max` entries.
    pub fn list(&mut self, name: &str, max: usize) -> Vec<Value> {
        let max = self.limit(max);
        match self.fields.remove(name) {
            Some(Value::Array(list)) if list.len() <= max => list,
            Some(Value::Array(_)) => {
                self.problem(name, FieldProblem::TooMany { max });
                Vec::new()
            }
            None | Some(Value::Null) => Vec::new(),
            Some(_) => {
                self.problem(name, FieldProblem::NotA(Expected::List));
                Vec::new()
            }
        }
    }

    /// Any scalar as text: senders write numbers and booleans where text is meant, and the other way round.
    fn scalar(&mut self, name: &str) -> Option<String> {
        match self.fields.remove(name)? {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(value) => Some(value.to_string()),
            Value::Null => None,
            Value::Array(_) | Value::Object(_) => {
                self.problem(name, FieldProblem::NotA(Expected::Text));
                None
            }
        }
    }

    fn bounded(&mut self, name: &str, text: String, max: usize) -> Option<String> {
        if is_longer_than(&text, self.limit(max)) {
            self.problem(name, FieldProblem::TooLong { max });
            return None;
        }
        Some(text)
    }

    fn full_path(&self, name: &str) -> String {
        let name = crate::text::shortened(name, PATH_MAX_CHARS);
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}
