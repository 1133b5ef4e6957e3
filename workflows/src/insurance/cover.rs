//! Insured sums, validity of declarations, end of cover.

use chrono::{Days, NaiveDate};
use serde::Serialize;

use crate::calendar::{birthday, months_after};
use crate::form::{Cover, Form, Insurance, InsuranceType, Loan, PartyRole};
use crate::money::Yen;
use crate::product::terms::Terms;

/// The cover of one person on one loan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CoverOfPerson {
    pub loan_no: u8,
    pub party_id: String,
    #[serde(rename = "type")]
    pub insurance_type: InsuranceType,
    pub insured_sum_yen: Yen,
    /// `None` while there is no dated declaration.
    pub declaration_last_valid_date: Option<NaiveDate>,
    pub valid_on_requested_date: bool,
    /// The earlier of the loan's final due date and the day before the age at which cover ends (G-11).
    pub cover_until: NaiveDate,
}

/// The last day on which a declaration is valid (D.2): the day before its anniversary, or so many days later.
pub fn declaration_last_valid_date(
    terms: &Terms,
    kind: InsuranceType,
    declared_on: NaiveDate,
) -> Option<NaiveDate> {
    let of_type = terms.insurance.types.get(&kind)?;
    match (of_type.valid_years, of_type.valid_days) {
        (Some(years), _) => months_after(declared_on, 12 * u32::from(years)).pred_opt(),
        (None, Some(days)) => declared_on.checked_add_days(Days::new(u64::from(days))),
        (None, None) => None,
    }
}

/// The last valid day of an entry's declaration; `None` without a dated one.
pub(crate) fn last_valid_date(terms: &Terms, entry: &Insurance) -> Option<NaiveDate> {
    entry.declared_on.and_then(|day| declaration_last_valid_date(terms, entry.insurance_type, day))
}

/// The sum insured by an entry (G-12, G-14): the whole loan, or under proportional cover the floored share; the residual yen
/// of a split that totals 100 percent go to the applicant.
pub(crate) fn insured_sum(form: &Form, loan: &Loan, entry: &Insurance) -> Yen {
    if entry.cover != Cover::Proportional {
        return loan.amount_yen;
    }
    let share = |entry: &Insurance| loan.amount_yen.floor_percent(u32::from(entry.share_percent));
    let split = || form.insurance_of(loan.loan_no).filter(|other| other.cover == Cover::Proportional);
    let whole = split().map(|other| u32::from(other.share_percent)).sum::<u32>() == 100;
    let applicant = form.party(&entry.party_id).is_some_and(|party| party.role == PartyRole::Applicant);
    let residual = if whole && applicant { loan.amount_yen - split().map(share).sum() } else { Yen::ZERO };
    share(entry) + residual
}

/// What a person is insured for over all loans of the form.
pub(crate) fn insured_here(form: &Form, party_id: &str) -> Yen {
    let entries =
        form.loans.iter().flat_map(|loan| form.insurance_of(loan.loan_no).map(move |entry| (loan, entry)));
    entries
        .filter(|(_, entry)| entry.party_id == party_id)
        .map(|(loan, entry)| insured_sum(form, loan, entry))
        .sum()
}

/// The cover of an entry at a disbursement on `date`, the loan ending on `final_due_date`.
pub fn cover_of(
    form: &Form,
    terms: &Terms,
    loan: &Loan,
    entry: &Insurance,
    final_due_date: NaiveDate,
    date: NaiveDate,
) -> CoverOfPerson {
    let last_valid = last_valid_date(terms, entry);
    let ends_with_age = form
        .party(&entry.party_id)
        .and_then(|party| birthday(party.birth_date, u32::from(terms.insurance.cover_until_age)).pred_opt());
    CoverOfPerson {
        loan_no: entry.loan_no,
        party_id: entry.party_id.clone(),
        insurance_type: entry.insurance_type,
        insured_sum_yen: insured_sum(form, loan, entry),
        declaration_last_valid_date: last_valid,
        valid_on_requested_date: last_valid.is_some_and(|last| date <= last),
        cover_until: ends_with_age.map_or(final_due_date, |end| end.min(final_due_date)),
    }
}
