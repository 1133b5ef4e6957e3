//! A part of a loan between two repayments, and its course from there to the end while rates and amounts change.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::interest::{PeriodInterest, interest};
use super::level::level_payment_rounded;
use super::rounding::RoundingTerms;
use super::schedule::{PartPlan, Row};
use super::walk::Owed;
use crate::calendar::{months_before, on_day};
use crate::money::{Rate, Yen};

/// One part of a loan as it stands between two repayments: all that its future depends on besides the rates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Principal still owed.
    pub balance_yen: Yen,
    /// Interest that payments so far did not cover; it bears none itself (J-24).
    pub unpaid_interest_yen: Yen,
    /// The amount of one repayment.
    pub payment_yen: Yen,
    /// 1 for the monthly part, 6 for the bonus part (J-08).
    pub months_per_period: u32,
    /// 1 to 31 (J-11).
    pub repayment_day: u8,
    /// Interest is settled up to this day, itself included: the last repayment date, the disbursement or a prepayment.
    pub settled_on: NaiveDate,
    /// The due dates still to come up to the **original** final date, in order. They stay when the loan will end earlier,
    /// so a rise of the rate lengthens it again up to that date and never beyond (J-26).
    pub due_dates: Vec<NaiveDate>,
    pub rounding: RoundingTerms,
}

/// A rate from a day on.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateStep {
    pub from: NaiveDate,
    pub rate: Rate,
}

/// The rates of a loan over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatePath {
    /// In force until the first step.
    pub first: Rate,
    /// In order of their days.
    pub steps: Vec<RateStep>,
}

/// A review of the amount (J-22, J-23), also where it changes nothing.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentReview {
    /// The first repayment of the new amount.
    pub due: NaiveDate,
    pub balance_yen: Yen,
    pub unpaid_interest_yen: Yen,
    /// Repayments up to the original final date, this one included.
    pub remaining: u32,
    pub rate: Rate,
    /// The amount that would end the loan on the original final date.
    pub computed_yen: Yen,
    pub old_yen: Yen,
    /// The highest amount allowed: the book's share of the old one, rounded down.
    pub cap_yen: Yen,
    pub new_yen: Yen,
}

/// What is paid from a standing to the end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    pub rows: Vec<Row>,
    pub payment_reviews: Vec<PaymentReview>,
}

impl RatePath {
    /// One rate to the end.
    pub const fn constant(rate: Rate) -> Self {
        Self { first: rate, steps: Vec::new() }
    }

    /// The rate in force on a day.
    pub fn on(&self, date: NaiveDate) -> Rate {
        let passed = self.steps.partition_point(|step| step.from <= date);
        passed.checked_sub(1).and_then(|at| self.steps.get(at)).map_or(self.first, |step| step.rate)
    }

    /// The day of the first step after `date`.
    fn next_after(&self, date: NaiveDate) -> Option<NaiveDate> {
        self.steps.get(self.steps.partition_point(|step| step.from <= date)).map(|step| step.from)
    }
}

/// J-23: the new amount where `computed` would end the loan in time. A higher one is capped at `cap_percent` of the old one,
/// rounded down; a lower one is not taken, the number of repayments shrinks instead. Returns cap and new amount.
pub fn reviewed_payment(old: Yen, computed: Yen, cap_percent: u32) -> (Yen, Yen) {
    let cap = old.floor_percent(cap_percent);
    (cap, if computed > old { computed.min(cap) } else { old })
}

impl Standing {
    /// The standing on the disbursement date.
    pub fn at_disbursement(plan: &PartPlan) -> Self {
        Self {
            balance_yen: plan.principal,
            unpaid_interest_yen: Yen::ZERO,
            payment_yen: plan.payment(),
            months_per_period: plan.months_per_period,
            repayment_day: plan.repayment_day,
            settled_on: plan.disbursed,
            due_dates: plan.due_dates.clone(),
            rounding: plan.rounding,
        }
    }

    /// The standing after the repayments of `rows`, which are the first ones of a course of this standing, at the amount that
    /// was last reviewed.
    pub fn after(&self, course: &Course, repayments: usize) -> Self {
        let Some(row) = repayments.checked_sub(1).and_then(|at| course.rows.get(at)) else {
            return self.clone();
        };
        let reviewed = course.payment_reviews.iter().rev().find(|review| review.due <= row.due);
        Self {
            balance_yen: row.balance,
            unpaid_interest_yen: row.unpaid_interest,
            payment_yen: reviewed.map_or(self.payment_yen, |review| review.new_yen),
            settled_on: row.due,
            due_dates: self.due_dates.iter().copied().filter(|due| *due > row.due).collect(),
            ..self.clone()
        }
    }

    /// The due date before the next one, whether or not it lies before the disbursement.
    pub(super) fn previous_due_date(&self) -> Option<NaiveDate> {
        let next = self.due_dates.first()?;
        Some(months_back(*next, self.months_per_period, self.repayment_day))
    }

    /// Interest on the balance from the day after `settled_on` up to `to`, itself included, day by day: what is settled with
    /// a prepayment (J-41).
    pub fn settlement_interest(&self, to: NaiveDate, rates: &RatePath) -> Yen {
        let mut sum = Rate::ZERO;
        let mut settled = self.settled_on;
        while settled < to {
            let start = next(settled);
            let alike_to = rates.next_after(start).map_or(to, |step| previous(step).min(to));
            let days = (alike_to - settled).num_days();
            sum = sum + Rate(rates.on(start).0 * rust_decimal::Decimal::from(days));
            settled = alike_to;
        }
        interest(self.balance_yen, sum, 1, 365, self.rounding.interest)
    }

    /// The amount that ends the loan with the last due date, unpaid interest included (J-22, J-24, J-33).
    pub fn level_payment(&self, rate: Rate) -> Yen {
        self.level_payment_for(self.balance_yen + self.unpaid_interest_yen, rate, self.due_dates.len())
    }

    pub(super) fn level_payment_for(&self, owed: Yen, rate: Rate, repayments: usize) -> Yen {
        let count = u32::try_from(repayments).unwrap_or(u32::MAX);
        level_payment_rounded(owed, rate, self.months_per_period, count, self.rounding.payment)
    }

    /// Interest from the day after `after` up to the due date `to` (J-04, J-05): whole months counted back from `to`, the days
    /// before them by 365.
    fn interest_between(&self, balance: Yen, after: NaiveDate, to: NaiveDate, rates: &RatePath) -> Yen {
        let (months, odd_days) = months_and_days(after, to, self.repayment_day);
        let rounding = self.rounding.interest;
        let start = next(after);
        let rate = rates.on(start);
        if rates.next_after(start).is_none_or(|step| step > to) {
            return interest(balance, rate, months, 12, rounding)
                + interest(balance, rate, odd_days, 365, rounding);
        }
        // The sums of the rates of every month and of every day, so that each of the two is rounded once.
        let by_month = (0..months)
            .map(|back| rates.on(next(months_back(to, back + 1, self.repayment_day))))
            .fold(Rate::ZERO, |sum, rate| sum + rate);
        let by_day = after
            .iter_days()
            .skip(1)
            .zip(0..odd_days)
            .map(|(day, _)| rates.on(day))
            .fold(Rate::ZERO, |sum, rate| sum + rate);
        interest(balance, by_month, 1, 12, rounding) + interest(balance, by_day, 1, 365, rounding)
    }

    /// Every repayment to the end. The amount is reviewed with the first repayment on or after each day of `reviews` (in order),
    /// capped at `cap_percent` of the amount before.
    pub fn course(&self, rates: &RatePath, reviews: &[NaiveDate], cap_percent: u32) -> Course {
        let mut course =
            Course { rows: Vec::with_capacity(self.due_dates.len()), payment_reviews: Vec::new() };
        let mut owed = Owed { balance: self.balance_yen, unpaid: self.unpaid_interest_yen };
        let (mut payment, mut settled) = (self.payment_yen, self.settled_on);
        let mut reviews = reviews;
        let mut rest = self.due_dates.as_slice();
        while let Some((due, later)) = rest.split_first() {
            let rate = rates.on(next(settled));
            let passed = reviews.partition_point(|from| from <= due);
            if passed > 0 {
                reviews = reviews.get(passed..).unwrap_or_default();
                let review = self.review(*due, owed, payment, rate, rest.len(), cap_percent);
                payment = review.new_yen;
                course.payment_reviews.push(review);
            }
            let step = rates.next_after(next(settled));
            let first = settled == self.settled_on;
            let alike = rest.partition_point(|date| {
                step.is_none_or(|step| *date < step) && reviews.first().is_none_or(|from| date < from)
            });
            // The last one takes all that is left; an irregular period is computed by itself.
            let alike = alike.min(later.len());
            if first || alike == 0 {
                let of_period = self.interest_between(owed.balance, settled, *due, rates);
                course.rows.push(owed.pay(*due, payment, of_period, later.is_empty()));
                (settled, rest) = (*due, later);
            } else {
                let (now, after) = rest.split_at(alike);
                let per_period =
                    PeriodInterest::new(owed.balance, rate, self.months_per_period, self.rounding.interest);
                owed.pay_on(now, payment, &per_period, &mut course.rows);
                (settled, rest) = (now.last().copied().unwrap_or(settled), after);
            }
            if owed.balance == Yen::ZERO {
                break;
            }
        }
        course
    }

    fn review(
        &self,
        due: NaiveDate,
        owed: Owed,
        old: Yen,
        rate: Rate,
        remaining: usize,
        cap_percent: u32,
    ) -> PaymentReview {
        let computed = self.level_payment_for(owed.balance + owed.unpaid, rate, remaining);
        let (cap_yen, new_yen) = reviewed_payment(old, computed, cap_percent);
        PaymentReview {
            due,
            balance_yen: owed.balance,
            unpaid_interest_yen: owed.unpaid,
            remaining: u32::try_from(remaining).unwrap_or(u32::MAX),
            rate,
            computed_yen: computed,
            old_yen: old,
            cap_yen,
            new_yen,
        }
    }
}

impl Course {
    /// The date of the last repayment, `None` where nothing is paid.
    pub fn ends(&self) -> Option<NaiveDate> {
        self.rows.last().map(|row| row.due)
    }

    /// Interest to the end.
    pub fn total_interest(&self) -> Yen {
        self.rows.iter().map(|row| row.interest).sum()
    }
}

/// Whole months counted back from `to`, which lies on the repayment day, and the days before them, the day `after` itself not
/// counted (J-04).
pub(super) fn months_and_days(after: NaiveDate, to: NaiveDate, repayment_day: u8) -> (u32, u32) {
    let mut months = 0;
    while months < 1200 && months_back(to, months + 1, repayment_day) >= after {
        months += 1;
    }
    let days = (months_back(to, months, repayment_day) - after).num_days();
    (months, u32::try_from(days).unwrap_or(0))
}

/// The repayment day `months` before `to`; `to` itself for none.
fn months_back(to: NaiveDate, months: u32, repayment_day: u8) -> NaiveDate {
    if months == 0 { to } else { on_day(months_before(to, months), repayment_day) }
}

fn next(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(1)).unwrap_or(date)
}

fn previous(date: NaiveDate) -> NaiveDate {
    date.checked_sub_days(Days::new(1)).unwrap_or(date)
}
