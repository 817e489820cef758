//! When a failed try is repeated without asking the visitor.

use crate::answer::{Trouble, TroubleKind};

/// Waits before the second and the following tries: long enough together for a restart or a change of network to
/// pass, short enough to watch a form that says it is sending.
const WAITS_MS: [u32; 4] = [1_000, 3_000, 8_000, 20_000];

/// The longest wait asked for by the Worker that is worth watching, which is the usual window of its limits. After
/// that the visitor decides.
const LONGEST_WAIT_SECONDS: u32 = 60;

/// How long to wait before the next try, in milliseconds, after `tries` that failed, the last with
/// `trouble`. `None` leaves it to the visitor.
pub fn wait_ms(tries: usize, trouble: &Trouble) -> Option<u32> {
    match trouble.kind {
        TroubleKind::Refused => return None,
        // When the limit is over is for the Worker to say.
        TroubleKind::Rate if trouble.retry_after.is_none() => return None,
        _ => {}
    }
    let wait = *WAITS_MS.get(tries.checked_sub(1)?)?;
    let asked = trouble.retry_after.unwrap_or(0);
    (asked <= LONGEST_WAIT_SECONDS).then(|| wait.max(asked.saturating_mul(1_000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trouble(kind: TroubleKind, retry_after: Option<u32>) -> Trouble {
        Trouble { kind, code: String::new(), retry_after }
    }

    #[test]
    fn five_tries_and_then_the_visitor_decides() {
        let down = trouble(TroubleKind::Network, None);
        let waits = [1, 2, 3, 4, 5].map(|tries| wait_ms(tries, &down));
        assert_eq!(waits, [Some(1_000), Some(3_000), Some(8_000), Some(20_000), None]);
    }

    #[test]
    fn never_sooner_than_the_worker_asks() {
        assert_eq!(wait_ms(1, &trouble(TroubleKind::Server, Some(5))), Some(5_000));
        assert_eq!(wait_ms(2, &trouble(TroubleKind::Server, Some(1))), Some(3_000));
    }

    #[test]
    fn a_long_wait_is_left_to_the_visitor() {
        assert_eq!(wait_ms(1, &trouble(TroubleKind::Server, Some(61))), None);
    }

    #[test]
    fn what_repeating_cannot_mend_is_not_repeated() {
        for kind in [TroubleKind::Rate, TroubleKind::Refused] {
            assert_eq!(wait_ms(1, &trouble(kind, None)), None);
        }
    }

    #[test]
    fn a_limit_is_waited_for_as_told() {
        assert_eq!(wait_ms(1, &trouble(TroubleKind::Rate, Some(42))), Some(42_000));
    }
}
