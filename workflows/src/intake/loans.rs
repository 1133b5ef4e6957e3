//! Term, age, rate types, the mix and the bonus part (C-11 to C-13, C-23, C.4, C-50 to C-53, J-08).

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::purpose::has_fixed_term_leasehold;
use crate::calendar::age_on;
use crate::form::{FeePlan, Form, GuaranteeFeeMethod, Loan};
use crate::product::{Book, PostedRates};
use crate::repayment::{due_dates, first_repayment_date};
use crate::rule::{Finding, cause};

/// Every finding about the loans themselves, for a disbursement on `date`.
pub(super) fn judge(
    form: &Form,
    book: &Book,
    rates: &PostedRates,
    date: NaiveDate,
    findings: &mut Vec<Finding>,
) {
    for loan in &form.loans {
        let name = format!("L{}", loan.loan_no);
        term(loan, &name, book, findings);
        tie_up(form, loan, &name, book, findings);
        fee_plan(loan, &name, findings);
        prescribed_method(form, loan, &name, book, findings);
        bonus_part(loan, &name, book, findings);
        if rates.standard(loan.rate_type, date).is_none() {
            // C-21: the rate is the one of the disbursement date, so it must have been published.
            findings.push(cause::C21.on(name));
        }
    }
    leasehold_term(form, book, findings);
    final_age(form, book, date, findings);
    mix(form, book, findings);
}

/// C-11, C-13: not too long, and not shorter than the special term.
fn term(loan: &Loan, name: &str, book: &Book, findings: &mut Vec<Finding>) {
    if loan.term_months > book.terms.term.maximum_months {
        findings.push(cause::C11_TERM.on(name));
    }
    let special = book.terms.special_term_years(loan.rate_type).unwrap_or(0);
    if loan.term_months < 12 * u16::from(special) {
        findings.push(cause::C13.on(name));
    }
}

/// C-12: the shorter term on general fixed-term leasehold.
fn leasehold_term(form: &Form, book: &Book, findings: &mut Vec<Finding>) {
    let most = book.terms.term.fixed_leasehold_maximum_months;
    if has_fixed_term_leasehold(form) && form.loans.iter().any(|loan| loan.term_months > most) {
        findings.push(cause::C12_TERM.on("properties"));
    }
}

/// C-11, C-15: each debtor's age on the final due date of every loan.
fn final_age(form: &Form, book: &Book, date: NaiveDate, findings: &mut Vec<Finding>) {
    let last_due = |loan: &Loan| {
        let first = first_repayment_date(loan, &book.terms, date);
        due_dates(first, date, loan.term_months, loan.repayment_day).pop()
    };
    let Some(last) = form.loans.iter().filter_map(last_due).max() else { return };
    let limit = u32::from(book.terms.term.final_age_below);
    for party in form.debtors().filter(|party| age_on(party.birth_date, last) >= limit) {
        findings.push(cause::C11_AGE.on(&party.party_id));
    }
}

/// C-23: a tie-up product allows certain rate types; one that the book does not know allows none. Nor does a book lend at a type
/// that the bank does not offer.
fn tie_up(form: &Form, loan: &Loan, name: &str, book: &Book, findings: &mut Vec<Finding>) {
    if !book.terms.rate_types.get(&loan.rate_type).is_some_and(|terms| terms.offered) {
        findings.push(cause::C23_BOOK.on(name));
    }
    let Some(key) = &form.tie_up_product else { return };
    let product = book.tie_up_products.get(key);
    if !product.is_some_and(|product| product.allowed_rate_types.contains(&loan.rate_type)) {
        findings.push(cause::C23.on(name));
    }
}

/// C.4: PERCENT_FEE goes with the monthly guarantee fee only.
fn fee_plan(loan: &Loan, name: &str, findings: &mut Vec<Finding>) {
    if loan.fee_plan == FeePlan::PercentFee && loan.guarantee_fee_method == GuaranteeFeeMethod::LumpSum {
        findings.push(cause::C4.on(name));
    }
}

/// F-08: the product may prescribe how the guarantee is paid.
fn prescribed_method(form: &Form, loan: &Loan, name: &str, book: &Book, findings: &mut Vec<Finding>) {
    let prescribed = book.terms.guarantee.prescribed_methods.get(&form.product);
    if prescribed.is_some_and(|method| *method != loan.guarantee_fee_method) {
        findings.push(cause::F08.on(name));
    }
}

/// J-08: the bonus part is at most the book's share of the loan.
fn bonus_part(loan: &Loan, name: &str, book: &Book, findings: &mut Vec<Finding>) {
    let limit = i128::from(book.terms.repayment.bonus_share_limit_percent) * i128::from(loan.amount_yen.0);
    if i128::from(loan.bonus_part_yen.0) * 100 > limit {
        findings.push(cause::J08.on(name));
    }
}

/// C-50, C-51, C-53: what the two loans of a mix share and where they differ.
fn mix(form: &Form, book: &Book, findings: &mut Vec<Finding>) {
    let loans = &form.loans;
    let types: BTreeSet<_> = loans.iter().map(|loan| loan.rate_type).collect();
    let plans: BTreeSet<_> = loans.iter().map(|loan| loan.fee_plan).collect();
    if loans.len() > usize::from(book.terms.mix.most_loans) || types.len() < loans.len() || plans.len() > 1 {
        findings.push(cause::C50.on("loans"));
    }
    let common: BTreeSet<_> =
        loans.iter().map(|loan| (loan.purpose_code, loan.repayment_day, loan.guarantee_fee_method)).collect();
    if common.len() > 1 {
        findings.push(cause::C51.on("loans"));
    }
    let families: BTreeSet<_> =
        types.iter().filter_map(|kind| book.terms.rate_types.get(kind)).map(|terms| &terms.family).collect();
    if families.len() < types.len() {
        findings.push(cause::C53.on("loans"));
    }
}
