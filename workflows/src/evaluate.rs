//! All rules and all numbers of a form at its wished date, with the keys of `expected` in the sample data.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;

use crate::assess::assess;
use crate::collateral::{OpenDuty, open_duties};
use crate::disbursement::{DisbursementDate, disbursement_date};
use crate::form::Form;
use crate::intake::{RequiredDocuments, Requirement, missing, required_documents};
use crate::product::{Books, PostedRates};
use crate::quote::{Decided, Quote, RateNotPublished, quote};
use crate::rule::Finding;

/// Whether the rules let the case go on.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    Proceed,
    /// Some rule is not met. Not always a refusal: some rules only ask for a paper or another date.
    Stop,
}

/// A finding as an evaluation prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    pub rule: &'static str,
    pub subject: String,
}

/// The outcome of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evaluation {
    pub outcome: Outcome,
    /// Each rule once, in order.
    pub violations: BTreeSet<&'static str>,
    pub violation_details: Vec<Violation>,
    /// The application date.
    pub received_date: NaiveDate,
    pub required_documents: RequiredDocuments,
    pub missing_documents: Vec<Requirement>,
    pub open_duties: Vec<OpenDuty>,
    #[serde(flatten)]
    pub quote: Quote,
    pub disbursement_date: DisbursementDate,
}

/// Why a form cannot be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotEvaluated {
    /// There is no book for the bank, or no edition for the day of reception.
    #[error("no edition of a product book counts for the bank {bank_code} on {received}")]
    NoBook { bank_code: String, received: NaiveDate },
    #[error(transparent)]
    Rate(#[from] RateNotPublished),
}

/// The evaluation of a form at its wished date, with what the form itself states as decided. Errors: no book for the bank, or no
/// standard rate for the date.
pub fn evaluate(form: &Form, books: &Books, rates: &PostedRates) -> Result<Evaluation, NotEvaluated> {
    let bank_code = &form.institution.bank_code;
    let received = form.received_date();
    let book = books
        .on(bank_code, received)
        .ok_or_else(|| NotEvaluated::NoBook { bank_code: bank_code.clone(), received })?;
    let date = form.requested_disbursement_date;
    let findings = assess(form, book, rates, date);
    let violations: BTreeSet<&'static str> = findings.iter().map(|finding| finding.rule).collect();
    let detail = |finding: Finding| Violation { rule: finding.rule, subject: finding.subject };
    Ok(Evaluation {
        outcome: if violations.is_empty() { Outcome::Proceed } else { Outcome::Stop },
        violations,
        violation_details: findings.into_iter().map(detail).collect(),
        received_date: form.received_date(),
        required_documents: required_documents(form, book, date),
        missing_documents: missing(form, book, date),
        open_duties: open_duties(form),
        quote: quote(form, book, rates, &Decided::stated_in(form), date)?,
        disbursement_date: disbursement_date(form, book, date),
    })
}
