//! What accepting a lead will store, send and answer, worked out before the transaction.

use shared::{
    field::Choice,
    form::FormDefinition,
    lead::{Lead, LeadId, LeadStatus},
    timestamp::Timestamp,
    wire::Receipt,
};

use crate::{
    delivery::{DeliveryId, LEASE_SECONDS, Status},
    io::{clock, delivery_store::Claimed},
    lead_view::{DeliveryLine, Head, render},
    problem::Problem,
    routes::gate::Caller,
    routing::{self, Routed},
};

/// A destination that a lead goes to at once.
struct Turn {
    destination: String,
    /// The group whose turn it has.
    group: Option<String>,
}

impl From<&Routed<'_>> for Turn {
    fn from(routed: &Routed<'_>) -> Self {
        Self { destination: routed.destination.id.clone(), group: routed.group.map(str::to_owned) }
    }
}

/// Everything that is known of a lead before the transaction.
pub(super) struct Plan {
    id: LeadId,
    pub(super) lead_id: String,
    /// The lead as JSON: stored, and part of the answer to a secret key.
    pub(super) document: String,
    form: String,
    /// In the order of the ordinals.
    destinations: Vec<Turn>,
    /// Destination, provider and group of each delivery as a JSON array of arrays.
    pub(super) deliveries: String,
    /// Why it goes where it goes, as JSON.
    pub(super) routing: String,
    pub(super) body: String,
    pub(super) location: Option<String>,
}

impl Plan {
    pub(super) fn new(caller: &Caller, form: &FormDefinition, lead: &Lead, now: Timestamp) -> Result<Self, Problem> {
        let id = clock::new_id(now);
        let lead_id = id.to_string();
        let document = serde_json::to_string(lead).map_err(|_| Problem::Internal)?;
        let (routed, said) = routing::route(&caller.catalog, &form.id, lead);
        let rows: Vec<(&str, &str, Option<&str>)> =
            routed.iter().map(|to| (to.destination.id.as_str(), to.destination.provider.name(), to.group)).collect();
        let deliveries = serde_json::to_string(&rows).map_err(|_| Problem::Internal)?;
        let routing = serde_json::to_string(&said).map_err(|_| Problem::Internal)?;
        let destinations: Vec<Turn> = routed.iter().map(Turn::from).collect();
        let (body, location) = if caller.is_publishable() {
            (serde_json::to_string(&Receipt { id, created_at: now }).ok(), None)
        } else {
            let head = Head {
                id: &lead_id,
                form: &form.id,
                status: LeadStatus::New.name(),
                version: 1,
                created_at: now,
                updated_at: now,
                quarantine: None,
            };
            let line = |(id, turn): (DeliveryId, &Turn)| DeliveryLine {
                id: id.to_string(),
                destination: turn.destination.clone(),
                status: Status::Pending.name().to_owned(),
            };
            let lines: Vec<DeliveryLine> = ids(id).zip(&destinations).map(line).collect();
            (render(&head, &document, &lines), Some(format!("/v1/leads/{lead_id}")))
        };
        let body = body.ok_or(Problem::Internal)?;
        Ok(Self { id, lead_id, form: form.id.clone(), document, destinations, deliveries, routing, body, location })
    }

    /// The deliveries this request has to itself now.
    pub(super) fn claimed(&self, lead: Lead, now: Timestamp, paused: &[String]) -> Vec<Claimed> {
        ids(self.id)
            .zip(&self.destinations)
            .filter(|(_, turn)| turn.group.is_some() || !paused.contains(&turn.destination))
            .map(|(id, turn)| Claimed {
                id,
                destination: turn.destination.clone(),
                lease: now.plus_seconds(LEASE_SECONDS),
                form: self.form.clone(),
                group: turn.group.clone(),
                attempts: 0,
                retries: 0,
                reference: None,
                follow_up: None,
                is_paused: paused.contains(&turn.destination),
                is_probe: false,
                sender_died: false,
                may_be_there: false,
                lead: Some(lead.clone()),
            })
            .collect()
    }
}

/// The ids of a lead's deliveries, in order.
fn ids(lead: LeadId) -> impl Iterator<Item = DeliveryId> {
    (1..).map(move |ordinal| DeliveryId { lead, ordinal })
}
