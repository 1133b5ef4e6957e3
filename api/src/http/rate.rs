//! How much one caller, and one bank, may ask for in a minute: counted in cost, not in requests.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const WINDOW: Duration = Duration::from_secs(60);
/// Callers remembered at most; the oldest windows are forgotten first.
const CALLERS: usize = 100_000;

/// Buckets that refill evenly over a minute.
#[derive(Debug, Default)]
pub struct Rates {
    buckets: Mutex<HashMap<String, Bucket>>,
}

#[derive(Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Rates {
    /// Takes `cost` from the bucket of `who`. Errors: the seconds after which it will be there.
    pub fn take(&self, who: &str, cost: u64, per_minute: u64, now: Instant) -> Result<(), u64> {
        let full = per_minute as f64;
        let cost = (cost as f64).min(full);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= CALLERS && !buckets.contains_key(who) {
            buckets.retain(|_, bucket| now.duration_since(bucket.at) < WINDOW);
        }
        let bucket = buckets.entry(who.to_owned()).or_insert(Bucket { left: full, at: now });
        let refill = now.duration_since(bucket.at).as_secs_f64() / WINDOW.as_secs_f64() * full;
        bucket.left = (bucket.left + refill).min(full);
        bucket.at = now;
        if bucket.left >= cost {
            bucket.left -= cost;
            return Ok(());
        }
        let seconds = (cost - bucket.left) / full * WINDOW.as_secs_f64();
        Err(seconds.ceil().max(1.0) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_refills() {
        let rates = Rates::default();
        let start = Instant::now();
        assert_eq!(rates.take("a", 60, 100, start), Ok(()));
        assert_eq!(rates.take("a", 60, 100, start), Err(12));
        assert_eq!(rates.take("b", 60, 100, start), Ok(()));
        assert_eq!(rates.take("a", 60, 100, start + Duration::from_secs(12)), Ok(()));
    }

    #[test]
    fn one_request_dearer_than_the_bucket_passes_when_it_is_full() {
        assert_eq!(Rates::default().take("a", 500, 100, Instant::now()), Ok(()));
    }
}
