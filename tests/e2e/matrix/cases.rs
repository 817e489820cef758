//! The cases: what each provider does with a request, beside what that means.

mod documented;

use serde_json::json;
use tests::harness::PROVIDERS;
use tests::sandbox::Fault;
use time::macros::format_description;
use time::{Duration, OffsetDateTime};

use super::rules::{Meaning, RETRY_LATER, Wait, of_status, of_unknown_success};

/// How the destinations are configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Everything has its default.
    Usual,
    /// A provider that hangs is given up soon.
    ShortTimeout,
    /// Nobody listens at the destinations' address.
    ClosedPort,
}

/// One lead, and what six providers do with it.
pub struct Case {
    /// What happens.
    pub name: String,
    /// How the destinations are configured.
    pub setting: Setting,
    /// What each provider does, in the order of [`PROVIDERS`].
    pub exchanges: Vec<Exchange>,
}

/// What one provider does, and what must come of it.
pub struct Exchange {
    /// The provider.
    pub provider: &'static str,
    /// What it does; nothing special if `None`.
    pub fault: Option<Fault>,
    /// What that means.
    pub meaning: Meaning,
}

impl Exchange {
    /// The status that the Worker must have seen; `None` where no whole answer came.
    pub fn status_code(&self) -> Option<u16> {
        let fault = self.fault.as_ref()?;
        fault.status.or(fault.redirect)
    }
}

/// All cases, those of one setting together.
pub fn all() -> Vec<Case> {
    let mut cases = documented::cases();
    cases.extend(statuses());
    cases.extend(waits());
    cases.extend(bodies());
    cases.extend(redirects());
    cases.extend(connections());
    cases
}

/// The same fault at every provider.
fn case(name: impl Into<String>, setting: Setting, fault: &Fault, meaning: impl Fn(&str) -> Meaning) -> Case {
    let exchange = |provider| Exchange {
        provider,
        fault: Some(Fault { provider: provider.to_owned(), ..fault.clone() }),
        meaning: meaning(provider),
    };
    Case { name: name.into(), setting, exchanges: PROVIDERS.into_iter().map(exchange).collect() }
}

fn usual(name: impl Into<String>, fault: &Fault, meaning: impl Fn(&str) -> Meaning) -> Case {
    case(name, Setting::Usual, fault, meaning)
}

fn statuses() -> impl Iterator<Item = Case> {
    let statuses = [400, 401, 403, 404, 408, 409, 422, 425, 429, 500, 502, 503, 504];
    statuses.into_iter().map(|status| {
        let fault = Fault { status: Some(status), ..Fault::default() };
        usual(format!("status {status}"), &fault, |provider| of_status(provider, status, Wait::Schedule))
    })
}

/// Answers that say when the provider wants to be asked again, and answers that only seem to.
fn waits() -> impl Iterator<Item = Case> {
    const DAY: i64 = 24 * 60 * 60;
    let later = OffsetDateTime::now_utc() + Duration::hours(3);
    let http_date = |moment: OffsetDateTime| {
        let format =
            format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
        moment.format(&format).unwrap()
    };
    let until = Wait::Until(later.unix_timestamp());
    let by_retry_after = [
        ("4000".to_owned(), Wait::Seconds(4_000)),
        (http_date(later), until),
        ("999999999".to_owned(), Wait::Seconds(DAY)),
        (http_date(later + Duration::days(4_000)), Wait::Seconds(DAY)),
        (http_date(later - Duration::days(2)), Wait::Schedule),
        ("-5".to_owned(), Wait::Schedule),
        ("soon".to_owned(), Wait::Schedule),
        ("99999999999999999999999".to_owned(), Wait::Schedule),
    ];
    let by_reset = [
        (later.unix_timestamp().to_string(), until),
        ((later.unix_timestamp() + 4_000 * DAY).to_string(), Wait::Seconds(DAY)),
        ("1".to_owned(), Wait::Schedule),
    ];
    let by_retry_after = by_retry_after.into_iter().flat_map(|(value, wait)| {
        [429, 503].map(|status| {
            let fault = Fault { status: Some(status), retry_after: Some(value.clone()), ..Fault::default() };
            (format!("{status}, Retry-After {value}"), fault, status, wait)
        })
    });
    let by_reset = by_reset.into_iter().map(|(value, wait)| {
        let headers = [("X-RateLimit-Reset".to_owned(), value.clone())].into();
        (format!("429, X-RateLimit-Reset {value}"), Fault { status: Some(429), headers, ..Fault::default() }, 429, wait)
    });
    by_retry_after
        .chain(by_reset)
        .map(|(name, fault, status, wait)| usual(name, &fault, |provider| of_status(provider, status, wait)))
}

/// Successes whose body is not the documented one.
fn bodies() -> impl Iterator<Item = Case> {
    let ok = || Fault { status: Some(200), ..Fault::default() };
    let body = |body| Fault { body: Some(body), ..ok() };
    let html = Some("text/html".to_owned());
    let faults = [
        ("an empty body", Fault { empty_body: true, ..ok() }),
        ("an HTML page", Fault { content_type: html, ..body("<html><h1>Sorry</h1></html>".into()) }),
        ("a body of 1 MB", Fault { large_body_bytes: Some(1_000_000), ..body(json!({"message": "Welcome"})) }),
        ("an array", body(json!([]))),
        ("a string", body("\"created\"".into())),
        ("an object of other members", body(json!({"ok": true, "result": {"number": 7}}))),
        ("members of other types", body(json!({"id": {}, "success": "yes", "status": [], "data": 5, "deal_id": []}))),
        ("half an object", body("{\"id\": 123".into())),
    ];
    faults.into_iter().map(|(name, fault)| usual(format!("200 with {name}"), &fault, of_unknown_success))
}

fn redirects() -> impl Iterator<Item = Case> {
    [301, 302, 303, 307, 308].into_iter().map(|status| {
        let fault = Fault { redirect: Some(status), ..Fault::default() };
        usual(format!("redirect {status}"), &fault, |_| Meaning::Misconfigured)
    })
}

/// No answer, or not a whole one.
fn connections() -> impl Iterator<Item = Case> {
    let broken = [
        ("a reset", Fault { reset: true, ..Fault::default() }),
        ("a connection that is closed", Fault { close: true, ..Fault::default() }),
        ("a cut body", Fault { cut_body: true, ..Fault::default() }),
    ];
    let late = [
        ("a hang", Fault { hang: true, ..Fault::default() }),
        ("a body that is too slow", Fault { slow_body_ms: Some(60_000), ..Fault::default() }),
    ];
    let broken = broken.into_iter().map(|(name, fault)| (name, Setting::Usual, fault, Meaning::Unconfirmed));
    let late = late.into_iter().map(|(name, fault)| (name, Setting::ShortTimeout, fault, Meaning::Unconfirmed));
    let refused = ("a refused connection", Setting::ClosedPort, Fault::default(), RETRY_LATER);
    let all = broken.chain(late).chain([refused]);
    all.map(|(name, setting, fault, meaning)| case(name, setting, &fault, |_| meaning))
}
