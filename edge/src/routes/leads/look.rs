//! Looking at a lead that is about to be changed, again each time somebody else was faster.

use std::time::Duration;

use shared::lead::LeadId;
use worker::{Delay, worker_sys::D1Database};

use crate::{
    io::{
        clock,
        entry::Refusal,
        lead_store::{self, StoredLead},
    },
    key::KeyRefusal,
    lead_change::Expected,
    problem::Problem,
    routes::gate::Caller,
};

/// How often a change is tried when others change the lead at the same time. Each try costs two calls of D1; an
/// invocation on the free plan has 50 subrequests.
pub const TRIES: u32 = 10;

/// How much longer than before each next try may wait, in milliseconds: a try takes about as long, so that of many at
/// once each soon has a moment to itself.
const WAIT_MILLIS: u64 = 20;

/// What was seen so far.
#[derive(Debug)]
pub struct Look<'a> {
    db: &'a D1Database,
    caller: &'a Caller,
    id: LeadId,
    /// The version whose change D1 refused.
    refused: Option<u32>,
    /// How long the next look may wait, in milliseconds.
    wait: u64,
}

impl<'a> Look<'a> {
    /// Nothing was seen yet.
    ///
    /// # Errors
    /// 404 for what is no id.
    pub fn new(db: &'a D1Database, caller: &'a Caller, id: &str) -> Result<Self, Problem> {
        Ok(Self { db, caller, id: LeadId::parse(id).ok_or(Problem::NotFound)?, refused: None, wait: 0 })
    }

    /// Which lead is looked at.
    pub const fn id(&self) -> LeadId {
        self.id
    }

    /// The lead as it is now.
    ///
    /// # Errors
    /// 404, which does not tell a lead of other forms from none; 401 if it is as it was when its change was refused, since
    /// only the key can have changed then; 503.
    pub async fn again(&self) -> Result<StoredLead, Problem> {
        if self.wait > 0 {
            let [random] = clock::random();
            Delay::from(Duration::from_millis(self.wait.saturating_mul(random.into()) / 255)).await;
        }
        let stored = lead_store::find(self.db, self.id).await?;
        let stored = stored.filter(|lead| self.caller.key.grant.covers(lead.form())).ok_or(Problem::NotFound)?;
        if self.refused == Some(stored.version()) { Err(KeyRefusal::NotValid.into()) } else { Ok(stored) }
    }

    /// Takes D1's refusal to change this version: it is not as it was read, or the key was revoked. The next look tells
    /// which.
    ///
    /// # Errors
    /// 503 when D1 did not answer.
    pub fn refused(&mut self, version: u32, refusal: Refusal) -> Result<(), Problem> {
        match refusal {
            Refusal::Store(error) => Err(error.into()),
            _ => {
                self.refused = Some(version);
                self.wait = self.wait.saturating_add(WAIT_MILLIS);
                Ok(())
            }
        }
    }
}

/// That the lead has the version which is meant.
///
/// # Errors
/// 409 with the version it has.
pub fn must_be(expected: &Expected, version: u32) -> Result<(), Problem> {
    if expected.is_met_by(version) { Ok(()) } else { Err(Problem::Changed { version }) }
}
