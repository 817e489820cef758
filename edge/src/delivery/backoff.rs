//! When to try again.

use shared::timestamp::Timestamp;

/// Waits between attempts in seconds: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h. A short outage is
/// over after the first, a day's outage before the last.
const DEFAULT_SECONDS: [u32; 7] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400];

/// Longest single wait that may be configured: a day.
const MAX_SECONDS: u32 = 86_400;

/// Most waits that may be configured.
const MAX_STEPS: usize = 20;

/// The waits between attempts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule(Vec<u32>);

impl Default for Schedule {
    fn default() -> Self {
        Self(DEFAULT_SECONDS.to_vec())
    }
}

impl Schedule {
    /// Reads seconds separated by commas, such as `5,300,1800`: 1 to 20 of 0 to 86400 each.
    pub fn parse(text: &str) -> Option<Self> {
        let steps: Option<Vec<u32>> =
            text.split(',').map(|step| step.trim().parse().ok().filter(|s| *s <= MAX_SECONDS)).collect();
        steps.filter(|steps| (1..=MAX_STEPS).contains(&steps.len())).map(Self)
    }

    /// When to try again after `attempts` attempts (at least one), the last of which ended at `now`;
    /// `None` when that was the last.
    pub fn next(&self, attempts: u32, now: Timestamp, jitter: Jitter) -> Option<Timestamp> {
        let index = usize::try_from(attempts.saturating_sub(1)).ok()?;
        let wait = i64::from(*self.0.get(index)?).saturating_mul(1000);
        // Never now: a delivery that is due at once would be claimed by the sweep that settled it.
        Some(now.plus_millis(jitter.of(wait).max(1)))
    }
}

/// A share of a wait, from -20 % to +20 %, so that what failed together is not retried together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jitter(i16);

impl Jitter {
    /// No change.
    pub const NONE: Self = Self(0);

    /// Per mille at the most, either way.
    const MAX_PER_MILLE: u16 = 200;

    /// A jitter drawn by a random number.
    pub fn from_random(random: u16) -> Self {
        const CHOICES: u16 = 2 * Jitter::MAX_PER_MILLE + 1;
        let rolled = random.checked_rem(CHOICES).unwrap_or(0);
        Self(i16::try_from(rolled).unwrap_or(0).saturating_sub(200))
    }

    fn of(self, millis: i64) -> i64 {
        let change = millis.saturating_mul(i64::from(self.0)).checked_div(1000).unwrap_or(0);
        millis.saturating_add(change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_schedule_is_seconds_separated_by_commas() {
        assert_eq!(Schedule::parse("1, 2,3"), Some(Schedule(vec![1, 2, 3])));
        for wrong in ["", "1,,2", "-1", "90000", "a", "1;2"] {
            assert_eq!(Schedule::parse(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn jitter_stays_within_a_fifth(random in any::<u16>(), attempts in 1_u32..=7) {
            let now = Timestamp::from_millis(1_700_000_000_000);
            let exact = Schedule::default().next(attempts, now, Jitter::NONE).unwrap().millis() - now.millis();
            let found = Schedule::default().next(attempts, now, Jitter::from_random(random)).unwrap().millis() - now.millis();
            prop_assert!((found - exact).abs() * 5 <= exact, "{} of {}", found, exact);
        }
    }
}
