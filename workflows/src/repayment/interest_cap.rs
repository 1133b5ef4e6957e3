//! The statutory ceiling of interest (J-46) and the test of a very early full prepayment against it (J-47).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::interest::interest;
use super::rounding::Rounding;
use crate::form::Problem;
use crate::money::{Rate, Yen};
use crate::product::servicing::{CountedFee, InterestCapTerms};
use crate::rule::Rule;

/// What a customer paid and pays for a loan that is paid off.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidOff {
    pub principal_yen: Yen,
    pub contracted_on: NaiveDate,
    pub disbursed_on: NaiveDate,
    pub paid_off_on: NaiveDate,
    /// All interest from disbursement to payoff.
    pub interest_yen: Yen,
    pub loan_fee_yen: Yen,
    pub handling_fee_yen: Yen,
    pub prepayment_fee_yen: Yen,
    /// Lump-sum fee less refund.
    pub guarantee_fee_kept_yen: Yen,
}

/// The payoff against the ceiling.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapTest {
    pub days: u32,
    /// Percent per annum (J-46).
    pub cap: Rate,
    /// Interest and all that counts besides.
    pub total_yen: Yen,
    /// `floor(principal * cap * days / 365)`.
    pub limit_yen: Yen,
    /// What bank and guarantor waive or refund; nought where the total stays within the limit.
    pub must_return_yen: Yen,
}

/// J-46: the highest rate for a principal.
pub fn interest_cap(terms: &InterestCapTerms, principal: Yen) -> Rate {
    let band = terms.bands.iter().find(|band| principal < band.below_yen);
    band.map_or(terms.above_all, |band| band.rate)
}

/// J-47. Contracts before the day from which fees count are tested with their interest alone. Errors: amounts below nought, dates
/// out of order.
pub fn cap_test(terms: &InterestCapTerms, paid: &PaidOff) -> Result<CapTest, Vec<Problem>> {
    let mut problems = Vec::new();
    if paid.principal_yen <= Yen::ZERO {
        problems.push(Rule::refusal("J-47", "principal_yen", "1 yen or more"));
    }
    let amounts = [
        ("interest_yen", paid.interest_yen),
        ("loan_fee_yen", paid.loan_fee_yen),
        ("handling_fee_yen", paid.handling_fee_yen),
        ("prepayment_fee_yen", paid.prepayment_fee_yen),
        ("guarantee_fee_kept_yen", paid.guarantee_fee_kept_yen),
    ];
    for (field, _) in amounts.iter().filter(|(_, amount)| *amount < Yen::ZERO) {
        problems.push(Rule::refusal("J-47", *field, "0 or more"));
    }
    let days = u32::try_from((paid.paid_off_on - paid.disbursed_on).num_days());
    if days.is_err() {
        problems.push(Rule::refusal("J-47", "paid_off_on", format!("from {} on", paid.disbursed_on)));
    }
    let days = match days {
        Ok(days) if problems.is_empty() => days,
        _ => return Err(problems),
    };
    let of_fee = |fee: &CountedFee| match fee {
        CountedFee::Loan => paid.loan_fee_yen,
        CountedFee::Handling => paid.handling_fee_yen,
        CountedFee::Prepayment => paid.prepayment_fee_yen,
        CountedFee::Guarantee => paid.guarantee_fee_kept_yen,
    };
    let counted = paid.contracted_on >= terms.counted_from;
    let fees: Yen = terms.counted_fees.iter().filter(|_| counted).map(of_fee).sum();
    let cap = interest_cap(terms, paid.principal_yen);
    let limit = interest(paid.principal_yen, cap, days, u32::from(terms.days_per_year), Rounding::Down);
    let total = paid.interest_yen + fees;
    Ok(CapTest {
        days,
        cap,
        total_yen: total,
        limit_yen: limit,
        must_return_yen: (total - limit).max(Yen::ZERO),
    })
}
