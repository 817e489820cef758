//! Awaiting a condition: the only place in the tests where time passes.

use std::fmt::Display;
use std::time::{Duration, Instant};

/// How long [`until`] waits. Generous, because continuous integration runs on few and busy cores; a
/// test that passes never waits this long.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Pauses between two looks: short at first, for what comes at once, then longer, to leave the cores to
/// what is awaited.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);

/// Asks `attempt` until it gives a value, and returns that value.
///
/// # Panics
/// When [`PATIENCE`] is over, with `what` was awaited.
pub async fn until<T>(what: impl Display, attempt: impl AsyncFnMut() -> Option<T>) -> T {
    match within(PATIENCE, attempt).await {
        Some(value) => value,
        None => panic!("waited {} s in vain until {what}", PATIENCE.as_secs()),
    }
}

/// Asks `attempt` until it gives a value, for at most `patience`; `None` when that is over.
pub async fn within<T>(patience: Duration, mut attempt: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + patience;
    let mut pause = FIRST_PAUSE;
    loop {
        if let Some(value) = attempt().await {
            return Some(value);
        }
        if Instant::now() >= deadline {
            return None;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
    }
}
