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
    problem::Problem,
    provider::actuallycare::{Settings, outbound},
};

#[test]
fn a_name_alone_is_a_lead() {
    let lead = serde_json::to_value(lead(Dialect::ActuallyCare, json!({"name": "Jordan Lee"}))).unwrap();
    assert_eq!(
        lead,
        json!({"name": "Jordan Lee", "email": null, "phone": null, "phone_e164": null, "contactable": false})
    );
}

#[test]
fn every_field_comes_in_and_goes_out_in_the_documented_envelope() {
    let fields = json!({
        "name": "Rachel Kim", "email": "rachel@example.com", "phone": "(661) 555-0198", "source": "Website Form",
        "lead_type": "buyer", "interest_level": "warm", "budget": "380000", "timeline": "3-6 months", "notes": "n",
    });
    let lead = lead(Dialect::ActuallyCare, fields);
    let id = LeadId::new(NOW, [7; 10]);
    let mut given = Taken { id, lead: &lead, is_duplicate: false, now: NOW };
    let (status, body) = taken(&given);
    assert_eq!(
        (status, body),
        (
            201,
            json!({
                "success": true,
                "data": {
                    "id": id.to_string(), "user_id": null, "name": "Rachel Kim", "email": "rachel@example.com",
                    "phone": "(661) 555-0198", "source": "Website Form", "status": "new", "lead_type": "buyer",
                    "interest_level": "warm", "budget": 380_000, "timeline": "3-6 months", "message": null, "notes": "n",
                    "last_contact_date": null, "next_follow_up": null, "converted_to_client_id": null, "version": 1,
                    "created_at": NOW, "updated_at": NOW,
                },
                "message": "Lead created successfully",
                "timestamp": NOW,
            })
        )
    );
    given.is_duplicate = true;
    assert_eq!(taken(&given).0, 200);
}

#[test]
fn values_that_the_page_does_not_have_are_refused_and_a_budget_in_words_is_kept() {
    for (name, value) in [("lead_type", json!("tenant")), ("interest_level", json!("lukewarm"))] {
        let wrong = submission(members(json!({"name": "J", name: value}))).unwrap_err().wrong;
        assert_eq!(wrong[0].field, name);
    }
    let wrong = submission(members(json!({"email": "a@b.co"}))).unwrap_err().wrong;
    let answer = Dialect::ActuallyCare.refused(&Problem::Partner(wrong), "r1", NOW);
    let text = "The field name is required.";
    let error = json!({"code": "validation_failed", "message": text, "fields": {"name": [text]}});
    assert_eq!(answer.status, 400);
    assert_eq!(
        serde_json::from_str::<Value>(&answer.body).unwrap(),
        json!({"success": false, "message": text, "error": error, "timestamp": NOW})
    );
    let words = lead(Dialect::ActuallyCare, json!({"name": "J", "budget": "around 200k"}));
    assert_eq!((words.budget, words.meta["budget"].as_str()), (None, "around 200k"));
}

proptest! {
    #[test]
    fn name_contact_source_and_the_three_intents_survive(sent in stored_lead()) {
        let Ok(prepared) = outbound::request(&sent, &Settings::default(), &call()) else { return Ok(()) };
        let came = back(Dialect::ActuallyCare, &prepared.request);
        prop_assert_eq!(&came.name, &sent.name);
        prop_assert_eq!(&came.contact, &sent.contact);
        prop_assert_eq!(&came.source, &sent.source);
        prop_assert_eq!(came.intent, sent.intent.filter(|intent| LeadType::of(*intent).is_some()));
    }
}
