//! Before anything is sent: what becomes of the leads of a form at a destination. Leads that the form
//! can bring are made up and given to the provider's own code; nothing leaves.

pub mod sample;

use serde::Serialize;
use shared::{field::Choice, form::FormDefinition, timestamp::Timestamp};

use crate::{
    condition::{ConditionField, Wanted},
    destination::Destination,
    provider::{Call, CannotSend, Note, note::NoteKind},
};
use sample::Sample;

/// What becomes of a form's leads at one destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Preflight {
    /// The destination.
    pub destination: String,
    /// The kind of API there.
    pub provider: String,
    /// In one word.
    pub verdict: Verdict,
    /// In detail.
    pub findings: Vec<Finding>,
}

/// What becomes of a form's leads, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "PreflightVerdict"))]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// All of them arrive as they are.
    Ok,
    /// They arrive, but not all of them or not quite as they are.
    Adapts,
    /// None arrives as things stand.
    Refuses,
}

/// One thing that a form's leads meet at a destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "PreflightFinding"))]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// Which field of the lead, the provider or the destination.
    pub field: String,
    /// In words.
    pub detail: String,
}

/// Sorts of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "FindingKind"))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The provider requires what the form does not ask.
    Refused,
    /// The provider requires what the form asks but does not require: leads without it are skipped.
    Skipped,
    /// The destination cannot send as it is configured.
    Misconfigured,
    /// The destination is disabled.
    Disabled,
    /// The destination is paused: leads wait.
    Paused,
    /// The destination wants leads that the form does not bring.
    NeverMatches,
    /// The provider takes less of it.
    Shortened,
    /// The provider has no field for it: it goes into another one.
    Moved,
    /// The provider has no place for it.
    LeftOut,
    /// The provider requires it and the form does not ask: a default is sent.
    Assumed,
}

impl Kind {
    /// Whether no lead arrives because of it.
    const fn stops_all(self) -> bool {
        matches!(self, Self::Refused | Self::Misconfigured | Self::Disabled | Self::Paused | Self::NeverMatches)
    }
}

impl Preflight {
    /// The verdict that follows from the findings.
    pub fn new(destination: &str, provider: &str, findings: Vec<Finding>) -> Self {
        let verdict = match findings.iter().any(|finding| finding.kind.stops_all()) {
            true => Verdict::Refuses,
            false if findings.is_empty() => Verdict::Ok,
            false => Verdict::Adapts,
        };
        Self { destination: destination.to_owned(), provider: provider.to_owned(), verdict, findings }
    }
}

/// How a destination stands.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// Its credential, or what is wrong with it.
    pub credential: Result<&'a str, &'a str>,
    /// Why it is paused, if it is.
    pub paused: Option<&'a str>,
}

/// What becomes of the leads of `form`, of which `samples` are, at a destination.
pub fn check(
    form: &FormDefinition,
    samples: &[Sample],
    destination: &Destination,
    standing: Standing<'_>,
    now: Timestamp,
) -> Preflight {
    let mut findings = Findings(Vec::new());
    if !destination.is_enabled() {
        findings.add(Kind::Disabled, "enabled", "The destination is disabled.");
    }
    if let Err(problem) = standing.credential {
        findings.add(Kind::Misconfigured, "credential", problem);
    }
    if let Some(reason) = standing.paused {
        findings.add(Kind::Paused, "destination", &format!("The destination is paused: {reason}"));
    }
    for (field, wanted) in destination.conditions() {
        if let Some(problem) = never(form, *field, wanted) {
            findings.add(Kind::NeverMatches, &format!("when.{}", field.name()), &problem);
        }
    }
    if samples.is_empty() {
        let detail = "No submission satisfies the form: it must ask for an email or a phone, and each required field \
                      must have a value that it takes.";
        findings.add(Kind::Refused, "form", detail);
    }
    for sample in samples {
        let call = Call {
            url: destination.url.as_str(),
            credential: standing.credential.unwrap_or_default(),
            idempotency_key: "preflight",
            lead_id: "preflight",
            form: &form.id,
            created_at: now,
            now,
        };
        match destination.provider.request(&sample.lead, &call) {
            Ok(prepared) => prepared.notes.iter().for_each(|note| findings.note(note)),
            Err(CannotSend::Lacks(what)) => findings.lacks(what, sample),
            Err(CannotSend::Misconfigured(sentence)) if standing.credential.is_ok() => {
                findings.add(Kind::Misconfigured, "destination", &sentence);
            }
            // Said above, in better words.
            Err(CannotSend::Misconfigured(_)) => {}
        }
    }
    Preflight::new(&destination.id, destination.provider.name(), findings.0)
}

/// Why no lead of the form meets a condition, if none does. What a page adds by itself, attribution and
/// consent, is never ruled out.
fn never(form: &FormDefinition, condition: ConditionField, wanted: &[Wanted]) -> Option<String> {
    use ConditionField::{Consent, UtmCampaign, UtmContent, UtmMedium, UtmSource, UtmTerm};
    if matches!(condition, Consent | UtmSource | UtmMedium | UtmCampaign | UtmTerm | UtmContent) {
        return None;
    }
    // Fields whose values can stand for an intent or an interest.
    let speaks_for = |name: &str| match condition {
        ConditionField::Intent => matches!(name, "lead_type" | "type" | "listing_type"),
        ConditionField::InterestLevel => name == "lead_type",
        ConditionField::PropertyType => name == "property",
        _ => false,
    };
    let name = condition.name();
    let Some(field) = form.fields.iter().find(|field| field.name == name) else {
        let asked = form.fields.iter().any(|field| speaks_for(&field.name));
        return (!asked).then(|| format!("The form does not ask for {name}, so none of its leads goes there."));
    };
    let offers = |wanted: &Wanted| field.options.iter().any(|o| o.value.eq_ignore_ascii_case(wanted.as_str()));
    let is_closed = !field.options.is_empty();
    (is_closed && !wanted.iter().any(offers))
        .then(|| format!("No option of the form's field {name} is one that the destination wants."))
}

/// Findings, each of them once for a kind and a field.
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, kind: Kind, field: &str, detail: &str) {
        if !self.0.iter().any(|known| known.kind == kind && known.field == field) {
            self.0.push(Finding { kind, field: field.to_owned(), detail: detail.to_owned() });
        }
    }

    fn note(&mut self, note: &Note) {
        let kind = match note.kind {
            NoteKind::Shortened => Kind::Shortened,
            NoteKind::Moved => Kind::Moved,
            NoteKind::LeftOut => Kind::LeftOut,
            NoteKind::Assumed => Kind::Assumed,
        };
        self.add(kind, &note.field, &note.detail);
    }

    /// What even a lead with everything lacks, no lead of the form has.
    fn lacks(&mut self, what: &str, sample: &Sample) {
        let field = what.trim_start_matches("an ").trim_start_matches("a ");
        if sample.is_full {
            self.0.retain(|known| !(known.kind == Kind::Skipped && known.field == field));
            let detail = format!("The provider requires {what}, and no lead of the form has it.");
            self.add(Kind::Refused, field, &detail);
        } else {
            let detail = format!(
                "Some leads will be skipped: the provider requires {what}, which a lead with {} lacks.",
                sample.with
            );
            self.add(Kind::Skipped, field, &detail);
        }
    }
}

#[cfg(test)]
mod tests;
