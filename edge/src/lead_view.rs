//! A lead as the API shows it: what D1 knows of it around the document that was stored.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::timestamp::Timestamp;

/// The columns beside a lead's document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Head<'a> {
    /// The lead's id.
    pub id: &'a str,
    /// Its form.
    pub form: &'a str,
    /// Where it stands with the people who work on it.
    #[cfg_attr(test, schemars(with = "shared::lead::LeadStatus"))]
    pub status: &'a str,
    /// Rises with each change.
    pub version: u32,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When it changed last.
    pub updated_at: Timestamp,
    /// The client that it became, if it was converted.
    pub client_id: Option<&'a str>,
    /// The network that it was sent from, where its form keeps that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_address: Option<&'a str>,
    /// When its consent was withdrawn, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent_withdrawn_at: Option<Timestamp>,
    /// Why it is held back as suspicious, if it is.
    #[cfg_attr(test, schemars(with = "Option<crate::openapi::Quarantine>"))]
    pub quarantine: Option<Value>,
}

/// A delivery as it stands in a lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DeliveryLine {
    /// The delivery's id.
    pub id: String,
    /// Where to.
    pub destination: String,
    /// Where it stands.
    #[cfg_attr(test, schemars(with = "crate::delivery::Status"))]
    pub status: String,
}

/// One JSON object of all three; the deliveries are [`DeliveryLine`]s as a JSON array. The document is not
/// parsed again: its members are put between those of the head and the deliveries. `None` if it is no JSON
/// object.
pub fn render(head: &Head<'_>, document: &str, deliveries: &str) -> Option<String> {
    let head = serde_json::to_string(head).ok()?;
    let head = head.strip_suffix('}')?;
    let members = document.strip_prefix('{')?.strip_suffix('}')?;
    let comma = if members.is_empty() { "" } else { "," };
    Some(format!("{head}{comma}{members},\"deliveries\":{deliveries}}}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_document_and_deliveries_become_one_object() {
        let now = Timestamp::from_millis(0);
        let head = Head {
            id: "1",
            form: "contact",
            status: "new",
            version: 1,
            created_at: now,
            updated_at: now,
            client_id: None,
            client_address: None,
            consent_withdrawn_at: None,
            quarantine: None,
        };
        let line = DeliveryLine { id: "1_1".into(), destination: "crm".into(), status: "pending".into() };
        let lines = serde_json::to_string(&[line]).unwrap();
        let json = render(&head, r#"{"name":"Marla","email":"a@b.co"}"#, &lines).unwrap();
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["name"], "Marla");
        assert_eq!(value["quarantine"], serde_json::Value::Null);
        assert_eq!(value["deliveries"][0]["status"], "pending");
        assert!(serde_json::from_str::<serde_json::Value>(&render(&head, "{}", "[]").unwrap()).is_ok());
        assert_eq!(render(&head, "[]", "[]"), None);
    }
}
