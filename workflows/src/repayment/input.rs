//! What a repayment simulation is asked, checked as a whole before anything is computed (J-01 to J-11).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::interest_cap::interest_cap;
use super::plan::{LoanPlan, PlanParts, due_dates, due_dates_until};
use crate::calendar::{month_end, months_after, on_day};
use crate::form::Problem;
use crate::money::{Rate, Yen};
use crate::product::terms::Terms;
use crate::rule::Rule;

/// The largest amount that a transfer record can carry: ten digits.
pub const MOST_YEN: Yen = Yen(9_999_999_999);

/// A loan whose repayment is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepaymentInput {
    pub amount_yen: Yen,
    /// The part that is repaid every six months (J-08); nought without.
    #[serde(default)]
    pub bonus_part_yen: Yen,
    /// Two months six apart, or empty.
    #[serde(default)]
    pub bonus_months: Vec<u8>,
    /// Percent per annum, held to the end.
    pub rate: Rate,
    pub disbursed_on: NaiveDate,
    /// `None`: the repayment day of the month after disbursement (I-09).
    #[serde(default)]
    pub first_repayment_on: Option<NaiveDate>,
    /// 1 to 31; in a shorter month the last day (J-11).
    pub repayment_day: u8,
    pub term: RepaymentTerm,
}

/// How long a loan is repaid.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepaymentTerm {
    /// Whole months from the disbursement on (J-03).
    Months(u16),
    /// The last repayment date, which lies whole months after the first one.
    Until(NaiveDate),
}

impl RepaymentInput {
    /// The whole repayment. Errors: everything that is wrong, with field, rule and what is accepted.
    pub fn plan(&self, terms: &Terms) -> Result<LoanPlan, Vec<Problem>> {
        let problems = self.problems(terms);
        if !problems.is_empty() {
            return Err(problems);
        }
        let first = self.first();
        let dates = match self.term {
            RepaymentTerm::Months(months) => due_dates(first, self.disbursed_on, months, self.repayment_day),
            RepaymentTerm::Until(last) => due_dates_until(first, last, self.repayment_day),
        };
        let parts = PlanParts {
            amount: self.amount_yen,
            bonus_part: self.bonus_part_yen,
            bonus_months: &self.bonus_months,
            repayment_day: self.repayment_day,
            disbursed: self.disbursed_on,
        };
        Ok(LoanPlan::of(&parts, terms, self.rate, dates))
    }

    fn first(&self) -> NaiveDate {
        let default = || on_day(month_end(months_after(month_end(self.disbursed_on), 1)), self.repayment_day);
        self.first_repayment_on.unwrap_or_else(default)
    }

    /// Everything that is wrong.
    fn problems(&self, terms: &Terms) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut refuse = |rule: &'static str, field: &str, accepted: String| {
            problems.push(Rule::refusal(rule, field, accepted));
        };
        if self.amount_yen < Yen(1) || self.amount_yen > MOST_YEN {
            refuse("J-02", "amount_yen", format!("1 to {} yen", MOST_YEN.0));
        }
        let cap = interest_cap(&terms.servicing.interest_cap, self.amount_yen.max(Yen(1)));
        if self.rate < Rate::ZERO || self.rate > cap || self.rate.0.scale() > 6 {
            refuse("J-46", "rate", format!("0 to {cap} percent with at most 6 decimals"));
        }
        if !(1..=31).contains(&self.repayment_day) {
            refuse("J-11", "repayment_day", "1 to 31".to_owned());
        }
        self.bonus_problems(terms, &mut refuse);
        self.date_problems(terms, &mut refuse);
        problems
    }

    fn bonus_problems(&self, terms: &Terms, refuse: &mut impl FnMut(&'static str, &str, String)) {
        let percent = terms.repayment.bonus_share_limit_percent;
        let most = self.amount_yen.floor_percent(u32::from(percent));
        if self.bonus_part_yen < Yen::ZERO || self.bonus_part_yen > most.max(Yen::ZERO) {
            refuse("J-08", "bonus_part_yen", format!("0 to {} yen ({percent} percent)", most.0.max(0)));
        }
        let apart = match self.bonus_months.as_slice() {
            [] => self.bonus_part_yen <= Yen::ZERO,
            [one, other] => (1..=12).contains(one) && (1..=12).contains(other) && one.abs_diff(*other) == 6,
            _ => false,
        };
        if !apart {
            refuse("J-08", "bonus_months", "two months six apart, such as 1 and 7".to_owned());
        }
    }

    fn date_problems(&self, terms: &Terms, refuse: &mut impl FnMut(&'static str, &str, String)) {
        let first = self.first();
        let on_its_day = |date: NaiveDate| on_day(date, self.repayment_day) == date;
        if first <= self.disbursed_on || !on_its_day(first) {
            let accepted = format!("day {} of a month, after {}", self.repayment_day, self.disbursed_on);
            refuse("J-03", "first_repayment_on", accepted);
        }
        let most = terms.term.maximum_months;
        let longest = months_after(self.disbursed_on, u32::from(most));
        match self.term {
            RepaymentTerm::Months(months) => {
                let reached = months_after(self.disbursed_on, u32::from(months)) >= first;
                if !(1..=most).contains(&months) || !reached {
                    refuse("C-11", "term.months", format!("1 to {most}, up to {first} at least"));
                }
            }
            RepaymentTerm::Until(last) => {
                if last < first || last > longest || !on_its_day(last) {
                    let accepted =
                        format!("day {} of a month, from {first} to {longest}", self.repayment_day);
                    refuse("J-03", "term.until", accepted);
                }
            }
        }
    }
}
