//! What the answers of all providers have in common: the meaning of status codes that no page
//! documents otherwise, and the time a provider asks to be left alone.

use http::{HeaderMap, HeaderName, StatusCode, header::RETRY_AFTER};
use serde_json::Value;
use shared::{text::shortened, timestamp::Timestamp};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use super::Outcome;

/// The Unix second at which a limit begins anew, as many APIs send it.
pub const RATE_LIMIT_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// The longest a provider may ask us to wait: a day. Anything beyond is a mistake of its clock.
const MAX_WAIT_SECONDS: i64 = 24 * 60 * 60;

/// Longest reason that is kept of a provider's answer, in characters.
const REASON_MAX_CHARS: usize = 300;

/// Longest reference that is kept of an answer, in characters.
const REFERENCE_MAX_CHARS: usize = 100;

/// The answer's body as whatever JSON it is; null where it is none. For answers whose members a page
/// shows in several types: one that is not as expected does not hide the others.
pub fn value(answer: &http::Response<Vec<u8>>) -> Value {
    std::str::from_utf8(answer.body()).ok().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// An id as an answer has it: a number, or a text that is not empty.
pub fn id(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        _ => None,
    }
}

/// What the provider calls the lead, where no page says how an answer names it: `id`, `lead_id` or
/// `data.id`.
pub fn any_reference(body: &Value) -> Option<String> {
    let places = [body.get("id"), body.get("lead_id"), body.get("data").and_then(|data| data.get("id"))];
    places.into_iter().find_map(id).map(|id| reference(&id))
}

/// What an error body says, in the shapes that are common: a sentence in `message`, `detail`, `error`
/// or `error.message`, and what `errors` names, by field or as a list.
pub fn complaint(body: &Value) -> Option<String> {
    let error = body.get("error");
    let places = [body.get("message"), body.get("detail"), error, error.and_then(|inner| inner.get("message"))];
    let sentence = places.into_iter().flatten().find_map(Value::as_str).filter(|text| !text.is_empty());
    let mut named = Vec::new();
    match body.get("errors") {
        Some(Value::Object(by_field)) => named.extend(by_field.keys().map(String::as_str)),
        Some(Value::Array(list)) => {
            named.extend(list.iter().filter_map(|one| one.as_str().or_else(|| one.get("message")?.as_str())));
        }
        _ => {}
    }
    match (sentence, named.is_empty()) {
        (Some(sentence), true) => Some(sentence.to_owned()),
        (Some(sentence), false) => Some(format!("{sentence} ({})", named.join(", "))),
        (None, false) => Some(named.join(", ")),
        (None, true) => None,
    }
}

/// What an answer says went wrong, for providers that document no shape: [`complaint`], else its
/// `reason`, `error` or `errors` as they are, else its text. A page for people says nothing.
pub fn words(answer: &http::Response<Vec<u8>>) -> Option<String> {
    let body = value(answer);
    if body.is_null() {
        let text = std::str::from_utf8(answer.body()).ok()?.trim();
        return (!text.is_empty() && !text.starts_with('<')).then(|| text.to_owned());
    }
    let sentence = ["message", "detail", "error"].iter().any(|name| body.get(name).is_some_and(Value::is_string));
    let raw = || {
        let found = ["reason", "error", "errors"].iter().find_map(|name| body.get(name))?;
        Some(found.as_str().map_or_else(|| found.to_string(), str::to_owned))
    };
    if sentence { complaint(&body) } else { raw().or_else(|| complaint(&body)) }
}

/// What a status code means by itself; `None` for a 2xx, which only the body explains.
pub fn by_status(answer: &http::Response<Vec<u8>>, now: Timestamp, detail: Option<String>) -> Option<Outcome> {
    let status = answer.status();
    let reason = reason(status, detail);
    Some(match status.as_u16() {
        200..=299 => return None,
        401 | 403 => Outcome::Misconfigured { reason },
        300..=399 => Outcome::Misconfigured { reason: format!("{reason} Redirects are not followed.") },
        408 | 425 | 429 | 500..=599 => Outcome::RetryLater { reason, after: retry_after(answer.headers(), now) },
        404 | 405 | 410 => Outcome::Misconfigured { reason },
        400..=499 => Outcome::Refused { reason },
        _ => Outcome::Unconfirmed { reason },
    })
}

/// What the provider calls the lead, bounded.
pub fn reference(text: &str) -> String {
    shortened(text, REFERENCE_MAX_CHARS).to_owned()
}

/// A sentence with the status and what the provider said, bounded.
pub fn reason(status: StatusCode, detail: Option<String>) -> String {
    match detail {
        Some(detail) => format!("HTTP {}: {}", status.as_u16(), shortened(detail.trim(), REASON_MAX_CHARS)),
        None => format!("HTTP {}.", status.as_u16()),
    }
}

/// The moment before which a provider does not want to be called: `Retry-After` in seconds or as a
/// date (RFC 9110 §10.2.3), else `X-RateLimit-Reset` in Unix seconds; never later than a day from now.
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let by_header = text(RETRY_AFTER).and_then(|value| match value.parse::<i64>() {
        Ok(seconds) => Some(now.plus_seconds(seconds)),
        Err(_) => http_date(value),
    });
    let by_reset =
        || text(RATE_LIMIT_RESET)?.parse::<i64>().ok().map(|s| Timestamp::from_millis(s.saturating_mul(1000)));
    let moment = by_header.or_else(by_reset)?;
    (moment > now).then(|| moment.min(now.plus_seconds(MAX_WAIT_SECONDS)))
}

/// The preferred date of HTTP, which is one of RFC 2822 but for the name of its zone.
fn http_date(value: &str) -> Option<Timestamp> {
    let zoned = value.strip_suffix("GMT").map(|rest| format!("{rest}+0000"))?;
    let moment = OffsetDateTime::parse(&zoned, &Rfc2822).ok()?;
    Some(Timestamp::from_millis(moment.unix_timestamp().saturating_mul(1000)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: Timestamp = Timestamp::from_millis(1_000_000_000_000);

    fn wait(name: &'static str, value: &str) -> Option<i64> {
        let headers = HeaderMap::from_iter([(http::HeaderName::from_static(name), value.parse().unwrap())]);
        retry_after(&headers, NOW).map(|moment| moment.seconds() - NOW.seconds())
    }

    #[test]
    fn a_wait_is_read_as_seconds_as_a_date_and_as_a_reset_time() {
        assert_eq!(wait("retry-after", "120"), Some(120));
        assert_eq!(wait("retry-after", "Sun, 09 Sep 2001 01:47:40 GMT"), Some(60));
        assert_eq!(wait("x-ratelimit-reset", "1000000030"), Some(30));
    }

    #[test]
    fn absurd_waits_are_bounded_or_ignored() {
        assert_eq!(wait("retry-after", "999999999"), Some(86_400));
        for value in ["0", "-5", "soon", "", "Sun, 09 Sep 2001 01:46:39 GMT", "99999999999999999999"] {
            assert_eq!(wait("retry-after", value), None, "{value}");
        }
        assert_eq!(wait("x-ratelimit-reset", "30"), None);
    }

    #[test]
    fn a_complaint_is_found_in_the_common_shapes() {
        let found = |body: Value| complaint(&body);
        for (body, expected) in [
            (json!({"message": "No phone."}), "No phone."),
            (json!({"detail": "Invalid token."}), "Invalid token."),
            (json!({"success": false, "error": "Bad name"}), "Bad name"),
            (json!({"error": {"code": "invalid", "message": "Bad name"}}), "Bad name"),
            (json!({"message": "Invalid.", "errors": {"email": ["Bad."], "phone": []}}), "Invalid. (email, phone)"),
            (
                json!({"message": "", "errors": ["Bad name", {"field": "email", "message": "Bad email"}, 5]}),
                "Bad name, Bad email",
            ),
        ] {
            assert_eq!(found(body).as_deref(), Some(expected));
        }
        for body in [
            json!(null),
            json!("text"),
            json!([]),
            json!({"message": {"a": 1}, "errors": "many"}),
            json!({"errors": []}),
        ] {
            assert_eq!(found(body), None);
        }
    }

    #[test]
    fn an_id_is_a_number_or_a_text() {
        assert_eq!(id(Some(&json!(640_682))).as_deref(), Some("640682"));
        assert_eq!(id(Some(&json!("LOG123456"))).as_deref(), Some("LOG123456"));
        for none in [json!(null), json!(""), json!(true), json!([1]), json!({"id": 1})] {
            assert_eq!(id(Some(&none)), None);
        }
        assert_eq!(id(None), None);
    }

    #[test]
    fn every_status_but_success_means_something_by_itself() {
        let meaning = |status: u16| {
            let answer = http::Response::builder().status(status).body(Vec::new()).unwrap();
            by_status(&answer, NOW, None).map(|outcome| outcome.name())
        };
        for (status, expected) in [
            (200, None),
            (204, None),
            (302, Some("misconfigured")),
            (400, Some("refused")),
            (401, Some("misconfigured")),
            (403, Some("misconfigured")),
            (404, Some("misconfigured")),
            (408, Some("retry_later")),
            (409, Some("refused")),
            (422, Some("refused")),
            (425, Some("retry_later")),
            (429, Some("retry_later")),
            (500, Some("retry_later")),
            (503, Some("retry_later")),
            (999, Some("unconfirmed")),
        ] {
            assert_eq!(meaning(status), expected, "{status}");
        }
    }
}
