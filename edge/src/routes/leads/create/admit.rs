//! From a valid lead to the answer: what it scores, the transaction, and the first attempts.

use shared::{form::FormDefinition, lead::Lead, timestamp::Timestamp};

use super::{
    super::dispatch::Dispatch,
    judge::judge,
    plan::Plan,
    repeat::{self, Second},
};
use crate::{
    answer::Answer,
    idempotency::Repeatable,
    intake::signals::Signals,
    io::{
        accept::{self, Acceptance},
        door,
        entry::{Entry, KeptAnswer, Refusal},
    },
    partner::Dialect,
    problem::Problem,
    rate_limit::{PER_ADDRESS, Quota},
    routes::{exchange::Exchange, gate::Caller},
};

/// What is known of a partner's system that sends a lead.
#[derive(Debug, Clone, Default)]
pub(in crate::routes) struct Partner {
    /// The API that it speaks, in whose words it is answered; `None` where it speaks ours.
    pub(in crate::routes) dialect: Option<Dialect>,
    /// The way that the lead came through other Leadgates.
    pub(in crate::routes) via: Option<String>,
}

/// A valid lead and how it came.
pub(in crate::routes) struct Candidate<'a> {
    /// Who sends it.
    pub(in crate::routes) caller: &'a Caller,
    /// Its form.
    pub(in crate::routes) form: &'a FormDefinition,
    /// The lead.
    pub(in crate::routes) lead: Lead,
    /// What came beside it.
    pub(in crate::routes) signals: Signals,
    /// Whether a page could have sent it: then it is expected to have what a page has.
    pub(in crate::routes) is_from_page: bool,
    /// The client's address, where it counts, and what it is counted under.
    pub(in crate::routes) client: Option<(&'a str, &'a str)>,
    /// What is kept of that address.
    pub(in crate::routes) kept_address: Option<String>,
    /// What it is known by when it comes again.
    pub(in crate::routes) repeatable: Option<&'a Repeatable>,
    /// The system that sends it.
    pub(in crate::routes) partner: Option<&'a Partner>,
    /// Now.
    pub(in crate::routes) now: Timestamp,
}

/// What became of a candidate.
pub(in crate::routes) struct Admitted {
    /// The answer.
    pub(in crate::routes) answer: Answer,
    /// The new lead, if a group of destinations takes turns with it.
    pub(in crate::routes) in_turns: Option<String>,
}

impl From<Answer> for Admitted {
    fn from(answer: Answer) -> Self {
        Self { answer, in_turns: None }
    }
}

/// 1. It gets a score, for which Turnstile may be asked.
/// 2. One transaction stores answer, counts, lead and deliveries, or nothing. A request that came before is
///    answered as it was, or 422 if it was another; a person who came before as the form says, 200; 401, 429,
///    503.
/// 3. 201, and behind the answer the first attempts, unless the lead is held back.
///
/// # Errors
/// As above.
pub(in crate::routes) async fn admit(exchange: &Exchange, candidate: Candidate<'_>) -> Result<Admitted, Problem> {
    // 1.
    let score = judge(exchange, &candidate).await;
    let Candidate { caller, form, lead, client, kept_address, repeatable, partner, now, .. } = candidate;
    let key = &caller.key;
    // 2.
    let plan = Plan::new(caller, form, &lead, &score, partner, now)?;
    let entry = Entry {
        key_id: &key.id,
        key_limit: key.rate_limit,
        address: client.map(|(_, subject)| (subject, PER_ADDRESS)),
        idempotency: repeatable.map(|repeatable| KeptAnswer {
            key: &repeatable.key,
            fingerprint: &repeatable.fingerprint,
            status: plan.status,
            body: &plan.body,
            location: plan.location.as_deref(),
            expires_at: now.plus_seconds(repeatable.kept_seconds),
        }),
        now,
    };
    let acceptance = Acceptance {
        entry,
        lead_id: &plan.lead_id,
        form: &form.id,
        document: &plan.document,
        spam: &plan.spam,
        via: partner.and_then(|partner| partner.via.as_deref()),
        client_address: kept_address.as_deref(),
        contacts: plan.contacts.as_ref(),
        departure: plan.dispatch.as_ref().map(|dispatch| dispatch.departure()),
    };
    let accepted = match (accept::accept(&exchange.bindings.db()?, &acceptance).await, &plan.contacts) {
        (Ok(accepted), _) => accepted,
        (Err(Refusal::Duplicate), Some(contacts)) => {
            let dialect = partner.and_then(|partner| partner.dialect);
            let second =
                Second { form, document: &plan.document, contacts, words: dialect.map(|dialect| (dialect, &lead)) };
            return repeat::duplicate(exchange, caller, &entry, &second).await.map(Admitted::from);
        }
        (Err(refusal), _) => return repeat::refused(exchange, caller, &entry, refusal).await.map(Admitted::from),
    };
    door::note_written(&key.id, key.rate_limit, accepted.used, now);
    exchange.set_quota(Quota::after(key.rate_limit, accepted.used, now));
    // 3.
    let in_turns = plan.dispatch.as_ref().is_some_and(Dispatch::has_turns).then_some(plan.lead_id);
    if let Some(dispatch) = plan.dispatch {
        dispatch.start(exchange, &caller.catalog, &lead, &accepted.paused);
    }
    let answer = Answer::json_text(plan.status, plan.body);
    let answer = match plan.location {
        Some(location) => answer.with("location", location),
        None => answer,
    };
    Ok(Admitted { answer, in_turns })
}
