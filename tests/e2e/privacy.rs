//! What is kept of a person, and that it goes: deletion, data-subject requests, consent, retention.

mod address;
mod consent;
mod delete;
mod person;
mod retention;
mod turns;

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Answer, Stack};

/// What a lead says of a person, in every place where it may end up.
const PERSON: [&str; 9] = [
    "Canary Qzxwv",
    "canary.qzxwv@example.com",
    "1623 555019",
    "1623555019",
    "message-canary",
    "meta-canary",
    "excerpt-canary",
    "note-canary",
    "order-canary",
];

/// A submission of that person.
fn canary() -> Value {
    json!({
        "form": "contact", "name": PERSON[0], "email": PERSON[1], "phone": "01623 555019", "message": PERSON[4],
        "source": "source of excerpt-canary", "attribution": {"utm_campaign": "campaign of message-canary"},
        "consent": {"given": true}, "meta": {"colour": PERSON[5]},
    })
}

async fn call(stack: &Stack, key: &str, method: Method, path: &str, body: Option<&Value>) -> Answer {
    let client = stack.client();
    let mut request = client.request(method, path).bearer_auth(key);
    if let Some(body) = body {
        request = request.json(body);
    }
    client.send(request).await.unwrap()
}

/// Fails where D1 holds any of these texts, first in a value of a table, then as bytes of its file. What SQLite
/// leaves in pages that it will use again is no part of that: the file is written anew before it is searched.
fn must_be_gone(stack: &mut Stack, texts: &[&str]) {
    for text in texts {
        assert_eq!(stack.d1().places_of(text), Vec::<String>::new(), "{text}");
    }
    stack.kill_9();
    let bytes = stack.d1().compacted();
    for text in texts {
        let is_there = bytes.windows(text.len()).any(|part| part.eq_ignore_ascii_case(text.as_bytes()));
        assert!(!is_there, "{text} is in the file");
    }
}
