//! When a loan is repaid: first repayment date, due dates, end of the special term.

use chrono::{Datelike, NaiveDate};

use super::schedule::{PartPlan, Schedule};
use crate::calendar::{month_end, months_after, on_day, repayment_days_after};
use crate::form::Loan;
use crate::money::{Rate, Yen};
use crate::product::terms::{DefaultFirstRepayment, Terms};

/// A loan as it is repaid from a disbursement date on: the monthly part and, if there is one, the bonus part (J-08).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoanPlan {
    pub monthly: Schedule,
    pub bonus: Option<Schedule>,
}

/// What a plan is made of, besides rate and due dates.
pub(super) struct PlanParts<'a> {
    pub(super) amount: Yen,
    pub(super) bonus_part: Yen,
    pub(super) bonus_months: &'a [u8],
    pub(super) repayment_day: u8,
    pub(super) disbursed: NaiveDate,
}

impl LoanPlan {
    /// The schedules of a loan at one rate to the end (J-01 to J-11).
    pub fn new(loan: &Loan, terms: &Terms, rate: Rate, disbursed: NaiveDate) -> Self {
        let first = first_repayment_date(loan, terms, disbursed);
        let dates = due_dates(first, disbursed, loan.term_months, loan.repayment_day);
        let parts = PlanParts {
            amount: loan.amount_yen,
            bonus_part: loan.bonus_part_yen,
            bonus_months: &loan.bonus_months,
            repayment_day: loan.repayment_day,
            disbursed,
        };
        Self::of(&parts, terms, rate, dates)
    }

    pub(super) fn of(parts: &PlanParts<'_>, terms: &Terms, rate: Rate, dates: Vec<NaiveDate>) -> Self {
        let part = |principal: Yen, months_per_period: u32, due_dates: Vec<NaiveDate>| {
            let (disbursed, repayment_day) = (parts.disbursed, parts.repayment_day);
            let rounding = terms.repayment.rounding;
            PartPlan { principal, rate, disbursed, repayment_day, months_per_period, due_dates, rounding }
                .schedule()
        };
        let bonus = (parts.bonus_part > Yen::ZERO).then(|| {
            let in_bonus_month =
                |date: &&NaiveDate| parts.bonus_months.iter().any(|month| date.month() == u32::from(*month));
            let mut bonus_dates: Vec<NaiveDate> = dates.iter().filter(in_bonus_month).copied().collect();
            if bonus_dates.is_empty() {
                // A term without any bonus month: the bonus part is due with the last monthly repayment.
                bonus_dates.extend(dates.last());
            }
            part(parts.bonus_part, 6, bonus_dates)
        });
        Self { monthly: part(parts.amount - parts.bonus_part, 1, dates), bonus }
    }

    /// The monthly plus the bonus payment, for a loan with a bonus part (J-08).
    pub fn payment_in_bonus_month(&self) -> Option<Yen> {
        self.bonus.as_ref().map(|bonus| self.monthly.payment + bonus.payment)
    }

    /// Interest of both parts to the end.
    pub fn total_interest(&self) -> Yen {
        self.monthly.total_interest() + self.bonus.as_ref().map_or(Yen::ZERO, Schedule::total_interest)
    }
}

/// The first repayment date: as agreed, else the book's default (I-09).
pub fn first_repayment_date(loan: &Loan, terms: &Terms, disbursed: NaiveDate) -> NaiveDate {
    match (loan.first_repayment_date, terms.repayment.default_first_repayment) {
        (Some(agreed), _) => agreed,
        (None, DefaultFirstRepayment::MonthAfter) => on_day(next_month(disbursed, 1), loan.repayment_day),
    }
}

/// Every repayment day from the first one to disbursement plus term (J-03), each counted from the original day (J-11).
/// The first one always belongs to it.
pub fn due_dates(
    first: NaiveDate,
    disbursed: NaiveDate,
    term_months: u16,
    repayment_day: u8,
) -> Vec<NaiveDate> {
    due_dates_until(first, months_after(disbursed, u32::from(term_months)), repayment_day)
}

/// The repayment days from `first` to `last`; the first one always belongs to it.
pub(super) fn due_dates_until(first: NaiveDate, last: NaiveDate, repayment_day: u8) -> Vec<NaiveDate> {
    let later = repayment_days_after(first, repayment_day);
    std::iter::once(first).chain(later.take_while(|date| *date <= last)).collect()
}

/// The last day of the month that lies `months` after the month of `date`.
fn next_month(date: NaiveDate, months: u32) -> NaiveDate {
    month_end(months_after(date, months))
}
