//! How suspicious a submission is: a score with reasons, and no verdict.
//!
//! The points are chosen so that nobody is held back by default for what they leave out: everything that
//! can be missing (token, `Origin`, Turnstile's response) comes to 55, everything that a text can look
//! like comes to 55, and a filled honeypot, which autofill does too, to 50. It takes two kinds of
//! evidence, or Turnstile's word, to pass the default threshold of 60.

mod content;
pub mod turnstile;

use serde::Serialize;
use serde_json::{Value, json};
use shared::{form::Spam, lead::Lead, timestamp::Timestamp};

use self::turnstile::Verdict;
use crate::form_token::Standing;

/// What came with a submission besides the lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Whether it came with a publishable key, as from a page. A server has no form that it fills in.
    pub is_from_page: bool,
    /// Whether it had an `Origin`.
    pub has_origin: bool,
    /// Whether the field that nobody sees was filled.
    pub is_trapped: bool,
    /// What its form token says; `None` where none came.
    pub token: Option<Standing>,
    /// Whether the Worker gives out form tokens.
    pub expects_token: bool,
    /// What Turnstile says.
    pub turnstile: Verdict,
}

/// How suspicious a submission is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// The points of all reasons, at most 100.
    pub total: u8,
    /// What they are for.
    pub reasons: Vec<Reason>,
}

/// One thing that was noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Reason {
    /// What, in one word.
    pub kind: &'static str,
    /// How much it counts; 0 for what is only noted.
    pub points: u8,
    /// What there is to say of it, without any value of the lead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// The score of a submission under the rules of its form.
pub fn score(evidence: &Evidence, lead: &Lead, rules: &Spam) -> Score {
    let mut reasons = Vec::new();
    let mut add = |kind, points, detail| reasons.push(Reason { kind, points, detail });
    if evidence.is_trapped {
        add("trap_filled", 50, None);
    }
    if evidence.is_from_page {
        match evidence.token {
            Some(Standing::Fresh { age_seconds }) if age_seconds < i64::from(rules.min_fill_seconds) => {
                add("filled_too_fast", 40, Some(format!("{age_seconds} s after the form was loaded")));
            }
            Some(Standing::Fresh { .. }) => {}
            Some(Standing::Old) => add("token_old", 10, None),
            Some(Standing::Invalid) => add("token_invalid", 30, None),
            None if evidence.expects_token => add("token_missing", 20, None),
            None => {}
        }
        if !evidence.has_origin {
            add("origin_missing", 15, None);
        }
    }
    match &evidence.turnstile {
        Verdict::NotAsked | Verdict::Passed => {}
        Verdict::Missing if evidence.is_from_page => add("turnstile_missing", 20, None),
        Verdict::Missing => {}
        Verdict::Spent => add("turnstile_spent", 30, None),
        Verdict::Failed => add("turnstile_failed", 70, None),
        Verdict::Unavailable(why) => add("turnstile_unavailable", 0, Some(why.clone())),
    }
    content::look_at(lead, &mut reasons);
    let total = reasons.iter().fold(0_u8, |sum, reason| sum.saturating_add(reason.points)).min(100);
    Score { total, reasons }
}

impl Score {
    /// Whether a lead with this score is held back.
    pub fn is_over(&self, rules: &Spam) -> bool {
        self.total > rules.threshold
    }

    /// The score as it is kept with the lead.
    pub fn kept(&self, rules: &Spam) -> Value {
        json!({ "score": self.total, "threshold": rules.threshold, "reasons": self.reasons })
    }
}

/// The quarantine of a lead as the API shows it, out of the score that was kept.
pub fn quarantine(kept: &Value, at: Timestamp) -> Value {
    json!({ "score": kept.get("score"), "reasons": kept.get("reasons"), "at": at })
}

#[cfg(test)]
mod tests;
