//! When to try again: exponential back-off with full jitter, and an end. Pure: time and randomness are given.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// Where jitter comes from.
pub trait Dice: Send + Sync {
    /// A number from 0 to `most`, both possible, all equally likely.
    fn up_to(&self, most: u64) -> u64;
}

/// The thread's random generator.
#[derive(Copy, Clone, Debug, Default)]
pub struct ThreadDice;

impl Dice for ThreadDice {
    fn up_to(&self, most: u64) -> u64 {
        rand::random_range(0..=most)
    }
}

/// How often and how long. The defaults try for some twenty hours on average, which outlasts a night without a mail server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Schedule {
    /// Upper bound of the first pause, in milliseconds; doubles with each attempt.
    pub first_ms: u64,
    /// No pause is shorter, in milliseconds.
    pub least_ms: u64,
    /// No pause is longer, in milliseconds.
    pub most_ms: u64,
    /// Attempts until the parcel is parked.
    pub attempts: u32,
}

impl Default for Schedule {
    fn default() -> Self {
        Schedule { first_ms: 10_000, least_ms: 1_000, most_ms: 14_400_000, attempts: 20 }
    }
}

/// What follows a failed attempt.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Another attempt, not before this instant.
    At(DateTime<Utc>),
    /// No further attempt: an incident.
    Park,
}

impl Schedule {
    /// The longest pause after attempt number `attempt` (from 1).
    pub fn ceiling_ms(&self, attempt: u32) -> u64 {
        let doublings = attempt.saturating_sub(1).min(63);
        let grown = self.first_ms.saturating_mul(1_u64 << doublings);
        grown.min(self.most_ms).max(self.least_ms)
    }

    /// What follows the failure of attempt number `attempt` (from 1).
    pub fn after(&self, attempt: u32, now: DateTime<Utc>, dice: &dyn Dice) -> Next {
        if attempt >= self.attempts {
            return Next::Park;
        }
        let spread = self.ceiling_ms(attempt) - self.least_ms.min(self.ceiling_ms(attempt));
        let pause = self.least_ms.saturating_add(dice.up_to(spread).min(spread));
        let pause = Duration::milliseconds(i64::try_from(pause).unwrap_or(i64::MAX / 2));
        // A pause beyond the calendar is no pause that anybody waits for.
        now.checked_add_signed(pause).map_or(Next::Park, Next::At)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u64);
    impl Dice for Fixed {
        fn up_to(&self, most: u64) -> u64 {
            self.0.min(most)
        }
    }

    fn pause(schedule: &Schedule, attempt: u32, dice: &dyn Dice) -> Option<i64> {
        let now = DateTime::UNIX_EPOCH;
        match schedule.after(attempt, now, dice) {
            Next::At(at) => Some((at - now).num_milliseconds()),
            Next::Park => None,
        }
    }

    #[test]
    fn pauses_double_up_to_the_cap_and_end() {
        let schedule = Schedule { first_ms: 100, least_ms: 10, most_ms: 1_000, attempts: 7 };
        let most: Vec<_> = (1..=8).map(|n| pause(&schedule, n, &Fixed(u64::MAX))).collect();
        assert_eq!(most, [Some(100), Some(200), Some(400), Some(800), Some(1_000), Some(1_000), None, None]);
        let least: Vec<_> = (1..=6).map(|n| pause(&schedule, n, &Fixed(0))).collect();
        assert_eq!(least, [Some(10); 6]);
    }

    #[test]
    fn jitter_stays_within_its_bounds_and_spreads() {
        let schedule = Schedule::default();
        for attempt in 1..schedule.attempts {
            let ceiling = i64::try_from(schedule.ceiling_ms(attempt)).expect("small");
            let pauses: Vec<i64> =
                (0..200).map(|_| pause(&schedule, attempt, &ThreadDice).expect("not the last")).collect();
            assert!(pauses.iter().all(|p| (1_000..=ceiling).contains(p)), "attempt {attempt}");
            let low = pauses.iter().filter(|p| **p < (1_000 + ceiling) / 2).count();
            assert!((40..=160).contains(&low), "attempt {attempt}: {low} of 200 in the lower half");
        }
    }

    #[test]
    fn absurd_settings_neither_overflow_nor_panic() {
        let schedule = Schedule { first_ms: u64::MAX, least_ms: 5, most_ms: u64::MAX, attempts: u32::MAX };
        assert_eq!(pause(&schedule, 4_000_000_000, &Fixed(u64::MAX)), None);
        let schedule = Schedule { first_ms: 0, least_ms: 50, most_ms: 0, attempts: 3 };
        assert_eq!(pause(&schedule, 1, &Fixed(u64::MAX)), Some(50));
    }

    #[test]
    fn the_defaults_outlast_a_night_and_end_within_two_days() {
        let schedule = Schedule::default();
        let total: u64 = (1..schedule.attempts).map(|n| schedule.ceiling_ms(n)).sum();
        assert!(total / 2 > 12 * 3_600_000 && total < 48 * 3_600_000, "{total} ms at most");
    }
}
