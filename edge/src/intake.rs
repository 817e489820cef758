//! From the bytes of a request to a [`Submission`]: what was sent, under canonical names.

mod aliases;
mod charset;
pub mod exposed;
mod form_fields;
pub mod formats;
mod media_type;
mod multipart;
mod names;
pub mod signals;

use std::borrow::Cow;

use serde_json::{Map, Value};
use shared::{field::Choice, submission::Submission};

use self::{charset::Charset, formats::Format, media_type::MediaType, signals::Signals};

/// Largest body that is read. A lead with a long conversation is a few KiB; the rest bounds what one
/// request can make the Worker hold and D1 store.
pub const BODY_MAX_BYTES: usize = 64 * 1024;

/// Query parameters that speak to the API and are no fields of a lead.
const QUERY_CONTROLS: [&str; 3] = ["format", "key", GOOGLE_KEY];

/// The member of Google's webhook that says whose it is. It is kept nowhere, whoever sends it.
const GOOGLE_KEY: &str = "google_key";

/// The field of a form that says where the visitor goes afterwards. In JSON it is a field like others.
pub const REDIRECT: &str = "redirect";

/// What a body is where its type need not be asked.
const JSON: &str = "application/json";

/// What a request says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Intake {
    /// The fields of a lead.
    pub submission: Submission,
    /// What came beside them.
    pub signals: Signals,
    /// Where a form wants the visitor to go afterwards; not checked.
    pub redirect: Option<String>,
    /// The platform whose payload it was.
    pub format: Option<Format>,
    /// That platform and what it calls the lead, also when it sends it again: `typeform a3a12ec6`.
    pub platform_id: Option<String>,
    /// The key of Google's webhook, which is no part of the lead.
    pub google_key: Option<String>,
    /// The leads of which the body is a notification without answers.
    pub notified: Option<Vec<String>>,
}

/// Why a body could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntakeError {
    /// More than [`BODY_MAX_BYTES`].
    TooLarge,
    /// A body without a `Content-Type`, or one that is not understood.
    UnsupportedType,
    /// A body that is not said to be JSON, where nothing else is taken.
    NotJson,
    /// JSON that is not UTF-8.
    NotUtf8,
    /// Not JSON, nested too deeply, or not an object.
    NotAnObject,
    /// Not the multipart body that its type announced.
    NotMultipart,
    /// `?format=` has another word than those that are understood.
    UnknownFormat,
    /// The body is not what the platform that `?format=` names sends.
    NotOfFormat(Format),
}

/// The submission in a request. A field in the body wins over the same field in the query.
///
/// # Errors
/// Why the body cannot be read.
pub fn submission(content_type: Option<&str>, body: &[u8], query: &str) -> Result<Intake, IntakeError> {
    let mut query = form_fields::fields(form_fields::pairs(query.as_bytes(), Charset::Utf8));
    exposed::cover(&mut query);
    let format = query.get("format").and_then(Value::as_str).map(str::to_owned);
    QUERY_CONTROLS.iter().for_each(|name| drop(query.remove(*name)));
    let (intake, body) = of_platform(format.as_deref(), as_sent(content_type, body)?)?;
    if intake.notified.is_some() {
        return Ok(intake);
    }
    let is_form = intake.format.is_none() && !is_json(content_type);

    let mut as_sent = query.clone();
    let mut fields = canonical(query, true);
    merge(&mut as_sent, body.clone());
    merge(&mut fields, canonical(body, is_form));
    Signals::take(&mut as_sent);
    let signals = Signals::take(&mut fields);
    let redirect = if is_form { as_sent.remove(REDIRECT).and(fields.remove(REDIRECT)) } else { None };
    Ok(Intake {
        submission: Submission::new(fields).sent_as(as_sent),
        signals,
        redirect: redirect.and_then(|redirect| redirect.as_str().map(str::to_owned)),
        ..intake
    })
}

/// What is known of the platform that `?format=` names, else of the one whose payload the body must be, and
/// the body as ordinary fields.
fn of_platform(named: Option<&str>, mut body: Map<String, Value>) -> Result<(Intake, Map<String, Value>), IntakeError> {
    let format = match named {
        Some(name) => Some(Format::named(name).ok_or(IntakeError::UnknownFormat)?),
        None => Format::detect(&body),
    };
    let mut intake = Intake { format, ..Intake::default() };
    let google_key = body.remove(GOOGLE_KEY);
    let Some(format) = format else { return Ok((intake, body)) };
    match format {
        Format::Meta => intake.notified = formats::notified(&body),
        Format::Google => intake.google_key = google_key.and_then(|key| key.as_str().map(str::to_owned)),
        _ => {}
    }
    if intake.notified.is_some() {
        return Ok((intake, Map::new()));
    }
    let flat = format.flatten(body).ok_or(IntakeError::NotOfFormat(format))?;
    intake.platform_id = flat.id.map(|id| format!("{} {id}", format.name()));
    Ok((intake, flat.fields))
}

/// The fields of query and body under the names they were sent by; those of the body win.
pub fn with_query(query: &str, body: Map<String, Value>) -> Map<String, Value> {
    let mut fields = form_fields::fields(form_fields::pairs(query.as_bytes(), Charset::Utf8));
    exposed::cover(&mut fields);
    merge(&mut fields, body);
    fields
}

/// The field and the value in it that a provider's value stands for: `type` `sale` is `intent` `buy`.
pub fn meaning(name: &str, value: &Value) -> Option<(&'static str, &'static str)> {
    aliases::by_value(name, value)
}

/// The `google_key` of a JSON body. A body without that name is not even parsed.
pub fn google_key(body: &[u8]) -> Option<String> {
    let is_named = body.windows(GOOGLE_KEY.len()).any(|bytes| bytes == GOOGLE_KEY.as_bytes());
    let mut fields = is_named.then(|| json_object(body).ok())??;
    fields.remove(GOOGLE_KEY)?.as_str().map(str::to_owned)
}

/// The fields of a body under the names they were sent by, without secret keys.
///
/// # Errors
/// Why it cannot be read.
pub fn as_sent(content_type: Option<&str>, body: &[u8]) -> Result<Map<String, Value>, IntakeError> {
    let mut fields = read(content_type, body)?;
    exposed::cover(&mut fields);
    Ok(fields)
}

/// The same of a partner, whose API's page names no type: what begins as an object is JSON, whatever type it is said
/// to have.
///
/// # Errors
/// Why it cannot be read.
pub fn as_sent_by_partner(content_type: Option<&str>, body: &[u8]) -> Result<Map<String, Value>, IntakeError> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start();
    as_sent(if text.starts_with(b"{") { Some(JSON) } else { content_type }, body)
}

fn read(content_type: Option<&str>, body: &[u8]) -> Result<Map<String, Value>, IntakeError> {
    if body.len() > BODY_MAX_BYTES {
        return Err(IntakeError::TooLarge);
    }
    let pairs = match MediaType::of(content_type) {
        MediaType::Json => return json_object(body),
        MediaType::UrlEncoded(charset) => form_fields::pairs(body, charset),
        MediaType::Multipart { boundary, charset } => {
            multipart::pairs(body, &boundary, charset).ok_or(IntakeError::NotMultipart)?
        }
        // Everything may stand in the query.
        MediaType::None if body.is_empty() => Vec::new(),
        MediaType::None | MediaType::Other => return Err(IntakeError::UnsupportedType),
    };
    Ok(form_fields::fields(pairs))
}

/// Whether a body of that type is JSON.
pub fn is_json(content_type: Option<&str>) -> bool {
    MediaType::of(content_type) == MediaType::Json
}

/// What of type and body makes two requests the same: all of both, except the boundary of a multipart
/// body, which every client makes anew for each request.
pub fn identity<'a>(content_type: &'a str, body: &'a [u8]) -> (&'a str, Cow<'a, [u8]>) {
    if let MediaType::Multipart { boundary, .. } = MediaType::of(Some(content_type))
        && let Some(parts) = multipart::without_boundary(body, &boundary)
    {
        return ("multipart/form-data", Cow::Owned(parts));
    }
    (content_type, Cow::Borrowed(body))
}

fn json_object(body: &[u8]) -> Result<Map<String, Value>, IntakeError> {
    let body = str::from_utf8(body).map_err(|_| IntakeError::NotUtf8)?;
    match serde_json::from_str(body.strip_prefix('\u{feff}').unwrap_or(body)) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) | Err(_) => Err(IntakeError::NotAnObject),
    }
}

/// Fields under canonical names, each where its name says. A form cannot send a list as one value.
fn canonical(fields: Map<String, Value>, of_form: bool) -> Map<String, Value> {
    let mut fields = aliases::canonical(names::nest(fields));
    if of_form {
        names::gather_lists(&mut fields);
    }
    fields
}

/// Puts `over` over `base`; where both have an object its members are merged the same way. What is empty
/// is absent, and covers nothing.
fn merge(base: &mut Map<String, Value>, over: Map<String, Value>) {
    for (name, value) in over {
        match (base.get_mut(&name), value) {
            (Some(Value::Object(below)), Value::Object(above)) => merge(below, above),
            (Some(_), value) if is_empty(&value) => {}
            (_, value) => {
                base.insert(name, value);
            }
        }
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// The canonical name of a form field that an operator spelled in one of the other ways.
pub fn canonical_name(name: &str) -> String {
    aliases::top_level(name).map_or_else(|| name.to_owned(), str::to_owned)
}

#[cfg(test)]
mod tests;
