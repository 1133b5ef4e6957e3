//! Special terms: when they end, what follows, what it costs, the amount afterwards (J-30 to J-38, C-22).

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::course::Standing;
use crate::calendar::{month_end, months_after, months_before, on_day};
use crate::form::{DiscountType, FeePlan, Problem, RateType};
use crate::money::{Rate, Yen};
use crate::product::servicing::{RemainingTerm, SpecialTermTerms, SwitchRate};
use crate::product::terms::Terms;
use crate::rule::Rule;

/// The days that belong to the end of a special term.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermEnd {
    /// A repayment date, the last one at the old rate.
    pub ends_on: NaiveDate,
    /// The day whose posted rate becomes the new one (J-32).
    pub rate_decided_on: NaiveDate,
    /// The day after the end (J-32).
    pub new_rate_from: NaiveDate,
    /// The last day on which an opt-out from the renewal is received, a calendar date (J-34, O-18).
    pub opt_out_until: NaiveDate,
}

/// A special term that comes to its end.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndingTerm {
    pub rate_type: RateType,
    pub discount_type: Option<DiscountType>,
    pub fee_plan: FeePlan,
    pub ends_on: NaiveDate,
    /// 1 to 31 (J-11).
    pub repayment_day: u8,
    /// The last repayment date as agreed at the beginning.
    pub original_final_date: NaiveDate,
    /// The last repayment date as it stands, earlier after a prepayment.
    pub expected_final_date: NaiveDate,
}

/// What a customer asks for. For a type that renews itself this is an opt-out.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    pub received_on: NaiveDate,
    pub rate_type: RateType,
    /// As it is, where not given; it can never change (J-37).
    pub discount_type: Option<DiscountType>,
    /// As it is, where not given; it can never change (J-37).
    pub fee_plan: Option<FeePlan>,
}

/// How the next rate type came about.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// The type renewed itself (J-34).
    Renewed,
    /// The opt-out came after its last day (J-34).
    RenewedOptOutLate,
    /// Less time is left than the type lasts, so it could not renew itself (J-34).
    NotRenewedTooShort,
    /// As the customer chose in time (J-34, J-35).
    Chosen,
    /// A type that does not renew itself and no choice (J-35).
    NothingChosen,
    /// A switch from VARIABLE during the loan (C-22).
    Switched,
}

/// What follows a special term, or a switch.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Continuation {
    pub rate_type: RateType,
    pub outcome: Outcome,
    /// The day whose posted rate counts (J-32, J-32a).
    pub rate_decided_on: NaiveDate,
    pub new_rate_from: NaiveDate,
    /// End of the next special term (J-31); `None` for VARIABLE.
    pub ends_on: Option<NaiveDate>,
    pub costs: Costs,
}

/// What a continuation asks of the customer (J-36).
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Costs {
    /// Whether papers have to be signed.
    pub procedure: bool,
    pub stamp_yen: Yen,
    pub fee_yen: Yen,
}

/// The end of the first special term: first repayment date + (12 N - 1) months on the repayment day (J-30).
pub fn special_term_end(first: NaiveDate, years: u8, repayment_day: u8) -> NaiveDate {
    repayment_after(first, 12 * u32::from(years.max(1)) - 1, repayment_day)
}

/// The end of a later special term: N years from the previous end (J-31).
pub fn later_term_end(previous_end: NaiveDate, years: u8, repayment_day: u8) -> NaiveDate {
    repayment_after(previous_end, 12 * u32::from(years), repayment_day)
}

fn repayment_after(date: NaiveDate, months: u32, repayment_day: u8) -> NaiveDate {
    on_day(month_end(months_after(month_end(date), months)), repayment_day)
}

impl TermEnd {
    /// The days of an end (J-32, J-34).
    pub fn on(ends_on: NaiveDate, terms: &SpecialTermTerms) -> Self {
        Self {
            ends_on,
            rate_decided_on: on_day(months_before(ends_on, u32::from(terms.rate_decided_months_before)), 1),
            new_rate_from: next(ends_on),
            opt_out_until: months_before(ends_on, u32::from(terms.opt_out_months_before)),
        }
    }
}

/// J-33: a higher amount is taken without any cap, otherwise the amount stays and the number of repayments shrinks.
pub fn payment_after_term(current: Yen, computed: Yen) -> Yen {
    current.max(computed)
}

impl Standing {
    /// The standing with the amount that follows the end of a special term or a switch (J-33), computed to the original final
    /// date or, where the book says so, to the one that is expected (J-38). The standing is that after the term's last repayment.
    pub fn after_term(&self, rate: Rate, terms: &SpecialTermTerms, expected_final: NaiveDate) -> Self {
        let remaining = match terms.remaining_term {
            RemainingTerm::Original => self.due_dates.len(),
            RemainingTerm::Shortened => self.due_dates.partition_point(|due| *due <= expected_final),
        };
        let owed = self.balance_yen + self.unpaid_interest_yen;
        let computed = self.level_payment_for(owed, rate, remaining.max(1));
        Self { payment_yen: payment_after_term(self.payment_yen, computed), ..self.clone() }
    }
}

impl EndingTerm {
    /// What follows the term (J-34 to J-37). Errors: everything that the wish cannot have.
    pub fn continuation(&self, wish: Option<&Wish>, terms: &Terms) -> Result<Continuation, Vec<Problem>> {
        let days = TermEnd::on(self.ends_on, &terms.servicing.special_term);
        let renews = terms.rate_types.get(&self.rate_type).is_some_and(|kind| kind.renews);
        let (rate_type, outcome) = match wish {
            Some(wish) if renews && wish.received_on > days.opt_out_until => {
                self.without_wish(terms, true, Outcome::RenewedOptOutLate)
            }
            Some(wish) => {
                self.check(wish, terms)?;
                (wish.rate_type, Outcome::Chosen)
            }
            None => self.without_wish(terms, renews, Outcome::Renewed),
        };
        let special = terms.special_term_years(rate_type);
        let papers = outcome == Outcome::Chosen && (renews || special.is_some());
        let stamp = if papers { terms.stamp_duty.special_term_agreement_yen } else { Yen::ZERO };
        Ok(Continuation {
            rate_type,
            outcome,
            rate_decided_on: days.rate_decided_on,
            new_rate_from: days.new_rate_from,
            ends_on: special.map(|years| later_term_end(self.ends_on, years, self.repayment_day)),
            costs: Costs { procedure: papers, stamp_yen: stamp, fee_yen: Yen::ZERO },
        })
    }

    /// What happens by itself: renewal where enough time is left, else VARIABLE, which every contract is underneath (C-20).
    fn without_wish(&self, terms: &Terms, renews: bool, renewed: Outcome) -> (RateType, Outcome) {
        if !renews {
            (RateType::Variable, Outcome::NothingChosen)
        } else if self.fits(self.rate_type, terms) {
            (self.rate_type, renewed)
        } else {
            (RateType::Variable, Outcome::NotRenewedTooShort)
        }
    }

    /// Whether the remaining term is at least as long as the type lasts (C-13, J-34, J-35, J-38).
    fn fits(&self, rate_type: RateType, terms: &Terms) -> bool {
        let last = match terms.servicing.special_term.remaining_term {
            RemainingTerm::Original => self.original_final_date,
            RemainingTerm::Shortened => self.expected_final_date,
        };
        let lasts = terms.special_term_years(rate_type);
        lasts.is_none_or(|years| later_term_end(self.ends_on, years, self.repayment_day) <= last)
    }

    fn check(&self, wish: &Wish, terms: &Terms) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        if wish.received_on > self.ends_on {
            problems.push(Rule::refusal("J-35", "received_on", format!("up to {}", self.ends_on)));
        }
        let offered =
            wish.rate_type == RateType::Variable || terms.special_term_years(wish.rate_type).is_some();
        if !offered || !self.fits(wish.rate_type, terms) {
            let fitting = RateType::ALL.iter().filter(|kind| {
                **kind == RateType::Variable
                    || (terms.special_term_years(**kind).is_some() && self.fits(**kind, terms))
            });
            let accepted = fitting.map(|kind| kind.code()).collect::<Vec<_>>().join(", ");
            let rule = if offered { "J-38" } else { "C-22" };
            problems.push(Rule::refusal(rule, "rate_type", accepted));
        }
        if wish.discount_type.is_some() && wish.discount_type != self.discount_type {
            let accepted = self.discount_type.map_or("none", DiscountType::code);
            problems.push(Rule::refusal("J-37", "discount_type", accepted));
        }
        if wish.fee_plan.is_some_and(|plan| plan != self.fee_plan) {
            problems.push(Rule::refusal("J-37", "fee_plan", self.fee_plan.code()));
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// The switch of a loan to a special type during its VARIABLE time (C-22, J-32a, J-36): `self` names the repayment date
    /// after which it takes effect as its end and VARIABLE as its type. Errors: everything that stands in the way.
    pub fn switch(&self, wish: &Wish, terms: &Terms) -> Result<Continuation, Vec<Problem>> {
        let mut problems = self.check(wish, terms).err().unwrap_or_default();
        if self.rate_type != RateType::Variable {
            problems.push(Rule::refusal("C-22", "current_rate_type", RateType::Variable.code()));
        }
        let special = terms.special_term_years(wish.rate_type);
        if wish.rate_type == RateType::Variable {
            let special_types =
                RateType::ALL.iter().filter(|kind| terms.special_term_years(**kind).is_some());
            let accepted = special_types.map(|kind| kind.code()).collect::<Vec<_>>().join(", ");
            problems.push(Rule::refusal("C-22", "rate_type", accepted));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let new_rate_from = next(self.ends_on);
        let of_book = &terms.servicing.special_term;
        Ok(Continuation {
            rate_type: wish.rate_type,
            outcome: Outcome::Switched,
            rate_decided_on: match of_book.switch_rate {
                SwitchRate::TakesEffect => new_rate_from,
                SwitchRate::Requested => wish.received_on,
            },
            new_rate_from,
            ends_on: special.map(|years| later_term_end(self.ends_on, years, self.repayment_day)),
            costs: Costs {
                procedure: true,
                // H-53: the special-term agreement is a paper of its own.
                stamp_yen: terms.stamp_duty.special_term_agreement_yen,
                fee_yen: of_book.switch_fee_yen,
            },
        })
    }
}

fn next(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(1)).unwrap_or(date)
}
