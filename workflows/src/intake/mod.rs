//! The intake desk: who borrows, what for, which loans, which papers (chapters B, C and D).

mod loans;
mod papers;
mod parties;
mod purpose;
mod qualification;

pub use papers::{Paper, RequiredDocuments, Requirement, missing, required_documents};
pub(crate) use qualification::needs_branch_reason;

use chrono::NaiveDate;

use crate::form::Form;
use crate::product::{Book, PostedRates};
use crate::rule::Finding;

/// Every finding of the intake desk for a disbursement on `date`.
pub(crate) fn judge(
    form: &Form,
    book: &Book,
    rates: &PostedRates,
    date: NaiveDate,
    findings: &mut Vec<Finding>,
) {
    qualification::judge(form, book, findings);
    parties::judge(form, book, findings);
    purpose::judge(form, book, findings);
    loans::judge(form, book, rates, date, findings);
    papers::judge(form, book, date, findings);
}
