//! An office of a partner: two people, a lead, and cases that change hands; whoever belongs to another office sees nothing.

use crate::stories::*;
use db::Scope;
use db::accounts::{AccountAnswer, Proposal, account_id, new_account};
use db::offices::{Handover, HandoverAnswer, JobsOf, OfficeJob};
use db::read::TaskFilter;
use workflows::account::{Account, AccountKind, AccountStep, Profile, Wanted};
use workflows::machine::{Actor, Role};
use workflows::office::HandoverReason::{self, Assignment, Departure};

on_both!(
    one_leaves_and_the_other_takes_over,
    of_two_who_take_a_case_at_once_one_has_it,
    a_lead_proposes_and_the_bank_decides,
    an_office_of_every_bank_works_behind_the_same_walls,
);

const ISSUER: &str = "https://login.bank.example";

/// A person of an office of guarantors, with an account.
pub fn person(subject: &str, organisation: &str, lead: bool) -> Account {
    let profile = Profile {
        name: format!("審査担当 {subject}"),
        roles: vec![Role::Guarantor],
        branches: vec![],
        organisation: Some(organisation.to_owned()),
        lead,
    };
    let wanted = Wanted { kind: AccountKind::Person, login: subject.to_owned(), profile };
    new_account(&account_id(), ISSUER, &form().institution.bank_code, wanted, noon())
}

pub fn scope(account: &Account) -> Scope {
    Scope::of(&account.actor(None).unwrap())
}

/// The guarantor's organisation in a case that was sent there.
pub async fn guarantor_of(place: &Place, id: &str) -> String {
    let case = place.store.case(&Scope::of(&clerk()), id).await.unwrap().unwrap();
    case.engagements[&Role::Guarantor].clone()
}

struct Office {
    case: String,
    lead: Account,
    first: Account,
    second: Account,
    /// The same role in another organisation.
    stranger: Account,
}

/// A case at the guarantor's, and four people of whom three belong to it.
async fn office(place: &Place) -> Office {
    let case = submitted(&place.store, &applicant("taro")).await;
    screened(&place.store, &case).await;
    let organisation = guarantor_of(place, &case).await;
    let all = [
        person("lead", &organisation, true),
        person("first", &organisation, false),
        person("second", &organisation, false),
        person("stranger", "ANOTHER-OFFICE", true),
    ];
    assert_eq!(place.store.add_accounts(&all, "operator", noon()).await.unwrap(), 4);
    let [lead, first, second, stranger] = all;
    Office { case, lead, first, second, stranger }
}

async fn give(
    place: &Place,
    by: &Account,
    to: &Account,
    case: &str,
    reason: HandoverReason,
) -> HandoverAnswer {
    place.store.hand_over(&scope(by), (case, &to.subject), reason, noon()).await.unwrap()
}

pub fn handed(answer: HandoverAnswer) -> Handover {
    match answer {
        HandoverAnswer::Done(line) => *line,
        other => panic!("{other:?}"),
    }
}

fn against(answer: HandoverAnswer) -> Vec<String> {
    match answer {
        HandoverAnswer::Invalid(problems) => {
            assert!(problems.iter().all(|problem| !problem.accepted.is_empty()), "{problems:?}");
            problems.into_iter().map(|problem| problem.field).collect()
        }
        other => panic!("{other:?}"),
    }
}

async fn jobs(place: &Place, who: &Scope, of: JobsOf) -> Vec<OfficeJob> {
    place.store.jobs(who, of, None, 10).await.unwrap().items
}

fn admin(subject: &str) -> Scope {
    Scope::of(&Actor { branches: vec![], ..staff(Role::UserAdmin, subject) })
}

/// A step that the lead proposes and the bank's administrator approves.
async fn carried_out(place: &Place, lead: &Account, proposal: Proposal) {
    let proposed = place.store.propose_account(&scope(lead), proposal, noon()).await.unwrap();
    let AccountAnswer::Done(change) = proposed else { panic!("{proposed:?}") };
    let own = place.store.decide_account(&scope(lead), &change.id, None, (noon(), noon())).await.unwrap();
    assert_eq!(own, AccountAnswer::Forbidden, "whoever proposed decides nothing");
    let decided =
        place.store.decide_account(&admin("admin"), &change.id, None, (noon(), noon())).await.unwrap();
    assert!(matches!(decided, AccountAnswer::Done(_)), "{decided:?}");
}

async fn account(place: &Place, subject: &str) -> Account {
    place.store.account_of(ISSUER, AccountKind::Person, subject).await.unwrap().unwrap()
}

async fn one_leaves_and_the_other_takes_over(place: Place) {
    let Office { case, lead, first, second, stranger } = office(&place).await;
    // Nobody answers for it yet. The first one takes it; then nobody takes it from him but he and the lead.
    let open = jobs(&place, &scope(&second), JobsOf::Nobody).await;
    assert_eq!((open.len(), &open[0].application_id, &open[0].left), (1, &case, &None));
    assert_eq!(against(give(&place, &first, &second, &case, Assignment).await), ["applicationId"]);
    let taken = handed(give(&place, &first, &first, &case, Assignment).await);
    assert_eq!((taken.turn, taken.from, taken.to.as_str()), (1, None, "first"));
    assert_eq!(against(give(&place, &second, &second, &case, Assignment).await), ["applicationId"]);
    let mine = jobs(&place, &scope(&first), JobsOf::Caller).await;
    assert_eq!(mine[0].responsible, Some(("first".to_owned(), "審査担当 first".to_owned())));
    let filter = TaskFilter { application_id: Some(case.clone()), ..TaskFilter::default() };
    let tasks = place.store.tasks(&scope(&first), &filter, None, 10).await.unwrap().items;
    assert!(place.store.claim(&scope(&first), &tasks[0].id, noon()).await.unwrap());

    // The first one leaves: no access, and the case stands without a responsible person until it is taken over.
    let leaves = Proposal::Step { id: account(&place, "first").await.id, step: AccountStep::Suspend };
    carried_out(&place, &lead, leaves).await;
    assert_eq!(account(&place, "first").await.actor(None), None);
    let open = jobs(&place, &scope(&second), JobsOf::Nobody).await;
    assert_eq!((open[0].left.as_deref(), &open[0].responsible), (Some("first"), &None));
    assert_eq!(jobs(&place, &scope(&first), JobsOf::Caller).await, vec![]);
    assert_eq!(give(&place, &first, &second, &case, Departure).await, HandoverAnswer::Forbidden);
    assert_eq!(against(give(&place, &lead, &first, &case, Assignment).await), ["to"]);
    let over = handed(give(&place, &second, &second, &case, Departure).await);
    assert_eq!((over.turn, over.from.as_deref(), over.to.as_str()), (2, Some("first"), "second"));
    let claimed = place.store.task(&scope(&second), &tasks[0].id).await.unwrap().unwrap();
    assert_eq!(claimed.claimed_by.as_deref(), Some("second"), "what was claimed goes with the case");
    assert_eq!(jobs(&place, &scope(&second), JobsOf::Nobody).await, vec![]);

    // The bank sees organisation and person; the office its own record; nobody else that there is one.
    for reader in [Scope::of(&clerk()), Scope::of(&staff(Role::Auditor, "auditor")), scope(&lead)] {
        let told = place.store.handovers(&reader, &case, 10).await.unwrap();
        let lines: Vec<_> = told.iter().map(|it| (it.line.turn, it.counts, it.to_name.as_deref())).collect();
        assert_eq!(lines, [(2, true, Some("審査担当 second")), (1, false, Some("審査担当 first"))]);
        assert!(told.iter().all(|it| it.line.organisation == over.organisation));
    }
    let elsewhere = Actor { institution: "9999".to_owned(), ..lead.actor(None).unwrap() };
    let insurer = Actor { role: Role::Insurer, ..lead.actor(None).unwrap() };
    let branch = Actor { branches: vec!["998".to_owned()], ..clerk() };
    for reader in [stranger.actor(None).unwrap(), elsewhere, insurer, branch, applicant("taro")] {
        let reader = Scope::of(&reader);
        assert_eq!(place.store.handovers(&reader, &case, 10).await.unwrap(), vec![], "{reader:?}");
        assert_eq!(jobs(&place, &reader, JobsOf::Office).await, vec![], "{reader:?}");
    }
    assert_eq!(give(&place, &stranger, &stranger, &case, Assignment).await, HandoverAnswer::NotFound);
    assert_eq!(against(give(&place, &lead, &stranger, &case, Assignment).await), ["to"]);
    // A program of the office is no person: it answers for nothing.
    let program = Scope::of(&partner(Role::Guarantor, &over.organisation));
    let taken = place.store.hand_over(&program, (&case, "second"), Assignment, noon()).await.unwrap();
    assert_eq!(taken, HandoverAnswer::Forbidden);
    let people = place.store.colleagues(&scope(&second), None, 10).await.unwrap();
    assert_eq!(people.iter().map(|a| a.subject.as_str()).collect::<Vec<_>>(), ["first", "lead", "second"]);

    let auditor = Scope::of(&staff(Role::Auditor, "auditor"));
    let lines = place.store.audit(&auditor, None, 100).await.unwrap().items;
    let steps: Vec<_> = lines.iter().filter(|line| line.kind == "HANDOVER").collect();
    assert_eq!(steps.len(), 2);
    assert!(steps.iter().all(|line| line.application_id.as_deref() == Some(case.as_str())), "{steps:?}");
    assert_eq!((steps[0].by.as_str(), steps[0].code.as_deref()), ("second", Some("DEPARTURE")));

    // A case that has ended is nobody's work any more.
    place.tamper(&format!("UPDATE application SET stage = 'DECLINED' WHERE id = '{case}'")).await;
    assert_eq!(jobs(&place, &scope(&lead), JobsOf::Office).await, vec![]);
    assert_eq!(against(give(&place, &lead, &lead, &case, Assignment).await), ["applicationId"]);
}

async fn of_two_who_take_a_case_at_once_one_has_it(place: Place) {
    let Office { case, first, second, .. } = office(&place).await;
    let (one, other) = tokio::join!(
        give(&place, &first, &first, &case, Assignment),
        give(&place, &second, &second, &case, Assignment)
    );
    let done = [&one, &other].into_iter().filter(|it| matches!(it, HandoverAnswer::Done(_))).count();
    assert_eq!(done, 1, "{one:?} {other:?}");
    assert_eq!(place.number("SELECT count(*) FROM handover").await, 1);
}

async fn a_lead_proposes_and_the_bank_decides(place: Place) {
    let Office { lead, first, stranger, .. } = office(&place).await;
    let organisation = lead.profile.organisation.clone().unwrap();
    let wanted = |login: &str| {
        let Account { profile, kind, .. } = person(login, &organisation, false);
        Wanted { kind, login: login.to_owned(), profile }
    };
    let create = |wanted: Wanted| Proposal::Create { issuer: ISSUER.to_owned(), wanted };
    let propose = async |by: &Scope, proposal: Proposal| {
        place.store.propose_account(by, proposal, noon()).await.unwrap()
    };
    let fields = |answer: AccountAnswer| match answer {
        AccountAnswer::Invalid(problems) => {
            problems.into_iter().map(|problem| problem.field).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(propose(&scope(&first), create(wanted("third"))).await, AccountAnswer::Forbidden);
    carried_out(&place, &lead, create(wanted("third"))).await;
    assert_eq!(account(&place, "third").await.profile.organisation.as_ref(), Some(&organisation));
    // Of another office nobody is there; in another role nobody is added.
    let theirs = Proposal::Step { id: account(&place, "stranger").await.id, step: AccountStep::Suspend };
    assert_eq!(propose(&scope(&lead), theirs).await, AccountAnswer::NotFound);
    let mut clerk = wanted("fourth");
    clerk.profile = Profile { roles: vec![Role::BranchClerk], organisation: None, ..clerk.profile };
    assert_eq!(fields(propose(&scope(&lead), create(clerk)).await), ["organisation"]);
    let id = account(&place, "first").await.id;
    let lead_too = Profile { lead: true, ..first.profile.clone() };
    assert_eq!(fields(propose(&scope(&lead), Proposal::Change { id, profile: lead_too }).await), ["step"]);
    // What the lead proposed is told to leads of the office; what the bank did of its own is not.
    let own = Proposal::Step { id: account(&place, "first").await.id, step: AccountStep::EndSessions };
    assert!(matches!(propose(&admin("admin"), own).await, AccountAnswer::Done(_)));
    let told = async |who: &Account| place.store.colleague_changes(&scope(who), None, 10).await.unwrap();
    assert_eq!(told(&lead).await.iter().map(|it| it.proposed_by.as_str()).collect::<Vec<_>>(), ["lead"]);
    assert_eq!((told(&first).await, told(&stranger).await), (vec![], vec![]));
}

async fn an_office_of_every_bank_works_behind_the_same_walls(place: Place) {
    let Office { case, lead, .. } = office(&place).await;
    let organisation = lead.profile.organisation.clone().unwrap();
    let everywhere = |subject: &str, lead: bool| Account {
        institution: String::new(),
        ..person(subject, &organisation, lead)
    };
    let (head, member) = (everywhere("head", true), everywhere("member", false));
    let added = place.store.add_accounts(&[head.clone(), member.clone()], "operator", noon()).await.unwrap();
    assert_eq!(added, 2);
    assert_eq!(jobs(&place, &scope(&member), JobsOf::Nobody).await.len(), 1);
    let given = handed(give(&place, &head, &member, &case, Assignment).await);
    assert_eq!(given.institution, form().institution.bank_code, "the line is the case's bank's");
    assert_eq!(jobs(&place, &scope(&member), JobsOf::Caller).await.len(), 1);
    assert_eq!(place.store.handovers(&Scope::of(&clerk()), &case, 10).await.unwrap().len(), 1);
    // Its people are the operator's: no bank's administrator decides for all of them.
    let step = Proposal::Step { id: member.id.clone(), step: AccountStep::Suspend };
    let answer = place.store.propose_account(&scope(&head), step, noon()).await.unwrap();
    let AccountAnswer::Invalid(problems) = answer else { panic!("{answer:?}") };
    assert_eq!(problems[0].field, "institution");
}
