//! The one place where the rules are judged.

use chrono::NaiveDate;

use crate::form::Form;
use crate::product::{Book, PostedRates};
use crate::rule::Finding;
use crate::{collateral, disbursement, insurance, intake, registration, staged};

/// Every finding on a form for a disbursement on `date`, ordered by rule and subject. Each rule is judged on its own; what the
/// guarantor and screening decide plays no part.
pub fn assess(form: &Form, book: &Book, rates: &PostedRates, date: NaiveDate) -> Vec<Finding> {
    let mut findings = Vec::new();
    intake::judge(form, book, rates, date, &mut findings);
    insurance::judge(form, book, date, &mut findings);
    collateral::judge(form, &mut findings);
    registration::agent(form, &mut findings);
    disbursement::judge(form, book, date, &mut findings);
    staged::judge(form, book, date, &mut findings);
    findings.sort_by(|one, next| {
        (one.rule, &one.subject, one.cause).cmp(&(next.rule, &next.subject, next.cause))
    });
    findings.dedup();
    findings
}
