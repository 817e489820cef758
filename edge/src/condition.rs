//! Conditions: which leads a destination wants, by what they say.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::{field::Choice, lead::Lead};

/// For each field named, the values of which a lead must have one. No field: every lead.
pub type Conditions = BTreeMap<ConditionField, Vec<Wanted>>;

/// Fields of a lead that a condition may look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConditionField {
    /// What the person wants.
    Intent,
    /// How much.
    InterestLevel,
    /// ISO 3166-1 alpha-2.
    Country,
    /// State or province.
    State,
    /// Line of business.
    Category,
    /// Origin of the lead.
    Source,
    /// Whether consent was given: `true` or `false`.
    Consent,
    /// Kind of building.
    PropertyType,
    /// The site or publisher that sent the visit.
    UtmSource,
    /// The kind of marketing.
    UtmMedium,
    /// The campaign.
    UtmCampaign,
    /// The search words that were paid for.
    UtmTerm,
    /// Which of several links was followed.
    UtmContent,
}

impl Choice for ConditionField {
    const ALL: &'static [(&'static str, Self)] = &[
        ("intent", Self::Intent),
        ("interest_level", Self::InterestLevel),
        ("country", Self::Country),
        ("state", Self::State),
        ("category", Self::Category),
        ("source", Self::Source),
        ("consent", Self::Consent),
        ("property_type", Self::PropertyType),
        ("utm_source", Self::UtmSource),
        ("utm_medium", Self::UtmMedium),
        ("utm_campaign", Self::UtmCampaign),
        ("utm_term", Self::UtmTerm),
        ("utm_content", Self::UtmContent),
    ];
}

/// One value that is wanted. Text is compared without regard to ASCII case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Wanted {
    /// `true` or `false`, as JSON writes them.
    Flag(bool),
    /// Text.
    Text(String),
}

impl Wanted {
    /// The value as text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Flag(true) => "true",
            Self::Flag(false) => "false",
            Self::Text(text) => text,
        }
    }
}

/// The first condition that a lead does not meet, as a clause about it; `None` when it meets all.
pub fn unmet(conditions: &Conditions, lead: &Lead) -> Option<String> {
    conditions.iter().find_map(|(field, wanted)| {
        let found = field.value(lead);
        let is_met = found.is_some_and(|value| wanted.iter().any(|w| w.as_str().eq_ignore_ascii_case(value)));
        (!is_met).then(|| format!("{} is not {}", field.name(), any_of(wanted)))
    })
}

/// The conditions as clauses, for a lead that meets them.
pub fn met(conditions: &Conditions) -> impl Iterator<Item = String> {
    conditions.iter().map(|(field, wanted)| format!("{} is {}", field.name(), any_of(wanted)))
}

fn any_of(wanted: &[Wanted]) -> String {
    let values: Vec<&str> = wanted.iter().map(Wanted::as_str).collect();
    values.join(" or ")
}

impl ConditionField {
    fn value(self, lead: &Lead) -> Option<&str> {
        match self {
            Self::Intent => lead.intent.map(Choice::name),
            Self::InterestLevel => lead.interest_level.map(Choice::name),
            Self::Country => lead.country.as_deref(),
            Self::State => lead.state.as_deref(),
            Self::Category => lead.category.as_deref(),
            Self::Source => lead.source.as_deref(),
            Self::Consent => Some(if lead.consent.is_some() { "true" } else { "false" }),
            Self::PropertyType => lead.property.as_ref().and_then(|property| property.kind).map(Choice::name),
            Self::UtmSource => lead.attribution.utm_source.as_deref(),
            Self::UtmMedium => lead.attribution.utm_medium.as_deref(),
            Self::UtmCampaign => lead.attribution.utm_campaign.as_deref(),
            Self::UtmTerm => lead.attribution.utm_term.as_deref(),
            Self::UtmContent => lead.attribution.utm_content.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn reason(when: Value) -> Option<String> {
        let lead: Lead = serde_json::from_value(json!({
            "name": null, "email": "a@b.co", "intent": "buy", "country": "GB", "property": {"type": "semi-detached"},
            "attribution": {"utm_source": "Google"},
            "consent": {"given": true, "at": "2026-03-01T15:44:00Z"},
        }))
        .unwrap();
        unmet(&serde_json::from_value(when).unwrap(), &lead)
    }

    #[test]
    fn a_lead_must_have_one_of_the_values_of_every_field() {
        assert_eq!(reason(json!({})), None);
        assert_eq!(reason(json!({"intent": ["sell", "buy"], "country": ["gb"], "utm_source": ["google"]})), None);
        assert_eq!(reason(json!({"consent": [true], "property_type": ["semi-detached"]})), None);
        assert_eq!(reason(json!({"intent": ["sell", "rent"]})).as_deref(), Some("intent is not sell or rent"));
        assert_eq!(reason(json!({"state": ["TX"]})).as_deref(), Some("state is not TX"));
        assert_eq!(reason(json!({"consent": [false]})).as_deref(), Some("consent is not false"));
    }

    #[test]
    fn names_in_configuration_and_in_reasons_are_the_same() {
        for (name, field) in ConditionField::ALL {
            assert_eq!(serde_json::to_value(field).unwrap(), json!(name));
        }
    }
}
