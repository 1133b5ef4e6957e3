//! The disbursement desk: the date and the account (I-02, I-05), the money line by line and its transfers (I.20, I.30).

mod lines;
mod plan;
mod transfers;

pub use lines::{Charge, Collection, Destination, Line, LineKind, Part, Side, charges};
pub use plan::{
    BridgeDebt, DisbursementPlan, LoanPart, Payoff, PayoffStatement, Posting, Settlement, Transfer, plan,
};
pub use transfers::{Orderer, transfer_file};

use chrono::NaiveDate;
use serde::Serialize;

use crate::calendar::{on_or_after, on_or_before};
use crate::form::{AccountKind, Form};
use crate::insurance;
use crate::product::Book;
use crate::rule::{Finding, cause};

/// The wished date and, where the branch is closed, the nearest days that would do (I-02).
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DisbursementDate {
    pub requested: NaiveDate,
    pub is_business_day: bool,
    /// Closed day only: the nearest open day before it that is after the application date and within every declaration.
    pub previous_feasible: Option<NaiveDate>,
    /// Closed day only: the nearest open day after it, under the same conditions.
    pub next_feasible: Option<NaiveDate>,
}

/// Every finding of the disbursement desk for a disbursement on `date`.
pub(crate) fn judge(form: &Form, book: &Book, date: NaiveDate, findings: &mut Vec<Finding>) {
    if !book.is_business_day(date, &form.institution.branch_code) {
        findings.push(cause::I02.on("requested_disbursement_date"));
    }
    account(form, findings);
}

/// The date as an evaluation shows it (I-02, I-04).
pub fn disbursement_date(form: &Form, book: &Book, date: NaiveDate) -> DisbursementDate {
    let open = |day: NaiveDate| book.is_business_day(day, &form.institution.branch_code);
    let is_business_day = open(date);
    let received = form.received_date();
    let last_valid =
        form.insurance.iter().filter_map(|entry| insurance::last_valid_date(&book.terms, entry)).min();
    let feasible = |day: &NaiveDate| *day > received && last_valid.is_none_or(|last| *day <= last);
    let near = |day: Option<NaiveDate>| day.filter(|_| !is_business_day).filter(feasible);
    DisbursementDate {
        requested: date,
        is_business_day,
        previous_feasible: near(on_or_before(date, open)),
        next_feasible: near(on_or_after(date, open)),
    }
}

/// I-05: an ordinary account at the bank whose holder is the applicant or a joint debtor, code point by code point.
fn account(form: &Form, findings: &mut Vec<Finding>) {
    let account = &form.disbursement_account;
    let here = account.bank_code == form.institution.bank_code;
    let holder = form.debtors().any(|party| party.name_kana == account.holder_kana);
    if !here || account.kind != AccountKind::Ordinary || !holder {
        findings.push(cause::I05.on("disbursement_account"));
    }
}
