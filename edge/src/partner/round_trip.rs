//! A lead on its way through a provider's API: out by its outbound side, in again by its inbound side.

use std::borrow::Cow;

use http::Request;
use proptest::prelude::*;
use serde_json::{Map, Value};
use shared::{
    contact::{E164, Region},
    form::FormDefinition,
    lead::Lead,
    submission::Submission,
    text::Normaliser,
    timestamp::Timestamp,
};

use super::Dialect;
use crate::{
    provider::{Call, any_lead::any_lead},
    telephone,
};

/// When everything here happens.
pub const NOW: Timestamp = Timestamp::from_millis(1_772_379_900_000);

/// Telephone numbers as the Worker reads them; Unicode is in NFC already.
struct Plain;

impl Normaliser for Plain {
    fn nfc<'a>(&self, text: &'a str) -> Cow<'a, str> {
        Cow::Borrowed(text)
    }

    fn e164(&self, typed: &str, region: Region) -> Option<E164> {
        telephone::e164(typed, region)
    }
}

/// What the call of an attempt carries.
pub fn call() -> Call<'static> {
    Call {
        url: "https://example.com/compat",
        credential: "s3cret",
        idempotency_key: "0197_1",
        lead_id: "01970000-0000-7000-8000-000000000000",
        form: "contact",
        created_at: NOW,
        now: NOW,
    }
}

/// The object in some JSON.
pub fn members(value: Value) -> Map<String, Value> {
    let Value::Object(members) = value else { panic!("{value} is no object") };
    members
}

/// The lead that fields in a provider's words make.
pub fn lead(dialect: Dialect, fields: Value) -> Lead {
    let submission = dialect.submission(members(fields)).unwrap();
    submission.validate(&FormDefinition::default(), &Plain, NOW).unwrap()
}

/// The lead that comes in when that request goes out.
pub fn back(dialect: Dialect, request: &Request<Vec<u8>>) -> Lead {
    lead(dialect, serde_json::from_slice(request.body()).unwrap())
}

/// Leads as they are stored: any text, but cleaned.
pub fn stored_lead() -> impl Strategy<Value = Lead> {
    any_lead().prop_filter_map("a question without a key is none", |lead| {
        let mut fields = members(serde_json::to_value(lead).unwrap());
        // Any text, where a lead has two letters.
        fields.remove("country");
        // It is made of the number anew.
        fields.remove("phone_e164");
        let submission = Submission::new(fields).of_partner();
        submission.validate(&FormDefinition::default(), &Plain, NOW).ok()
    })
}
