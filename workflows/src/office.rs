//! Offices of partners: who of an organisation answers for a case, how a case changes hands, and what the lead of an office may
//! propose about colleagues (E.2).

use crate::account::{Account, AccountKind, AccountState, AccountStep, Wanted};
use crate::form::Problem;
use crate::machine::Role;
use crate::terms;

terms! {
    /// Why a case changes hands. Words from a list: the record of an office outlives the erasure of a case and names no customer.
    pub enum HandoverReason {
        Assignment = "ASSIGNMENT", "担当の割当て", "Assignment";
        Absence = "ABSENCE", "不在", "Absence";
        Departure = "DEPARTURE", "異動・退職", "Moved or left";
        Workload = "WORKLOAD", "業務量の調整", "Workload";
        Expertise = "EXPERTISE", "専門性", "Expertise";
        Conflict = "CONFLICT", "利益相反", "Conflict of interest";
    }
}

/// Partners whose work is done by people. The registry and the bank's own system are programs.
pub const OFFICES: [Role; 5] =
    [Role::MemberOrg, Role::Guarantor, Role::Insurer, Role::FireInsurer, Role::Scrivener];

/// The part of an organisation in a case.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Job<'a> {
    /// Bank code of the case.
    pub institution: &'a str,
    pub role: Role,
    pub organisation: &'a str,
}

impl Job<'_> {
    /// May this account answer for it: a person of the organisation who may sign in for this bank?
    pub fn is_for(&self, account: &Account) -> bool {
        account.kind == AccountKind::Person
            && account.state == AccountState::Active
            && account.profile.roles.contains(&self.role)
            && account.profile.organisation.as_deref() == Some(self.organisation)
            && (account.institution.is_empty() || account.institution == self.institution)
    }
}

fn problem(field: &str, words: (&str, &str), accepted: &str) -> Problem {
    Problem::new(field, "E.2", words, accepted)
}

/// Everything against handing a job of a running case over (E.2). `by` is a person of the office; `current` is who answers for the
/// job now: nobody where nobody has taken it or where that person has left.
pub fn problems_of_handover(
    job: &Job<'_>,
    by: &Account,
    to: Option<&Account>,
    current: Option<&str>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let to = to.filter(|to| job.is_for(to));
    let Some(to) = to else {
        let words =
            ("引継先はこの事務所の担当者ではありません。", "This is no colleague who can take the case.");
        problems.push(problem("to", words, "the subject of an active colleague of the same organisation"));
        return problems;
    };
    if current == Some(to.subject.as_str()) {
        let words = ("すでにこの案件の担当者です。", "This person answers for the case already.");
        problems.push(problem("to", words, "a colleague who does not answer for the case yet"));
    }
    let own = current == Some(by.subject.as_str());
    let takes = current.is_none() && to.subject == by.subject;
    if !(own || takes || by.profile.lead) {
        let words = (
            "引継ぎは担当者または事務所の責任者が行います。担当者のいない案件は本人が引き受けられます。",
            "The responsible person or a lead of the office hands a case over; one without a responsible person is taken for oneself.",
        );
        problems.push(problem("applicationId", words, "a case of one's own, or one that nobody answers for"));
    }
    problems
}

/// The case has ended: there is nothing to hand over.
pub fn job_is_over() -> Problem {
    let words = ("終了した案件です。", "The case has ended.");
    problem("applicationId", words, "a case that is running")
}

/// Somebody else handed the job over in the same moment.
pub fn job_moved() -> Problem {
    let words =
        ("同時に別の引継ぎが行われました。", "The case was handed over by somebody else in the same moment.");
    problem("applicationId", words, "the case as it stands now; read it again")
}

/// Everything against what a lead of an office proposes about a colleague; the bank's user administrators decide on it (E.2). A lead
/// adds and blocks people of the own office, and changes nobody's role.
pub fn problems_of_lead(lead: &Account, step: AccountStep, wanted: Option<&Wanted>) -> Vec<Problem> {
    let mut problems = Vec::new();
    if lead.institution.is_empty() {
        let words = (
            "全金庫共通の利用者は運用者が登録します。",
            "People who serve every bank are registered by the operator.",
        );
        problems.push(problem("institution", words, "an office whose people belong to one bank"));
    }
    if step == AccountStep::Change {
        let words = (
            "責任者は利用者の内容を変更できません。",
            "A lead adds and blocks colleagues, and changes nobody.",
        );
        problems.push(problem("step", words, "CREATE, SUSPEND, RESUME or END_SESSIONS"));
    }
    let Some(wanted) = wanted else { return problems };
    let same = wanted.profile.roles == lead.profile.roles
        && wanted.profile.organisation == lead.profile.organisation
        && wanted.kind == AccountKind::Person;
    if !same {
        let words =
            ("自分の事務所の担当者だけを登録できます。", "A lead adds people of the own office alone.");
        problems.push(problem("organisation", words, "a person of the same organisation in the same role"));
    }
    problems
}

/// The caller leads no office, or is none of its people.
pub fn leads(account: &Account) -> bool {
    account.profile.lead
        && account.kind == AccountKind::Person
        && account.state == AccountState::Active
        && account.profile.organisation.is_some()
        && account.profile.roles.iter().any(|role| OFFICES.contains(role))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Profile;
    use chrono::DateTime;

    const JOB: Job<'_> = Job { institution: "2963", role: Role::Scrivener, organisation: "OFFICE-1" };

    fn person(subject: &str, lead: bool) -> Account {
        Account {
            id: subject.to_owned(),
            issuer: "urn:test".to_owned(),
            kind: AccountKind::Person,
            login: subject.to_owned(),
            subject: subject.to_owned(),
            institution: "2963".to_owned(),
            profile: Profile {
                name: "司法書士 見本".to_owned(),
                roles: vec![Role::Scrivener],
                branches: vec![],
                organisation: Some("OFFICE-1".to_owned()),
                lead,
            },
            state: AccountState::Active,
            valid_from: None,
            version: 1,
            changed_at: DateTime::UNIX_EPOCH,
        }
    }

    fn fields(by: &Account, to: Option<&Account>, current: Option<&str>) -> Vec<String> {
        problems_of_handover(&JOB, by, to, current).into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn who_hands_a_job_over_to_whom() {
        let none: Vec<String> = vec![];
        let (lead, first, second) = (person("lead", true), person("first", false), person("second", false));
        // Nobody answers for it: one takes it oneself, a lead gives it to anybody.
        assert_eq!(fields(&first, Some(&first), None), none);
        assert_eq!(fields(&first, Some(&second), None), ["applicationId"]);
        assert_eq!(fields(&lead, Some(&second), None), none);
        // Somebody does: he or a lead hands it on, nobody takes it away.
        assert_eq!(fields(&first, Some(&second), Some("first")), none);
        assert_eq!(fields(&second, Some(&second), Some("first")), ["applicationId"]);
        assert_eq!(fields(&lead, Some(&second), Some("first")), none);
        assert_eq!(fields(&lead, Some(&first), Some("first")), ["to"]);
    }

    #[test]
    fn only_a_person_of_the_office_who_may_sign_in_takes_a_job() {
        let lead = person("lead", true);
        assert_eq!(fields(&lead, None, None), ["to"]);
        let all: [fn(&mut Account); 5] = [
            |a| a.state = AccountState::Suspended,
            |a| a.kind = AccountKind::Client,
            |a| a.profile.organisation = Some("OFFICE-2".to_owned()),
            |a| a.profile.roles = vec![Role::Guarantor],
            |a| a.institution = "2978".to_owned(),
        ];
        for change in all {
            let mut to = person("second", false);
            change(&mut to);
            assert_eq!(fields(&lead, Some(&to), None), ["to"], "{to:?}");
        }
        let mut everywhere = person("second", false);
        everywhere.institution = String::new();
        assert!(JOB.is_for(&everywhere), "an office that serves every bank");
    }

    #[test]
    fn a_lead_adds_people_of_the_own_office_alone() {
        let lead = person("lead", true);
        let said = |lead: &Account, step, wanted: Option<&Wanted>| -> Vec<String> {
            problems_of_lead(lead, step, wanted).into_iter().map(|problem| problem.field).collect()
        };
        let none: Vec<String> = vec![];
        let new = Wanted {
            kind: AccountKind::Person,
            login: "new".to_owned(),
            profile: Profile { lead: false, ..lead.profile.clone() },
        };
        assert_eq!(said(&lead, AccountStep::Create, Some(&new)), none);
        assert_eq!(said(&lead, AccountStep::Suspend, None), none);
        assert_eq!(said(&lead, AccountStep::Change, Some(&new)), ["step"]);
        let other = Profile { organisation: Some("OFFICE-2".to_owned()), ..new.profile.clone() };
        let other = Wanted { profile: other, ..new.clone() };
        assert_eq!(said(&lead, AccountStep::Create, Some(&other)), ["organisation"]);
        let clerk =
            Wanted { profile: Profile { roles: vec![Role::BranchClerk], ..new.profile.clone() }, ..new };
        assert_eq!(said(&lead, AccountStep::Create, Some(&clerk)), ["organisation"]);
        let everywhere = Account { institution: String::new(), ..lead.clone() };
        assert_eq!(said(&everywhere, AccountStep::Suspend, None), ["institution"]);
        assert!(leads(&lead) && !leads(&person("first", false)));
        assert!(!leads(&Account { state: AccountState::Suspended, ..lead }));
    }
}
