//! A partner's request in LeadPro's words, and the answers in the same.

use serde_json::{Map, Value};
use shared::{field::Choice, property::PropertyKind, submission::Submission, timestamp::Timestamp};

use super::wire::{
    ADDRESS_MAX_CHARS, AVAILABILITY_MAX_BYTES, LeadType, MESSAGE_MAX_CHARS, META_MAX_BYTES, NAME_MAX_CHARS,
    PHONE_MAX_CHARS, POSTCODE_MAX_CHARS, POSTCODE_MIN_CHARS, QUESTIONNAIRE_MAX_BYTES, Source, URL_MAX_CHARS,
};
use crate::{
    intake,
    partner::{
        Taken, Words,
        fields::{Fields, Rejected, Renamed, by_field},
        object,
        refusal::Refusal,
    },
    provider::person::NO_NAME,
};

const REQUIRED: [&str; 5] = ["first_name", "last_name", "email", "phone", "type"];

/// Texts with their least and most characters.
const BOUNDS: [(&str, usize, usize); 12] = [
    ("first_name", 1, NAME_MAX_CHARS),
    ("last_name", 1, NAME_MAX_CHARS),
    ("title", 1, NAME_MAX_CHARS),
    ("phone", 0, PHONE_MAX_CHARS),
    ("address", 0, ADDRESS_MAX_CHARS),
    ("advert_address", 0, ADDRESS_MAX_CHARS),
    ("postcode", POSTCODE_MIN_CHARS, POSTCODE_MAX_CHARS),
    ("advert_postcode", POSTCODE_MIN_CHARS, POSTCODE_MAX_CHARS),
    ("advert_url", 0, URL_MAX_CHARS),
    ("advert_image", 0, URL_MAX_CHARS),
    ("host", 0, URL_MAX_CHARS),
    ("message", 0, MESSAGE_MAX_CHARS),
];

/// LeadPro's names and ours.
pub const NAMES: &[Renamed] = &[
    ("first_name", "first_name"),
    ("last_name", "last_name"),
    ("email", "email"),
    ("phone", "phone"),
    ("type", "intent"),
    ("title", "title"),
    ("advert_address", "property.address"),
    ("advert_postcode", "property.postcode"),
    ("advert_url", "property.url"),
    ("advert_image", "property.image"),
    ("property_type", "property.type"),
    ("message", "message"),
    ("appointment_availability", "availability"),
    ("questionnaire", "questionnaire"),
    ("gdpr_checkbox", "consent.given"),
    ("host", "attribution.page"),
    ("office_id", "office_id"),
    ("address", "address"),
    ("postcode", "postcode"),
    ("source", "source"),
    ("international", "international"),
    ("utm_source", "attribution.utm_source"),
    ("utm_campaign", "attribution.utm_campaign"),
    ("utm_medium", "attribution.utm_medium"),
    ("utm_term", "attribution.utm_term"),
    ("utm_content", "attribution.utm_content"),
];

/// What a new lead's fields say.
///
/// # Errors
/// What is missing or not as the page has it.
pub fn submission(given: Map<String, Value>) -> Result<Submission, Rejected> {
    let mut fields = Fields::new(given);
    fields.require(&REQUIRED);
    for (name, min, max) in BOUNDS {
        fields.bounded(name, min, max);
    }
    if let Some(kind) = fields.choice::<LeadType>("type")
        && let Some((field, value)) = intake::meaning("type", &kind.name().into())
    {
        fields.put(field, value.into());
    }
    if let Some(kind) = fields.choice::<PropertyKind>("property_type") {
        fields.put("property.type", kind.name().into());
    }
    fields.boolean("gdpr_checkbox");
    fields.boolean("international");
    strings_below(&mut fields, "meta", META_MAX_BYTES, "Send an object of strings.", Value::is_string);
    strings_below(&mut fields, "questionnaire", QUESTIONNAIRE_MAX_BYTES, "Send lists of two strings.", |pair| {
        strings(pair).is_some_and(|strings| strings.len() == 2)
    });
    availability(&mut fields);
    source(&mut fields);
    for name in ["first_name", "last_name"] {
        if fields.given(name).and_then(Value::as_str) == Some(NO_NAME) {
            fields.take(name);
        }
    }
    if let Some(Value::Object(meta)) = fields.take("meta") {
        meta.into_iter().for_each(|(name, value)| fields.put_meta(name, value));
    }
    fields.place(NAMES);
    fields.finish()
}

/// Notes what is wrong with an object of at most so many bytes of JSON whose values are all as `holds` says.
fn strings_below(fields: &mut Fields, name: &str, max_bytes: usize, text: &str, holds: impl Fn(&Value) -> bool) {
    let Some(value) = fields.given(name) else { return };
    let all_hold = value.as_object().is_some_and(|members| members.values().all(holds));
    let bytes = value.to_string().len();
    if !all_hold {
        fields.invalid(name, text);
    } else if bytes > max_bytes {
        fields.invalid(name, &format!("Send at most {max_bytes} bytes of JSON, not {bytes}."));
    }
}

fn strings(value: &Value) -> Option<&[Value]> {
    value.as_array().map(Vec::as_slice).filter(|entries| entries.iter().all(Value::is_string))
}

/// The page's table has strings, its example a list of times under `hours`. Times that can be read are our
/// availability; anything else it allows goes to `meta` under its key.
fn availability(fields: &mut Fields) {
    const NAME: &str = "appointment_availability";
    let is_list = fields.given(NAME).is_some_and(|value| strings(value).is_some());
    if !is_list {
        let text = "Send an object of strings or of lists of strings.";
        strings_below(fields, NAME, AVAILABILITY_MAX_BYTES, text, |value| {
            value.is_string() || strings(value).is_some()
        });
    }
    let groups = match fields.take(NAME) {
        Some(Value::Object(groups)) => groups,
        Some(list) => {
            let mut groups = Map::new();
            groups.insert("hours".to_owned(), list);
            groups
        }
        None => return,
    };
    let mut times = Vec::new();
    for (key, group) in groups {
        let entries = match group {
            Value::Array(entries) => entries,
            one => vec![one],
        };
        let mut words = Vec::new();
        for entry in entries {
            match entry.as_str().map(str::trim) {
                Some(time) if Timestamp::parse(time).is_some() => times.push(Value::from(time)),
                Some(word) => words.push(word.to_owned()),
                None => {}
            }
        }
        if !words.is_empty() {
            fields.put_meta(format!("{NAME}.{key}"), words.join(", ").into());
        }
    }
    if !times.is_empty() {
        fields.put("availability", times.into());
    }
}

/// A source that LeadPro does not know, and none, is `homepage`; what came stays in `meta`.
fn source(fields: &mut Fields) {
    let given = fields.take("source");
    let known = given.as_ref().and_then(Value::as_str).and_then(|name| Source::named(name.trim()));
    if let Some(other) = given.filter(|_| known.is_none()) {
        fields.put_meta("source".to_owned(), other);
    }
    fields.put("source", known.unwrap_or(Source::Homepage).name().into());
}

/// The answer of a success: the page promises a 200 and says nothing of its body.
pub fn taken(taken: &Taken<'_>) -> Words {
    (200, object(vec![("success", true.into()), ("id", taken.id.to_string().into())]))
}

/// The answer of a failure: a 4xx with the reason.
pub fn refused(refusal: &Refusal) -> Words {
    let mut members = vec![("success", false.into()), ("message", refusal.detail.as_str().into())];
    if !refusal.wrong.is_empty() {
        members.push(("errors", by_field(&refusal.wrong)));
    }
    (refusal.status, object(members))
}

#[cfg(test)]
mod tests;
