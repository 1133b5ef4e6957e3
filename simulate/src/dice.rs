//! Seeded randomness: every choice of a run follows from its seed and the name of what is chosen for.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A seeded source of choices.
#[derive(Clone, Debug)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// Dice of a run for one purpose: the same seed and name always fall the same way, whatever else is rolled.
    pub fn of(seed: u64, name: &str) -> Self {
        // FNV-1a: spreads names over the seeds; nothing depends on it being hard to guess.
        let mut mixed = seed ^ 0xcbf2_9ce4_8422_2325;
        for byte in name.bytes() {
            mixed = (mixed ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Dice(ChaCha8Rng::seed_from_u64(mixed))
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high.max(low))
    }

    /// True in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.between(1, 100) <= i64::from(percent)
    }

    /// One of several. The list must not be empty; an empty one gives `None`.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        if from.is_empty() {
            return None;
        }
        let last = i64::try_from(from.len() - 1).unwrap_or(0);
        from.get(usize::try_from(self.between(0, last)).unwrap_or(0))
    }

    /// One of several plain values; the default where the list is empty.
    pub fn one<T: Copy + Default>(&mut self, from: &[T]) -> T {
        self.pick(from).copied().unwrap_or_default()
    }

    /// One of several by weight.
    pub fn weighed<T: Copy + Default>(&mut self, from: &[(u32, T)]) -> T {
        let total: u32 = from.iter().map(|(weight, _)| weight).sum();
        let mut left = self.between(1, i64::from(total.max(1)));
        for (weight, value) in from {
            left -= i64::from(*weight);
            if left <= 0 {
                return *value;
            }
        }
        T::default()
    }

    /// So many random digits.
    pub fn digits(&mut self, count: u32) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.between(0, 9)).unwrap_or(0))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_falls_the_same_way() {
        let roll =
            |seed, name| (0..8).map(|_| Dice::of(seed, name).between(0, 1_000_000)).collect::<Vec<_>>();
        assert_eq!(roll(7, "a"), roll(7, "a"));
        assert_ne!(roll(7, "a"), roll(7, "b"));
        assert_ne!(roll(7, "a"), roll(8, "a"));
    }

    #[test]
    fn weights_are_kept_and_empty_lists_do_no_harm() {
        let mut dice = Dice::of(1, "weights");
        let rare = (0..1000).filter(|_| dice.weighed(&[(1, true), (99, false)])).count();
        assert!((1..40).contains(&rare), "{rare}");
        assert_eq!(dice.one::<u8>(&[]), 0);
    }
}
