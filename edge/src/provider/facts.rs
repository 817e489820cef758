//! A lead as a list of labelled facts, for what a provider has no field of its own for.

use shared::{field::Choice, lead::Lead};

use super::Notes;

/// One thing that a lead says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The field of the lead, such as `property.url`.
    pub field: String,
    /// A label for people, such as `Property type`.
    pub label: String,
    /// The value as text.
    pub value: String,
}

/// Everything that a lead says besides email, phone and conversation, in the order in which a person
/// wants to read it; of the name and its parts only where they do not say the same. A provider leaves out
/// the fields that it has its own for.
pub fn facts(lead: &Lead, lead_id: &str) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut add = |field: &str, label: &str, value: Option<String>| {
        if let Some(value) = value {
            facts.push(Fact { field: field.to_owned(), label: label.to_owned(), value });
        }
    };
    let words = |name: &str| name.replace('_', " ");
    add("message", "Message", lead.message.clone());
    add("notes", "Notes", lead.notes.clone());
    let mut parts = Vec::new();
    parts.extend([&lead.first_name, &lead.last_name].into_iter().flatten().map(String::as_str));
    let parts = parts.join(" ");
    if !parts.is_empty() && lead.name.as_ref() != Some(&parts) {
        add("name", "Full name", lead.name.clone());
        add("first_name", "First name", lead.first_name.clone());
        add("last_name", "Last name", lead.last_name.clone());
    }
    add("title", "Title", lead.title.clone());
    add("intent", "Intent", lead.intent.map(|intent| words(intent.name())));
    add("interest_level", "Interest", lead.interest_level.map(|level| words(level.name())));
    add("category", "Category", lead.category.clone());
    add("budget", "Budget", lead.budget.as_ref().map(ToString::to_string));
    add("timeline", "Timeline", lead.timeline.clone());
    add("address", "Address", lead.address.clone());
    add("postcode", "Postcode", lead.postcode.clone());
    add("city", "City", lead.city.clone());
    add("state", "State", lead.state.clone());
    add("country", "Country", lead.country.clone());
    add(
        "international",
        "International",
        lead.international.map(|abroad| if abroad { "yes" } else { "no" }.to_owned()),
    );
    if let Some(property) = &lead.property {
        add("property.uid", "Property", property.uid.clone());
        add("property.type", "Property type", property.kind.map(|kind| words(kind.name())));
        add("property.address", "Property address", property.address.clone());
        add("property.postcode", "Property postcode", property.postcode.clone());
        add("property.url", "Property page", property.url.clone());
        add("property.image", "Property picture", property.image.clone());
    }
    let times: Vec<String> = lead.availability.iter().map(ToString::to_string).collect();
    add("availability", "Available", (!times.is_empty()).then(|| times.join(", ")));
    for (key, [question, answer]) in &lead.questionnaire {
        add(&format!("questionnaire.{key}"), question, Some(answer.clone()));
    }
    for (name, value) in &lead.meta {
        add(&format!("meta.{name}"), name, Some(value.clone()));
    }
    add("source", "Source", lead.source.clone());
    add("office_id", "Office", lead.office_id.map(|id| id.to_string()));
    add("locale", "Language", lead.locale.clone());
    for (name, value) in lead.attribution.iter() {
        add(&format!("attribution.{name}"), name, Some(value.to_owned()));
    }
    if let Some(first) = &lead.attribution.first_touch {
        for (name, value) in first.iter() {
            add(&format!("attribution.first_touch.{name}"), &format!("First {name}"), Some(value.to_owned()));
        }
        add("attribution.first_touch.at", "First visit", first.at.clone());
    }
    if let Some(consent) = &lead.consent {
        let version = consent.version.as_deref().map(|v| format!(", version {v}")).unwrap_or_default();
        add("consent", "Consent", Some(format!("given {}{version}, receipt {lead_id}", consent.at)));
        add("consent.text", "Consent text", consent.text.clone());
        add("consent.policy_url", "Privacy policy", consent.policy_url.clone());
    }
    facts
}

/// What was said with the person before, as one fact of a line and a text a message. It is none of
/// [`facts`], since providers with a field for it take it apart.
pub fn conversation(lead: &Lead) -> Option<Fact> {
    let mut messages = Vec::new();
    for message in &lead.conversation {
        let date = message.date.map(|date| date.to_string());
        let from = message.from.as_ref().map(|from| format!("from {from}"));
        let to = message.to.as_ref().map(|to| format!("to {to}"));
        let direction = message.direction.map(|direction| direction.name().to_owned());
        let mut head = Vec::new();
        head.extend([date, direction, from, to].into_iter().flatten());
        let mut lines = vec![head.join(" ")];
        lines.extend([&message.subject, &message.body].into_iter().flatten().cloned());
        lines.retain(|line| !line.is_empty());
        messages.push(lines.join("\n"));
    }
    let value = messages.join("\n\n");
    (!value.is_empty()).then(|| Fact { field: "conversation".to_owned(), label: "Conversation".to_owned(), value })
}

/// The facts that are left when a provider has taken those it has fields for.
pub fn without<'a>(facts: Vec<Fact>, placed: &'a [&'a str]) -> impl Iterator<Item = Fact> + 'a {
    facts.into_iter().filter(|fact| !placed.contains(&fact.field.as_str()))
}

/// The facts as one text: what was written in whole paragraphs first, then a line a fact. `None` when
/// there are none. Notes each that is not a text itself as moved into the provider's `target`.
pub fn as_text(facts: impl Iterator<Item = Fact>, target: &str, notes: &mut Notes) -> Option<String> {
    let (mut paragraphs, mut lines) = (Vec::new(), Vec::new());
    for Fact { field, label, value } in facts {
        if field == "message" || field == "notes" {
            paragraphs.push(value);
        } else {
            notes.moved(&field, target);
            lines.push(format!("{label}: {value}"));
        }
    }
    if !lines.is_empty() {
        paragraphs.push(lines.join("\n"));
    }
    (!paragraphs.is_empty()).then(|| paragraphs.join("\n\n"))
}
