//! Repayment mathematics (chapter J): from the level payment to the payoff.
//!
//! All sums are integers: balances in yen, the rate as a fraction, every rounding taken exactly where a rule says so.
//! [`RepaymentInput`] is checked and becomes a [`LoanPlan`]; a [`Standing`] is a part of a loan between two repayments, and its
//! [`Course`] what is paid from there to the end. [`review`] moves rates and amounts of variable loans, [`special_term`] says what
//! follows a special term, [`prepayment`] takes money ahead of time, [`damages`] and [`interest_cap`] guard the edges.

pub mod certificate;
mod course;
pub mod damages;
mod input;
mod interest;
pub mod interest_cap;
mod interest_only;
mod level;
mod plan;
pub mod prepayment;
pub mod review;
mod rounding;
mod schedule;
pub mod simulation;
pub mod special_term;
mod walk;

pub use course::{Course, PaymentReview, RatePath, RateStep, Standing, reviewed_payment};
pub use input::{MOST_YEN, RepaymentInput, RepaymentTerm};
pub use interest_only::{Advance, InterestMonth, interest_only};
pub use level::{level_payment, level_payment_rounded};
pub use plan::{LoanPlan, due_dates, first_repayment_date};
pub use rounding::{Rounding, RoundingTerms};
pub use schedule::{FirstPeriod, PartPlan, Row, Schedule, Summary};
pub use special_term::special_term_end;

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
        // Three decimals at most is the rule for rates; normalising costs more than a whole month of a schedule.
        let value = if rate.0.scale() > 3 { rate.0.normalize() } else { rate.0 };
        let numerator = u64::try_from(value.mantissa()).unwrap_or(0);
        Self { numerator, denominator: 10_u64.saturating_pow(value.scale()) }
    }
}
