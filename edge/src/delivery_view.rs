//! A delivery as the API shows it.

use serde::Deserialize;
use serde_json::{Value, json};
use shared::{lead::LeadId, timestamp::Timestamp};

use crate::delivery::DeliveryId;

/// The columns of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DeliveryRow {
    /// Its lead.
    pub lead_id: String,
    /// Its place among the lead's deliveries.
    pub ordinal: u32,
    /// Where to.
    pub destination: String,
    /// The kind of API there.
    pub provider: String,
    /// Where it stands.
    pub status: String,
    /// All tries, also those that the log has no room for.
    pub attempts: u32,
    /// When somebody may claim it: the next attempt while it is pending, else the end of a lease. Milliseconds.
    pub due_at: Option<i64>,
    /// When its destination is tried again, if that is paused. Milliseconds.
    pub probe_at: Option<i64>,
    /// What the provider calls the lead.
    pub reference: Option<String>,
    /// Why it stands there.
    pub reason: Option<String>,
    /// The tries that are kept, as a JSON array.
    pub attempt_log: String,
    /// What of the lead did not fit, as a JSON array.
    pub notes: String,
    /// The group in whose turn it is sent.
    pub group_id: Option<String>,
    /// When the lead was accepted. Milliseconds.
    pub created_at: i64,
    /// When it changed last. Milliseconds.
    pub updated_at: i64,
}

impl DeliveryRow {
    /// Its id.
    pub fn id(&self) -> String {
        format!("{}_{}", self.lead_id, self.ordinal)
    }

    /// The tries that are kept, the first and the latest; none where the log is damaged.
    pub fn log(&self) -> Vec<Value> {
        list(&self.attempt_log)
    }

    /// What of the lead did not fit.
    pub fn notes(&self) -> Vec<Value> {
        list(&self.notes)
    }

    /// When it is tried next. One that waits for its destination is tried when that is; the one that is
    /// let through to a paused destination is due before any real time, which means now.
    pub fn next_attempt_at(&self) -> Option<Timestamp> {
        let due = self.due_at.map(|due| due.max(self.updated_at)).or(self.probe_at);
        due.filter(|_| self.status == "pending").map(Timestamp::from_millis)
    }

    /// The delivery as JSON.
    pub fn shown(&self) -> Value {
        json!({
            "id": self.id(),
            "lead_id": self.lead_id,
            "destination": self.destination,
            "provider": self.provider,
            "status": self.status,
            "attempts": self.log(),
            "attempt_count": self.attempts,
            "next_attempt_at": self.next_attempt_at(),
            "reference": self.reference,
            "reason": self.reason,
            "notes": self.notes(),
            "group": self.group_id,
            "created_at": Timestamp::from_millis(self.created_at),
            "updated_at": Timestamp::from_millis(self.updated_at),
        })
    }
}

fn list(json: &str) -> Vec<Value> {
    match serde_json::from_str(json) {
        Ok(Value::Array(entries)) => entries,
        _ => Vec::new(),
    }
}

/// The delivery that a text names: `{lead id}_{ordinal}`.
pub fn parse_id(text: &str) -> Option<DeliveryId> {
    let (lead, ordinal) = text.split_once('_')?;
    let ordinal = ordinal.bytes().all(|b| b.is_ascii_digit()).then(|| ordinal.parse().ok())??;
    Some(DeliveryId { lead: LeadId::parse(lead)?, ordinal })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(status: &str, due_at: Option<i64>, probe_at: Option<i64>) -> DeliveryRow {
        serde_json::from_value(json!({
            "lead_id": "0", "ordinal": 2, "destination": "crm", "provider": "anyhouse", "status": status, "attempts": 31,
            "due_at": due_at, "probe_at": probe_at, "reference": null, "reason": "HTTP 503.",
            "attempt_log": r#"[{"at":"1970-01-01T00:00:01.000Z","outcome":"retry_later"}]"#,
            "notes": r#"[{"kind":"shortened","field":"message","detail":"to 255 characters"}]"#,
            "group_id": null, "created_at": 0, "updated_at": 2_000,
        }))
        .unwrap()
    }

    #[test]
    fn a_delivery_is_shown_with_its_attempts_and_what_did_not_fit() {
        let shown = row("pending", Some(5_000), None).shown();
        assert_eq!(shown["id"], "0_2");
        assert_eq!(shown["attempts"][0]["outcome"], "retry_later");
        assert_eq!(shown["attempt_count"], 31);
        assert_eq!(shown["notes"][0]["field"], "message");
        assert_eq!(shown["next_attempt_at"], "1970-01-01T00:00:05.000Z");
        assert_eq!(shown["updated_at"], "1970-01-01T00:00:02.000Z");
    }

    #[test]
    fn only_what_is_pending_has_a_next_attempt() {
        let next = |status, due_at, probe_at| row(status, due_at, probe_at).next_attempt_at().map(Timestamp::millis);
        assert_eq!(next("pending", None, Some(9_000)), Some(9_000));
        assert_eq!(next("pending", Some(5_000), Some(9_000)), Some(5_000));
        assert_eq!(next("pending", Some(1), Some(9_000)), Some(2_000));
        assert_eq!(next("delivering", Some(5_000), None), None);
        assert_eq!(next("failed", None, Some(9_000)), None);
    }

    #[test]
    fn an_id_names_a_lead_and_an_ordinal() {
        let id = DeliveryId { lead: LeadId::new(Timestamp::from_millis(1), [7; 10]), ordinal: 12 };
        assert_eq!(parse_id(&id.to_string()), Some(id));
        for wrong in ["", "_", "_1", &format!("{}_", id.lead), &format!("{}_+1", id.lead), &format!("{id}_1")] {
            assert_eq!(parse_id(wrong), None, "{wrong}");
        }
    }
}
