//! What the answers of all providers have in common: the meaning of status codes that no page
//! documents otherwise, and the time a provider asks to be left alone.

use http::{HeaderMap, HeaderName, StatusCode, header::RETRY_AFTER};
use serde::de::DeserializeOwned;
use shared::{text::shortened, timestamp::Timestamp};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use super::Outcome;
use crate::json;

/// The Unix second at which a limit begins anew, as many APIs send it.
pub const RATE_LIMIT_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// The longest a provider may ask us to wait: a day. Anything beyond is a mistake of its clock.
const MAX_WAIT_SECONDS: i64 = 24 * 60 * 60;

/// Longest reason that is kept of a provider's answer, in characters.
const REASON_MAX_CHARS: usize = 300;

/// Longest reference that is kept of an answer, in characters.
const REFERENCE_MAX_CHARS: usize = 100;

/// The answer's body as a `T`, if it is one.
pub fn json<T: DeserializeOwned>(answer: &http::Response<Vec<u8>>) -> Option<T> {
    std::str::from_utf8(answer.body()).ok().and_then(|text| json::parse(text).ok())
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
