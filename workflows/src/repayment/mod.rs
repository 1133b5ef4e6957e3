//! Repayment mathematics (chapter J): level payment, due dates, the first period, the whole schedule.
//!
//! All sums are integers: balances in yen, the rate as a fraction, every floor taken exactly where a rule says so.

mod level;
mod plan;
mod schedule;

pub use level::level_payment;
pub use plan::{LoanPlan, due_dates, first_repayment_date, special_term_end};
pub use schedule::{FirstPeriod, PartPlan, Row, Schedule, Summary};

use crate::money::Rate;

/// A rate as a fraction of whole numbers: `numerator / denominator` percent per annum.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fraction {
    pub(crate) numerator: u64,
    pub(crate) denominator: u64,
}

impl Fraction {
    /// The fraction of a rate; a negative rate counts as nought (C-62).
    pub(crate) fn of(rate: Rate) -> Self {
        let value = rate.0.normalize();
        let numerator = u64::try_from(value.mantissa()).unwrap_or(0);
        Self { numerator, denominator: 10_u64.saturating_pow(value.scale()) }
    }
}
