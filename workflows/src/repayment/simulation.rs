//! Repayments of several loans side by side, before anybody applies.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::course::Standing;
use super::review::{RateReview, VariableLoan, VariablePricing};
use super::schedule::{Row, Schedule};
use super::{LoanPlan, MOST_YEN, RepaymentInput, RepaymentTerm};
use crate::form::{DiscountType, FeePlan, Problem, RateType};
use crate::money::{Rate, Yen};
use crate::product::pricing::{discount, limited_time_discount};
use crate::product::{Book, PostedRates};
use crate::rule::Rule;

/// A loan that somebody thinks of. The rate is given, or follows from type and fee plan with the conditions met (C-40).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scenario {
    #[serde(default)]
    pub label: Option<String>,
    pub amount_yen: Yen,
    #[serde(default)]
    pub rate_percent: Option<Rate>,
    #[serde(default)]
    pub rate_type: Option<RateType>,
    /// Special-term types only.
    #[serde(default)]
    pub discount_type: Option<DiscountType>,
    /// FLAT_FEE where absent.
    #[serde(default)]
    pub fee_plan: Option<FeePlan>,
    #[serde(default)]
    pub bonus_part_yen: Option<Yen>,
    #[serde(default)]
    pub bonus_months: Option<Vec<u8>>,
    pub disbursed_on: NaiveDate,
    #[serde(default)]
    pub first_repayment_on: Option<NaiveDate>,
    pub repayment_day: u8,
    pub term_months: u16,
}

/// What a scenario comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulated {
    pub rate: Rate,
    /// The standard rate, where the rate follows from the type (C-21).
    pub standard: Option<Rate>,
    pub plan: LoanPlan,
    /// A variable loan whose base rate is known: what the reviews have made of it (J-20 to J-24).
    pub reviewed: Option<Reviewed>,
}

/// A variable loan with the base rates that are known, the last of them held to the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    pub rate_reviews: Vec<RateReview>,
    pub monthly: Vec<Row>,
    pub bonus: Vec<Row>,
}

impl Reviewed {
    /// `None`: no base rate is known for the days that the reviews compare.
    fn of(
        plan: &LoanPlan,
        input: &RepaymentInput,
        book: &Book,
        rates: &PostedRates,
        today: NaiveDate,
    ) -> Option<Self> {
        let terms = &book.terms;
        let course = |schedule: &Schedule, months_per_period: u32| {
            let due = schedule.rows.iter().map(|row| row.due).collect();
            let loan = VariableLoan {
                standing: Standing {
                    balance_yen: schedule.principal,
                    unpaid_interest_yen: Yen::ZERO,
                    payment_yen: schedule.payment,
                    months_per_period,
                    repayment_day: input.repayment_day,
                    settled_on: input.disbursed_on,
                    due_dates: due,
                    rounding: terms.repayment.rounding,
                },
                pricing: VariablePricing { moving: input.rate, add_ons: Rate::ZERO, cap: None },
                rate_decided_on: input.disbursed_on,
                variable_since: input.disbursed_on,
            };
            loan.course(&rates.base, &terms.servicing.review, today).ok()
        };
        let monthly = course(&plan.monthly, 1)?;
        let bonus = plan.bonus.as_ref().map(|schedule| course(schedule, 6));
        let bonus = match bonus {
            Some(course) => course?.course.rows,
            None => vec![],
        };
        Some(Self { rate_reviews: monthly.rate_reviews, monthly: monthly.course.rows, bonus })
    }
}

/// One line of both parts of a loan together.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SimulatedRow {
    pub no: u32,
    pub due: NaiveDate,
    pub payment_yen: Yen,
    /// Part of the payment that belongs to the bonus part (J-08).
    pub bonus_payment_yen: Yen,
    pub interest_yen: Yen,
    pub principal_yen: Yen,
    /// Principal of both parts left.
    pub balance_yen: Yen,
}

impl Scenario {
    /// The repayments. `today` decides on a campaign. Errors: everything that is wrong, by the names of the scenario's fields.
    pub fn simulate(
        &self,
        book: &Book,
        rates: &PostedRates,
        today: NaiveDate,
    ) -> Result<Simulated, Vec<Problem>> {
        let mut problems = Vec::new();
        let (rate, standard) = match self.rate(book, rates, today) {
            Ok(found) => found,
            Err(problem) => {
                problems.push(problem);
                (Rate::ZERO, None)
            }
        };
        // C-10 is the book's own limit; what a transfer can carry is beyond it.
        let most = book.terms.amount.maximum_yen.min(MOST_YEN);
        if self.amount_yen > most {
            problems.push(Rule::refusal("C-10", "amountYen", format!("1 to {} yen", most.0)));
        }
        let input = RepaymentInput {
            amount_yen: self.amount_yen,
            bonus_part_yen: self.bonus_part_yen.unwrap_or(Yen::ZERO),
            bonus_months: self.bonus_months.clone().unwrap_or_default(),
            rate,
            disbursed_on: self.disbursed_on,
            first_repayment_on: self.first_repayment_on,
            repayment_day: self.repayment_day,
            term: RepaymentTerm::Months(self.term_months),
        };
        let reviewed = |plan: &LoanPlan| match self.rate_type {
            Some(RateType::Variable) => Reviewed::of(plan, &input, book, rates, today),
            _ => None,
        };
        let plan = input.plan(&book.terms).map_err(|found| {
            problems
                .extend(found.into_iter().map(|problem| Problem { field: named(&problem.field), ..problem }));
        });
        match plan {
            Ok(plan) if problems.is_empty() => {
                let reviewed = reviewed(&plan);
                Ok(Simulated { rate, standard, plan, reviewed })
            }
            _ => Err(problems),
        }
    }

    /// The rate and, where it follows from the type, the standard rate (C-21, C.5, C-45, C-62).
    fn rate(
        &self,
        book: &Book,
        rates: &PostedRates,
        today: NaiveDate,
    ) -> Result<(Rate, Option<Rate>), Problem> {
        let terms = &book.terms;
        match (self.rate_percent, self.rate_type) {
            (Some(rate), None) => Ok((rate, None)),
            (None, Some(kind)) => {
                let offered = terms.rate_types.get(&kind).is_some_and(|terms| terms.offered);
                let special = terms.special_term_years(kind);
                if !offered {
                    return Err(Rule::refusal("C-23", "rateType", "a rate type that the bank offers"));
                }
                if special.is_some() != self.discount_type.is_some() {
                    let accepted = if special.is_some() { "INITIAL_PERIOD, WHOLE_PERIOD" } else { "nothing" };
                    return Err(Rule::refusal("C-47", "discountType", accepted));
                }
                let least = 12 * u16::from(special.unwrap_or(0));
                if self.term_months < least {
                    return Err(Rule::refusal("C-13", "termMonths", format!("at least {least}")));
                }
                let Some(standard) = rates.standard(kind, self.disbursed_on) else {
                    let accepted = match rates.span(kind) {
                        Some((from, Some(to))) => format!("a day from {from} to {to}"),
                        Some((from, None)) => format!("a day from {from} on"),
                        None => "a day with a published rate".to_owned(),
                    };
                    return Err(Rule::refusal("C-21", "disbursedOn", accepted));
                };
                let plan = self.fee_plan.unwrap_or(FeePlan::FlatFee);
                let off = discount(terms, plan, kind, self.discount_type)
                    + limited_time_discount(terms, plan, today);
                Ok(((standard - off).max(Rate::ZERO), Some(standard)))
            }
            _ => Err(Rule::refusal("C-21", "ratePercent", "either ratePercent or rateType")),
        }
    }
}

/// The field of a scenario by that of the input.
fn named(field: &str) -> String {
    match field {
        "amount_yen" => "amountYen",
        "bonus_part_yen" => "bonusPartYen",
        "bonus_months" => "bonusMonths",
        "rate" => "ratePercent",
        "first_repayment_on" => "firstRepaymentOn",
        "repayment_day" => "repaymentDay",
        "term.months" => "termMonths",
        other => other,
    }
    .to_owned()
}

impl Simulated {
    /// Interest of both parts to the end, with the reviews that are known.
    pub fn total_interest(&self) -> Yen {
        match &self.reviewed {
            Some(reviewed) => reviewed.monthly.iter().chain(&reviewed.bonus).map(|row| row.interest).sum(),
            None => self.plan.total_interest(),
        }
    }

    /// The lines of both parts by day, numbered from 1.
    pub fn rows(&self) -> Vec<SimulatedRow> {
        let planned = self.plan.bonus.as_ref().map(|part| part.rows.as_slice()).unwrap_or_default();
        let bonus = self.reviewed.as_ref().map_or(planned, |reviewed| reviewed.bonus.as_slice());
        let planned = self.plan.monthly.rows.as_slice();
        let monthly = self.reviewed.as_ref().map_or(planned, |reviewed| reviewed.monthly.as_slice());
        let mut days: Vec<NaiveDate> = monthly.iter().chain(bonus).map(|row| row.due).collect();
        days.sort_unstable();
        days.dedup();
        let mut left =
            (self.plan.monthly.principal, self.plan.bonus.as_ref().map_or(Yen::ZERO, |part| part.principal));
        let (mut monthly, mut bonus) = (monthly.iter().peekable(), bonus.iter().peekable());
        let mut rows = Vec::with_capacity(days.len());
        for (no, due) in (1..).zip(days) {
            let one = monthly.next_if(|row| row.due == due);
            let other = bonus.next_if(|row| row.due == due);
            left = (one.map_or(left.0, |row| row.balance), other.map_or(left.1, |row| row.balance));
            let both = || one.into_iter().chain(other);
            rows.push(SimulatedRow {
                no,
                due,
                payment_yen: both().map(|row| row.payment).sum(),
                bonus_payment_yen: other.map_or(Yen::ZERO, |row| row.payment),
                interest_yen: both().map(|row| row.interest).sum(),
                principal_yen: both().map(|row| row.principal).sum(),
                balance_yen: left.0 + left.1,
            });
        }
        rows
    }
}
