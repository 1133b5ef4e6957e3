//! The price of a case: explained line by line, with the repayments that follow from it.

use chrono::NaiveDate;

use super::case::Case;
use super::rulebook::{Rulebook, decided};
use super::track::Track;
use crate::explained::{DecidedOn, Explained, explain};
use crate::form::Problem;
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
