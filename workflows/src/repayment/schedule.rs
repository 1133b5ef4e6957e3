//! One level-payment loan from the first period to the last instalment (J-04 to J-09).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::course::months_and_days;
use super::interest::{PeriodInterest, interest};
use super::level::level_payment_rounded;
use super::rounding::RoundingTerms;
use super::walk::Owed;
use crate::calendar::{is_bank_day, on_or_after};
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
    pub rounding: RoundingTerms,
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
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
        let payment = self.payment();
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

    /// The level payment for all due dates (J-02).
    pub fn payment(&self) -> Yen {
        let count = u32::try_from(self.due_dates.len()).unwrap_or(u32::MAX);
        level_payment_rounded(self.principal, self.rate, self.months_per_period, count, self.rounding.payment)
    }

    /// `P*rate*m/12 + P*rate*days/365`, each rounded as the book says (J-04).
    fn first_period(&self, first: NaiveDate) -> FirstPeriod {
        let (full_months, odd_days) = months_and_days(self.disbursed, first, self.repayment_day);
        let rounding = self.rounding.interest;
        let of_months = interest(self.principal, self.rate, full_months, 12, rounding);
        let of_days = interest(self.principal, self.rate, odd_days, 365, rounding);
        FirstPeriod { full_months, odd_days, interest_yen: of_months + of_days }
    }

    fn rows(&self, payment: Yen, first_interest: Yen) -> Vec<Row> {
        let mut rows = Vec::with_capacity(self.due_dates.len());
        let mut owed = Owed { balance: self.principal, unpaid: Yen::ZERO };
        let Some((first, later)) = self.due_dates.split_first() else { return rows };
        rows.push(owed.pay(*first, payment, first_interest, later.is_empty()));
        if let Some((last, between)) = later.split_last() {
            let per_period = PeriodInterest::new(
                self.principal,
                self.rate,
                self.months_per_period,
                self.rounding.interest,
            );
            owed.pay_on(between, payment, &per_period, &mut rows);
            if owed.balance > Yen::ZERO {
                rows.push(owed.pay(*last, payment, per_period.on(owed.balance), true));
            }
        }
        rows
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
