//! A client as the API shows it.

use serde_json::{Value, json};
use shared::{field::Choice, timestamp::Timestamp};

/// What a client wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientType {
    /// To buy.
    Buyer,
    /// To sell.
    Seller,
    /// Both.
    Both,
}

impl Choice for ClientType {
    const ALL: &'static [(&'static str, Self)] =
        &[("buyer", Self::Buyer), ("seller", Self::Seller), ("both", Self::Both)];
}

/// The client of a row of the store.
pub fn shown(row: &Value) -> Value {
    let at = |name: &str| Timestamp::from_millis(row[name].as_i64().unwrap_or_default());
    json!({
        "id": row["id"],
        "lead_id": row["lead_id"],
        "type": row["type"],
        "created_at": at("created_at"),
        "contact": {
            "id": row["contact_id"],
            "name": row["name"],
            "email": row["email"],
            "phone": row["phone"],
            "phone_e164": row["phone_e164"],
            "created_at": at("contact_created_at"),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_shown_with_its_contact() {
        let row = json!({
            "id": "1", "lead_id": "2", "type": "buyer", "created_at": 1_000, "contact_id": "3", "contact_created_at": 0,
            "name": "Marla", "email": "a@example.com", "phone": null, "phone_e164": null,
        });
        let client = shown(&row);
        assert_eq!(
            (&client["created_at"], &client["contact"]["id"]),
            (&json!("1970-01-01T00:00:01.000Z"), &json!("3"))
        );
        assert_eq!(client["contact"]["created_at"], "1970-01-01T00:00:00.000Z");
    }
}
