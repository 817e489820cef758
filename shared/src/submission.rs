//! From what a sender said to a lead: the only validation there is.

mod change;
mod nested;
mod reader;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::{
    contact::{Contact, EMAIL_MAX_CHARS, Email, PHONE_MAX_CHARS, Phone, Region},
    error::{FieldErrors, FieldProblem},
    field::{self, LINE_MAX_CHARS, LINES_MAX_CHARS},
    form::FormDefinition,
    lead::Lead,
    text::{Normaliser, many_lines},
    timestamp::Timestamp,
};
pub use change::{CHANGEABLE_FIELDS, change};
use reader::Reader;

/// Most entries of `meta`.
pub const META_MAX_ENTRIES: usize = 50;
/// Most bytes of `meta` as JSON.
pub const META_MAX_BYTES: usize = 8 * 1024;
/// Most entries of `availability`, `questionnaire` and `conversation`: more than any provider takes.
pub const LIST_MAX_ENTRIES: usize = 100;

/// What a sender said, by canonical field name (docs/CONTRACT.md, "Submitting a lead"); nothing of it
/// is checked yet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Submission {
    fields: Map<String, Value>,
    as_sent: Map<String, Value>,
    is_of_partner: bool,
    phone_region: Option<Region>,
}

impl Submission {
    /// A submission of these fields.
    pub fn new(fields: Map<String, Value>) -> Self {
        Self { fields, ..Self::default() }
    }

    /// The same, with the values under the names they were sent by: a form may ask for `type` or
    /// `utm_source`, which stand elsewhere under their canonical names.
    #[must_use]
    pub fn sent_as(self, as_sent: Map<String, Value>) -> Self {
        Self { as_sent, ..self }
    }

    /// The same, of a partner that speaks an API of its own, whose rules were checked already: what it
    /// accepts is a lead. The form's fields and its consent are not asked for, a person need not be
    /// reachable, a telephone number may be one that nobody knows, and only the size of the request bounds
    /// what is kept.
    #[must_use]
    pub fn of_partner(self) -> Self {
        Self { is_of_partner: true, ..self }
    }

    /// The same, with telephone numbers of that region, whatever the form says.
    #[must_use]
    pub fn of_region(self, region: Region) -> Self {
        Self { phone_region: Some(region), ..self }
    }

    /// The value that was sent under that name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.fields.get(name)
    }

    /// The value for a field of a form: under the name it was sent by, its canonical name, or in `meta`.
    pub fn typed(&self, name: &str) -> Option<&Value> {
        let in_meta = || self.fields.get("meta").and_then(|meta| meta.get(name));
        self.as_sent.get(name).or_else(|| self.fields.get(name)).or_else(in_meta)
    }

    /// Checks everything against `form` and normalises it. `now` is the time of consent where the
    /// sender gave none.
    ///
    /// # Errors
    /// Every problem of every field at once.
    pub fn validate(
        self,
        form: &FormDefinition,
        normaliser: &impl Normaliser,
        now: Timestamp,
    ) -> Result<Lead, FieldErrors> {
        let mut errors = FieldErrors::default();
        if !self.is_of_partner {
            check_form_fields(&self, form, normaliser, &mut errors);
        }
        let region = self.phone_region.unwrap_or(form.phone_region);
        let mut reader = Reader::new(self.fields, normaliser, &mut errors).held_to(self.is_of_partner);
        reader.discard("form");

        let contact = contact(&mut reader, region);
        let consent = nested::consent(&mut reader, form, now);
        let first_name = reader.line("first_name", LINE_MAX_CHARS);
        let last_name = reader.line("last_name", LINE_MAX_CHARS);
        let name =
            reader.line("name", LINE_MAX_CHARS).or_else(|| join_names(first_name.as_deref(), last_name.as_deref()));
        let mut lead = Lead {
            name,
            first_name,
            last_name,
            title: reader.line("title", LINE_MAX_CHARS),
            contact,
            intent: reader.choice("intent"),
            interest_level: reader.choice("interest_level"),
            message: reader.lines("message", LINES_MAX_CHARS),
            notes: reader.lines("notes", LINES_MAX_CHARS),
            address: reader.line("address", LINE_MAX_CHARS),
            postcode: reader.line("postcode", LINE_MAX_CHARS),
            city: reader.line("city", LINE_MAX_CHARS),
            state: reader.line("state", LINE_MAX_CHARS),
            country: reader.country("country"),
            international: reader.boolean("international"),
            property: nested::property(&mut reader),
            category: reader.line("category", LINE_MAX_CHARS),
            budget: reader.number("budget"),
            timeline: reader.line("timeline", LINE_MAX_CHARS),
            availability: nested::availability(&mut reader),
            questionnaire: nested::questionnaire(&mut reader),
            conversation: nested::conversation(&mut reader),
            attribution: nested::attribution(&mut reader),
            consent,
            source: reader.line("source", LINE_MAX_CHARS),
            office_id: reader.whole_number("office_id"),
            locale: reader.line("locale", LINE_MAX_CHARS),
            meta: BTreeMap::new(),
        };
        lead.meta = nested::meta(&mut reader);
        drop(reader);
        if errors.is_empty() { Ok(lead) } else { Err(errors) }
    }
}

/// What the form asks of its own fields: required ones are there, values fit.
fn check_form_fields(
    submission: &Submission,
    form: &FormDefinition,
    normaliser: &impl Normaliser,
    errors: &mut FieldErrors,
) {
    let text = |name: &str| match submission.typed(name) {
        Some(Value::String(text)) => many_lines(text, normaliser).unwrap_or_default(),
        Some(Value::Bool(value)) => value.to_string(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Null) | None => String::new(),
        // Lists and objects are read where their own rules stand; here it counts that they are there.
        Some(list_or_object) => list_or_object.to_string(),
    };
    let mut values = Vec::with_capacity(form.fields.len());
    for field in &form.fields {
        let mut value = text(&field.name);
        if field.name == "name" && value.is_empty() {
            value = text("first_name") + &text("last_name");
        }
        values.push(value);
    }
    let asked = field::asked(&form.fields, |index| values.get(index).map_or("", String::as_str));
    for ((field, value), is_asked) in form.fields.iter().zip(&values).zip(asked) {
        let problem = field::check(field, value);
        // What was not asked need not be answered, but an answer that came is held to the field's rule.
        if let Some(problem) = problem.filter(|problem| is_asked || *problem != FieldProblem::Required) {
            errors.add(&field.name, problem);
        }
    }
}

/// The contact, with an error on each part that is wrong and, when neither part came, one on both.
fn contact<N: Normaliser>(reader: &mut Reader<'_, N>, region: Region) -> Contact {
    let typed_email = reader.line("email", EMAIL_MAX_CHARS);
    let typed_phone = reader.line("phone", PHONE_MAX_CHARS);
    let email = typed_email.as_deref().map(Email::parse);
    let is_of_partner = reader.is_of_partner();
    let phone = typed_phone.as_deref().map(|typed| {
        let unknown = || is_of_partner.then(|| Phone { typed: typed.to_owned(), e164: None });
        Phone::parse(typed, region, reader.normaliser()).or_else(unknown)
    });
    if email == Some(None) {
        reader.problem("email", FieldProblem::Email);
    }
    if phone == Some(None) {
        reader.problem("phone", FieldProblem::Phone);
    }
    let is_missing = email.is_none() && phone.is_none() && !is_of_partner;
    if is_missing && !reader.has_problem("email") && !reader.has_problem("phone") {
        reader.problem("email", FieldProblem::EmailOrPhone);
        reader.problem("phone", FieldProblem::EmailOrPhone);
    }
    Contact { email: email.flatten(), phone: phone.flatten() }
}

fn join_names(first: Option<&str>, last: Option<&str>) -> Option<String> {
    match (first, last) {
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        (one, other) => one.or(other).map(str::to_owned),
    }
}

/// The names that [`Submission::validate`] reads; anything else goes to `meta`.
pub const CANONICAL_FIELDS: &[&str] = &[
    "form",
    "name",
    "first_name",
    "last_name",
    "title",
    "email",
    "phone",
    "intent",
    "interest_level",
    "message",
    "notes",
    "address",
    "postcode",
    "city",
    "state",
    "country",
    "international",
    "property",
    "category",
    "budget",
    "timeline",
    "availability",
    "questionnaire",
    "conversation",
    "attribution",
    "consent",
    "source",
    "office_id",
    "locale",
    "meta",
];

#[cfg(test)]
pub(crate) mod tests;
