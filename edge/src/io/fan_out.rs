//! Sending leads to their destinations: behind the answer that accepted them, and in the sweep that
//! takes whatever is due.

use std::{cell::Cell, time::Duration};

use futures_util::{
    StreamExt,
    future::{Either, select},
    stream,
};
use shared::timestamp::Timestamp;
use worker::Delay;

use super::{
    attempt::{AttemptResult, Sign, attempt},
    bindings::Bindings,
    catalog_publisher, clock, delivery_queue,
    delivery_store::{self, Change, Claimed, Settled},
    pause::FAILING_PROBE_SECONDS,
};
use crate::{
    catalog::Catalog,
    problem::Problem,
    telemetry::{Event, log},
};

/// Requests to providers at the same time: a Worker has 6 connections open at most, and a request must
/// not wait for one while its time runs.
const CONNECTIONS: usize = 6;

/// Deliveries claimed at once by the sweep: as many as can be sent at once.
const CLAIM: u32 = 6;

/// Rounds of claims in one sweep; a message continues the rest. Usually a round is six sends, two D1
/// calls and perhaps a message: 37 subrequests in a sweep, with its first read, of the 50 that an
/// invocation has on the free plan. Daily caps, asking whether anybody listens, results that end far
/// apart and, by cron, alerts add to that. What goes beyond does not leave: it is due again, and what
/// could not be recorded when its lease ends.
const ROUNDS: u32 = 4;

/// First attempts that run behind answers at the same time in one isolate. Beyond it sockets pile up
/// and starve what is being accepted, so the sweep takes the rest.
const MAX_BEHIND_ANSWERS: u32 = 32;

/// How long the first result waits for others to be recorded with it: most providers answer within
/// this, and a crash can only repeat what was not recorded.
const GATHER: Duration = Duration::from_secs(2);

thread_local! {
    static BEHIND_ANSWERS: Cell<u32> = const { Cell::new(0) };
}

/// The right to make first attempts behind an answer; given back when dropped.
#[derive(Debug)]
pub struct Place(());

impl Place {
    /// A place, if there is one.
    pub fn take() -> Option<Self> {
        let taken = BEHIND_ANSWERS.get();
        (taken < MAX_BEHIND_ANSWERS).then(|| {
            BEHIND_ANSWERS.set(taken.saturating_add(1));
            Self(())
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        BEHIND_ANSWERS.set(BEHIND_ANSWERS.get().saturating_sub(1));
    }
}

/// Makes an attempt of each claimed delivery, at the same time, and records what came of them: in one
/// batch if they end together, so that a destination that hangs does not hold back what is known of
/// the others.
pub async fn attempt_all(bindings: &Bindings, catalog: &Catalog, claimed: &[Claimed]) {
    let attempts = claimed.iter().map(async |delivery| (delivery, attempt(bindings, catalog, delivery).await));
    let mut running = stream::iter(attempts).buffer_unordered(CONNECTIONS);
    while let Some(first) = running.next().await {
        let mut ended = vec![first];
        let mut time_is_up = Delay::from(GATHER);
        while let Either::Left((Some(next), _)) = select(running.next(), &mut time_is_up).await {
            ended.push(next);
        }
        record(bindings, catalog, ended).await;
    }
}

/// Records what came of attempts, and asks to be woken when the first of them is due again.
async fn record(bindings: &Bindings, catalog: &Catalog, ended: Vec<(&Claimed, AttemptResult)>) {
    let now = clock::now();
    let mut changes = Vec::new();
    let mut failures = Vec::new();
    // When to look again: now for what was let go, at the next probe for what waits.
    let mut wake: Option<Timestamp> = None;
    let mut at = |due: Timestamp| wake = Some(wake.map_or(due, |earlier| earlier.min(due)));
    for (delivery, result) in &ended {
        let (destination, next) = (delivery.destination.as_str(), &result.next);
        if let Some(reason) = result.pause_reason() {
            if !delivery.is_paused {
                log(&Event::Paused { destination });
            }
            changes.push(Change::Paused(destination, reason, catalog.revision));
        }
        match result.sign {
            Sign::Works if result.is_probe => {
                changes.push(Change::Resumed(destination));
                at(now);
            }
            Sign::None if result.is_probe && !next.is_parked() && !next.pauses_destination => {
                changes.push(Change::ProbeAgain(destination));
                at(now);
            }
            Sign::Fails => failures.push((destination, delivery.id.lead.to_string())),
            Sign::Works | Sign::None => {}
        }
        if let (true, false, Some(group), Some(lead)) =
            (next.passes_on(), delivery.may_be_there, &delivery.group, &delivery.lead)
        {
            let others = catalog.next_in_turn(group, destination, &delivery.form, lead);
            let candidates: Vec<(&str, &str)> = others.map(|d| (d.id.as_str(), d.provider.name())).collect();
            changes.push(Change::PassedOn(delivery.id, group, serde_json::to_string(&candidates).unwrap_or_default()));
            at(now);
        }
        if let Some(due) = next.due_at {
            at(due);
        } else if next.is_parked() && result.sign == Sign::Fails {
            at(now.plus_seconds(FAILING_PROBE_SECONDS));
        }
    }
    if !failures.is_empty() {
        changes.push(Change::Failed(serde_json::to_string(&failures).unwrap_or_default()));
    }
    let settled: Vec<Settled> = ended.iter().map(|(delivery, result)| result.settled(delivery)).collect();
    let recorded = match bindings.db() {
        Ok(db) => delivery_store::record(&db, &settled, &changes, now).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    // If nothing was recorded, the leases end by themselves and the sweep finds what is due.
    if let (Ok(()), Some(due)) = (recorded, wake) {
        delivery_queue::wake_at(bindings, due, now).await;
    }
}

/// Claims what is due and attempts it, round after round; asks to be woken if there is more. The
/// destinations come from D1: a copy in KV that is old or gone must not cancel what it does not know.
///
/// # Errors
/// When D1 does not answer.
pub async fn sweep(bindings: &Bindings) -> Result<(), Problem> {
    let db = bindings.db()?;
    let catalog = Catalog::from(catalog_publisher::read(&db).await?);
    let mut total = 0_usize;
    for _ in 0..ROUNDS {
        let claimed = delivery_store::claim(&db, clock::now(), CLAIM).await?;
        if claimed.is_empty() {
            break;
        }
        total = total.saturating_add(claimed.len());
        attempt_all(bindings, &catalog, &claimed).await;
        if claimed.len() < usize::try_from(CLAIM).unwrap_or(0) {
            log(&Event::Sweep { claimed: total });
            return Ok(());
        }
    }
    if total > 0 {
        log(&Event::Sweep { claimed: total });
        let now = clock::now();
        delivery_queue::wake_at(bindings, now, now).await;
    }
    Ok(())
}
