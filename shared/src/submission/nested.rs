//! The fields that have fields: consent, attribution, property, conversation, lists, `meta`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{LIST_MAX_ENTRIES, META_MAX_BYTES, META_MAX_ENTRIES, reader::Reader};
use crate::{
    attribution::{self, Attribution},
    consent::{Consent, Given},
    conversation::Message,
    error::{Expected, FieldProblem},
    field::{LINE_MAX_CHARS, LINES_MAX_CHARS},
    form::FormDefinition,
    property::Property,
    text::{Normaliser, many_lines, one_line, shortened},
    timestamp::Timestamp,
};

/// The consent, if one was given. What the sender leaves out of it stands in the form's own rule,
/// since those are the words it shows.
pub fn consent<N: Normaliser>(reader: &mut Reader<'_, N>, form: &FormDefinition, now: Timestamp) -> Option<Consent> {
    let fields = reader.object("consent");
    let was_wrong = reader.has_problem("consent");
    let consent = fields.and_then(|fields| {
        let mut inner = reader.inside("consent", fields);
        let given = inner.boolean("given").unwrap_or(false);
        // A partner shows words of its own.
        let rule = Some(&form.consent).filter(|_| !inner.is_of_partner());
        let consent = Consent {
            given: Given,
            text: inner.lines("text", LINES_MAX_CHARS).or_else(|| some(&rule?.text)),
            version: inner.line("version", LINE_MAX_CHARS).or_else(|| some(&rule?.version)),
            policy_url: inner.line("policy_url", attribution::VALUE_MAX_CHARS).or_else(|| rule?.policy_url.clone()),
            at: inner.time("at").unwrap_or(now),
        };
        let rest = inner.rest();
        reader.keep("consent", rest);
        given.then_some(consent)
    });
    if consent.is_none() && form.consent.required && !was_wrong && !reader.is_of_partner() {
        reader.problem("consent", FieldProblem::ConsentRequired);
    }
    consent
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Where the person came from. Values that are too long are shortened and values of a wrong type
/// left out: a tracking parameter is never a reason to refuse a person.
pub fn attribution<N: Normaliser>(reader: &mut Reader<'_, N>) -> Attribution {
    let mut fields = reader.object("attribution").unwrap_or_default();
    let first_touch = fields.remove("first_touch");
    let mut attribution = take_values(reader.normaliser(), &mut fields);
    reader.keep("attribution", fields);
    if let Some(Value::Object(mut fields)) = first_touch {
        let mut first = take_values(reader.normaliser(), &mut fields);
        first.at = fields.remove("at").and_then(|at| scalar_text(&at)).and_then(|at| line_of(reader.normaliser(), &at));
        reader.keep("attribution.first_touch", fields);
        if !first.is_empty() {
            attribution.first_touch = Some(Box::new(first));
        }
    } else if let Some(other) = first_touch {
        reader.keep_one("attribution.first_touch", other);
    }
    attribution
}

fn take_values(normaliser: &impl Normaliser, fields: &mut Map<String, Value>) -> Attribution {
    let mut values = Attribution::default();
    for name in Attribution::NAMES {
        let text = fields.remove(*name).and_then(|value| scalar_text(&value));
        if let (Some(text), Some(slot)) = (text, values.get_mut(name)) {
            *slot = line_of(normaliser, &text);
        }
    }
    values
}

fn line_of(normaliser: &impl Normaliser, text: &str) -> Option<String> {
    one_line(text, normaliser).map(|line| shortened(&line, attribution::VALUE_MAX_CHARS).to_owned())
}

/// The property it is about.
pub fn property<N: Normaliser>(reader: &mut Reader<'_, N>) -> Option<Property> {
    let fields = reader.object("property")?;
    let mut inner = reader.inside("property", fields);
    let property = Property {
        uid: inner.line("uid", LINE_MAX_CHARS),
        address: inner.line("address", LINE_MAX_CHARS),
        postcode: inner.line("postcode", LINE_MAX_CHARS),
        url: inner.line("url", attribution::VALUE_MAX_CHARS),
        image: inner.line("image", attribution::VALUE_MAX_CHARS),
        kind: inner.choice("type"),
    };
    let rest = inner.rest();
    reader.keep("property", rest);
    (property != Property::default()).then_some(property)
}

/// The hours at which the person could be met.
pub fn availability<N: Normaliser>(reader: &mut Reader<'_, N>) -> Vec<Timestamp> {
    let mut times = Vec::new();
    for (index, value) in reader.list("availability", LIST_MAX_ENTRIES).iter().enumerate() {
        match value.as_str().and_then(|text| Timestamp::parse(text.trim())) {
            Some(time) => times.push(time),
            None => reader.problem(&format!("availability.{index}"), FieldProblem::NotA(Expected::Time)),
        }
    }
    times
}

/// Questions and their answers.
pub fn questionnaire<N: Normaliser>(reader: &mut Reader<'_, N>) -> BTreeMap<String, [String; 2]> {
    let fields = reader.object("questionnaire").unwrap_or_default();
    if fields.len() > reader.limit(LIST_MAX_ENTRIES) {
        reader.problem("questionnaire", FieldProblem::TooMany { max: LIST_MAX_ENTRIES });
        return BTreeMap::new();
    }
    let mut answers = BTreeMap::new();
    for (key, value) in fields {
        let pair = match value.as_array().map(Vec::as_slice) {
            Some([question, answer]) => scalar_text(question).zip(scalar_text(answer)),
            _ => None,
        };
        let Some((question, answer)) = pair else {
            reader.problem(&format!("questionnaire.{key}"), FieldProblem::NotA(Expected::List));
            continue;
        };
        let Some(key) = one_line(shortened(&key, LINE_MAX_CHARS), reader.normaliser()) else {
            reader.problem("questionnaire", FieldProblem::NotA(Expected::Text));
            continue;
        };
        let clean = |text: &str| many_lines(text, reader.normaliser()).unwrap_or_default();
        answers.insert(key, [clean(&question), clean(&answer)]);
    }
    answers
}

/// What was said before.
pub fn conversation<N: Normaliser>(reader: &mut Reader<'_, N>) -> Vec<Message> {
    let mut messages = Vec::new();
    for (index, value) in reader.list("conversation", LIST_MAX_ENTRIES).into_iter().enumerate() {
        let path = format!("conversation.{index}");
        let Value::Object(fields) = value else {
            reader.problem(&path, FieldProblem::NotA(Expected::Object));
            continue;
        };
        let mut inner = reader.inside(&path, fields);
        messages.push(Message {
            date: inner.time("date"),
            direction: inner.choice("direction"),
            from: inner.line("from", LINE_MAX_CHARS),
            to: inner.line("to", LINE_MAX_CHARS),
            subject: inner.line("subject", LINE_MAX_CHARS),
            body: inner.lines("body", LINES_MAX_CHARS),
        });
        let rest = inner.rest();
        reader.keep(&path, rest);
    }
    messages
}

/// `meta` and everything that nobody took: kept under its own name, lists and objects as JSON text.
pub fn meta<N: Normaliser>(reader: &mut Reader<'_, N>) -> BTreeMap<String, String> {
    let sent = reader.object("meta").unwrap_or_default();
    let unknown = reader.rest();
    let mut meta = BTreeMap::new();
    for (name, value) in unknown.into_iter().chain(sent) {
        let text = scalar_text(&value).or_else(|| (!value.is_null()).then(|| value.to_string()));
        let name = one_line(&name, reader.normaliser());
        let text = text.and_then(|text| many_lines(&text, reader.normaliser()));
        if let (Some(name), Some(text)) = (name, text) {
            let name = free_name(&meta, name, &text);
            meta.insert(name, text);
        }
        // One too many is enough: a name for each of thousands would be searched for among all before it.
        if meta.len() > META_MAX_ENTRIES {
            break;
        }
    }
    if meta.len() > reader.limit(META_MAX_ENTRIES) {
        reader.problem("meta", FieldProblem::TooMany { max: META_MAX_ENTRIES });
    }
    if serde_json::to_string(&meta).is_ok_and(|json| json.len() > reader.limit(META_MAX_BYTES)) {
        reader.problem("meta", FieldProblem::TooLarge { max: META_MAX_BYTES });
    }
    meta
}

/// The name, or the name with a number where another value has it already.
fn free_name(meta: &BTreeMap<String, String>, name: String, text: &str) -> String {
    let is_free = |name: &str| meta.get(name).is_none_or(|other| other == text);
    if is_free(&name) {
        return name;
    }
    (2_u32..).map(|number| format!("{name}_{number}")).find(|name| is_free(name)).unwrap_or(name)
}

fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
