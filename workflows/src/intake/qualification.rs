//! The transaction qualification of each borrower (B-01 to B-08).

use crate::form::{EmploymentKind, Form, OrgMemberKind, Party, QualificationRoute};
use crate::product::Book;
use crate::product::terms::EligibilityTerms;
use crate::rule::{Cause, Finding, cause};

/// B-01 to B-08 for the applicant and each joint debtor. A claimed route that fails its own test breaks that test's rule only.
pub(super) fn judge(form: &Form, book: &Book, findings: &mut Vec<Finding>) {
    for party in form.debtors() {
        let broken = match party.qualification.route {
            None => Some(&cause::B01),
            Some(QualificationRoute::IndirectMember | QualificationRoute::CoopMember) => organisation(party),
            Some(QualificationRoute::IndividualMember) => individual_member(party, book),
            Some(QualificationRoute::FriendsSocietyMember) => friends_society(party, book),
        };
        findings.extend(broken.map(|cause| cause.on(&party.party_id)));
    }
}

/// B-03, B-04: a member organisation of a kind that fits the route, not excluded by the branch.
fn organisation(party: &Party) -> Option<&'static Cause> {
    let Some(organisation) = &party.qualification.org_member else { return Some(&cause::B03_UNNAMED) };
    let fits = match organisation.kind {
        OrgMemberKind::LabourUnion
        | OrgMemberKind::PublicEmployeesAssociation
        | OrgMemberKind::WorkersWelfareMutualAidBody => {
            party.qualification.route == Some(QualificationRoute::IndirectMember)
        }
        OrgMemberKind::ConsumerCooperative => {
            party.qualification.route == Some(QualificationRoute::CoopMember)
        }
        OrgMemberKind::Other => false,
    };
    (!fits || organisation.excluded_by_branch).then_some(&cause::B04)
}

/// B-05: a share, the area, and a worker.
fn individual_member(party: &Party, book: &Book) -> Option<&'static Cause> {
    let least = book.terms.eligibility.individual_member_share_yen;
    let share = party.qualification.share_yen.is_some_and(|share| share >= least);
    (!share || !in_area(party, book) || !is_worker(party)).then_some(&cause::B05)
}

/// B-08: the area, and a worker where the bank asks for one.
fn friends_society(party: &Party, book: &Book) -> Option<&'static Cause> {
    let terms = &book.terms.eligibility;
    let outside = terms.friends_area_test && !in_area(party, book);
    let no_worker = terms.friends_worker_test && !is_worker(party);
    (outside || no_worker).then_some(&cause::B08)
}

/// B-08: where the bank does not ask for a worker, the branch decides on a member who is none, and says why.
pub(crate) fn needs_branch_reason(party: &Party, terms: &EligibilityTerms) -> bool {
    let friend = party.qualification.route == Some(QualificationRoute::FriendsSocietyMember);
    friend && !terms.friends_worker_test && !is_worker(party)
}

/// B-06: address or workplace in the business area.
fn in_area(party: &Party, book: &Book) -> bool {
    let workplace = party.employment.workplace_prefecture.as_ref();
    book.business_area.contains(&party.address.prefecture)
        || workplace.is_some_and(|prefecture| book.business_area.contains(prefecture))
}

/// B-07: whoever lives on wages; salaried managers do.
const fn is_worker(party: &Party) -> bool {
    !matches!(
        party.employment.kind,
        EmploymentKind::SoleProprietor | EmploymentKind::CompanyOwnerExecutive | EmploymentKind::None
    )
}
