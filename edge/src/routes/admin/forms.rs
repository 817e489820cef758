//! `/v1/admin/forms` and `/v1/admin/forms/{id}`.

use std::collections::BTreeSet;

use serde_json::json;
use shared::{
    field::FieldKind,
    form::{DuplicatePolicy, FormDefinition},
};

use super::{authorise, body, check_id, must_be_right};
use crate::{
    answer::Answer,
    duplicate::MAX_WINDOW_DAYS,
    form_layout,
    intake::canonical_name,
    io::config_writer::{self, Sort},
    misfit::Errors,
    problem::Problem,
    routes::exchange::Exchange,
    theme,
};

/// Most fields of a form: far more than anybody fills in.
const MAX_FIELDS: usize = 100;

/// Longest `spam.min_fill_seconds`: nobody is kept waiting for more than ten minutes.
const MAX_FILL_SECONDS: u32 = 600;

/// All forms: 200.
///
/// # Errors
/// 401, 503.
pub async fn list(exchange: &Exchange) -> Result<Answer, Problem> {
    authorise(exchange)?;
    let forms = config_writer::list::<FormDefinition>(&exchange.bindings.db()?, Sort::Form).await?;
    Answer::json(200, &json!({ "forms": forms.into_values().collect::<Vec<_>>() }))
}

/// One form: 200.
///
/// # Errors
/// 401, 404, 503.
pub async fn show(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    authorise(exchange)?;
    let form = config_writer::find::<FormDefinition>(&exchange.bindings.db()?, Sort::Form, id).await?;
    Answer::json(200, &form.ok_or(Problem::NotFound)?)
}

/// Creates (201) or replaces (200) the form under the id in the path.
///
/// # Errors
/// 400, 401, 413, 415, 422, 503.
pub async fn put(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    let admin = authorise(exchange)?;
    check_id(id)?;
    let (mut form, misfits) = body::<FormDefinition>(exchange).await?;
    form.id = id.to_owned();
    for field in &mut form.fields {
        field.name = canonical_name(&field.name);
        if field.label.trim().is_empty() && field.kind != FieldKind::Hidden {
            field.label = label_of(&field.name);
        }
    }
    let mut wrong = problems(&form, exchange.bindings.is_development());
    for origin in &mut form.allowed_origins {
        match canonical_origin(origin) {
            Ok(canonical) => *origin = canonical,
            Err(text) => add(&mut wrong, "allowed_origins", text),
        }
    }
    must_be_right(misfits, wrong)?;
    let document = serde_json::to_string(&form).map_err(|_| Problem::Internal)?;
    let is_new = config_writer::put(&exchange.bindings, &admin.change(Sort::Form, id), &document).await?;
    Ok(Answer::json_text(if is_new { 201 } else { 200 }, document))
}

/// Removes a form: 204. Its leads stay.
///
/// # Errors
/// 401, 404, 503.
pub async fn delete(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    let admin = authorise(exchange)?;
    let was_there = config_writer::delete(&exchange.bindings, &admin.change(Sort::Form, id)).await?;
    if was_there { Ok(Answer::empty(204)) } else { Err(Problem::NotFound) }
}

/// An entry of `allowed_origins` as browsers write it in `Origin`: `https://münchen.example:443/` and
/// `https://xn--mnchen-3ya.example` are the same.
fn canonical_origin(text: &str) -> Result<String, String> {
    let wrong = |what: &str| [what, " ", text].concat();
    if text == "*" || text == "null" {
        return Ok(text.to_owned());
    }
    let example = "Give each origin with its scheme, such as https://www.example.com or https://*.example.com. Change";
    let url = web_sys::Url::new(text).map_err(|_| wrong(example))?;
    if !matches!(url.protocol().as_str(), "https:" | "http:") {
        return Err(wrong(example));
    }
    if url.pathname() != "/" || !url.search().is_empty() || !url.hash().is_empty() || !url.username().is_empty() {
        return Err(wrong("An origin ends with the host or the port. Leave out what follows in"));
    }
    // A star stands for whole labels, and only in front.
    if url.hostname().trim_start_matches("*.").contains('*') {
        return Err(wrong("Use a star as the first label only, as in https://*.example.com. Change"));
    }
    Ok(url.origin())
}

/// A label for a field that has none, since a control without one cannot be used by everybody:
/// `first_name` is labelled First name.
fn label_of(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters.map(|letter| if letter == '_' { ' ' } else { letter })).collect()
}

/// What types cannot say of a form.
fn problems(form: &FormDefinition, is_development: bool) -> Errors {
    let mut wrong = Errors::new();
    if form.fields.len() > MAX_FIELDS {
        add(&mut wrong, "fields", format!("Define at most {MAX_FIELDS} fields."));
    }
    if form.consent.required && form.consent.text.trim().is_empty() {
        add(&mut wrong, "consent.text", "Give the words that are agreed to.".to_owned());
    }
    for (member, value, max) in [
        ("duplicates.window_days", form.duplicates.window_days, MAX_WINDOW_DAYS),
        ("spam.min_fill_seconds", form.spam.min_fill_seconds, MAX_FILL_SECONDS),
        ("spam.threshold", form.spam.threshold.into(), 100),
    ] {
        if value > max {
            add(&mut wrong, member, format!("Give a number of at most {max}."));
        }
    }
    if form.duplicates.policy != DuplicatePolicy::Allow && form.duplicates.by.is_empty() {
        let text = "Say what makes two leads the same person: email, phone.".to_owned();
        add(&mut wrong, "duplicates.by", text);
    }
    for text in theme::problems(&form.theme) {
        add(&mut wrong, "theme", text);
    }
    let mut names = BTreeSet::new();
    let mut has_own_names = true;
    for (index, field) in form.fields.iter().enumerate() {
        if matches!(field.kind, FieldKind::Select | FieldKind::Radio) && field.options.is_empty() {
            let member = format!("fields.{index}.options");
            add(&mut wrong, &member, "Give at least one option to choose from.".to_owned());
        }
        has_own_names &= !field.name.is_empty() && names.insert(field.name.as_str());
    }
    if !has_own_names {
        add(&mut wrong, "fields", "Give every field a name of its own.".to_owned());
    }
    if let Some(text) = form_layout::problem(&form.fields) {
        add(&mut wrong, "fields", text);
    }
    let is_secure = |url: &&str| url.starts_with("https://");
    let (policy, then) = (form.consent.policy_url.as_deref(), form.success.redirect_url.as_deref());
    for (member, is_good) in [
        ("consent.policy_url", policy.is_none_or(|url| is_secure(&url) || url.starts_with("http://"))),
        ("success.redirect_url", then.is_none_or(|url| is_secure(&url) || is_development && is_local(url))),
    ] {
        if !is_good {
            add(&mut wrong, member, "Give a whole address that begins with https://.".to_owned());
        }
    }
    wrong
}

fn add(wrong: &mut Errors, member: &str, text: String) {
    wrong.entry(member.to_owned()).or_default().push(text);
}

/// Whether an address leads to the developer's own machine.
fn is_local(url: &str) -> bool {
    let behind = |host: &&str| url.strip_prefix(*host).is_some_and(|rest| !rest.starts_with(|c| c != ':' && c != '/'));
    ["http://localhost", "http://127.0.0.1", "http://[::1]"].iter().any(behind)
}
