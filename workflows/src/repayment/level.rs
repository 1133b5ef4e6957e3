//! The level payment (J-01, J-02), exact to the yen.

use std::cmp::Ordering;

use super::{Fraction, Rounding};
use crate::money::{Rate, Yen};

/// The level payment in yen: `floor(P*i / (1 - (1+i)^-n))` with `i = rate / 100 * months_per_period / 12`, unrounded (J-01,
/// J-02); nought percent: `floor(P / n)`. `count` of 0 counts as 1.
///
/// The result is exact: bounds in fixed point settle nearly every case, whole numbers of any size settle the rest.
pub fn level_payment(principal: Yen, rate: Rate, months_per_period: u32, count: u32) -> Yen {
    let count = count.max(1);
    let owed = u64::try_from(principal.0).unwrap_or(0);
    let fraction = Fraction::of(rate);
    let gain = fraction.numerator.saturating_mul(u64::from(months_per_period));
    if gain == 0 || owed == 0 {
        return Yen(principal.0 / i64::from(count));
    }
    let unit = fraction.denominator.saturating_mul(1200);
    let payment =
        by_bounds(owed, gain, unit, count).unwrap_or_else(|| by_whole_numbers(owed, gain, unit, count));
    Yen(i64::try_from(payment).unwrap_or(i64::MAX))
}

/// The level payment as the book rounds it: [`level_payment`] for [`Rounding::Down`].
pub fn level_payment_rounded(
    principal: Yen,
    rate: Rate,
    months_per_period: u32,
    count: u32,
    rounding: Rounding,
) -> Yen {
    let down = |principal: Yen| level_payment(principal, rate, months_per_period, count);
    let floor = down(principal);
    match rounding {
        Rounding::Down => floor,
        // floor(x + 1/2) = floor((floor(2x) + 1) / 2), and the payment of twice the principal is twice the payment.
        Rounding::HalfUp => Yen((down(principal + principal).0 + 1) / 2),
        Rounding::Up if is_whole(principal, rate, months_per_period, count, floor) => floor,
        Rounding::Up => floor + Yen(1),
    }
}

/// Whether the level payment is exactly `floor`, without a fraction of a yen.
fn is_whole(principal: Yen, rate: Rate, months_per_period: u32, count: u32, floor: Yen) -> bool {
    let count = count.max(1);
    let (owed, amount) = (u64::try_from(principal.0).unwrap_or(0), u64::try_from(floor.0).unwrap_or(0));
    let fraction = Fraction::of(rate);
    let gain = fraction.numerator.saturating_mul(u64::from(months_per_period));
    if gain == 0 || owed == 0 {
        return owed % u64::from(count) == 0;
    }
    let unit = fraction.denominator.saturating_mul(1200);
    let (target, step) = sides(owed, gain, unit, count);
    step.times(amount).compare(&target) == Ordering::Equal
}

/// The payment where a lower and an upper bound of it have the same floor, else `None`. With `i = gain / unit` the power
/// `d = (1+i)^-n` is bounded in units of 2^-62, every product rounded down for the lower and up for the upper bound.
fn by_bounds(owed: u64, gain: u64, unit: u64, count: u32) -> Option<u64> {
    const ONE: u128 = 1 << 62;
    let grown = u128::from(unit.checked_add(gain)?);
    let (mut low, mut high) = ((u128::from(unit) << 62) / grown, (u128::from(unit) << 62) / grown + 1);
    let (mut power_low, mut power_high) = (ONE, ONE);
    let mut left = count;
    while left > 0 {
        if left & 1 == 1 {
            power_low = (power_low * low) >> 62;
            power_high = ((power_high * high) >> 62) + 1;
        }
        low = (low * low) >> 62;
        high = (((high * high) >> 62) + 1).min(ONE);
        left >>= 1;
    }
    let interest = (u128::from(owed) * u128::from(gain)).checked_mul(ONE)?;
    let at_least = interest / (ONE - power_low).checked_mul(u128::from(unit))?;
    let at_most =
        interest / ONE.checked_sub(power_high).filter(|rest| *rest > 0)?.checked_mul(u128::from(unit))?;
    (at_least == at_most).then(|| u64::try_from(at_least).ok())?
}

/// The payment as the largest A with `A * unit * (u^n - unit^n) <= P * gain * u^n`, where `u = unit + gain`: all of them whole
/// numbers, so nothing is ever rounded.
fn by_whole_numbers(owed: u64, gain: u64, unit: u64, count: u32) -> u64 {
    let (target, step) = sides(owed, gain, unit, count);
    let one_period = u128::from(owed) * u128::from(gain) / u128::from(unit);
    let most = owed.saturating_add(u64::try_from(one_period).unwrap_or(u64::MAX)).saturating_add(1);
    let (mut reached, mut beyond) = (0_u64, most);
    while beyond - reached > 1 {
        let middle = reached + (beyond - reached) / 2;
        if step.clone().times(middle).compare(&target) == Ordering::Greater {
            beyond = middle;
        } else {
            reached = middle;
        }
    }
    reached
}

/// `P * gain * u^n` and `unit * (u^n - unit^n)`.
fn sides(owed: u64, gain: u64, unit: u64, count: u32) -> (Natural, Natural) {
    let grown = Natural::power(unit.saturating_add(gain), count);
    let target = grown.clone().times(owed).times(gain);
    (target, grown.minus(&Natural::power(unit, count)).times(unit))
}

/// A natural number of any size: 64-bit limbs, the lowest first, the highest never nought.
#[derive(Clone, Debug)]
struct Natural(Vec<u64>);

impl Natural {
    fn power(base: u64, exponent: u32) -> Self {
        // Several factors go into one limb, so that the long number is walked fewer times.
        let bits = (u64::BITS - base.leading_zeros()).max(1);
        let per_limb = (u64::BITS / bits).max(1);
        let mut value = Self(vec![1]);
        for _ in 0..exponent / per_limb {
            value = value.times(base.saturating_pow(per_limb));
        }
        value.times(base.saturating_pow(exponent % per_limb))
    }

    fn times(mut self, factor: u64) -> Self {
        let mut carry = 0_u64;
        for limb in &mut self.0 {
            let product = u128::from(*limb) * u128::from(factor) + u128::from(carry);
            let bytes = product.to_le_bytes();
            *limb = low(bytes);
            carry = high(bytes);
        }
        if carry > 0 {
            self.0.push(carry);
        }
        self.trimmed()
    }

    /// `self - other`, for `other <= self`.
    fn minus(mut self, other: &Self) -> Self {
        let mut borrow = false;
        for (at, limb) in self.0.iter_mut().enumerate() {
            let (once, first) = limb.overflowing_sub(other.0.get(at).copied().unwrap_or(0));
            let (twice, second) = once.overflowing_sub(u64::from(borrow));
            *limb = twice;
            borrow = first || second;
        }
        self.trimmed()
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    fn trimmed(mut self) -> Self {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }
}

fn low(bytes: [u8; 16]) -> u64 {
    u64::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]])
}

fn high(bytes: [u8; 16]) -> u64 {
    u64::from_le_bytes([bytes[8], bytes[9], bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_period_pays_everything_with_interest() {
        assert_eq!(level_payment(Yen(1_000_000), Rate::from_thousandths(12_000), 1, 1), Yen(1_010_000));
    }

    #[test]
    fn nought_percent_divides_evenly() {
        assert_eq!(level_payment(Yen(1_000_001), Rate::ZERO, 1, 3), Yen(333_333));
        assert_eq!(level_payment(Yen::ZERO, Rate::from_thousandths(1), 1, 420), Yen::ZERO);
    }

    #[test]
    fn bounds_and_whole_numbers_agree() {
        let mut settled = 0;
        for round in 0..400_u64 {
            let owed = 300_000 + round * round * 617 + round % 7;
            let (gain, count) = (1 + round * 11 % 6_000, u32::try_from(1 + round * 13 % 480).unwrap());
            let exact = by_whole_numbers(owed, gain, 1_200_000, count);
            if let Some(payment) = by_bounds(owed, gain, 1_200_000, count) {
                settled += 1;
                assert_eq!(payment, exact, "{owed} {gain} {count}");
            }
        }
        // One period pays a whole number where the interest is whole: bounds cannot settle that.
        assert_eq!(by_bounds(1_000_000, 12_000, 1_200_000, 1), None);
        assert!(settled > 390, "{settled}");
        // A rate so small that the upper bound of the power is one leaves nothing to divide by.
        assert_eq!(by_bounds(1_000_000, 1, 1 << 61, 1), None);
    }

    #[test]
    fn every_rounding_is_exact() {
        let of = |principal: i64, rate: i64, count: u32| {
            [Rounding::Down, Rounding::HalfUp, Rounding::Up].map(|rounding| {
                level_payment_rounded(Yen(principal), Rate::from_thousandths(rate), 1, count, rounding).0
            })
        };
        assert_eq!(of(1_000_000, 12_000, 1), [1_010_000; 3]);
        assert_eq!(of(1_000_001, 0, 2), [500_000, 500_001, 500_001]);
        assert_eq!(of(1_000_001, 0, 3), [333_333, 333_334, 333_334]);
        assert_eq!(of(1_000_000, 0, 2), [500_000; 3]);
        // 420,000 yen are 420 times a whole number, the payment of 1,185.6 yen is not.
        assert_eq!(of(420_000, 1_000, 420), [1_185, 1_186, 1_186]);
        assert_eq!(of(1_000_000, 0, 3), [333_333, 333_333, 333_334]);
        // 84,685.7 yen.
        assert_eq!(of(30_000_000, 1_000, 420), [84_685, 84_686, 84_686]);
    }

    #[test]
    fn extremes_neither_panic_nor_overflow() {
        let dear = Rate::parse("999999999999.999999").unwrap();
        for rate in [dear, Rate::parse("0.000001").unwrap(), Rate::parse("-1").unwrap()] {
            assert!(level_payment(Yen(1_000_000_000_000), rate, 6, 1200) >= Yen(833_333_333));
        }
    }
}
