//! A lead that goes out now: the deliveries to store, and the first attempts behind the answer.

use std::rc::Rc;

use shared::{
    field::Choice,
    lead::{Lead, LeadId},
    timestamp::Timestamp,
};

use crate::{
    catalog::Catalog,
    delivery::{DeliveryId, LEASE_SECONDS, Status},
    io::{
        accept::Departure,
        delivery_queue,
        delivery_store::Claimed,
        fan_out::{self, Place},
    },
    lead_view::DeliveryLine,
    problem::Problem,
    routes::exchange::Exchange,
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

/// Where a lead goes, worked out before the transaction that stores it.
pub(super) struct Dispatch {
    id: LeadId,
    form: String,
    /// In the order of the ordinals.
    turns: Vec<Turn>,
    /// Destination, provider and group of each delivery as a JSON array of arrays.
    deliveries: String,
    /// Why it goes where it goes, as JSON.
    routing: String,
    /// The way that the lead came through other Leadgates.
    via: Option<String>,
    place: Option<Place>,
    now: Timestamp,
}

impl Dispatch {
    /// Where the lead goes by what is configured.
    pub(super) fn new(catalog: &Catalog, form: &str, id: LeadId, lead: &Lead, now: Timestamp) -> Result<Self, Problem> {
        let (routed, said) = routing::route(catalog, form, lead);
        let rows: Vec<(&str, &str, Option<&str>)> =
            routed.iter().map(|to| (to.destination.id.as_str(), to.destination.provider.name(), to.group)).collect();
        let deliveries = serde_json::to_string(&rows).map_err(|_| Problem::Internal)?;
        let routing = serde_json::to_string(&said).map_err(|_| Problem::Internal)?;
        let turns = routed.iter().map(Turn::from).collect();
        Ok(Self { id, form: form.to_owned(), turns, deliveries, routing, via: None, place: Place::take(), now })
    }

    /// The same for a lead that came that way through other Leadgates.
    pub(super) fn come_by(self, via: Option<&str>) -> Self {
        Self { via: via.map(str::to_owned), ..self }
    }

    /// Whether a group of destinations takes turns with it.
    pub(super) fn has_turns(&self) -> bool {
        self.turns.iter().any(|turn| turn.group.is_some())
    }

    /// The same for the transaction.
    pub(super) fn departure(&self) -> Departure<'_> {
        let lease = self.place.as_ref().map(|_| self.lease());
        Departure { routing: &self.routing, deliveries: &self.deliveries, lease }
    }

    /// The deliveries as they stand in the lead at first.
    pub(super) fn lines(&self) -> Vec<DeliveryLine> {
        let line = |(id, turn): (DeliveryId, &Turn)| DeliveryLine {
            id: id.to_string(),
            destination: turn.destination.clone(),
            status: Status::Pending.name().to_owned(),
        };
        self.ids().zip(&self.turns).map(line).collect()
    }

    /// Makes the first attempts behind the answer, or wakes the sweep where this isolate has enough to do.
    pub(super) fn start(self, exchange: &Exchange, catalog: &Rc<Catalog>, lead: &Lead, paused: &[String]) {
        let (bindings, now) = (exchange.bindings.clone(), self.now);
        let claimed = self.claimed(lead, paused);
        match self.place {
            Some(place) => {
                let catalog = Rc::clone(catalog);
                exchange.later(async move {
                    fan_out::attempt_all(&bindings, &catalog, &claimed).await;
                    drop(place);
                });
            }
            None => exchange.later(async move { delivery_queue::wake_soon(&bindings, now).await }),
        }
    }

    /// The deliveries this request has to itself now.
    fn claimed(&self, lead: &Lead, paused: &[String]) -> Vec<Claimed> {
        self.ids()
            .zip(&self.turns)
            .filter(|(_, turn)| turn.group.is_some() || !paused.contains(&turn.destination))
            .map(|(id, turn)| Claimed {
                id,
                destination: turn.destination.clone(),
                lease: self.lease(),
                form: self.form.clone(),
                via: self.via.clone(),
                group: turn.group.clone(),
                attempts: 0,
                retries: 0,
                reference: None,
                follow_up: None,
                is_paused: paused.contains(&turn.destination),
                is_probe: false,
                abandoned: None,
                may_be_there: false,
                lead: Some(lead.clone()),
            })
            .collect()
    }

    fn lease(&self) -> Timestamp {
        self.now.plus_seconds(LEASE_SECONDS)
    }

    /// The ids of the lead's deliveries, in order.
    fn ids(&self) -> impl Iterator<Item = DeliveryId> {
        let lead = self.id;
        (1..).map(move |ordinal| DeliveryId { lead, ordinal })
    }
}
