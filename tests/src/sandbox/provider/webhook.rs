//! A receiver of webhooks that believes nothing unsigned: the published library of Standard Webhooks
//! checks every signature and that its time is within five minutes.

use serde_json::{Value, json};
use standardwebhooks::Webhook;

use super::{Answer, Call, Provider};

pub(super) const PROVIDER: Provider = Provider { name: "webhook", endpoint: ENDPOINT, answer };

const ENDPOINT: &str = "/leads";
const SECRET: &str = "whsec_bGVhZGdhdGUtc2FuZGJveC13ZWJob29rLXNlY3JldC0x";

fn answer(call: &Call<'_>) -> Answer {
    if call.path != ENDPOINT {
        return (404, json!({"message": "Nobody listens here."}));
    }
    if call.method != "POST" {
        return (405, json!({"message": "Webhooks are posted."}));
    }
    let receiver = Webhook::new(SECRET).expect("the secret is one");
    if let Err(error) = receiver.verify(call.body, call.headers) {
        return (401, json!({"message": format!("The webhook is not believed: {error}.")}));
    }
    match serde_json::from_slice(call.body) {
        Ok(Value::Object(_)) => (200, json!({"id": format!("received-{}", call.number)})),
        _ => (400, json!({"message": "The body must be a JSON object."})),
    }
}
