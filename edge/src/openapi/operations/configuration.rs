//! `/v1/admin/destinations…`, `/v1/admin/groups…` and `/v1/admin/alerts…`: what is listed, shown, put and
//! removed under an id.

use schemars::JsonSchema;
use serde_json::{Value, json};

use super::super::{
    operation::{Caller, Operation},
    schemas::Schemas,
};
use crate::{
    alert::AlertChannel,
    destination::DestinationFields,
    group::Group,
    routes::admin::{alerts, destinations, groups},
};

/// What is configured under an id.
struct Resource {
    tag: &'static str,
    /// In a sentence.
    noun: &'static str,
    /// The member that a list of them stands in.
    member: &'static str,
    paths: [&'static str; 2],
    /// Of list, show, put and delete.
    ids: [&'static str; 4],
    put: &'static str,
    delete: &'static str,
    body: Value,
    shown: Value,
}

/// Operations of destinations, groups and alert channels.
pub fn operations(schemas: &mut Schemas) -> Vec<Operation> {
    let mut all = destination().operations::<DestinationFields, destinations::Shown<'static>>(schemas);
    all.extend(group().operations::<Group, groups::Shown<'static>>(schemas));
    all.extend(alert().operations::<AlertChannel, alerts::Shown<'static>>(schemas));
    all
}

impl Resource {
    fn operations<Body: JsonSchema, Shown: JsonSchema>(self, schemas: &mut Schemas) -> Vec<Operation> {
        let ([all, one], [list, show, put, delete]) = (self.paths, self.ids);
        let title = |verb: &str| format!("{verb} {}", self.noun);
        let schema = schemas.answer::<Shown>();
        vec![
            Operation::new("get", all, list).told(self.tag, &title("List every"), "").by(Caller::Admin).answers(
                200,
                "All of them.",
                &[],
                schemas.list::<Shown>(self.member),
                &json!({self.member: [self.shown]}),
            ),
            Operation::new("get", one, show).told(self.tag, &title("Show a"), "").by(Caller::Admin).or(&[404]).answers(
                200,
                "As it is in force.",
                &[],
                schema.clone(),
                &self.shown,
            ),
            Operation::new("put", one, put)
                .told(self.tag, &title("Create or replace a"), self.put)
                .by(Caller::Admin)
                .takes(schemas.request::<Body>(), &self.body)
                .answers(200, "It is replaced.", &[], schema.clone(), &self.shown)
                .answers(201, "It is created.", &[], schema, &self.shown),
            Operation::new("delete", one, delete)
                .told(self.tag, &title("Remove a"), self.delete)
                .by(Caller::Admin)
                .or(&[404])
                .empty(204, "It is gone.", &[]),
        ]
    }
}

/// An object of both.
fn with(mut base: Value, more: Value) -> Value {
    if let (Value::Object(base), Value::Object(more)) = (&mut base, more) {
        base.extend(more);
    }
    base
}

fn destination() -> Resource {
    let body = json!({
        "provider": "anyhouse", "url": "https://anyhouse.app/api/partner/leads", "credential": "ANYHOUSE_TOKEN",
    });
    let defaults = json!({
        "id": "crm", "forms": ["*"], "when": {}, "settings": {}, "timeout_ms": 10_000, "on_unconfirmed": null,
        "daily_cap": null, "enabled": true, "paused": null,
    });
    Resource {
        tag: "Destinations",
        noun: "destination",
        member: "destinations",
        paths: ["/v1/admin/destinations", "/v1/admin/destinations/{id}"],
        ids: ["listDestinations", "showDestination", "putDestination", "deleteDestination"],
        put: "`credential` is the name of a secret of the Worker, never the credential. Outside development `url` is \
              `https` and leads to a public host. Replacing ends a pause: what waited for that goes out.",
        delete: "What is not delivered by then is cancelled.",
        shown: with(body.clone(), defaults),
        body,
    }
}

fn group() -> Resource {
    let body = json!({"mode": "first_accepted", "order": ["first", "second"], "retries": 2});
    Resource {
        tag: "Groups",
        noun: "group",
        member: "groups",
        paths: ["/v1/admin/groups", "/v1/admin/groups/{id}"],
        ids: ["listGroups", "showGroup", "putGroup", "deleteGroup"],
        put: "A lead goes to the first in order that takes it; the next gets it only when that one certainly does not have it.",
        delete: "Its destinations stay, and each gets every lead from then on.",
        shown: with(json!({"group": "buyers"}), body.clone()),
        body,
    }
}

fn alert() -> Resource {
    let body = json!({"url": "https://ops.example.com/leadgate", "credential": "OPS_SECRET"});
    Resource {
        tag: "Alerts",
        noun: "channel for alerts",
        member: "alerts",
        paths: ["/v1/admin/alerts", "/v1/admin/alerts/{id}"],
        ids: ["listAlerts", "showAlert", "putAlert", "deleteAlert"],
        put: "A signed webhook, or by `settings` any API that takes JSON. At most 3.",
        delete: "",
        shown: with(body.clone(), json!({"id": "ops", "settings": {}, "enabled": true})),
        body,
    }
}
