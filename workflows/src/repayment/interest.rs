//! Interest in whole yen (J-04, J-05), exact without long division.

use super::{Fraction, Rounding};
use crate::money::{Rate, Yen};

/// `balance * rate / 100 * periods / per_year` in yen; a negative rate counts as nought (C-62).
pub(crate) fn interest(balance: Yen, rate: Rate, periods: u32, per_year: u32, rounding: Rounding) -> Yen {
    let fraction = Fraction::of(rate);
    let product = i128::from(balance.0.max(0)) * i128::from(fraction.numerator);
    let whole = i128::from(fraction.denominator) * 100 * i128::from(per_year.max(1));
    let value = rounding.quotient(product.saturating_mul(i128::from(periods)), whole);
    Yen(i64::try_from(value).unwrap_or(i64::MAX))
}

/// The interest of a whole period on one balance after another (J-05). Where principal times divisor fits in 64 bits and the
/// book rounds down, the division is one multiplication, exact and several times as fast; else it is done in 128 bits.
pub(super) struct PeriodInterest {
    /// `m = floor(2^64 * factor / divisor) + 1`. The quotient is `floor(balance * m / 2^64)`: the excess is at most
    /// `balance / 2^64`, which is less than `1 / divisor`, so it never lifts the quotient over the next whole number.
    pub(super) multiplier: Option<u64>,
    rate: Rate,
    months: u32,
    rounding: Rounding,
}

impl PeriodInterest {
    /// For balances up to `principal`.
    pub(super) fn new(principal: Yen, rate: Rate, months: u32, rounding: Rounding) -> Self {
        let multiplier = || {
            let fraction = Fraction::of(rate);
            let factor = fraction.numerator.checked_mul(u64::from(months))?;
            let divisor = fraction.denominator.checked_mul(1200)?;
            u64::try_from(principal.0).ok()?.checked_mul(divisor)?;
            let floored = rounding == Rounding::Down;
            let share = floored.then(|| (u128::from(factor) << 64) / u128::from(divisor) + 1)?;
            u64::try_from(share).ok()
        };
        Self { multiplier: multiplier(), rate, months, rounding }
    }

    pub(super) fn on(&self, balance: Yen) -> Yen {
        match self.multiplier {
            Some(multiplier) => Yen(share(balance.0, multiplier)),
            None => interest(balance, self.rate, self.months, 12, self.rounding),
        }
    }
}

/// `floor(balance * multiplier / 2^64)` for a balance that is not negative.
pub(super) fn share(balance: i64, multiplier: u64) -> i64 {
    let product = u128::from(balance.unsigned_abs()) * u128::from(multiplier);
    u64::try_from(product >> 64).unwrap_or(u64::MAX).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fast_interest_is_the_exact_one() {
        let principal = Yen(1_000_000_000_000);
        for thousandths in [0, 1, 625, 999, 1_000, 2_333, 14_500, 99_999] {
            for months in [1, 6] {
                let rate = Rate::from_thousandths(thousandths);
                let fast = PeriodInterest::new(principal, rate, months, Rounding::Down);
                assert!(fast.multiplier.is_some());
                for step in 0..3_000_i64 {
                    let balance = Yen(principal.0 - step * step * 100_003 - step);
                    assert_eq!(fast.on(balance), interest(balance, rate, months, 12, Rounding::Down));
                }
            }
        }
        // The largest loan whose product with the divisor fits, one yen short of a whole yen of interest, and the next larger one.
        let least =
            PeriodInterest::new(Yen(14_399_999_999_999), Rate::from_thousandths(1), 1, Rounding::Down);
        assert!(least.multiplier.is_some());
        assert_eq!(least.on(Yen(14_399_999_999_999)), Yen(11_999_999));
        let too_large = PeriodInterest::new(Yen(i64::MAX), Rate::from_thousandths(1), 1, Rounding::Down);
        assert!(too_large.multiplier.is_none());
        let dear = Rate(rust_decimal::Decimal::new(1_000_000_000_000_000_001, 6));
        let wide = PeriodInterest::new(principal, dear, 1, Rounding::Down);
        assert!(wide.multiplier.is_none());
        assert_eq!(wide.on(principal), interest(principal, dear, 1, 12, Rounding::Down));
    }

    #[test]
    fn the_books_rounding_is_followed() {
        // 1,000,001 yen at 1.2 percent bear 1,000.001 yen in a month.
        let on = |rounding| {
            PeriodInterest::new(Yen(1_000_001), Rate::from_thousandths(1_200), 1, rounding).on(Yen(1_000_001))
        };
        assert_eq!(
            [Rounding::Down, Rounding::HalfUp, Rounding::Up].map(on),
            [Yen(1_000), Yen(1_000), Yen(1_001)]
        );
    }
}
