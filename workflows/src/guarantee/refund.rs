//! The refund of a lump-sum guarantee fee after a full prepayment (F.10).

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::calendar::months_after;
use crate::form::{GuaranteeFeeMethod, Problem};
use crate::money::{Rate, Yen};
use crate::product::servicing::FeeRefundTerms;
use crate::rule::Rule;

/// A loan that is paid off, as far as the refund asks.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidOffGuarantee {
    pub method: GuaranteeFeeMethod,
    /// The lump-sum fee that was paid at disbursement.
    pub paid_yen: Yen,
    /// The original term.
    pub term_months: u16,
    pub disbursed_on: NaiveDate,
    /// The day of the full prepayment.
    pub prepaid_on: NaiveDate,
}

/// Where the amount of a refund comes from.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RefundBasis {
    /// The institution fixed it: nothing else is ever paid (F-16).
    Institution,
    /// A cell of the published table, an estimate.
    Published { percent: Rate },
    /// The reference model, an estimate where nothing is published (F-17).
    Model,
}

/// A refund.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// Years since disbursement, a part of a year counted as one (F-11).
    pub elapsed_years: u32,
    pub basis: RefundBasis,
    pub refund_yen: Yen,
    /// First day of the month in which it is paid in principle (F-15).
    pub paid_in: NaiveDate,
}

/// F-11: the smallest number of years after which `disbursed` reaches `prepaid`.
pub fn elapsed_years(disbursed: NaiveDate, prepaid: NaiveDate) -> u32 {
    let calendar_years = u32::try_from(prepaid.year() - disbursed.year()).unwrap_or(0);
    let reached = months_after(disbursed, 12 * calendar_years) >= prepaid;
    if reached { calendar_years } else { calendar_years + 1 }
}

/// F-15: the first day of the month in which the refund is paid.
pub fn refund_month(terms: &FeeRefundTerms, prepaid: NaiveDate) -> NaiveDate {
    let first = prepaid.with_day(1).unwrap_or(prepaid);
    months_after(first, u32::from(terms.paid_after_months))
}

/// F-13: cut to the book's step, and nothing below its least amount. `share` is what is refunded before that, in yen.
fn payable(terms: &FeeRefundTerms, share: Decimal) -> Yen {
    let whole = i64::try_from(share.floor()).unwrap_or(0);
    let cut = Yen(whole.max(0)).cut_to(terms.step_yen.0.max(1));
    if cut >= terms.least_yen { cut } else { Yen::ZERO }
}

/// F-13 for a published percentage of the fee.
pub fn refund_at(terms: &FeeRefundTerms, paid: Yen, percent: Rate) -> Yen {
    payable(terms, Decimal::from(paid.0) * percent.0 / Decimal::ONE_HUNDRED)
}

/// The published percentage for whole years (F.10); `None` where nothing is printed.
pub fn published_percent(terms: &FeeRefundTerms, term_months: u16, elapsed: u32) -> Option<Rate> {
    let years = u8::try_from(term_months / 12).ok().filter(|_| term_months.is_multiple_of(12))?;
    let cell = terms
        .published
        .iter()
        .find(|cell| cell.term_years == years && u32::from(cell.elapsed_years) == elapsed);
    cell.map(|cell| cell.percent)
}

/// F-17: the share of the fee that belongs to the time after `elapsed` years, between nought and one: scheduled balances at the
/// beginning of the months after it over those of all months, level payment at the model's rate. In closed form with
/// `g = 1 + i`: `sum of (g^n - g^j)`, which is `count * g^n - (g^n - g^k) / i`.
pub fn unexpired_share(terms: &FeeRefundTerms, term_months: u16, elapsed: u32) -> Decimal {
    let months = u32::from(term_months);
    let passed = elapsed.saturating_mul(12);
    if passed >= months {
        return Decimal::ZERO;
    }
    let monthly = terms.model_rate.0 / Decimal::from(1200);
    let growth = Decimal::ONE + monthly;
    let power = |months: u32| (0..months).fold(Decimal::ONE, |product, _| product * growth);
    let (all, before) = (power(months), power(passed));
    let balances = |count: u32, from: Decimal| Decimal::from(count) * all - (all - from) / monthly;
    balances(months - passed, before) / balances(months, Decimal::ONE)
}

/// The refund by the model alone, for estimates and tests (F-13, F-17).
pub fn refund_by_model(terms: &FeeRefundTerms, paid: Yen, term_months: u16, elapsed: u32) -> Yen {
    let percent = Decimal::from(terms.refund_percent) / Decimal::ONE_HUNDRED;
    payable(terms, Decimal::from(paid.0) * percent * unexpired_share(terms, term_months, elapsed))
}

/// The refund: what the institution fixed, else the published cell, else the model; the last two are estimates (F-16, F-17).
/// Nothing is refunded under MONTHLY_IN_RATE or for a partial prepayment. Errors: a fee below nought, no term, another method, a
/// prepayment before disbursement, an amount of the institution above the fee.
pub fn refund(
    terms: &FeeRefundTerms,
    loan: &PaidOffGuarantee,
    fixed_by_institution: Option<Yen>,
) -> Result<Refund, Vec<Problem>> {
    let problems = problems(loan, fixed_by_institution);
    if !problems.is_empty() {
        return Err(problems);
    }
    let elapsed = elapsed_years(loan.disbursed_on, loan.prepaid_on);
    let published = published_percent(terms, loan.term_months, elapsed);
    let (basis, refund_yen) = match (fixed_by_institution, published) {
        (Some(amount), _) => (RefundBasis::Institution, amount),
        (None, Some(percent)) => {
            (RefundBasis::Published { percent }, refund_at(terms, loan.paid_yen, percent))
        }
        (None, None) => {
            (RefundBasis::Model, refund_by_model(terms, loan.paid_yen, loan.term_months, elapsed))
        }
    };
    let paid_in = refund_month(terms, loan.prepaid_on);
    Ok(Refund { elapsed_years: elapsed, basis, refund_yen, paid_in })
}

fn problems(loan: &PaidOffGuarantee, fixed: Option<Yen>) -> Vec<Problem> {
    let mut problems = Vec::new();
    if loan.method != GuaranteeFeeMethod::LumpSum {
        problems.push(Rule::refusal("F-16", "method", GuaranteeFeeMethod::LumpSum.code()));
    }
    if loan.paid_yen < Yen::ZERO {
        problems.push(Rule::refusal("F-13", "paid_yen", "0 or more"));
    }
    if !(1..=1200).contains(&loan.term_months) {
        problems.push(Rule::refusal("F-12", "term_months", "1 to 1200"));
    }
    if loan.prepaid_on < loan.disbursed_on {
        problems.push(Rule::refusal("F-11", "prepaid_on", format!("from {} on", loan.disbursed_on)));
    }
    if fixed.is_some_and(|amount| amount < Yen::ZERO || amount > loan.paid_yen) {
        problems.push(Rule::refusal(
            "F-16",
            "fixed_by_institution",
            format!("0 to {} yen", loan.paid_yen.max(Yen::ZERO).0),
        ));
    }
    problems
}
