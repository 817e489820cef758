//! The page's requests and answers, and what survives the way through this API.

use proptest::prelude::*;
use serde_json::{Value, json};
use shared::lead::{Intent, LeadId};

use super::*;
use crate::{
    partner::{
        Dialect,
        round_trip::{NOW, back, call, lead, members, stored_lead},
    },
    problem::Problem,
    provider::alterestate::{Settings, outbound},
};

fn documented() -> Value {
    json!({"full_name": "John Doe", "phone": "8091234567", "email": "johndoe@email.com"})
}

#[test]
fn the_documented_example_comes_in_whole() {
    let mut fields = members(documented());
    fields.extend(members(json!({
        "property_uid": "P7", "utm_source": "Facebook", "adset_name": "a", "campaign_name": "c", "form_name": "f",
        "platform": "Instagram", "round_robin": "rr", "listing_type": "renting", "related": "agent@example.com",
        "notes": "<b>Call</b>", "via": "104",
    })));
    assert_eq!(
        serde_json::to_value(lead(Dialect::AlterEstate, Value::Object(fields))).unwrap(),
        json!({
            "name": "John Doe", "email": "johndoe@email.com", "phone": "8091234567", "phone_e164": null, "intent": "rent",
            "notes": "<b>Call</b>", "property": {"uid": "P7"},
            "attribution": {"utm_source": "Facebook", "adset_name": "a", "campaign_name": "c", "form_name": "f", "platform": "Instagram"},
            "meta": {"round_robin": "rr", "related": "agent@example.com", "via": "104"},
        })
    );
    let other =
        lead(Dialect::AlterEstate, json!({"full_name": "J", "phone": "1", "email": "j@e.co", "listing_type": "swap"}));
    assert_eq!((other.intent, other.meta["listing_type"].as_str()), (None, "swap"));
}

#[test]
fn a_success_and_a_duplicate_are_answered_as_documented() {
    let mut fields = members(documented());
    fields.extend(members(json!({"notes": "a < b", "via": "104"})));
    let lead = lead(Dialect::AlterEstate, Value::Object(fields));
    let id = LeadId::new(NOW, [7; 10]);
    let mut given = Taken { id, lead: &lead, is_duplicate: false, now: NOW };
    let number = number(id);
    assert_eq!(
        taken(&given),
        (
            201,
            json!({
                "status": 201,
                "data": {
                    "id": number, "company": 0, "uid": id.to_string(), "full_name": "John Doe", "email": "johndoe@email.com",
                    "description": "a &lt; b", "via": 104, "phone": "8091234567", "distinct_id": null, "ctype": 0,
                    "related_contacts": [],
                },
                "log_id": number, "deal_id": number,
            })
        )
    );
    given.is_duplicate = true;
    let message = "This contact already exists. No new deal was created.";
    let expected = json!({"status": 200, "message": message, "log_id": format!("LOG{number}")});
    assert_eq!(taken(&given), (200, expected));
}

#[test]
fn a_missing_field_gets_the_documented_error() {
    for (missing, message) in [
        (&["phone"][..], "Missing required field: phone"),
        (&["full_name", "email"][..], "Missing required field: full_name, email"),
    ] {
        let mut fields = members(documented());
        missing.iter().for_each(|name| drop(fields.remove(*name)));
        let answer = Dialect::AlterEstate.refused(&Problem::Partner(submission(fields).unwrap_err().wrong), "r1", NOW);
        assert_eq!(answer.status, 400);
        assert_eq!(
            serde_json::from_str::<Value>(&answer.body).unwrap(),
            json!({"status": "error", "message": message})
        );
    }
}

proptest! {
    #[test]
    fn what_has_a_field_survives_and_the_rest_is_in_the_notes(sent in stored_lead()) {
        let Ok(prepared) = outbound::request(&sent, &Settings::default(), &call()) else { return Ok(()) };
        let came = back(Dialect::AlterEstate, &prepared.request);
        prop_assert_eq!(&came.name, &sent.name);
        prop_assert_eq!(&came.contact, &sent.contact);
        prop_assert_eq!(came.intent, sent.intent.filter(|intent| matches!(intent, Intent::Buy | Intent::Rent)));
        prop_assert_eq!(&came.attribution.utm_source, &sent.attribution.utm_source);
        prop_assert_eq!(&came.attribution.form_name, &sent.attribution.form_name);
        let uid = |lead: &shared::lead::Lead| lead.property.as_ref().and_then(|property| property.uid.clone());
        prop_assert_eq!(uid(&came), uid(&sent));
        // Markup that was escaped on its way stays escaped.
        let notes = came.notes.unwrap_or_default();
        for text in [&sent.message, &sent.notes].into_iter().flatten() {
            prop_assert!(notes.contains(html_safe(text).as_str()));
        }
    }
}
