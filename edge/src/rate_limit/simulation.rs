//! The rate limit at many places at once, with a KV that is late, beside a counter in KV.
//!
//! The windows are those of [`RateLimit`], the memory of an isolate is `io/door.rs` itself, and D1 is one
//! exact counter, which is what its transaction makes of it. `cargo xtask simulate-limits` prints the
//! table and writes it into docs/RATE_LIMITS.md.

use std::collections::{BTreeMap, BinaryHeap};
use std::{cmp::Reverse, fmt::Write};

use fastrand::Rng;
use shared::timestamp::Timestamp;

use super::RateLimit;
use crate::io::door;

/// The key's limit: the usual one.
const LIMIT: RateLimit = RateLimit { limit: 60, window_seconds: 60 };

/// Requests a second over all places: twenty times what the key may send.
const PER_SECOND: u64 = 20;

/// Windows that are simulated.
const WINDOWS: u64 = 10;

/// Isolates at each location.
const ISOLATES: u64 = 4;

/// How long an isolate uses what it read of a key: `FRESH_SECONDS` of `io/config_store.rs`.
const FRESH_MS: u64 = 30_000;

/// KV takes one write a second for one name.
const KV_WRITE_MS: u64 = 1_000;

/// A moment on the hour, so that windows begin with the simulation.
const START_MS: i64 = 1_800_000_000_000;

fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(START_MS.saturating_add_unsigned(millis))
}

/// One value of KV: what was written when, and where.
#[derive(Default)]
struct Kv {
    writes: Vec<(u64, u64, i64)>,
}

impl Kv {
    /// The latest value that a location sees: its own at once, those of others after the lag.
    fn read(&self, location: u64, now: u64, lag: u64) -> Option<i64> {
        let visible = |(when, place, _): &&(u64, u64, i64)| *place == location && *when <= now || when + lag <= now;
        self.writes.iter().rev().find(visible).map(|(.., value)| *value)
    }

    /// Writes, unless the name was written within `pause` milliseconds.
    fn write(&mut self, location: u64, now: u64, value: i64, pause: u64) -> bool {
        let is_free = self.writes.last().is_none_or(|(when, ..)| when + pause <= now);
        if is_free {
            self.writes.push((now, location, value));
        }
        is_free
    }
}

/// Something that happens: a request reaches an isolate, or D1 has decided one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrives { location: u64, isolate: u64 },
    Decided { location: u64, isolate: u64, admitted: bool },
}

/// What came of it.
#[derive(Default)]
struct Result {
    /// When requests were let in.
    admitted: Vec<u64>,
    /// Requests that D1 had to refuse.
    refused_by_d1: u64,
    /// Requests that were refused without any I/O.
    refused_at_the_door: u64,
    kv_writes: u64,
}

impl Result {
    /// Most that were let in within one window.
    fn most_in_a_window(&self) -> usize {
        let mut windows: BTreeMap<i64, usize> = BTreeMap::new();
        for millis in &self.admitted {
            *windows.entry(LIMIT.window_at(at(*millis)).start).or_default() += 1;
        }
        windows.into_values().max().unwrap_or(0)
    }

    /// Most that were let in within any time as long as a window.
    fn most_in_any_minute(&self) -> usize {
        let length = u64::from(LIMIT.window_seconds) * 1_000;
        let within = |first: u64| self.admitted.iter().filter(|when| (first..first + length).contains(when)).count();
        self.admitted.iter().map(|first| within(*first)).max().unwrap_or(0)
    }
}

/// When requests come, and where: the same for both designs.
fn requests(locations: u64, rng: &mut Rng) -> Vec<(u64, Event)> {
    let length = WINDOWS * u64::from(LIMIT.window_seconds);
    (0..length * PER_SECOND)
        .map(|_| {
            let (location, isolate) = (rng.u64(0..locations), rng.u64(0..ISOLATES));
            (rng.u64(0..length * 1_000), Event::Arrives { location, isolate })
        })
        .collect()
}

/// Decisions in KV, counts in the transaction.
fn decisions(locations: u64, lag: u64, rng: &mut Rng) -> Result {
    let (mut result, mut kv) = (Result::default(), Kv::default());
    let mut counts: BTreeMap<i64, u32> = BTreeMap::new();
    let mut read_at: BTreeMap<String, u64> = BTreeMap::new();
    let mut events: BinaryHeap<Reverse<(u64, Event)>> = requests(locations, rng).into_iter().map(Reverse).collect();
    while let Some(Reverse((now, event))) = events.pop() {
        let (Event::Arrives { location, isolate } | Event::Decided { location, isolate, .. }) = event;
        // Every isolate has a memory of its own: here it is a subject of its own in one memory.
        let subject = format!("{locations} {lag} {location} {isolate}");
        let window = LIMIT.window_at(at(now));
        match event {
            Event::Arrives { .. } => {
                if read_at.get(&subject).is_none_or(|read| read + FRESH_MS <= now) {
                    read_at.insert(subject.clone(), now);
                    if let Some(until) = kv.read(location, now, lag) {
                        door::deny(&subject, until, at(now));
                    }
                }
                if door::denied_for(&subject, at(now)).is_some() {
                    result.refused_at_the_door += 1;
                    continue;
                }
                let count = counts.entry(window.start).or_default();
                let admitted = *count < LIMIT.limit;
                if admitted {
                    *count += 1;
                    result.admitted.push(now);
                } else {
                    result.refused_by_d1 += 1;
                }
                // What D1 decided is known at the isolate a round trip later.
                events.push(Reverse((now + rng.u64(10..200), Event::Decided { location, isolate, admitted })));
            }
            Event::Decided { admitted: false, .. } if door::deny(&subject, window.end, at(now)) => {
                result.kv_writes += u64::from(kv.write(location, now, window.end, KV_WRITE_MS));
            }
            Event::Decided { .. } => {}
        }
    }
    result
}

/// What the limit would be worth with a counter in KV: read, add one, write; with `pause` milliseconds
/// between two writes that KV takes.
fn counter(locations: u64, lag: u64, pause: u64, rng: &mut Rng) -> Result {
    let (mut result, mut kv) = (Result::default(), Kv::default());
    let mut requests = requests(locations, rng);
    requests.sort_unstable();
    for (now, event) in requests {
        let Event::Arrives { location, .. } = event else { continue };
        let window = LIMIT.window_at(at(now));
        // Window and count in one number, since KV keeps one value: the window's start, then the count.
        let base = window.start * 1_000_000;
        let count = kv.read(location, now, lag).map_or(0, |value| (value - base).max(0));
        if count < i64::from(LIMIT.limit) {
            result.admitted.push(now);
            result.kv_writes += u64::from(kv.write(location, now, base + count + 1, pause));
        }
    }
    result
}

/// The table, and whether the bounds hold.
fn table() -> String {
    let mut table = String::from(
        "| Locations | KV lag (s) | Most in a window | Most in any minute | Refused by D1 | Refused at the door | KV writes | Counter in KV: most in a window | The same, if KV took every write |\n\
         |--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for locations in [1, 2, 4, 8, 16] {
        for lag in [0, 10, 60, 120] {
            let ours = decisions(locations, lag * 1_000, &mut Rng::with_seed(7));
            let naive = |pause| counter(locations, lag * 1_000, pause, &mut Rng::with_seed(7)).most_in_a_window();
            let limit = LIMIT.limit as usize;
            assert_eq!(ours.most_in_a_window(), limit, "{locations} locations, {lag} s");
            assert!(ours.most_in_any_minute() <= 2 * limit, "{locations} locations, {lag} s");
            // Of each isolate and window one decision at most, and what was on its way when it was made.
            assert!(ours.kv_writes <= locations * ISOLATES * WINDOWS, "{locations} locations, {lag} s");
            let _ = writeln!(
                table,
                "| {locations} | {lag} | {} | {} | {} | {} | {} | {} | {} |",
                ours.most_in_a_window(),
                ours.most_in_any_minute(),
                per_window(ours.refused_by_d1),
                per_window(ours.refused_at_the_door),
                per_window(ours.kv_writes),
                naive(KV_WRITE_MS),
                naive(0),
            );
        }
    }
    table
}

fn per_window(all: u64) -> u64 {
    all.div_ceil(WINDOWS)
}

#[test]
fn not_one_more_than_the_limit_gets_in_whatever_the_places_and_the_lag_and_docs_say_so() {
    const BEGIN: &str = "<!-- table of the simulation -->\n";
    const END: &str = "<!-- end -->";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/RATE_LIMITS.md");
    let table = table();
    println!("{table}");
    let document = std::fs::read_to_string(path).unwrap();
    let (before, rest) = document.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let made = format!("{before}{BEGIN}{table}{END}{after}");
    if std::env::var_os("LEADGATE_WRITE").is_some() {
        std::fs::write(path, &made).unwrap();
    } else {
        assert!(made == document, "docs/RATE_LIMITS.md is out of date: run `cargo xtask simulate-limits`");
    }
}
