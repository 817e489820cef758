//! One field of a form, and the check of one value against it.

use serde::{Deserialize, Serialize};

use crate::{
    contact::{Email, could_be_phone},
    error::{Expected, FieldProblem},
    number::plain,
    text::is_longer_than,
};

/// Longest value of a field that sets no limit of its own, by how many lines it has. Far beyond what
/// a person types; it bounds what is stored and sent on.
pub const LINE_MAX_CHARS: usize = 500;
/// See [`LINE_MAX_CHARS`].
pub const LINES_MAX_CHARS: usize = 10_000;

/// Words and digits for yes and for no, in any case.
pub const YES: [&str; 4] = ["true", "yes", "on", "1"];
/// See [`YES`].
pub const NO: [&str; 4] = ["false", "no", "off", "0"];

/// A value out of a closed list that has a name in JSON.
pub trait Choice: Copy + PartialEq + 'static {
    /// The names and what they stand for.
    const ALL: &'static [(&'static str, Self)];

    /// The value of that name, in any case.
    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    /// The name of this value.
    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, value)| *value == self).map_or("", |(name, _)| name)
    }

    /// The problem of a name that is not in the list.
    fn problem() -> FieldProblem {
        FieldProblem::NotOneOf { allowed: Self::ALL.iter().map(|(n, _)| (*n).to_owned()).collect() }
    }
}

/// A field as it is rendered and checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The field of the submission it fills: a canonical name, or any other name that goes to `meta`.
    pub name: String,
    /// What kind of control it is.
    #[serde(default)]
    pub kind: FieldKind,
    /// The visible label.
    #[serde(default)]
    pub label: String,
    /// Example text inside an empty control.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// A line of help below the control.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Whether a submission must fill it.
    #[serde(default)]
    pub required: bool,
    /// Most characters it takes, where that is fewer than the field takes anyway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    /// The values of a `select` or `radio`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<FieldOption>,
    /// The HTML autocomplete token, such as `email`; where there is none, the name and the kind decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autocomplete: Option<String>,
    /// The step of the form it stands in, counted from 1.
    #[serde(default = "first_step", skip_serializing_if = "is_first_step")]
    pub step: u8,
    /// What must be answered elsewhere for this field to be asked; without it, it always is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_when: Option<ShowWhen>,
}

/// The answer to another field on which it depends whether a field is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ShowWhen {
    /// The name of a field that stands earlier in the form.
    pub field: String,
    /// The answers that count; of a checkbox `true` and `false`.
    pub is: Vec<String>,
}

/// One value of a `select` or `radio`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FieldOption {
    /// What is submitted.
    pub value: String,
    /// What is shown.
    pub label: String,
}

/// Kinds of control.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// One line of text.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Tel,
    /// Several lines of text.
    Textarea,
    /// A choice from a drop-down list.
    Select,
    /// A choice from buttons.
    Radio,
    /// Yes or no.
    Checkbox,
    /// A number.
    Number,
    /// A calendar date.
    Date,
    /// Not shown; sent as it is.
    Hidden,
}

fn first_step() -> u8 {
    1
}

fn is_first_step(step: &u8) -> bool {
    *step == first_step()
}

impl Field {
    /// The most characters this field takes.
    pub fn max_chars(&self) -> usize {
        let most = if self.kind == FieldKind::Textarea { LINES_MAX_CHARS } else { LINE_MAX_CHARS };
        self.max_length.map_or(most, |max| max.min(most))
    }

    /// The same field with the autocomplete token that its name and kind mean, where it has none of its own.
    #[must_use]
    pub fn with_autocomplete(self) -> Self {
        let token = match (self.name.as_str(), self.kind) {
            ("name", _) => "name",
            ("first_name", _) => "given-name",
            ("last_name", _) => "family-name",
            ("address", _) => "street-address",
            ("postcode", _) => "postal-code",
            ("city", _) => "address-level2",
            ("state", _) => "address-level1",
            ("country", _) => "country",
            (_, FieldKind::Email) | ("email", _) => "email",
            (_, FieldKind::Tel) | ("phone", _) => "tel",
            _ => return self,
        };
        Self { autocomplete: self.autocomplete.or_else(|| Some(token.to_owned())), ..self }
    }
}

/// Which of `fields` are asked, given what stands in each of them: a field whose condition is not met is
/// not, and neither is one that depends on a field that is not asked itself.
pub fn asked<V: AsRef<str>>(fields: &[Field], value: impl Fn(usize) -> V) -> Vec<bool> {
    let mut asked = Vec::with_capacity(fields.len());
    for field in fields {
        let is_asked = field.show_when.as_ref().is_none_or(|condition| {
            // Only what stands earlier counts, so that no two fields can wait for each other.
            let mut earlier = fields.iter().zip(&asked).enumerate();
            let Some((index, (other, is_asked))) = earlier.find(|(_, (other, _))| other.name == condition.field) else {
                return true;
            };
            let value = value(index);
            let answer = if other.kind == FieldKind::Checkbox { ticked(value.as_ref()) } else { value.as_ref().trim() };
            *is_asked && condition.is.iter().any(|wanted| wanted == answer)
        });
        asked.push(is_asked);
    }
    asked
}

/// What a checkbox says, in one of two words.
fn ticked(value: &str) -> &'static str {
    let value = value.trim();
    if value.is_empty() || NO.iter().any(|no| no.eq_ignore_ascii_case(value)) { "false" } else { "true" }
}

/// What is wrong with `value` in `field`; an empty value is wrong only where one is required. The
/// check of telephone numbers is the light one of [`could_be_phone`]: it never refuses what the edge accepts.
pub fn check(field: &Field, value: &str) -> Option<FieldProblem> {
    let value = value.trim();
    if value.is_empty() || (field.kind == FieldKind::Checkbox && ticked(value) == "false") {
        return field.required.then_some(FieldProblem::Required);
    }
    let max = field.max_chars();
    if is_longer_than(value, max) {
        return Some(FieldProblem::TooLong { max });
    }
    match field.kind {
        FieldKind::Email => Email::parse(value).is_none().then_some(FieldProblem::Email),
        FieldKind::Tel => (!could_be_phone(value)).then_some(FieldProblem::Phone),
        FieldKind::Select | FieldKind::Radio => (!field.options.iter().any(|o| o.value == value))
            .then(|| FieldProblem::NotOneOf { allowed: field.options.iter().map(|o| o.value.clone()).collect() }),
        FieldKind::Number => plain(value).is_none().then_some(FieldProblem::NotA(Expected::Number)),
        FieldKind::Date => (!is_date(value)).then_some(FieldProblem::NotA(Expected::Date)),
        FieldKind::Text | FieldKind::Textarea | FieldKind::Checkbox | FieldKind::Hidden => None,
    }
}

/// `YYYY-MM-DD` with a month and a day that exist somewhere in a year: what `<input type="date">` submits.
fn is_date(value: &str) -> bool {
    let mut parts = value.splitn(3, '-').map(|part| part.bytes().all(|b| b.is_ascii_digit()).then_some(part));
    let mut part = |len: usize, range: std::ops::RangeInclusive<u16>| {
        let Some(Some(part)) = parts.next() else { return false };
        part.len() == len && part.parse().is_ok_and(|number| range.contains(&number))
    };
    part(4, 1..=9999) && part(2, 1..=12) && part(2, 1..=31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn field(kind: FieldKind, required: bool) -> Field {
        serde_json::from_value(serde_json::json!({
            "name": "x", "kind": kind, "required": required, "max_length": 20,
            "options": [{"value": "a", "label": "A"}],
        }))
        .unwrap()
    }

    #[test]
    fn each_kind_has_its_rule() {
        use FieldKind::*;
        let problem = |kind, value| check(&field(kind, false), value);
        assert_eq!(problem(Email, "nobody"), Some(FieldProblem::Email));
        assert_eq!(problem(Tel, "12"), Some(FieldProblem::Phone));
        assert_eq!(problem(Tel, "01623 000000"), None);
        assert_eq!(problem(Select, "b"), Some(FieldProblem::NotOneOf { allowed: vec!["a".into()] }));
        assert_eq!(problem(Radio, "a"), None);
        assert_eq!(problem(Text, "twenty-one characters"), Some(FieldProblem::TooLong { max: 20 }));
        for (value, good) in [("1", true), ("-2.5", true), ("1e3", false), ("1.", false), ("", true), ("one", false)] {
            assert_eq!(problem(Number, value).is_none(), good, "{value}");
        }
        for (value, good) in [("2026-11-21", true), ("2026-13-01", false), ("26-1-1", false), ("2026-11-21-1", false)] {
            assert_eq!(problem(Date, value).is_none(), good, "{value}");
        }
    }

    #[test]
    fn a_required_checkbox_must_be_ticked() {
        for (value, good) in
            [("on", true), ("true", true), ("1", true), ("false", false), ("Off", false), ("0", false), ("", false)]
        {
            assert_eq!(check(&field(FieldKind::Checkbox, true), value).is_none(), good, "{value}");
        }
    }

    #[test]
    fn an_empty_value_is_wrong_only_where_one_is_required() {
        assert_eq!(check(&field(FieldKind::Email, false), "  "), None);
        assert_eq!(check(&field(FieldKind::Email, true), "  "), Some(FieldProblem::Required));
    }

    #[test]
    fn a_field_is_asked_only_while_its_condition_is_met() {
        let fields: Vec<Field> = serde_json::from_value(serde_json::json!([
            {"name": "intent", "kind": "select"},
            {"name": "own", "kind": "checkbox", "show_when": {"field": "intent", "is": ["sell", "let_out"]}},
            {"name": "since", "kind": "date", "show_when": {"field": "own", "is": ["true"]}},
            {"name": "always", "show_when": {"field": "nothing", "is": ["x"]}},
        ]))
        .unwrap();
        let of = |values: [&'static str; 4]| asked(&fields, |index| values[index]);
        assert_eq!(of(["", "", "", ""]), [true, false, false, true]);
        assert_eq!(of([" sell ", "", "", ""]), [true, true, false, true]);
        assert_eq!(of(["let_out", "on", "", ""]), [true, true, true, true]);
        assert_eq!(of(["buy", "on", "", ""]), [true, false, false, true]);
    }

    #[test]
    fn an_ordinary_field_says_nothing_of_steps_and_conditions() {
        let json = serde_json::to_value(field(FieldKind::Text, true)).unwrap();
        assert!(json.get("step").is_none() && json.get("show_when").is_none());
    }

    proptest! {
        #[test]
        fn any_value_is_checked_without_panic(value in any::<String>(), required in any::<bool>()) {
            for kind in [FieldKind::Email, FieldKind::Tel, FieldKind::Select, FieldKind::Number, FieldKind::Date, FieldKind::Text] {
                let _ = check(&field(kind, required), &value);
            }
        }
    }
}
