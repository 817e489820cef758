//! Partners that speak a provider's API: the pages' own requests with only host and key changed.

mod answers;
mod campaigns;
mod errors;
mod lifecycle;
mod loops;
mod two_workers;

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Answer, Stack};

const ANYHOUSE: &str = "/compat/anyhouse/api/partner/leads";
const LEADPRO: &str = "/compat/leadpro/api/v103/leads";
const MARKETPLACE: &str = "/compat/marketplace/api/leads";
const ALTERESTATE: &str = "/compat/alterestate/api/v1/leads/";
pub const ACTUALLYCARE: &str = "/compat/actuallycare/v1/leads";

/// Every address with the least that it takes.
pub fn all() -> [(&'static str, Value); 5] {
    [
        (ANYHOUSE, json!({"email": "john@example.com"})),
        (
            LEADPRO,
            json!({"type": "sale", "phone": "01623000000", "first_name": "Marla", "last_name": "Singer", "email": "cloud9@cloud.com"}),
        ),
        (
            MARKETPLACE,
            json!({"seller": "ACME1234", "category": "Auto Insurance", "firstName": "John", "lastName": "Doe",
                "phone": "555-123-4567", "state": "TX"}),
        ),
        (ALTERESTATE, json!({"full_name": "John Doe", "phone": "8091234567", "email": "johndoe@email.com"})),
        (ACTUALLYCARE, json!({"name": "Jordan Lee", "email": "jordan@example.com"})),
    ]
}

/// `POST` with a key, presented as that provider's page has it.
async fn post(stack: &Stack, path: &str, key: &str, body: &Value) -> Answer {
    let client = stack.client();
    let request = client.request(Method::POST, path).json(body);
    let request = match path {
        ALTERESTATE => request.header("Authorization", format!("Token {key}")),
        LEADPRO | ACTUALLYCARE => request.header("X-API-Key", key),
        _ => request.bearer_auth(key),
    };
    client.send(request).await.unwrap()
}

/// The lead as Leadgate shows it, by the `Location` of the answer that made it.
async fn lead(stack: &Stack, key: &str, answer: &Answer) -> Value {
    let location = answer.header("location");
    assert!(location.starts_with("/v1/leads/"), "{} {}", answer.status, answer.body);
    stack.client().get(location, key).await.body
}
