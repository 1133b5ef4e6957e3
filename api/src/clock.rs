//! The demo's clock: starts where it is told, runs on in real time, and moves forward on request, never back.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};

/// A clock that can be moved forward.
#[derive(Debug)]
pub struct DemoClock {
    /// What the clock showed, and when in real time.
    base: Mutex<(DateTime<Utc>, Instant)>,
}

/// The clock was asked to go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the clock stands at {now} and only moves forward")]
pub struct Backward {
    pub now: DateTime<Utc>,
}

impl DemoClock {
    /// A clock that shows this instant now.
    pub fn at(start: DateTime<Utc>) -> Self {
        Self { base: Mutex::new((start, Instant::now())) }
    }

    /// The present instant of the demo.
    pub fn now(&self) -> DateTime<Utc> {
        let (shown, since) = *self.base.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = TimeDelta::from_std(since.elapsed()).unwrap_or_default();
        shown.checked_add_signed(passed).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Moves to an instant. Errors: it has passed already.
    pub fn move_to(&self, to: DateTime<Utc>) -> Result<DateTime<Utc>, Backward> {
        let mut base = self.base.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = TimeDelta::from_std(base.1.elapsed()).unwrap_or_default();
        let now = base.0 + passed;
        if to < now {
            return Err(Backward { now });
        }
        *base = (to, Instant::now());
        Ok(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_runs_on_and_only_moves_forward() {
        let start = "2026-04-01T00:00:00Z".parse().expect("an instant");
        let clock = DemoClock::at(start);
        assert!(clock.now() >= start && clock.now() < start + TimeDelta::seconds(5));
        let later = start + TimeDelta::days(3);
        assert_eq!(clock.move_to(later), Ok(later));
        assert!(clock.now() >= later);
        assert!(clock.move_to(start).is_err());
        assert!(clock.now() >= later);
    }
}
