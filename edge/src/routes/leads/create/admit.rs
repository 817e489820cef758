//! From a valid lead to the answer: what it scores, the transaction, and the first attempts.

use shared::{form::FormDefinition, lead::Lead, timestamp::Timestamp};

use super::{judge::judge, plan::Plan, repeat};
use crate::{
    answer::Answer,
    idempotency::Repeatable,
    intake::signals::Signals,
    io::{
        accept::{self, Acceptance},
        door,
        entry::{Entry, KeptAnswer, Refusal},
    },
    problem::Problem,
    rate_limit::{PER_ADDRESS, Quota},
    routes::{exchange::Exchange, gate::Caller},
};

/// A valid lead and how it came.
pub(super) struct Candidate<'a> {
    /// Who sends it.
    pub(super) caller: &'a Caller,
    /// Its form.
    pub(super) form: &'a FormDefinition,
    /// The lead.
    pub(super) lead: Lead,
    /// What came beside it.
    pub(super) signals: Signals,
    /// Whether a page could have sent it: then it is expected to have what a page has.
    pub(super) is_from_page: bool,
    /// The client's address, where it counts, and what it is counted under.
    pub(super) client: Option<(&'a str, &'a str)>,
    /// What it is known by when it comes again.
    pub(super) repeatable: Option<&'a Repeatable>,
    /// Now.
    pub(super) now: Timestamp,
}

/// 1. It gets a score, for which Turnstile may be asked.
/// 2. One transaction stores answer, counts, lead and deliveries, or nothing. A request that came before is
///    answered as it was, or 422 if it was another; a person who came before as the form says, 200; 401, 429,
///    503.
/// 3. 201, and behind the answer the first attempts, unless the lead is held back.
///
/// # Errors
/// As above.
pub(super) async fn admit(exchange: &Exchange, candidate: Candidate<'_>) -> Result<Answer, Problem> {
    // 1.
    let score = judge(exchange, &candidate).await;
    let Candidate { caller, form, lead, client, repeatable, now, .. } = candidate;
    let key = &caller.key;
    // 2.
    let plan = Plan::new(caller, form, &lead, &score, now)?;
    let entry = Entry {
        key_id: &key.id,
        key_limit: key.rate_limit,
        address: client.map(|(_, subject)| (subject, PER_ADDRESS)),
        idempotency: repeatable.map(|repeatable| KeptAnswer {
            key: &repeatable.key,
            fingerprint: &repeatable.fingerprint,
            status: 201,
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
        contacts: plan.contacts.as_ref(),
        departure: plan.dispatch.as_ref().map(|dispatch| dispatch.departure()),
    };
    let accepted = match (accept::accept(&exchange.bindings.db()?, &acceptance).await, &plan.contacts) {
        (Ok(accepted), _) => accepted,
        (Err(Refusal::Duplicate), Some(contacts)) => {
            return repeat::duplicate(exchange, caller, form, &entry, contacts, &plan.document).await;
        }
        (Err(refusal), _) => return repeat::refused(exchange, caller, &entry, refusal).await,
    };
    door::note_written(&key.id, key.rate_limit, accepted.used, now);
    exchange.set_quota(Quota::after(key.rate_limit, accepted.used, now));
    // 3.
    if let Some(dispatch) = plan.dispatch {
        dispatch.start(exchange, &caller.catalog, &lead, &accepted.paused);
    }
    let answer = Answer::json_text(201, plan.body);
    Ok(match plan.location {
        Some(location) => answer.with("location", location),
        None => answer,
    })
}
