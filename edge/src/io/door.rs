//! What the isolate remembers of limits: who is denied until when, and what writes nothing to D1.
//!
//! Exact counts stand in D1 (`io/accept.rs`). Here is what can be decided without any I/O.

use std::{cell::RefCell, collections::HashMap};

use shared::timestamp::Timestamp;

use crate::rate_limit::{Quota, RateLimit};

/// Most subjects an isolate remembers of each sort; beyond it forgets all of them.
const MAX_SUBJECTS: usize = 10_000;

/// A count in the window that began at `start`.
#[derive(Clone, Copy, Default)]
struct Count {
    start: i64,
    used: u32,
}

#[derive(Default)]
struct Memory {
    /// Unix seconds until which a subject is denied.
    denied: HashMap<String, i64>,
    /// Reads, and refused requests, each under a name of its own.
    metered: HashMap<String, Count>,
    /// Leads of the window as D1 counted them last, by key id.
    written: HashMap<String, Count>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// Seconds for which the subject is still denied.
pub fn denied_for(subject: &str, now: Timestamp) -> Option<i64> {
    MEMORY.with_borrow(|memory| {
        memory.denied.get(subject).map(|until| until.saturating_sub(now.seconds())).filter(|s| *s > 0)
    })
}

/// Denies a subject until that Unix second. Whether this is news.
pub fn deny(subject: &str, until: i64, now: Timestamp) -> bool {
    if until <= now.seconds() {
        return false;
    }
    MEMORY.with_borrow_mut(|memory| {
        bound(&mut memory.denied);
        memory.denied.insert(subject.to_owned(), until) != Some(until)
    })
}

/// How many reads or refused requests the subject has had in this window.
pub fn metered(subject: &str, limit: RateLimit, now: Timestamp) -> u32 {
    let start = limit.window_at(now).start;
    let count = MEMORY.with_borrow(|memory| memory.metered.get(subject).copied().unwrap_or_default());
    if count.start == start { count.used } else { 0 }
}

/// Counts a read or a refused request of the subject; the number so far in this window.
pub fn meter(subject: &str, limit: RateLimit, now: Timestamp) -> u32 {
    let start = limit.window_at(now).start;
    MEMORY.with_borrow_mut(|memory| {
        bound(&mut memory.metered);
        let count = memory.metered.entry(subject.to_owned()).or_default();
        if count.start != start {
            *count = Count { start, used: 0 };
        }
        count.used = count.used.saturating_add(1);
        count.used
    })
}

/// Notes how many leads of the window D1 has counted.
pub fn note_written(key_id: &str, limit: RateLimit, used: u32, now: Timestamp) {
    let count = Count { start: limit.window_at(now).start, used };
    MEMORY.with_borrow_mut(|memory| {
        bound(&mut memory.written);
        memory.written.insert(key_id.to_owned(), count);
    });
}

/// What is left for writing leads, as far as this isolate knows.
pub fn write_quota(key_id: &str, limit: RateLimit, now: Timestamp) -> Quota {
    let start = limit.window_at(now).start;
    let known = MEMORY.with_borrow(|memory| memory.written.get(key_id).copied().unwrap_or_default());
    let used = if denied_for(key_id, now).is_some() {
        limit.limit
    } else if known.start == start {
        known.used
    } else {
        0
    };
    Quota::after(limit, used, now)
}

fn bound<T>(map: &mut HashMap<String, T>) {
    if map.len() >= MAX_SUBJECTS {
        map.clear();
    }
}
