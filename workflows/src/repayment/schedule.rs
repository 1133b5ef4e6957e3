//! One level-payment loan from the first period to the last instalment (J-04 to J-09).

use chrono::{Months, NaiveDate};
use serde::Serialize;

use super::{Fraction, level_payment};
use crate::calendar::{is_bank_day, month_end, on_day, on_or_after};
use crate::money::{Rate, Yen};

/// What determines a schedule: a part of a loan, its rate and its due dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartPlan {
    pub principal: Yen,
    /// Held constant to the end.
    pub rate: Rate,
    pub disbursed: NaiveDate,
    pub repayment_day: u8,
    /// 1 for the monthly part, 6 for the bonus part (J-08).
    pub months_per_period: u32,
    /// In order.
    pub due_dates: Vec<NaiveDate>,
}

/// A whole schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    pub principal: Yen,
    /// The level payment (J-02).
    pub payment: Yen,
    /// Count of due dates, which entered the formula (J-03).
    pub scheduled_repayments: u32,
    pub first_period: FirstPeriod,
    pub first_repayment_date: NaiveDate,
    /// The scheduled last due date; the rows may end earlier.
    pub final_due_date: NaiveDate,
    /// What is really paid.
    pub rows: Vec<Row>,
}

/// The first period: whole months counted back from the first repayment date and the days before them (J-04).
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FirstPeriod {
    pub full_months: u32,
    pub odd_days: u32,
    pub interest_yen: Yen,
}

/// One repayment.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    pub due: NaiveDate,
    pub payment: Yen,
    /// Interest within the payment, unpaid interest of earlier periods included.
    pub interest: Yen,
    pub principal: Yen,
    /// Principal left after this payment.
    pub balance: Yen,
    /// Interest that the payments so far did not cover; it bears no interest itself.
    pub unpaid_interest: Yen,
}

/// A schedule in short, with the keys of an evaluation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub principal_yen: Yen,
    pub scheduled_repayments: u32,
    pub actual_repayments: u32,
    pub payment_yen: Yen,
    pub first_repayment_date: NaiveDate,
    pub final_due_date: NaiveDate,
    pub last_repayment_date: NaiveDate,
    pub first_period: FirstPeriod,
    pub last_instalment_yen: Yen,
    pub total_interest_yen: Yen,
    /// Given for the monthly part only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_debit_date: Option<NaiveDate>,
}

impl PartPlan {
    /// The schedule. A plan without due dates is repaid on the disbursement date.
    pub fn schedule(&self) -> Schedule {
        let count = u32::try_from(self.due_dates.len()).unwrap_or(u32::MAX);
        let payment = level_payment(self.principal, self.rate, self.months_per_period, count);
        let first_repayment_date = self.due_dates.first().copied().unwrap_or(self.disbursed);
        let final_due_date = self.due_dates.last().copied().unwrap_or(self.disbursed);
        let first_period = self.first_period(first_repayment_date);
        Schedule {
            principal: self.principal,
            payment,
            scheduled_repayments: count,
            first_period,
            first_repayment_date,
            final_due_date,
            rows: self.rows(payment, first_period.interest_yen),
        }
    }

    /// `floor(P*rate*m/12) + floor(P*rate*days/365)` (J-04).
    fn first_period(&self, first: NaiveDate) -> FirstPeriod {
        let back = |months: u32| {
            let earlier = first.checked_sub_months(Months::new(months)).unwrap_or(first);
            if months == 0 { first } else { on_day(month_end(earlier), self.repayment_day) }
        };
        let mut full_months = 0;
        while full_months < 1200 && back(full_months + 1) >= self.disbursed {
            full_months += 1;
        }
        let days = (back(full_months) - self.disbursed).num_days();
        let odd_days = u32::try_from(days).unwrap_or(0);
        let interest = interest(self.principal, self.rate, full_months, 12)
            + interest(self.principal, self.rate, odd_days, 365);
        FirstPeriod { full_months, odd_days, interest_yen: interest }
    }

    fn rows(&self, payment: Yen, first_interest: Yen) -> Vec<Row> {
        let per_period = PeriodInterest::new(self.principal, self.rate, self.months_per_period);
        let mut rows = Vec::with_capacity(self.due_dates.len());
        let (mut balance, mut unpaid) = (self.principal, Yen::ZERO);
        for (at, due) in self.due_dates.iter().enumerate() {
            let of_period = if at == 0 { first_interest } else { per_period.on(balance) };
            let owed = unpaid + of_period;
            let last = at + 1 == self.due_dates.len() || balance + owed <= payment;
            let paid = if last { balance + owed } else { payment };
            let interest = paid.min(owed);
            let principal = paid - interest;
            balance = balance - principal;
            unpaid = owed - interest;
            rows.push(Row {
                due: *due,
                payment: paid,
                interest,
                principal,
                balance,
                unpaid_interest: unpaid,
            });
            if last {
                break;
            }
        }
        rows
    }
}

/// `floor(balance * rate * months / 12)` (J-05). Where principal times divisor fits in 64 bits, the division is one
/// multiplication, exact and several times as fast; else it is done in 128 bits.
struct PeriodInterest {
    /// `m = floor(2^64 * factor / divisor) + 1`. The quotient is `floor(balance * m / 2^64)`: the excess is at most
    /// `balance / 2^64`, which is less than `1 / divisor`, so it never lifts the quotient over the next whole number.
    narrow: Option<u64>,
    rate: Rate,
    months: u32,
}

impl PeriodInterest {
    fn new(principal: Yen, rate: Rate, months: u32) -> Self {
        let narrow = || {
            let fraction = Fraction::of(rate);
            let factor = fraction.numerator.checked_mul(u64::from(months))?;
            let divisor = fraction.denominator.checked_mul(1200)?;
            u64::try_from(principal.0).ok()?.checked_mul(divisor)?;
            u64::try_from((u128::from(factor) << 64) / u128::from(divisor) + 1).ok()
        };
        Self { narrow: narrow(), rate, months }
    }

    fn on(&self, balance: Yen) -> Yen {
        match (self.narrow, u64::try_from(balance.0)) {
            (Some(multiplier), Ok(owed)) => {
                let quotient = (u128::from(owed) * u128::from(multiplier)) >> 64;
                Yen(i64::try_from(quotient).unwrap_or(i64::MAX))
            }
            _ => interest(balance, self.rate, self.months, 12),
        }
    }
}

impl Row {
    /// When the payment is debited: on the due date or the bank's next business day (J-09).
    pub fn debit(&self) -> NaiveDate {
        on_or_after(self.due, is_bank_day).unwrap_or(self.due)
    }
}

impl Schedule {
    /// Interest to the end.
    pub fn total_interest(&self) -> Yen {
        self.rows.iter().map(|row| row.interest).sum()
    }

    /// The schedule in short, without the debit date.
    pub fn summary(&self) -> Summary {
        let last = self.rows.last();
        Summary {
            principal_yen: self.principal,
            scheduled_repayments: self.scheduled_repayments,
            actual_repayments: u32::try_from(self.rows.len()).unwrap_or(u32::MAX),
            payment_yen: self.payment,
            first_repayment_date: self.first_repayment_date,
            final_due_date: self.final_due_date,
            last_repayment_date: last.map_or(self.final_due_date, |row| row.due),
            first_period: self.first_period,
            last_instalment_yen: last.map_or(Yen::ZERO, |row| row.payment),
            total_interest_yen: self.total_interest(),
            first_debit_date: None,
        }
    }

    /// The schedule in short with the first debit date (J-09).
    pub fn summary_with_debit(&self) -> Summary {
        Summary { first_debit_date: self.rows.first().map(Row::debit), ..self.summary() }
    }
}

/// `floor(balance * rate / 100 * periods / per_year)` in yen (J-04, J-05).
fn interest(balance: Yen, rate: Rate, periods: u32, per_year: i128) -> Yen {
    let fraction = Fraction::of(rate);
    let product = i128::from(balance.0) * i128::from(fraction.numerator);
    let parts = i128::from(fraction.denominator) * 100 * per_year;
    let value = product.saturating_mul(i128::from(periods)) / parts;
    Yen(i64::try_from(value).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fast_interest_is_the_exact_one() {
        let principal = Yen(1_000_000_000_000);
        for thousandths in [1, 625, 999, 1_000, 2_333, 14_500, 99_999] {
            for months in [1, 6] {
                let rate = Rate::from_thousandths(thousandths);
                let fast = PeriodInterest::new(principal, rate, months);
                assert!(fast.narrow.is_some());
                for step in 0..3_000_i64 {
                    let balance = Yen(principal.0 - step * step * 100_003 - step);
                    assert_eq!(fast.on(balance), interest(balance, rate, months, 12));
                }
            }
        }
        let dear = Rate(rust_decimal::Decimal::new(1_000_000_000_000_000_001, 6));
        let wide = PeriodInterest::new(principal, dear, 1);
        assert!(wide.narrow.is_none());
        assert_eq!(wide.on(principal), interest(principal, dear, 1, 12));
    }
}
