//! The lead that tests a destination, and what is shown of the requests that carry it.

use http::{HeaderName, Request};
use serde_json::{Map, Value, json};
use shared::{lead::Lead, timestamp::Timestamp};

use crate::provider::Outcome;

/// What stands in place of a credential.
const MASK: &str = "***";

/// A signature proves who sent a request, as a credential does.
const SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

/// A lead with everything that any provider requires of a lead, and marked so that nobody calls. The
/// number is of those kept for fiction. Category and source are left to the destination's settings, and
/// no property is named that a provider would look up.
pub fn lead(now: Timestamp) -> Option<Lead> {
    let lead = json!({
        "name": "Leadgate Test", "first_name": "Leadgate", "last_name": "Test", "title": "Mr",
        "email": "leadgate-test@example.com", "phone": "+1 214-555-0123", "phone_e164": "+12145550123",
        "intent": "buy", "interest_level": "warm",
        "message": "This is a test of the connection, sent by Leadgate. There is nobody to call; please ignore it.",
        "address": "1 Test Street", "postcode": "75001", "city": "Dallas", "state": "TX", "country": "US",
        "property": {
            "address": "1 Test Street", "postcode": "75001", "type": "detached",
            "url": "https://example.com/leadgate-test",
        },
        "budget": 1, "timeline": "never: this is a test", "locale": "en",
        "consent": {"given": true, "text": "This is a test.", "version": "test", "at": now},
    });
    serde_json::from_value(lead).ok()
}

/// A request as it was sent, with `***` for every copy of the credential and for its signature.
pub fn shown(request: &Request<Vec<u8>>, credential: &str) -> Value {
    let masked = |text: &str| {
        let mut text = text.to_owned();
        for key in credential.split([' ', ',']).filter(|key| !key.is_empty()) {
            text = text.replace(key, MASK);
        }
        text
    };
    let mut headers = Map::new();
    for (name, value) in request.headers() {
        let is_secret = value.is_sensitive() || *name == SIGNATURE;
        let text = value.to_str().map(masked).unwrap_or_default();
        // Of a secret that holds the credential what stands around it is shown, such as `Bearer`.
        let text = if is_secret && !text.contains(MASK) { MASK.to_owned() } else { text };
        headers.insert(name.as_str().to_owned(), text.into());
    }
    let body = masked(&String::from_utf8_lossy(request.body()));
    let body = serde_json::from_str(&body).unwrap_or(Value::String(body));
    json!({ "method": request.method().as_str(), "url": masked(&request.uri().to_string()), "headers": headers, "body": body })
}

/// What the provider calls the lead, and why it said what it said.
pub fn told(outcome: &Outcome) -> (Option<&str>, Option<&str>) {
    match outcome {
        Outcome::Delivered { reference, remark } => (reference.as_deref(), remark.as_deref()),
        Outcome::Continued { reference, .. } | Outcome::Duplicate { reference } => (reference.as_deref(), None),
        Outcome::Refused { reason }
        | Outcome::RetryLater { reason, .. }
        | Outcome::Unconfirmed { reason }
        | Outcome::Misconfigured { reason } => (None, Some(reason)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        destination::Destination,
        provider::{Call, Provider},
    };

    #[test]
    fn a_test_lead_says_that_it_is_one_and_calls_nobody() {
        let lead = lead(Timestamp::from_millis(0)).unwrap();
        assert!(lead.contact.is_reachable() && lead.category.is_none() && lead.source.is_none());
        assert!(lead.message.unwrap().contains("test"));
        assert!(lead.contact.email.unwrap().as_typed().ends_with("@example.com"));
        assert!(lead.contact.phone.unwrap().e164.unwrap().as_str().contains("55501"));
    }

    #[test]
    fn a_shown_request_has_everything_but_the_credential() {
        let destination = json!({"provider": "anyhouse", "url": "https://example.com/leads?for=s3cret"});
        let destination = Destination::parse("crm", serde_json::from_value(destination).unwrap()).unwrap();
        let now = Timestamp::from_millis(0);
        let call = Call {
            url: destination.url.as_str(),
            credential: "s3cret",
            idempotency_key: "test_1",
            lead_id: "1",
            form: "test",
            created_at: now,
            now,
        };
        let request = Provider::request(&destination.provider, &lead(now).unwrap(), &call).unwrap().request;
        let shown = shown(&request, "s3cret");
        assert_eq!((&shown["method"], &shown["url"]), (&json!("POST"), &json!("https://example.com/leads?for=***")));
        assert_eq!(shown["headers"]["authorization"], "Bearer ***");
        assert_eq!(shown["headers"]["idempotency-key"], "test_1");
        assert_eq!(shown["body"]["name"], "Leadgate Test");
        assert!(!shown.to_string().contains("s3cret"));
    }

    #[test]
    fn a_signature_is_shown_no_more_than_a_credential() {
        let request = Request::builder().header("webhook-signature", "v1,abc").header("webhook-id", "test_1");
        let shown = shown(&request.body(b"text".to_vec()).unwrap(), "");
        assert_eq!(shown["headers"], json!({"webhook-signature": "***", "webhook-id": "test_1"}));
        assert_eq!(shown["body"], "text");
    }
}
