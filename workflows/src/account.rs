//! Accounts: who may come in, in which role, for which bank. One user administrator proposes a step, another decides (E.2).
//!
//! A token or a session proves who somebody is; what that person may do stands here, so that a change holds at once.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::form::Problem;
use crate::machine::{Actor, Role};
use crate::office::OFFICES;
use crate::terms;

terms! {
    /// Does a person sign in, or a program?
    pub enum AccountKind {
        Person = "PERSON", "利用者", "Person";
        Client = "CLIENT", "接続プログラム", "Program";
    }
}

terms! {
    /// May the account be used?
    pub enum AccountState {
        Active = "ACTIVE", "有効", "Active";
        Suspended = "SUSPENDED", "停止中", "Suspended";
    }
}

terms! {
    /// What a change does to an account.
    pub enum AccountStep {
        Create = "CREATE", "登録", "Create";
        Change = "CHANGE", "変更", "Change";
        Suspend = "SUSPEND", "停止", "Suspend";
        Resume = "RESUME", "停止解除", "Resume";
        EndSessions = "END_SESSIONS", "全セッションの終了", "End all sessions";
    }
}

terms! {
    /// How far a change is.
    pub enum ChangeState {
        Proposed = "PROPOSED", "起案中", "Proposed";
        Approved = "APPROVED", "承認済", "Approved";
        Returned = "RETURNED", "差戻し", "Returned";
    }
}

/// What an account may do, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Name shown to people.
    pub name: String,
    /// The first one counts where the caller names none.
    pub roles: Vec<Role>,
    /// Branch codes; empty means every branch.
    pub branches: Vec<String>,
    /// A partner's organisation, or the channel that applies for customers.
    pub organisation: Option<String>,
    /// Leads the partner's office: gives its cases to colleagues and proposes who works there. Accounts of earlier versions do not say.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lead: bool,
}

/// Who an account is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    pub kind: AccountKind,
    /// The subject, or the id of the client, at the issuer.
    pub login: String,
    pub profile: Profile,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub id: String,
    /// Issuer (`iss`) of the tokens that prove who it is.
    pub issuer: String,
    pub kind: AccountKind,
    /// The subject, or the id of the client, at the issuer.
    pub login: String,
    /// How the record names it: stays the same, unique over the installation.
    pub subject: String,
    /// Bank code; empty for partners and programs that serve every bank.
    pub institution: String,
    pub profile: Profile,
    pub state: AccountState,
    /// Sessions begun and tokens issued before do not count.
    pub valid_from: Option<DateTime<Utc>>,
    /// Grows with every change.
    pub version: u64,
    pub changed_at: DateTime<Utc>,
}

impl Account {
    /// Who acts: in this role, or in the first one. `None`: the account is suspended or has no such role.
    pub fn actor(&self, role: Option<Role>) -> Option<Actor> {
        let roles = &self.profile.roles;
        let role = match role {
            Some(role) => roles.iter().copied().find(|held| *held == role)?,
            None => *roles.first()?,
        };
        if self.state != AccountState::Active || role.is_internal() {
            return None;
        }
        Some(Actor {
            subject: self.subject.clone(),
            role,
            institution: self.institution.clone(),
            branches: self.profile.branches.clone(),
            organisation: self.profile.organisation.clone(),
            on_behalf_of: None,
        })
    }

    /// Does something that began at this instant still count?
    pub fn counts(&self, begun: DateTime<Utc>) -> bool {
        self.valid_from.is_none_or(|from| begun >= from)
    }
}

/// A change of an account, proposed by one and decided by another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountChange {
    pub id: String,
    pub institution: String,
    /// The account; one that is to be created has its id already.
    pub account_id: String,
    pub step: AccountStep,
    /// What it shall be, where the step creates or changes.
    pub wanted: Option<Wanted>,
    pub state: ChangeState,
    pub proposed_by: String,
    pub proposed_at: DateTime<Utc>,
    pub decided_by: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was returned.
    pub reason: Option<String>,
}

const RULE: &str = "E.2";
const LONGEST_LOGIN: usize = 200;
const LONGEST_NAME: usize = 100;
const LONGEST_CODE: usize = 40;
const MOST_BRANCHES: usize = 100;

fn problem(field: &str, words: (&str, &str), accepted: impl Into<String>) -> Problem {
    Problem::new(field, RULE, words, accepted)
}

/// Everything against an account of this shape (E.2). `institution` is empty for an account that serves every bank.
pub fn problems_of_account(wanted: &Wanted, institution: &str) -> Vec<Problem> {
    let Wanted { kind, login, profile } = wanted;
    let mut problems = Vec::new();
    let plain = |c: char| !c.is_control() && !c.is_whitespace();
    if login.is_empty() || login.chars().count() > LONGEST_LOGIN || !login.chars().all(plain) {
        let words = ("発行者での識別子が正しくありません。", "The subject at the issuer is not one.");
        problems.push(problem("login", words, format!("1 to {LONGEST_LOGIN} characters without spaces")));
    }
    let name = profile.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        let words = ("表示名が正しくありません。", "The name is not one that can be shown.");
        problems.push(problem("name", words, format!("1 to {LONGEST_NAME} characters")));
    }
    problems.extend(problems_of_roles(*kind, &profile.roles));
    let staff = profile.roles.iter().any(|role| role.is_staff());
    let code = |code: &String| {
        (1..=LONGEST_CODE).contains(&code.len())
            && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    let distinct = |(n, branch)| !profile.branches[..n].contains(branch);
    let branches = profile.branches.len() <= MOST_BRANCHES
        && profile.branches.iter().all(code)
        && profile.branches.iter().enumerate().all(distinct);
    if !branches || !(staff || profile.branches.is_empty()) {
        let words = ("営業店の指定が正しくありません。", "The branches do not fit.");
        problems.push(problem("branches", words, "different branch codes, for the bank's staff alone"));
    }
    let partner = profile.roles.iter().any(|role| role.is_partner());
    let organisation = match &profile.organisation {
        Some(organisation) => code(organisation) && !staff,
        None => !partner,
    };
    if !organisation {
        let words = ("所属組織の指定が正しくありません。", "The organisation does not fit.");
        problems.push(problem("organisation", words, "needed by partners, not taken from the bank's staff"));
    }
    if profile.lead
        && !(*kind == AccountKind::Person && profile.roles.iter().any(|role| OFFICES.contains(role)))
    {
        let words = ("事務所の責任者の指定が正しくありません。", "This account cannot lead an office.");
        problems.push(problem("lead", words, "for people of a partner's office alone"));
    }
    let spans = profile.roles.iter().all(|role| role.is_partner() || *role == Role::Importer);
    if institution.is_empty() && !spans {
        let words = ("金庫の指定が必要です。", "The account needs a bank.");
        problems.push(problem("institution", words, "a bank code, for every role that belongs to one bank"));
    }
    problems
}

fn problems_of_roles(kind: AccountKind, roles: &[Role]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let distinct = roles.iter().enumerate().all(|(n, role)| !roles[..n].contains(role));
    if roles.is_empty() || !distinct || roles.iter().any(|role| role.is_internal()) {
        let words = ("役割の指定が正しくありません。", "The roles do not fit.");
        problems.push(problem("roles", words, "one or more different roles that can sign in"));
    }
    // Whoever manages users has no business role; an auditor audits; a partner is no staff.
    if roles.len() > 1 && !roles.iter().all(|role| role.is_staff()) {
        let words = ("この役割の兼務はできません。", "These roles do not go together in one account.");
        problems.push(problem("roles", words, "several roles of the bank's staff, or one other role alone"));
    }
    let of_people = |role: &Role| role.is_staff() || matches!(role, Role::Auditor | Role::UserAdmin);
    if kind == AccountKind::Client && roles.iter().any(of_people) {
        let words = ("プログラムには割り当てられない役割です。", "Programs do not hold this role.");
        problems.push(problem("kind", words, "PERSON for staff, auditors and user administrators"));
    }
    problems
}

/// Everything against a step with an account as it stands; `by` is the subject of whoever proposes or decides.
pub fn problems_of_step(step: AccountStep, account: Option<&Account>, by: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    if account.is_some_and(|account| account.subject == by) {
        let words = ("自分自身のアカウントは扱えません。", "Nobody deals with an account of his own.");
        problems.push(problem("id", words, "the account of somebody else"));
    }
    let wrong = match (step, account.map(|account| account.state)) {
        (AccountStep::Create, Some(_)) => Some("a subject without an account"),
        (AccountStep::Suspend, Some(AccountState::Suspended)) => Some("an account that is ACTIVE"),
        (AccountStep::Resume, Some(AccountState::Active)) => Some("an account that is SUSPENDED"),
        _ => None,
    };
    if let Some(accepted) = wrong {
        let words = ("現在の状態ではできません。", "The account is not in a state for this step.");
        problems.push(problem("step", words, accepted));
    }
    problems
}

/// Everything against a decision of `by` on a change.
pub fn problems_of_decision(change: &AccountChange, by: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    if change.state != ChangeState::Proposed {
        let words = ("すでに決裁されています。", "The change is decided already.");
        problems.push(problem("id", words, "a change that is PROPOSED"));
    }
    if change.proposed_by == by {
        let words = ("起案した本人は決裁できません。", "Whoever proposed a change does not decide on it.");
        problems.push(problem("id", words, "a change that somebody else proposed"));
    }
    problems
}

/// A change of this account waits for its decision already.
pub fn already_proposed() -> Problem {
    let words =
        ("このアカウントには決裁待ちの変更があります。", "A change of this account waits for a decision.");
    problem("id", words, "an account without a change that is PROPOSED")
}

/// The subject has an account already, here or at another bank.
pub fn already_there() -> Problem {
    let words = ("この識別子はすでに登録されています。", "The subject has an account already.");
    problem("login", words, "a subject without an account")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(roles: &[Role]) -> Wanted {
        let profile = Profile {
            name: "テスト 担当".to_owned(),
            roles: roles.to_vec(),
            branches: vec![],
            organisation: None,
            lead: false,
        };
        Wanted { kind: AccountKind::Person, login: "subject-1".to_owned(), profile }
    }

    fn fields(wanted: &Wanted, institution: &str) -> Vec<String> {
        problems_of_account(wanted, institution).into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn an_account_fits_its_roles() {
        let none: Vec<String> = vec![];
        assert_eq!(fields(&wanted(&[Role::BranchClerk, Role::ScreeningOfficer]), "2963"), none);
        assert_eq!(fields(&wanted(&[]), "2963"), ["roles"]);
        assert_eq!(fields(&wanted(&[Role::System]), "2963"), ["roles"]);
        assert_eq!(fields(&wanted(&[Role::BranchClerk, Role::BranchClerk]), "2963"), ["roles"]);
        assert_eq!(fields(&wanted(&[Role::UserAdmin, Role::BranchClerk]), "2963"), ["roles"]);
        assert_eq!(fields(&wanted(&[Role::Guarantor]), "2963"), ["organisation"]);
        assert_eq!(fields(&wanted(&[Role::BranchClerk]), ""), ["institution"]);
        let mut partner = wanted(&[Role::Guarantor]);
        partner.kind = AccountKind::Client;
        partner.profile.organisation = Some("GUARANTOR-1".to_owned());
        assert_eq!(fields(&partner, ""), none);
        partner.profile.lead = true;
        assert_eq!(fields(&partner, ""), ["lead"], "a program leads nobody");
        partner.kind = AccountKind::Person;
        assert_eq!(fields(&partner, ""), none);
        (partner.kind, partner.profile.lead) = (AccountKind::Client, false);
        partner.profile.roles = vec![Role::BranchClerk];
        assert_eq!(fields(&partner, "2963"), ["kind", "organisation"]);
        let mut clerk = wanted(&[Role::BranchClerk]);
        clerk.profile.branches = vec!["001".to_owned(), "001".to_owned()];
        assert_eq!(fields(&clerk, "2963"), ["branches"]);
        clerk.profile.branches = vec!["001".to_owned()];
        assert_eq!(fields(&clerk, "2963"), none);
        let mut auditor = wanted(&[Role::Auditor]);
        auditor.profile.branches = vec!["001".to_owned()];
        assert_eq!(fields(&auditor, "2963"), ["branches"]);
        let blank = Wanted { login: "a b".to_owned(), ..wanted(&[Role::Auditor]) };
        assert_eq!(fields(&blank, "2963"), ["login"]);
        let nameless = Profile { name: " ".to_owned(), ..wanted(&[Role::Auditor]).profile };
        assert_eq!(fields(&Wanted { profile: nameless, ..wanted(&[]) }, "2963"), ["name"]);
    }

    #[test]
    fn an_account_acts_in_a_role_that_it_holds_while_it_is_active() {
        let mut account = Account {
            id: "a".to_owned(),
            issuer: "urn:test".to_owned(),
            kind: AccountKind::Person,
            login: "subject-1".to_owned(),
            subject: "subject-1".to_owned(),
            institution: "2963".to_owned(),
            profile: wanted(&[Role::BranchClerk, Role::Operations]).profile,
            state: AccountState::Active,
            valid_from: None,
            version: 1,
            changed_at: DateTime::UNIX_EPOCH,
        };
        let role = |account: &Account, asked| account.actor(asked).map(|actor| actor.role);
        assert_eq!(role(&account, None), Some(Role::BranchClerk));
        assert_eq!(role(&account, Some(Role::Operations)), Some(Role::Operations));
        assert_eq!(role(&account, Some(Role::BranchManager)), None);
        assert!(problems_of_step(AccountStep::Resume, Some(&account), "admin").len() == 1);
        assert!(problems_of_step(AccountStep::Suspend, Some(&account), "subject-1").len() == 1);
        account.state = AccountState::Suspended;
        assert_eq!(role(&account, None), None);
        account.valid_from = Some(DateTime::UNIX_EPOCH);
        assert!(account.counts(DateTime::UNIX_EPOCH));
        assert!(!account.counts(DateTime::UNIX_EPOCH - chrono::TimeDelta::seconds(1)));
    }
}
