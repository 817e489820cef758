//! The page's requests and answers, and what survives the way through this API.

use proptest::prelude::*;
use serde_json::{Value, json};
use shared::lead::LeadId;

use super::*;
use crate::{
    partner::{
        Dialect,
        round_trip::{NOW, back, call, lead, members, stored_lead},
    },
    provider::anyhouse::{Settings, outbound},
};

fn documented() -> Value {
    json!({
        "name": "John Doe", "email": "john@example.com", "phone": "+1 809 555 1234",
        "notes": "Interested in Punta Cana properties around $200k.", "lead_type": "hot",
        "previous_conversation": [
            {"date": "2026-03-01T15:45:00Z", "direction": "inbound", "from": "john@example.com", "to": "sales@partner.com",
             "subject": "Interested in property", "body": "Hi, I'm looking for a 2 bedroom apartment in Punta Cana."},
            {"date": "2026-03-01T16:10:00Z", "direction": "outbound", "from": "sales@partner.com", "to": "john@example.com",
             "subject": "Re: Interested in property", "body": "Sure — what is your budget?"},
        ],
    })
}

#[test]
fn the_documented_example_comes_in_whole() {
    let lead = serde_json::to_value(lead(Dialect::AnyHouse, documented())).unwrap();
    assert_eq!(
        lead,
        json!({
            "name": "John Doe", "email": "john@example.com", "phone": "+1 809 555 1234", "phone_e164": "+18095551234",
            "interest_level": "hot", "notes": "Interested in Punta Cana properties around $200k.",
            "conversation": [
                {"date": "2026-03-01T15:45:00.000Z", "direction": "inbound", "from": "john@example.com",
                 "to": "sales@partner.com", "subject": "Interested in property",
                 "body": "Hi, I'm looking for a 2 bedroom apartment in Punta Cana."},
                {"date": "2026-03-01T16:10:00.000Z", "direction": "outbound", "from": "sales@partner.com",
                 "to": "john@example.com", "subject": "Re: Interested in property", "body": "Sure — what is your budget?"},
            ],
        })
    );
}

#[test]
fn a_success_is_answered_as_documented() {
    let lead = lead(Dialect::AnyHouse, documented());
    let mut given = Taken { id: LeadId::new(NOW, [7; 10]), lead: &lead, is_duplicate: false, now: NOW };
    let (status, body) = taken(&given);
    assert_eq!(
        (status, &body),
        (
            201,
            &json!({
                "id": NOW.millis() as u64 * 2048 + 899, "name": "John Doe", "email": "john@example.com",
                "phone": "+1 809 555 1234", "lead_type": "hot", "created_at": "2026-03-01T15:45:00.000Z",
            })
        )
    );
    given.is_duplicate = true;
    assert_eq!(taken(&given), (200, body));
}

#[test]
fn a_lead_without_a_contact_gets_the_documented_error() {
    for fields in [json!({"name": "John Doe"}), json!({"email": " ", "phone": null})] {
        let problem = crate::problem::Problem::Partner(submission(members(fields)).unwrap_err().wrong);
        let answer = Dialect::AnyHouse.refused(&problem, "r1", NOW);
        assert_eq!(answer.status, 422);
        assert_eq!(
            serde_json::from_str::<Value>(&answer.body).unwrap(),
            json!({
                "message": "The given data was invalid.",
                "errors": {
                    "email": ["Email is required when phone is missing."],
                    "phone": ["Phone is required when email is missing."],
                },
            })
        );
    }
    for enough in [json!({"email": "a@b.co"}), json!({"phone": "555-123-4567"}), json!({"phone": 18_095_551_234_u64})] {
        assert!(submission(members(enough)).is_ok());
    }
}

#[test]
fn what_the_page_does_not_name_stays_in_meta() {
    let lead = lead(
        Dialect::AnyHouse,
        json!({
            "email": "a@b.co", "meta": {"colour": "red"}, "form": "x", "Property Type": "villa", "city": "Bávaro",
            "previous_conversation": ["Hello", {"date": "yesterday", "direction": "in", "body": "Hi", "id": 7}, {}],
        }),
    );
    let lead = serde_json::to_value(lead).unwrap();
    assert_eq!(lead["conversation"], json!([{"body": "Hello"}, {"body": "Hi"}]));
    assert_eq!(lead["city"], "Bávaro");
    assert_eq!(
        lead["meta"],
        json!({
            "meta": "{\"colour\":\"red\"}", "form": "x", "Property Type": "villa", "previous_conversation.1.date": "yesterday",
            "previous_conversation.1.direction": "in", "previous_conversation.1.id": "7",
        })
    );
}

#[test]
fn values_that_the_page_does_not_have_are_refused() {
    for (name, value) in [("lead_type", json!("warm")), ("lead_type", json!(1)), ("previous_conversation", json!("Hi"))]
    {
        let wrong = submission(members(json!({"email": "a@b.co", name: value}))).unwrap_err().wrong;
        assert_eq!((wrong.len(), wrong[0].field.as_str(), wrong[0].kind), (1, name, WrongKind::Invalid));
    }
}

proptest! {
    #[test]
    fn contact_interest_and_conversation_survive_and_the_rest_is_in_the_notes(sent in stored_lead()) {
        let request = outbound::request(&sent, &Settings::default(), &call()).unwrap().request;
        let came = back(Dialect::AnyHouse, &request);
        prop_assert_eq!(&came.name, &sent.name);
        prop_assert_eq!(&came.contact, &sent.contact);
        prop_assert_eq!(came.interest_level, sent.interest_level.filter(|level| *level != InterestLevel::Warm));
        prop_assert_eq!(&came.conversation, &sent.conversation);
        let notes = came.notes.unwrap_or_default();
        for text in [&sent.message, &sent.notes].into_iter().flatten() {
            prop_assert!(notes.contains(text.as_str()));
        }
        prop_assert!(came.meta.is_empty());
    }
}
