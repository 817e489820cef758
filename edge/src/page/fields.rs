//! A form with what was typed into it, to be corrected and sent again.

use maud::{Markup, html};
use serde_json::{Map, Value};
use shared::{
    error::FieldErrors,
    field::{Field, FieldKind, NO},
    form::FormDefinition,
    submission::Submission,
};

use crate::intake::canonical_name;

/// Spellings of the consent, which is asked for anew: a page that ticks the box itself asks nobody.
const CONSENT: [&str; 3] = ["consent", "gdpr", "gdpr_checkbox"];

/// A form as it was sent.
#[derive(Debug)]
pub struct Filled<'a> {
    /// What it asks.
    pub form: &'a FormDefinition,
    /// What was typed, by canonical name.
    pub submission: Submission,
    /// What came in the body, by the names it had.
    pub as_sent: Map<String, Value>,
    /// Where it is sent to.
    pub action: String,
}

impl Filled<'_> {
    /// Whether the page has a control of that name.
    pub fn shows(&self, name: &str) -> bool {
        let is_consent = CONSENT.contains(&name) && !self.form.consent.text.is_empty();
        is_consent || self.form.fields.iter().any(|field| field.name == name)
    }

    fn value(&self, field: &Field) -> String {
        match self.submission.typed(&field.name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        }
    }
}

/// The form: its fields, the consent, and unseen whatever else was sent.
pub fn form(filled: &Filled<'_>, errors: &FieldErrors) -> Markup {
    let rule = &filled.form.consent;
    html! {
        form.form method="post" action=(filled.action) {
            @for (name, value) in &filled.as_sent {
                @let head = name.split(['[', '.']).next().unwrap_or_default();
                @if !filled.shows(&canonical_name(head)) { (unseen(name, value)) }
            }
            @for (index, field) in filled.form.fields.iter().enumerate() {
                (control(index, field, &filled.value(field), errors))
            }
            @if !rule.text.is_empty() {
                div.field.consent {
                    div.choice {
                        input #consent type="checkbox" name="consent" value="on" required[rule.required] aria-describedby="consent-error";
                        label for="consent" { (rule.text) }
                    }
                    @if let Some(address) = &rule.policy_url { a href=(address) target="_blank" rel="noopener" { "Privacy policy" } }
                    (error("consent", errors, "consent"))
                }
                @if let Some(words) = &rule.marketing {
                    div.field.consent { div.choice {
                        input #marketing type="checkbox" name="consent.marketing" value=(words);
                        label for="marketing" { (words) }
                    } }
                }
            }
            button.send type="submit" { "Send" }
        }
    }
}

fn unseen(name: &str, value: &Value) -> Markup {
    html! {
        @match value {
            Value::String(text) => { input type="hidden" name=(name) value=(text); }
            Value::Array(list) => {
                @for text in list.iter().filter_map(Value::as_str) { input type="hidden" name={ (name) "[]" } value=(text); }
            }
            _ => {}
        }
    }
}

fn control(index: usize, field: &Field, value: &str, errors: &FieldErrors) -> Markup {
    // What depends on another answer may have none, and only the Worker knows whether it needs one.
    let (name, required) = (field.name.as_str(), field.required && field.show_when.is_none());
    let id = ["f", &index.to_string()].concat();
    let (described, invalid) = ([&id, "-error"].concat(), !errors.of(name).is_empty());
    let (kind, mode) = match field.kind {
        FieldKind::Email => ("email", None),
        FieldKind::Tel => ("tel", None),
        FieldKind::Number => ("text", Some("decimal")),
        FieldKind::Date => ("date", None),
        FieldKind::Hidden => return unseen(name, &Value::from(value)),
        _ => ("text", None),
    };
    let known = field.clone().with_autocomplete();
    let autocomplete = known.autocomplete.as_deref();
    html! {
        div.field {
            @match field.kind {
                FieldKind::Radio => fieldset.field aria-describedby=(described) {
                    legend { (field.label) }
                    @for (at, option) in field.options.iter().enumerate() {
                        div.choice {
                            input id={ (id) "-" (at) } type="radio" name=(name) value=(option.value) required[required] checked[option.value == value];
                            label for={ (id) "-" (at) } { (option.label) }
                        }
                    }
                },
                FieldKind::Checkbox => div.choice {
                    input id=(id) type="checkbox" name=(name) value="true" required[required] checked[is_ticked(value)] aria-describedby=(described);
                    label for=(id) { (field.label) }
                },
                _ => {
                    label for=(id) { (field.label) }
                    @match field.kind {
                        FieldKind::Textarea => textarea.control id=(id) name=(name) required[required] aria-invalid=(invalid) aria-describedby=(described) {
                            // A browser drops the first line break of a text area.
                            "\n" (value)
                        },
                        FieldKind::Select => select.control id=(id) name=(name) required[required] aria-invalid=(invalid) aria-describedby=(described) {
                            option value="" { "Choose one" }
                            @for option in &field.options {
                                option value=(option.value) selected[option.value == value] { (option.label) }
                            }
                        },
                        _ => input.control id=(id) type=(kind) inputmode=[mode] autocomplete=[autocomplete] name=(name) value=(value)
                            required[required] aria-invalid=(invalid) aria-describedby=(described);,
                    }
                }
            }
            @if let Some(help) = &field.help { p.help { (help) } }
            (error(&id, errors, name))
        }
    }
}

fn error(id: &str, errors: &FieldErrors, name: &str) -> Markup {
    html! {
        p.error id={ (id) "-error" } { @for problem in errors.of(name) { (problem.to_string()) " " } }
    }
}

fn is_ticked(value: &str) -> bool {
    !value.is_empty() && !NO.iter().any(|no| no.eq_ignore_ascii_case(value))
}
