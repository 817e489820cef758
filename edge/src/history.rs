//! A lead's life, in the order in which it happened: received, normalised, scored, routed, each attempt,
//! and where each delivery stands. It tells of fields by name; values of the lead stay where they are.

use serde::Deserialize;
use serde_json::{Value, json};
use shared::timestamp::Timestamp;

use crate::delivery_view::DeliveryRow;

/// What is stored of how a lead came in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Arrival {
    /// Its id.
    pub id: String,
    /// Its form.
    pub form: String,
    /// The key it came with.
    pub key_id: String,
    /// `publishable` or `secret`; nothing where the key is gone.
    pub key_kind: Option<String>,
    /// When it was accepted. Milliseconds.
    pub created_at: i64,
    /// The lead as JSON.
    pub document: String,
    /// What each destination said to it, as JSON; nothing for leads from before that was kept, and for those
    /// that are held back.
    pub routing: Option<String>,
    /// How suspicious it was, as JSON; nothing for leads from before that was kept.
    pub spam: Option<String>,
    /// When it was held back, if it still is. Milliseconds.
    pub quarantined_at: Option<i64>,
    /// What happened to it besides its deliveries, as a JSON array.
    pub events: String,
}

/// The events of a lead's life, oldest first.
pub fn events(arrival: &Arrival, deliveries: &[DeliveryRow]) -> Vec<Value> {
    let at = Timestamp::from_millis(arrival.created_at);
    let document = serde_json::from_str(&arrival.document).unwrap_or(Value::Null);
    let mut events = vec![
        json!({ "at": at, "event": "received", "form": arrival.form, "key_id": arrival.key_id, "key_kind": arrival.key_kind }),
        json!({ "at": at, "event": "normalised", "fields": normalised(&document) }),
    ];
    let happened = match parsed(&arrival.events) {
        Some(Value::Array(happened)) => happened,
        _ => Vec::new(),
    };
    let released = happened.iter().find(|event| text(event, "event") == "released").cloned();
    let is_held = arrival.quarantined_at.is_some();
    if let Some(scored) = arrival.spam.as_deref().and_then(parsed) {
        let of = |member| scored.get(member).cloned().unwrap_or_default();
        let is_quarantined = is_held || released.is_some();
        events.push(json!({
            "at": at, "event": "scored", "score": of("score"), "threshold": of("threshold"), "reasons": of("reasons"),
            "quarantined": is_quarantined,
        }));
    }
    events.extend(happened);
    if !is_held {
        let at = released.and_then(|event| event.get("at").cloned()).unwrap_or_else(|| json!(at));
        events
            .push(json!({ "at": at, "event": "routed", "destinations": arrival.routing.as_deref().and_then(parsed) }));
    }
    for delivery in deliveries {
        for mut attempt in delivery.log() {
            if let Value::Object(members) = &mut attempt {
                members.insert("event".to_owned(), "attempt".into());
                members.insert("delivery".to_owned(), delivery.id().into());
                members.insert("destination".to_owned(), delivery.destination.as_str().into());
                events.push(attempt);
            }
        }
    }
    for delivery in deliveries {
        events.push(json!({
            "at": Timestamp::from_millis(delivery.updated_at),
            "event": "delivery",
            "delivery": delivery.id(),
            "destination": delivery.destination,
            "provider": delivery.provider,
            "group": delivery.group_id,
            "status": delivery.status,
            "reason": delivery.reason,
            "reference": delivery.reference,
            "notes": delivery.notes(),
            "next_attempt_at": delivery.next_attempt_at(),
        }));
    }
    // Times are written alike, so their texts sort as they do; what happened at once keeps its order.
    events.sort_by(|one, other| text(one, "at").cmp(text(other, "at")));
    events
}

/// What the stored lead shows of normalising: fields by name, and what was made of them.
fn normalised(document: &Value) -> Vec<Value> {
    let mut fields = Vec::new();
    let mut add = |field: &str, detail: &str| fields.push(json!({ "field": field, "detail": detail }));
    match (document.get("phone"), document.get("phone_e164")) {
        (Some(Value::String(_)), Some(Value::String(_))) => add("phone", "kept as typed, and in E.164 as phone_e164"),
        (Some(Value::String(_)), _) => add("phone", "kept as typed; it is no number of a known numbering plan"),
        _ => {}
    }
    if let Some(Value::Object(meta)) = document.get("meta") {
        meta.keys().for_each(|name| add(&format!("meta.{name}"), "not a field of a lead: kept in meta as text"));
    }
    fields
}

/// What was kept as JSON; nothing where it is damaged.
fn parsed(json: &str) -> Option<Value> {
    serde_json::from_str(json).ok()
}

fn text<'a>(event: &'a Value, member: &str) -> &'a str {
    event.get(member).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(ordinal: u32, updated_at: i64, log: &Value) -> DeliveryRow {
        serde_json::from_value(json!({
            "lead_id": "0", "ordinal": ordinal, "destination": format!("d{ordinal}"), "provider": "anyhouse",
            "status": "delivered", "attempts": 1, "due_at": null, "probe_at": null, "reference": "7", "reason": null,
            "attempt_log": log.to_string(), "notes": "[]", "group_id": null, "created_at": 1_000, "updated_at": updated_at,
        }))
        .unwrap()
    }

    #[test]
    fn a_life_is_told_in_order_and_without_the_persons_data() {
        let arrival = Arrival {
            id: "0".into(),
            form: "contact".into(),
            key_id: "k1".into(),
            key_kind: Some("secret".into()),
            created_at: 1_000,
            document: json!({
                "name": "Marla Singer", "email": "marla@example.com", "phone": "01623 000000",
                "phone_e164": "+441623000000", "meta": {"Colour": "violet"},
            })
            .to_string(),
            routing: Some(json!([{"destination": "d1", "taken": true}]).to_string()),
            spam: Some(json!({"score": 10, "threshold": 60, "reasons": [{"kind": "links", "points": 10}]}).to_string()),
            quarantined_at: None,
            events: "[]".into(),
        };
        let tried = |at: &str, outcome: &str| json!({"at": at, "status_code": 201, "duration_ms": 5, "outcome": outcome, "excerpt": null});
        let deliveries = [
            delivery(
                1,
                4_000,
                &json!([
                    tried("1970-01-01T00:00:01.500Z", "retry_later"),
                    tried("1970-01-01T00:00:03.000Z", "delivered")
                ]),
            ),
            delivery(2, 2_500, &json!([tried("1970-01-01T00:00:02.000Z", "delivered")])),
        ];
        let events = events(&arrival, &deliveries);
        let told: Vec<String> = events
            .iter()
            .map(|event| format!("{} {}", text(event, "event"), event["destination"].as_str().unwrap_or("-")))
            .collect();
        assert_eq!(
            told,
            [
                "received -",
                "normalised -",
                "scored -",
                "routed -",
                "attempt d1",
                "attempt d2",
                "delivery d2",
                "attempt d1",
                "delivery d1"
            ]
        );
        assert_eq!(events[0]["key_id"], "k1");
        assert_eq!(events[1]["fields"][1]["field"], "meta.Colour");
        assert_eq!((&events[2]["score"], &events[2]["quarantined"]), (&json!(10), &json!(false)));
        assert_eq!(events[3]["destinations"][0]["destination"], "d1");
        assert_eq!(events[4]["delivery"], "0_1");
        let all = Value::from(events).to_string();
        for value in ["Marla", "marla@example.com", "01623 000000", "+441623000000", "violet"] {
            assert!(!all.contains(value), "{value}");
        }
    }

    #[test]
    fn a_lead_that_is_held_back_is_routed_when_it_is_released() {
        let mut arrival = Arrival {
            id: "0".into(),
            form: "contact".into(),
            key_id: "k1".into(),
            key_kind: None,
            created_at: 1_000,
            document: "{}".into(),
            routing: None,
            spam: Some(json!({"score": 90, "threshold": 60, "reasons": []}).to_string()),
            quarantined_at: Some(1_000),
            events: "[]".into(),
        };
        let told = |arrival: &Arrival| -> Vec<String> {
            let events = events(arrival, &[]);
            events.iter().map(|event| format!("{} {}", text(event, "at"), text(event, "event"))).collect()
        };
        let (first, later) = ("1970-01-01T00:00:01.000Z", "1970-01-01T00:00:09.000Z");
        let arrived = ["received", "normalised", "scored"].map(|event| format!("{first} {event}"));
        assert_eq!(told(&arrival), arrived);
        assert_eq!(events(&arrival, &[])[2]["quarantined"], true);

        arrival.quarantined_at = None;
        arrival.routing = Some("[]".into());
        arrival.events = json!([{"at": later, "event": "released", "key_id": "k2"}]).to_string();
        let released = ["released", "routed"].map(|event| format!("{later} {event}"));
        assert_eq!(told(&arrival), [arrived.as_slice(), released.as_slice()].concat());
        assert_eq!(events(&arrival, &[])[2]["quarantined"], true);
    }

    #[test]
    fn a_phone_that_no_plan_knows_is_said_to_be_so() {
        let fields = normalised(&json!({"phone": "555-123-4567", "phone_e164": null}));
        assert_eq!(fields[0]["detail"], "kept as typed; it is no number of a known numbering plan");
        assert!(normalised(&json!({"phone": null, "phone_e164": null})).is_empty());
    }
}
