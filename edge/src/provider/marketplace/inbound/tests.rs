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
    provider::marketplace::{Settings, outbound},
};

fn documented() -> Value {
    json!({
        "seller": "ACME1234", "category": "Auto Insurance", "firstName": "John", "lastName": "Doe",
        "email": "john.doe@email.com", "phone": "555-123-4567", "state": "TX", "zip": "75001", "city": "Dallas",
    })
}

#[test]
fn the_documented_example_comes_in_whole_but_for_the_seller() {
    assert_eq!(
        serde_json::to_value(lead(Dialect::Marketplace, documented())).unwrap(),
        json!({
            "name": "John Doe", "first_name": "John", "last_name": "Doe", "email": "john.doe@email.com",
            "phone": "555-123-4567", "phone_e164": null, "category": "Auto Insurance", "state": "TX", "postcode": "75001",
            "city": "Dallas",
        })
    );
}

#[test]
fn a_lead_is_pending_until_it_is_sold() {
    let lead = lead(Dialect::Marketplace, documented());
    let id = LeadId::new(NOW, [7; 10]);
    let (status, body) = taken(&Taken { id, lead: &lead, is_duplicate: false, now: NOW });
    assert_eq!((status, body), (200, json!({"success": true, "lead_id": id.to_string(), "status": "pending"})));
    let price = Number::from_f64(45.0);
    assert_eq!(
        sold("l1", "crm", price.as_ref()),
        json!({"success": true, "lead_id": "l1", "status": "sold", "price": 45.0, "buyer_ids": ["crm"]})
    );
    assert!(sold("l1", "crm", None).get("price").is_none());
}

#[test]
fn what_is_required_is_missed_by_name() {
    let wrong = submission(members(json!({"category": "Solar", "phone": ""}))).unwrap_err().wrong;
    let refusal = Dialect::Marketplace.refused(&crate::problem::Problem::Partner(wrong), "r1", NOW);
    let body: Value = serde_json::from_str(&refusal.body).unwrap();
    assert_eq!(
        (refusal.status, &body["error"], &body["fields"]),
        (400, &json!("Missing required field"), &json!(["seller", "firstName", "lastName", "phone", "state"]))
    );
    let campaign: Campaign = serde_json::from_value(json!({"required": ["zip", "phone", "roof"]})).unwrap();
    let wrong = lacking(&campaign, &members(json!({"zip": " ", "phone": "1"})));
    assert_eq!(wrong.iter().map(|wrong| wrong.field.as_str()).collect::<Vec<_>>(), ["zip", "roof"]);
}

#[test]
fn a_state_is_two_letters_or_an_american_name() {
    let state = |given: Value| {
        let mut fields = members(documented());
        fields.insert("state".to_owned(), given);
        submission(fields).map(|submission| submission.get("state").cloned().unwrap_or_default())
    };
    for (given, expected) in [("tx", "TX"), ("Texas", "TX"), (" ON ", "ON")] {
        assert_eq!(state(json!(given)).unwrap(), expected);
    }
    for given in [json!("T"), json!("Kent"), json!(12), json!("1A")] {
        assert_eq!(state(given).unwrap_err().wrong[0].kind, WrongKind::Invalid);
    }
}

proptest! {
    #[test]
    fn everything_that_has_a_field_survives(sent in stored_lead(), state in prop::sample::select(vec!["TX", "CA"])) {
        let mut sent = sent;
        sent.state = Some(state.to_owned());
        let settings: Settings = serde_json::from_value(json!({"seller": "ACME1234", "category": "Solar"})).unwrap();
        let Ok(prepared) = outbound::request(&sent, &settings, &call()) else { return Ok(()) };
        let came = back(Dialect::Marketplace, &prepared.request);
        prop_assert_eq!(&came.contact.email, &sent.contact.email);
        let typed = |lead: &shared::lead::Lead| lead.contact.phone.as_ref().map(|phone| phone.typed.clone());
        prop_assert_eq!(typed(&came), typed(&sent));
        prop_assert_eq!(&came.category, &sent.category.clone().or(Some("Solar".to_owned())));
        for (came, sent) in [(&came.state, &sent.state), (&came.postcode, &sent.postcode), (&came.city, &sent.city)] {
            prop_assert_eq!(came, sent);
        }
        prop_assert!(came.meta.is_empty());
    }
}
