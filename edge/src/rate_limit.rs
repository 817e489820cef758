//! How much a key or an address may send: fixed windows, and the headers that tell of them.
//!
//! The exact count is a row in D1 that changes in the transaction that stores the lead. What stands
//! here are the rules: which window a moment falls into, what is left of it, and how that is said.

#[cfg(test)]
mod simulation;

use serde::{Deserialize, Serialize};
use shared::timestamp::Timestamp;

/// Submissions a minute from one client address with a publishable key: a person corrects a form a
/// few times, a script does not stop at ten.
pub const PER_ADDRESS: RateLimit = RateLimit { limit: 10, window_seconds: 60 };

/// Reads and refused requests may be this many times the key's limit. They write nothing, so each
/// isolate counts its own.
pub const READS_PER_WRITE: u32 = 10;

/// At most `limit` requests in each window of `window_seconds`. Windows start at multiples of their
/// length, so across the boundary of two windows at most twice the limit passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// Requests in a window; at least 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub limit: u32,
    /// Length of a window; 1 second to a day.
    #[cfg_attr(test, schemars(range(min = 1, max = 86_400)))]
    pub window_seconds: u32,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self { limit: 60, window_seconds: 60 }
    }
}

impl RateLimit {
    /// Longest window: a day.
    pub const MAX_WINDOW_SECONDS: u32 = 86_400;

    /// Whether the numbers make sense.
    pub fn is_valid(self) -> bool {
        self.limit >= 1 && (1..=Self::MAX_WINDOW_SECONDS).contains(&self.window_seconds)
    }

    /// The same window with another number of requests.
    pub fn times(self, factor: u32) -> Self {
        Self { limit: self.limit.saturating_mul(factor), ..self }
    }

    /// The window that `now` falls into.
    pub fn window_at(self, now: Timestamp) -> Window {
        let length = i64::from(self.window_seconds.max(1));
        let start = now.seconds().saturating_sub(now.seconds().checked_rem(length).unwrap_or(0));
        Window { start, end: start.saturating_add(length) }
    }
}

/// A window in Unix seconds: from `start`, before `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First second.
    pub start: i64,
    /// First second after it.
    pub end: i64,
}

impl Window {
    /// Whole seconds until it ends, at least 1.
    pub fn seconds_left(self, now: Timestamp) -> i64 {
        self.end.saturating_sub(now.seconds()).max(1)
    }
}

/// What an answer says about a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// The limit.
    pub limit: RateLimit,
    /// Requests left in this window.
    pub remaining: u32,
    /// Seconds until the window ends.
    pub seconds_left: i64,
    /// The Unix second at which it ends.
    pub reset: i64,
}

impl Quota {
    /// What is left when `used` requests of the window at `now` are spent.
    pub fn after(limit: RateLimit, used: u32, now: Timestamp) -> Self {
        let window = limit.window_at(now);
        Self {
            limit,
            remaining: limit.limit.saturating_sub(used),
            seconds_left: window.seconds_left(now),
            reset: window.end,
        }
    }

    /// The headers of every authenticated answer: the three that are in wide use, and the two of
    /// draft-ietf-httpapi-ratelimit-headers-11, where policy names are quoted strings.
    pub fn headers(self) -> [(&'static str, String); 5] {
        let RateLimit { limit, window_seconds } = self.limit;
        [
            ("x-ratelimit-limit", limit.to_string()),
            ("x-ratelimit-remaining", self.remaining.to_string()),
            ("x-ratelimit-reset", self.reset.to_string()),
            ("ratelimit-policy", format!("\"default\";q={limit};w={window_seconds}")),
            ("ratelimit", format!("\"default\";r={};t={}", self.remaining, self.seconds_left)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn windows_start_at_multiples_of_their_length() {
        let window = RateLimit::default().window_at(Timestamp::from_millis(119_999));
        assert_eq!(window, Window { start: 60, end: 120 });
        assert_eq!(window.seconds_left(Timestamp::from_millis(119_999)), 1);
    }

    #[test]
    fn a_limit_lets_something_through_in_a_window_of_at_most_a_day() {
        for (limit, window_seconds, valid) in
            [(1, 1, true), (1, 86_400, true), (0, 60, false), (1, 0, false), (1, 86_401, false)]
        {
            assert_eq!(RateLimit { limit, window_seconds }.is_valid(), valid, "{limit} in {window_seconds} s");
        }
    }

    #[test]
    fn the_headers_say_what_is_left_and_for_how_long() {
        let quota = Quota::after(RateLimit::default(), 13, Timestamp::from_millis(100_000));
        let headers: Vec<String> = quota.headers().iter().map(|(name, value)| format!("{name}: {value}")).collect();
        assert_eq!(
            headers,
            [
                "x-ratelimit-limit: 60",
                "x-ratelimit-remaining: 47",
                "x-ratelimit-reset: 120",
                "ratelimit-policy: \"default\";q=60;w=60",
                "ratelimit: \"default\";r=47;t=20",
            ]
        );
    }

    proptest! {
        #[test]
        fn every_moment_lies_in_its_window(millis in 0_i64..4_000_000_000_000, length in 1_u32..=86_400) {
            let now = Timestamp::from_millis(millis);
            let window = RateLimit { limit: 1, window_seconds: length }.window_at(now);
            prop_assert!(window.start <= now.seconds() && now.seconds() < window.end);
            prop_assert_eq!(window.start % i64::from(length), 0);
        }
    }
}
