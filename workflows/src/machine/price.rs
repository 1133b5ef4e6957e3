//! The price of a case: explained line by line, with the repayments that follow from it.

use chrono::NaiveDate;

use super::case::Case;
use super::facts::PostingState;
use super::rulebook::{Rulebook, decided};
use super::track::Track;
use crate::explained::{DecidedOn, Explained, explain};
use crate::form::Problem;
use crate::guarantee::refund::{PaidOffGuarantee, Refund, refund};
use crate::money::Yen;
use crate::product::PostedRates;
use crate::quote::{Quote, RateNotPublished, quote};
use crate::rule::Rule;

/// Whose decisions a price may show.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Whoever judges the case: the guarantor's answer counts as soon as it is in.
    Judging,
    /// Everybody else: what others decided counts once the result is told (C-60, N03).
    Told,
}

/// A price with its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    pub explained: Explained,
    pub quote: Quote,
    /// Screening or the guarantor has not decided yet, or the audience is not told.
    pub provisional: bool,
}

/// What comes back of a lump-sum guarantee fee when a loan of a case is paid off on a day (F.10): an estimate by the table of that day,
/// as long as the institution has not fixed the amount (F-16). Errors: no book, no posted loan, what [`refund`] refuses.
pub fn refund_estimate(
    case: &Case,
    rulebook: &Rulebook,
    loan_no: u8,
    prepaid_on: NaiveDate,
) -> Result<Refund, Vec<Problem>> {
    let no_book =
        || vec![Rule::refusal("BOOK", "applicationId", "an application of a bank with a product book")];
    let book = rulebook.book(&case.form).ok_or_else(no_book)?;
    let posted = case.postings.iter().rev().find(|p| p.state == PostingState::Posted && !p.drawing);
    let no_loan = || vec![Rule::refusal("F-16", "loanNo", "a loan of the application that is disbursed")];
    let loan = case.form.loans.iter().find(|loan| loan.loan_no == loan_no).ok_or_else(no_loan)?;
    let disbursed_on = posted.ok_or_else(no_loan)?.date;
    let guarantee = case.guarantees.get(&case.content_version);
    let decided = guarantee.and_then(|g| g.decision.loans.iter().find(|part| part.loan_no == loan_no));
    let paid_off = PaidOffGuarantee {
        method: loan.guarantee_fee_method,
        paid_yen: Yen(decided.and_then(|part| part.lump_sum_fee_yen).unwrap_or(0)),
        term_months: loan.term_months,
        disbursed_on,
        prepaid_on,
    };
    let terms = rulebook.rates.refund_terms(&book.terms.servicing.fee_refund, prepaid_on);
    refund(&terms, &paid_off, None)
}

/// When screening and guarantor decided on the present content.
pub(super) fn decided_on(case: &Case) -> DecidedOn {
    let key = Case::guarantee_key(case.content_version);
    let answered = case.guarantees.contains_key(&case.content_version);
    DecidedOn {
        screening: case.approval.as_ref().map(|approval| approval.approved_on),
        guarantee: case.instance(Track::Guar, &key).filter(|_| answered).map(|instance| instance.since),
    }
}

/// The price of a case for a disbursement on `date`, by the edition of its day of reception. Errors: no book, or no standard rate
/// for the date: with field, rule and what is accepted.
pub fn price(
    case: &Case,
    rulebook: &Rulebook,
    audience: Audience,
    date: NaiveDate,
) -> Result<Price, Problem> {
    let form = &case.form;
    let no_book = || Rule::refusal("BOOK", "applicationId", "an application of a bank with a product book");
    let book = rulebook.book(form).ok_or_else(no_book)?;
    let shown = audience == Audience::Judging || case.approval.is_some();
    let add_on = case.approval.as_ref().and_then(|approval| approval.screening_add_on);
    let loans = case.guarantees.get(&case.content_version).filter(|_| shown);
    let loans = loans.map(|guarantee| guarantee.decision.loans.as_slice()).unwrap_or_default();
    let decided = decided(add_on, loans);
    let rates = &rulebook.rates;
    let missing = |missing: RateNotPublished| not_published(&rulebook.rates, &missing);
    let explained = explain(form, book, rates, &decided, decided_on(case), date).map_err(missing)?;
    let quote = quote(form, book, rates, &decided, date).map_err(missing)?;
    let open =
        |because| explained.rates.iter().flat_map(|rate| &rate.lines).any(|line| line.because == because);
    let provisional = open(crate::explained::Because::Undecided);
    Ok(Price { explained, quote, provisional })
}

fn not_published(rates: &PostedRates, missing: &RateNotPublished) -> Problem {
    let accepted = match rates.span(missing.rate_type) {
        Some((from, Some(to))) => format!("a day from {from} to {to} ({})", missing.rate_type),
        Some((from, None)) => format!("a day from {from} on ({})", missing.rate_type),
        None => format!("a rate type with published rates, other than {}", missing.rate_type),
    };
    Rule::refusal("C-21", "date", accepted)
}
