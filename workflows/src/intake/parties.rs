//! Roles and pledges of the persons of a case (B-10, B-17).

use crate::calendar::months_after;
use crate::form::{ConsentKind, Form, Party, PartyRole};
use crate::product::Book;
use crate::rule::{Finding, cause};

/// B-10 and B-17; a missing pledge is found with the papers.
pub(super) fn judge(form: &Form, book: &Book, findings: &mut Vec<Finding>) {
    for party in &form.parties {
        role(form, party, findings);
        left_group(form, party, book, findings);
    }
}

/// B-10: whoever is insured or uses the tax deduction is a joint debtor; whoever's income is added owes personally.
/// B-09: nobody else is asked for a guarantor, because the institution guarantees.
fn role(form: &Form, party: &Party, findings: &mut Vec<Finding>) {
    let insured = form.insurance.iter().any(|entry| entry.party_id == party.party_id);
    let needs_debtor = insured || party.uses_tax_deduction;
    let wrong = match party.role {
        PartyRole::Applicant | PartyRole::JointDebtor => false,
        PartyRole::JointGuarantor => needs_debtor,
        PartyRole::ThirdPartyMortgagor => needs_debtor || party.income_added,
    };
    if wrong {
        findings.push(cause::B10.on(&party.party_id));
    }
}

/// B-17: a person who left an anti-social group less than five years before signing cannot pledge.
fn left_group(form: &Form, party: &Party, book: &Book, findings: &mut Vec<Finding>) {
    let pledges = form.consents.iter().filter(|consent| {
        consent.consent == ConsentKind::AntisocialPledgeAndPep && consent.party_id == party.party_id
    });
    let (Some(signed), Some(left)) =
        (pledges.filter_map(|pledge| pledge.signed_on).max(), party.left_antisocial_group_on)
    else {
        return;
    };
    let months = 12 * u32::from(book.terms.eligibility.antisocial_look_back_years);
    if party.role.is_liable() && signed < months_after(left, months) {
        findings.push(cause::B17_LEFT.on(&party.party_id));
    }
}
