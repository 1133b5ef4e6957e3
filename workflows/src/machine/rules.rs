//! What the machine asks of the lending rules. `Rulebook` answers from the dated book; the explorer puts a memo in between.

use super::case::FrozenTerms;
use super::role::Role;
use crate::calendar::planning::Period;
use crate::explained::DecidedOn;
use crate::form::Form;
use crate::money::{Rate, Yen};
use crate::product::Book;
use crate::product::guarantors::BankGuarantor;
use crate::rule::Finding;
use chrono::{NaiveDate, NaiveTime};
use rust_decimal::Decimal;
use std::sync::Arc;

/// What an insured person needs on one loan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequiredCover {
    pub party_id: String,
    pub loan_no: u8,
    pub sum_yen: i64,
    /// Last day on which the declaration is good (D.2); absent while undeclared.
    pub last_valid_day: Option<NaiveDate>,
}

/// Numbers of the book that the machine itself needs, in days and seconds.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    pub draft_days: u32,
    pub document_days: u32,
    pub approval_days: u32,
    pub guarantee_days: u32,
    pub bureau_days: u32,
    pub posting_timeout_seconds: u32,
    pub registration_days: u32,
    /// Business days after which an organisation that owes a membership certificate is reminded, and the bank is told.
    pub membership_reminder_days: u32,
    pub membership_overdue_days: u32,
    /// The same of a scrivener's office that has not said whether it takes a job.
    pub job_reminder_days: u32,
    pub job_overdue_days: u32,
    /// How long a case can be read in emergency.
    pub emergency_minutes: u32,
    pub split_term_months: u32,
    pub seal_months: u32,
    pub leads: LeadTimes,
}

/// How many business days each step of a plan takes once it can begin [assumption]; what is over on the day is 0.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct LeadTimes {
    pub guarantee: u32,
    pub declaration: u32,
    pub insurance: u32,
    pub approval: u32,
    pub contract: u32,
    pub papers: u32,
    pub filing: u32,
    pub funds: u32,
    /// Tokyo time from which on a day counts for nothing more (I-03).
    pub cut_off: NaiveTime,
}

/// The lending rules as the machine sees them.
pub trait Rules {
    /// Everything that chapters B-J find in a form for a disbursement date.
    fn findings(&self, form: &Form, date: NaiveDate) -> Vec<Finding>;
    /// I-02 for a branch.
    fn is_business_day(&self, form: &Form, date: NaiveDate) -> bool;
    /// Insurance each person needs on each loan.
    fn required_covers(&self, form: &Form) -> Vec<RequiredCover>;
    /// How long declarations made anew would be good (D.2), for every type that the form insures with.
    fn declaration_periods(&self, form: &Form) -> Vec<Period>;
    /// Do the transaction conditions hold on the date (C-40 to C-44)?
    fn conditions_hold(&self, form: &Form, date: NaiveDate) -> bool;
    /// Are standard rates published for every loan on the date?
    fn rates_published(&self, form: &Form, date: NaiveDate) -> bool;
    /// Rate, dates and amounts for the date (C-21, I-06). `None` while a rate is missing.
    fn freeze(
        &self,
        form: &Form,
        screening_add_on: Option<Decimal>,
        guarantee: &[super::facts::GuaranteedLoan],
        decided_on: DecidedOn,
        date: NaiveDate,
    ) -> Option<FrozenTerms>;
    /// Fees, stamps and taxes for the date; no rate need be published. `None`: no book for the form.
    fn fees(
        &self,
        form: &Form,
        guarantee: &[super::facts::GuaranteedLoan],
        date: NaiveDate,
    ) -> Option<crate::product::fees::Fees>;
    /// What the applicant's route costs: the handling fee and the screening add-on (C.4, C-60, C-63). `None`: no book.
    fn price_of_route(&self, form: &Form, screening_add_on: Option<Decimal>) -> Option<(Yen, Rate)>;
    /// The book that judges the form; `None`: no book for its bank.
    fn book_of(&self, form: &Form) -> Option<Arc<Book>>;
    /// The guarantee institutions of the form's bank, the default first (F-01).
    fn guarantors(&self, form: &Form) -> Vec<BankGuarantor> {
        crate::product::guarantors::of(self.book_of(form).as_deref())
    }
    /// Version of the book that judges the form.
    fn book_version(&self, form: &Form) -> String;
    /// Numbers of the book.
    fn limits(&self, form: &Form) -> Limits;
    /// The organisation engaged for a role when a case needs one.
    fn partner(&self, form: &Form, role: Role) -> String;
}
