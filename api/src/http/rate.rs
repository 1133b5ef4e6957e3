//! How much one caller, one bank and one address may ask for in a minute: counted in cost, not in requests.
//!
//! Leaky buckets in memory, which the processes of an installation level with each other through the database: once a second
//! for all names together, and at once for a name that has spent a sixteenth of its minute since. So a request needs no
//! statement of its own, and all processes together let pass at most a sixteenth per process more than one would.

use db::Store;
use db::spending::Spent;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Names remembered at most; drained ones are forgotten first.
const NAMES: usize = 100_000;
/// The part of a minute that a process lets pass before it asks the others.
const PART: i64 = 16;
/// Names levelled with one statement.
const BATCH: usize = 1_000;
/// How often everything is levelled.
pub const EVERY: Duration = Duration::from_secs(1);

/// Who pays, and how much may be paid in a minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payer {
    pub name: String,
    pub per_minute: u64,
}

/// The buckets of this process.
#[derive(Debug, Default)]
pub struct Rates {
    buckets: Mutex<HashMap<String, Bucket>>,
}

/// Thousandths of cost.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    level: i64,
    at: Instant,
    per_minute: i64,
    /// Spent here and not told to the others.
    untold: i64,
}

impl Bucket {
    fn drain(&mut self, now: Instant) {
        let (micros, rate) = (now.saturating_duration_since(self.at).as_micros(), self.per_minute.max(1));
        let micros = i64::try_from(micros).unwrap_or(i64::MAX);
        let drained = micros.saturating_mul(rate) / 60_000;
        self.level = self.level.saturating_sub(drained).max(0);
        // The part of a thousandth that has not drained yet stays owed: the clock moves by what has.
        let passed = drained.saturating_mul(60_000) / rate;
        self.at += Duration::from_micros(u64::try_from(passed).unwrap_or_default());
    }
}

/// What a look at the buckets gave.
enum Look {
    Paid,
    /// Seconds until there is room.
    Wait(u64),
    /// The others must be asked first.
    Ask(Vec<Spent>),
}

/// The name under which the others know a payer.
fn digest(name: &str) -> String {
    hex::encode(&Sha256::digest(name)[..16])
}

impl Rates {
    fn buckets(&self) -> MutexGuard<'_, HashMap<String, Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes `cost` from every payer, or from none. Errors: the seconds after which it will be there.
    pub async fn charge(&self, store: &Store, payers: &[Payer], cost: u64) -> Result<(), u64> {
        let shared = store.shares_spending();
        match self.look(payers, cost, Instant::now(), shared) {
            Look::Paid => Ok(()),
            Look::Wait(seconds) => Err(seconds),
            Look::Ask(spent) => {
                self.tell(store, spent).await;
                match self.look(payers, cost, Instant::now(), false) {
                    Look::Wait(seconds) => Err(seconds),
                    _ => Ok(()),
                }
            }
        }
    }

    /// Judges and pays by what this process knows. `ask`: a payer who has spent his part since the last levelling is asked about.
    fn look(&self, payers: &[Payer], cost: u64, now: Instant, ask: bool) -> Look {
        let mut buckets = self.buckets();
        if buckets.len() >= NAMES {
            buckets.retain(|_, bucket| {
                bucket.drain(now);
                bucket.level > 0 || bucket.untold > 0
            });
        }
        let (mut wait, mut spent) = (0, vec![]);
        for payer in payers {
            let per_minute = i64::try_from(payer.per_minute).unwrap_or(i64::MAX / 1000);
            let fresh = Bucket { level: 0, at: now, per_minute, untold: 0 };
            let bucket = buckets.entry(payer.name.clone()).or_insert(fresh);
            bucket.per_minute = per_minute;
            bucket.drain(now);
            let (full, price) = (per_minute.saturating_mul(1000), price(cost, per_minute));
            let over = bucket.level.saturating_add(price).saturating_sub(full);
            if over > 0 {
                let seconds = ceil(over.saturating_mul(60), per_minute.saturating_mul(1000));
                wait = wait.max(seconds.max(1));
            } else if ask && bucket.untold.saturating_add(price) > full / PART && bucket.untold > 0 {
                spent.push(Spent { name: digest(&payer.name), cost: bucket.untold, per_minute });
                bucket.untold = 0;
            }
        }
        if wait > 0 {
            // What was to be told is told with the next levelling.
            self.untold_again(&mut buckets, &spent);
            return Look::Wait(u64::try_from(wait).unwrap_or(60));
        }
        if !spent.is_empty() {
            return Look::Ask(spent);
        }
        for payer in payers {
            if let Some(bucket) = buckets.get_mut(&payer.name) {
                let price = price(cost, bucket.per_minute);
                bucket.level = bucket.level.saturating_add(price);
                bucket.untold = bucket.untold.saturating_add(price);
            }
        }
        Look::Paid
    }

    fn untold_again(&self, buckets: &mut HashMap<String, Bucket>, spent: &[Spent]) {
        for (name, bucket) in buckets.iter_mut().filter(|_| !spent.is_empty()) {
            let mine = digest(name);
            if let Some(told) = spent.iter().find(|told| told.name == mine) {
                bucket.untold = bucket.untold.saturating_add(told.cost);
            }
        }
    }

    /// Tells the others and learns their levels. Where the database does not answer, this process judges alone.
    async fn tell(&self, store: &Store, spent: Vec<Spent>) {
        let told = store.spend(&spent).await;
        let mut buckets = self.buckets();
        match told {
            Ok(levels) => {
                let levels: HashMap<String, i64> = levels.into_iter().collect();
                let now = Instant::now();
                for (name, bucket) in buckets.iter_mut() {
                    if let Some(level) = levels.get(&digest(name)) {
                        bucket.level = level.saturating_add(bucket.untold);
                        bucket.at = now;
                    }
                }
            }
            Err(error) => {
                tracing::warn!(%error, "spending not levelled");
                self.untold_again(&mut buckets, &spent);
            }
        }
    }

    /// Levels every name that has spent something since the last time.
    pub async fn level(&self, store: &Store) {
        loop {
            let spent: Vec<Spent> = {
                let mut buckets = self.buckets();
                let untold = buckets.iter_mut().filter(|(_, bucket)| bucket.untold > 0).take(BATCH);
                let told = untold.map(|(name, bucket)| {
                    let cost = std::mem::take(&mut bucket.untold);
                    Spent { name: digest(name), cost, per_minute: bucket.per_minute }
                });
                told.collect()
            };
            let more = spent.len() == BATCH;
            if !spent.is_empty() {
                self.tell(store, spent).await;
            }
            if !more {
                return;
            }
        }
    }
}

/// Thousandths of a cost; one request dearer than the whole bucket passes when the bucket is empty.
fn price(cost: u64, per_minute: i64) -> i64 {
    i64::try_from(cost).unwrap_or(i64::MAX).min(per_minute).saturating_mul(1000)
}

fn ceil(of: i64, by: i64) -> i64 {
    let by = by.max(1);
    of / by + i64::from(of % by > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payer(name: &str) -> [Payer; 1] {
        [Payer { name: name.to_owned(), per_minute: 100 }]
    }

    fn take(rates: &Rates, name: &str, cost: u64, now: Instant) -> Result<(), u64> {
        match rates.look(&payer(name), cost, now, false) {
            Look::Paid => Ok(()),
            Look::Wait(seconds) => Err(seconds),
            Look::Ask(_) => panic!("nobody was to be asked"),
        }
    }

    #[test]
    fn a_bucket_fills_and_drains() {
        let rates = Rates::default();
        let start = Instant::now();
        assert_eq!(take(&rates, "a", 60, start), Ok(()));
        assert_eq!(take(&rates, "a", 60, start), Err(12));
        assert_eq!(take(&rates, "b", 60, start), Ok(()));
        assert_eq!(take(&rates, "a", 60, start + Duration::from_secs(12)), Ok(()));
    }

    #[test]
    fn one_request_dearer_than_the_bucket_passes_when_it_is_empty() {
        assert_eq!(take(&Rates::default(), "a", 500, Instant::now()), Ok(()));
    }

    #[test]
    fn nobody_pays_where_one_cannot() {
        let rates = Rates::default();
        let now = Instant::now();
        assert_eq!(take(&rates, "bank", 90, now), Ok(()));
        let both = [payer("person"), payer("bank")].concat();
        assert!(matches!(rates.look(&both, 50, now, false), Look::Wait(_)));
        assert_eq!(take(&rates, "person", 100, now), Ok(()));
    }

    #[test]
    fn many_small_looks_drain_as_one_long_wait_does() {
        let rates = Rates::default();
        let start = Instant::now();
        assert_eq!(take(&rates, "a", 100, start), Ok(()));
        for milli in 1..=600 {
            let now = start + Duration::from_millis(milli);
            assert_eq!(take(&rates, "a", 1, now), if milli < 600 { Err(1) } else { Ok(()) }, "{milli}");
        }
    }

    #[test]
    fn who_has_spent_a_part_is_asked_about_and_nobody_before() {
        let rates = Rates::default();
        let now = Instant::now();
        let big = [Payer { name: "a".to_owned(), per_minute: 1_600 }];
        for _ in 0..10 {
            assert!(matches!(rates.look(&big, 10, now, true), Look::Paid));
        }
        let Look::Ask(spent) = rates.look(&big, 10, now, true) else { panic!("a hundred is the part") };
        assert_eq!(spent, [Spent { name: digest("a"), cost: 100_000, per_minute: 1_600 }]);
    }
}
