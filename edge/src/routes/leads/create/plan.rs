//! What accepting a lead will store, send and answer, worked out before the transaction.

use serde_json::Value;
use shared::{
    field::Choice,
    form::FormDefinition,
    lead::{Lead, LeadStatus},
    timestamp::Timestamp,
    wire::Receipt,
};

use super::{super::dispatch::Dispatch, admit::Partner};
use crate::{
    duplicate,
    io::{clock, duplicates::Contacts},
    lead_view::{Head, render},
    partner::Taken,
    problem::Problem,
    routes::gate::Caller,
    spam::{Score, quarantine},
};

/// Everything that is known of a lead before the transaction.
pub(super) struct Plan {
    pub(super) lead_id: String,
    /// The lead as JSON: stored, and part of the answer to a secret key.
    pub(super) document: String,
    /// How suspicious it is, as JSON.
    pub(super) spam: String,
    /// What no other lead of the form may share. A lead that is held back takes nothing from those that are
    /// not: a bot that knows a person's address must not keep the person out.
    pub(super) contacts: Option<Contacts>,
    /// Where it goes; `None` for one that is held back.
    pub(super) dispatch: Option<Dispatch>,
    pub(super) status: u16,
    pub(super) body: String,
    pub(super) location: Option<String>,
}

impl Plan {
    pub(super) fn new(
        caller: &Caller,
        form: &FormDefinition,
        lead: &Lead,
        score: &Score,
        partner: Option<&Partner>,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let id = clock::new_id(now);
        let lead_id = id.to_string();
        let document = serde_json::to_string(lead).map_err(|_| Problem::Internal)?;
        let kept = score.kept(&form.spam);
        let is_held = score.is_over(&form.spam);
        let (mut contacts, mut dispatch) = (None, None);
        if !is_held {
            contacts = self::contacts(form, &document, now);
            let via = partner.and_then(|partner| partner.via.as_deref());
            dispatch = Some(Dispatch::new(&caller.catalog, &form.id, id, lead, now)?.come_by(via));
        }
        let location = (!caller.is_publishable()).then(|| format!("/v1/leads/{lead_id}"));
        let dialect = partner.and_then(|partner| partner.dialect);
        let mut status = 201;
        let body = if let Some(dialect) = dialect {
            let words = dialect.taken(&Taken { id, lead, is_duplicate: false, now });
            status = words.0;
            Some(words.1.to_string())
        } else if caller.is_publishable() {
            serde_json::to_string(&Receipt { id, created_at: now }).ok()
        } else {
            let head = Head {
                id: &lead_id,
                form: &form.id,
                status: LeadStatus::New.name(),
                version: 1,
                created_at: now,
                updated_at: now,
                client_id: None,
                // Who reads this has a secret key, with which none is kept.
                client_address: None,
                consent_withdrawn_at: None,
                quarantine: is_held.then(|| quarantine(&kept, now)),
            };
            let lines = dispatch.as_ref().map(Dispatch::lines).unwrap_or_default();
            let lines = serde_json::to_string(&lines).map_err(|_| Problem::Internal)?;
            render(&head, &document, &lines)
        };
        let body = body.ok_or(Problem::Internal)?;
        Ok(Self { lead_id, document, spam: kept.to_string(), contacts, dispatch, status, body, location })
    }
}

/// What a stored lead is known by to its form, if the form looks for duplicates.
pub(in crate::routes::leads) fn contacts(form: &FormDefinition, document: &str, now: Timestamp) -> Option<Contacts> {
    if form.duplicates.policy == shared::form::DuplicatePolicy::Allow {
        return None;
    }
    let lead: Value = serde_json::from_str(document).ok()?;
    Contacts::new(&duplicate::contacts(form, &lead), form.duplicates.window_days, now)
}
