//! What Cloudflare Turnstile is asked about a visitor, and what its answer means
//! (<https://developers.cloudflare.com/turnstile/get-started/server-side-validation/>).
//!
//! Where a response was solved is not looked at: a Turnstile widget works only on the hosts that its
//! owner lists for it.

use http::{Request, Response, header::CONTENT_TYPE};
use serde_json::{Value, json};

/// Where a response is checked.
pub const SITEVERIFY: &str = "https://challenges.cloudflare.com/turnstile/v0/siteverify";

/// Longest response, in characters, as Cloudflare documents it.
pub const RESPONSE_MAX_CHARS: usize = 2_048;

/// What Turnstile says of a visitor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The form does not use it.
    NotAsked,
    /// The form uses it and no response came.
    Missing,
    /// Probably a person.
    Passed,
    /// The response was good once: it is older than its 5 minutes, or was used before.
    Spent,
    /// The response is not one that Turnstile gave out.
    Failed,
    /// It could not be asked, and why. Its outage is not a bot.
    Unavailable(String),
}

/// The question. The same `idempotency_key` with the same response may be asked again, and gets the same
/// answer: it stands for one submission, however often that is sent.
pub fn question(
    address: &str,
    secret: &str,
    response: &str,
    client: Option<&str>,
    idempotency_key: &str,
) -> Option<Request<Vec<u8>>> {
    let mut body = json!({ "secret": secret, "response": response, "idempotency_key": idempotency_key });
    if let (Some(client), Value::Object(members)) = (client, &mut body) {
        members.insert("remoteip".to_owned(), client.into());
    }
    let request = Request::post(address).header(CONTENT_TYPE, "application/json");
    request.body(body.to_string().into_bytes()).ok()
}

/// What the answer means. An error code that is about us and not about the visitor counts as an outage.
pub fn verdict(answer: &Response<Vec<u8>>) -> Verdict {
    let Ok(body) = serde_json::from_slice::<Value>(answer.body()) else {
        return Verdict::Unavailable(format!("status {}", answer.status().as_u16()));
    };
    match body.get("success") {
        Some(Value::Bool(true)) => return Verdict::Passed,
        Some(Value::Bool(false)) => {}
        _ => return Verdict::Unavailable(format!("status {}", answer.status().as_u16())),
    }
    let code = body.get("error-codes").and_then(|codes| codes.get(0)).and_then(Value::as_str).unwrap_or_default();
    match code {
        "timeout-or-duplicate" => Verdict::Spent,
        "invalid-input-response" | "missing-input-response" => Verdict::Failed,
        "missing-input-secret" | "invalid-input-secret" | "bad-request" | "internal-error" => {
            Verdict::Unavailable(code.to_owned())
        }
        _ => Verdict::Unavailable("an unknown error code".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_has_the_documented_members() {
        let asked = question(SITEVERIFY, "s", "r", Some("203.0.113.7"), "id").unwrap();
        assert_eq!((asked.method().as_str(), asked.uri().to_string().as_str()), ("POST", SITEVERIFY));
        let body: Value = serde_json::from_slice(asked.body()).unwrap();
        assert_eq!(body, json!({"secret": "s", "response": "r", "remoteip": "203.0.113.7", "idempotency_key": "id"}));
        let body = question(SITEVERIFY, "s", "r", None, "id").unwrap().into_body();
        assert!(serde_json::from_slice::<Value>(&body).unwrap().get("remoteip").is_none());
    }

    #[test]
    fn only_what_is_about_the_visitor_counts_against_them() {
        let unavailable = |why: &str| Verdict::Unavailable(why.to_owned());
        for (status, body, expected) in [
            (200, r#"{"success":true,"hostname":"example.com","error-codes":[]}"#, Verdict::Passed),
            (200, r#"{"success":false,"error-codes":["invalid-input-response"]}"#, Verdict::Failed),
            (200, r#"{"success":false,"error-codes":["timeout-or-duplicate"]}"#, Verdict::Spent),
            (200, r#"{"success":false,"error-codes":["invalid-input-secret"]}"#, unavailable("invalid-input-secret")),
            (200, r#"{"success":false,"error-codes":["internal-error"]}"#, unavailable("internal-error")),
            (200, r#"{"success":false}"#, unavailable("an unknown error code")),
            (200, r#"{"success":"yes"}"#, unavailable("status 200")),
            (502, "<html>", unavailable("status 502")),
        ] {
            let answer = Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap();
            assert_eq!(verdict(&answer), expected, "{body}");
        }
    }
}
