//! The rules of chapter G, and the validity of declarations (D.2).

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::cover::{insured_here, last_valid_date};
use crate::calendar::age_on;
use crate::form::{Cover, Form, InsuranceType, Loan, Party, PartyRole, Relation};
use crate::money::Yen;
use crate::product::Book;
use crate::rule::{Finding, cause};

/// Every finding of the insurance desk at a disbursement on `date`.
pub(crate) fn judge(form: &Form, book: &Book, date: NaiveDate, findings: &mut Vec<Finding>) {
    for loan in &form.loans {
        without_entry(form, loan, findings);
        shares(form, loan, findings);
        couple(form, loan, findings);
        relaxed(form, loan, findings);
    }
    for party in &form.parties {
        cap(form, book, party, findings);
        entry_age(form, book, party, date, findings);
        insured_debtor(form, party, findings);
    }
    expired_declarations(form, book, date, findings);
}

/// G-10: each loan needs insurance.
fn without_entry(form: &Form, loan: &Loan, findings: &mut Vec<Finding>) {
    if form.insurance_of(loan.loan_no).next().is_none() {
        findings.push(cause::G10.on(loan_name(loan)));
    }
}

/// G-14: the shares of a proportional cover total 100 percent.
fn shares(form: &Form, loan: &Loan, findings: &mut Vec<Finding>) {
    let split = form.insurance_of(loan.loan_no).filter(|entry| entry.cover == Cover::Proportional);
    let shares: Vec<u32> = split.map(|entry| u32::from(entry.share_percent)).collect();
    if !shares.is_empty() && shares.iter().sum::<u32>() != 100 {
        findings.push(cause::G14.on(loan_name(loan)));
    }
}

/// G-15, G-16: couple cover is for the applicant and a joint debtor who is the spouse, and not for every type.
fn couple(form: &Form, loan: &Loan, findings: &mut Vec<Finding>) {
    let entries: Vec<_> =
        form.insurance_of(loan.loan_no).filter(|entry| entry.cover == Cover::JointCouple).collect();
    if entries.is_empty() {
        return;
    }
    let role = |wanted: PartyRole| {
        let of_role = |id: &str| form.party(id).filter(|party| party.role == wanted);
        entries.iter().find_map(|entry| of_role(&entry.party_id))
    };
    let spouse = role(PartyRole::JointDebtor)
        .is_some_and(|party| party.relation_to_applicant == Some(Relation::Spouse));
    if entries.len() != 2 || role(PartyRole::Applicant).is_none() || !spouse {
        findings.push(cause::G15.on(loan_name(loan)));
    }
    let no_couple_form =
        |kind: InsuranceType| matches!(kind, InsuranceType::Almighty | InsuranceType::Relaxed);
    if entries.iter().any(|entry| no_couple_form(entry.insurance_type)) {
        findings.push(cause::G16.on(loan_name(loan)));
    }
}

/// G-20: RELAXED follows a refusal of BASIC, an indication and an accepted assessment, and covers one person.
fn relaxed(form: &Form, loan: &Loan, findings: &mut Vec<Finding>) {
    let wrong = form
        .insurance_of(loan.loan_no)
        .filter(|entry| entry.insurance_type == InsuranceType::Relaxed)
        .any(|entry| {
            let steps = entry.relaxed.as_ref();
            let complete = steps.is_some_and(|steps| {
                steps.basic_refused_on.is_some()
                    && steps.likely_acceptance_indicated_on.is_some()
                    && steps.assessment_accepted_on.is_some()
            });
            !complete || entry.cover == Cover::Proportional
        });
    if wrong {
        findings.push(cause::G20.on(loan_name(loan)));
    }
}

/// G-12: the cap per insured person over all loans and all labour banks. Couple cover counts in full for both.
fn cap(form: &Form, book: &Book, party: &Party, findings: &mut Vec<Finding>) {
    let here = insured_here(form, &party.party_id);
    let existing = &party.existing_group_life_cover;
    let total = here + existing.here_yen + existing.other_labour_banks_yen;
    if here > Yen::ZERO && total > book.terms.insurance.cap_yen {
        findings.push(cause::G12.on(&party.party_id));
    }
}

/// G-13: of age when declaring, below the limit when cover starts.
fn entry_age(form: &Form, book: &Book, party: &Party, date: NaiveDate, findings: &mut Vec<Finding>) {
    let outside = form.insurance.iter().filter(|entry| entry.party_id == party.party_id).any(|entry| {
        let Some(terms) = book.terms.insurance.types.get(&entry.insurance_type) else { return false };
        let too_old = age_on(party.birth_date, date) >= u32::from(terms.entry_age_below);
        let age_from = u32::from(terms.entry_age_from);
        let too_young = entry.declared_on.is_some_and(|day| age_on(party.birth_date, day) < age_from);
        too_old || too_young
    });
    if outside {
        findings.push(cause::G13.on(&party.party_id));
    }
}

/// G-17: whoever is insured is a debtor.
fn insured_debtor(form: &Form, party: &Party, findings: &mut Vec<Finding>) {
    let insured = form.insurance.iter().any(|entry| entry.party_id == party.party_id);
    if insured && !party.role.is_debtor() {
        findings.push(cause::G17.on(&party.party_id));
    }
}

/// D.2: a declaration is valid on the disbursement date.
fn expired_declarations(form: &Form, book: &Book, date: NaiveDate, findings: &mut Vec<Finding>) {
    let expired: BTreeSet<String> = form
        .insurance
        .iter()
        .filter(|entry| last_valid_date(&book.terms, entry).is_some_and(|last| last < date))
        .map(|entry| format!("declaration:{}:L{}", entry.party_id, entry.loan_no))
        .collect();
    findings.extend(expired.into_iter().map(|subject| cause::D2_DECLARATION.on(subject)));
}

/// The name of a loan in a finding: `L1`.
fn loan_name(loan: &Loan) -> String {
    format!("L{}", loan.loan_no)
}
