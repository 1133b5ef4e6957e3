//! Work that is handed from one person to another: each task with its own answer, nothing taken from whoever was faster, all on record.

use crate::stories::*;
use db::accounts::{account_id, new_account};
use db::handing::{Handing, HandingAnswer};
use db::read::{TaskFilter, Waiting};
use db::{Scope, Target};
use workflows::account::{Account, AccountKind, Profile, Wanted};
use workflows::machine::facts::ConflictRelation;
use workflows::machine::handing::HandingOutcome as Came;
use workflows::machine::{Actor, Command, Role, Task};
use workflows::office::HandoverReason;

on_both!(
    a_manager_hands_over_what_an_absent_clerk_holds,
    nobody_gets_work_that_he_may_not_do,
    whoever_was_faster_keeps_it,
    only_managers_and_only_within_their_reach,
);

const ISSUER: &str = "https://login.bank.example";

fn manager() -> Actor {
    staff(Role::BranchManager, "manager")
}

fn account(login: &str, roles: &[Role], branches: &[&str], kind: AccountKind) -> Account {
    let branches = branches.iter().map(|branch| (*branch).to_owned()).collect();
    let profile =
        Profile { name: login.to_owned(), roles: roles.to_vec(), branches, organisation: None, lead: false };
    let wanted = Wanted { kind, login: login.to_owned(), profile };
    new_account(&account_id(), ISSUER, &form().institution.bank_code, wanted, noon())
}

/// People of the branch, of another one and of the whole bank.
async fn people(place: &Place) {
    let branch = form().institution.branch_code;
    let (own, person) = ([branch.as_str()], AccountKind::Person);
    let all = [
        account("clerk-1", &[Role::BranchClerk], &own, person),
        account("clerk-2", &[Role::BranchClerk], &own, person),
        account("clerk-9", &[Role::BranchClerk], &["998"], person),
        account("both-9", &[Role::BranchClerk], &[&branch, "998"], person),
        account("floater", &[Role::BranchClerk, Role::ScreeningOfficer], &[], person),
        account("manager", &[Role::BranchManager], &own, person),
        account("program", &[Role::BranchClerk], &own, AccountKind::Client),
    ];
    assert_eq!(place.store.add_accounts(&all, "test", noon()).await.unwrap(), all.len() as u64);
}

/// What nobody of a role has taken of a case, the most urgent first.
async fn free(place: &Place, case: &str) -> Vec<Waiting> {
    let filter = TaskFilter {
        application_id: Some(case.to_owned()),
        role: Some(Role::BranchClerk),
        unclaimed: true,
        ..TaskFilter::default()
    };
    place.store.tasks(&Scope::of(&manager()), &filter, None, 100).await.unwrap().items
}

/// Cases with a task each that the clerk has taken; the tasks.
async fn held(place: &Place, count: usize) -> Vec<String> {
    let mut ids = vec![];
    for n in 0..count {
        let case = submitted(&place.store, &applicant(&format!("person-{n}"))).await;
        let id = free(place, &case).await[0].id.clone();
        assert!(place.store.claim(&Scope::of(&clerk()), &id, noon()).await.unwrap());
        ids.push(id);
    }
    ids
}

async fn of(place: &Place, holder: &str) -> Vec<Waiting> {
    let filter = TaskFilter { holder: Some(holder.to_owned()), ..TaskFilter::default() };
    place.store.tasks(&Scope::of(&manager()), &filter, None, 100).await.unwrap().items
}

fn came(answer: HandingAnswer) -> Vec<Came> {
    match answer {
        HandingAnswer::Judged(results) => results.into_iter().map(|result| result.outcome).collect(),
        other => panic!("{other:?}"),
    }
}

async fn hand(place: &Place, ids: &[String], from: Option<&str>, to: &str) -> Vec<Came> {
    let (scope, ask) = (Scope::of(&manager()), Handing { ids, from, to });
    let foreseen = came(place.store.preview_handing(&scope, &ask).await.unwrap());
    let answer = place.store.hand_over_tasks(&scope, &ask, HandoverReason::Absence, soon(60)).await.unwrap();
    let done = came(answer);
    assert_eq!(foreseen, done, "what was foreseen is what came of it");
    done
}

async fn a_manager_hands_over_what_an_absent_clerk_holds(place: Place) {
    people(&place).await;
    let ids = held(&place, 3).await;
    assert_eq!(of(&place, "clerk-1").await.len(), 3);
    let gone = "no-such-case:1.0".to_owned();
    let asked = [ids[0].clone(), gone.clone(), ids[1].clone(), ids[0].clone()];
    assert_eq!(
        hand(&place, &asked, Some("clerk-1"), "clerk-2").await,
        [Came::Handed, Came::Gone, Came::Handed]
    );
    let theirs: Vec<String> = of(&place, "clerk-2").await.into_iter().map(|task| task.id).collect();
    assert_eq!((theirs.len(), theirs.contains(&ids[0]), theirs.contains(&ids[1])), (2, true, true));
    assert_eq!(of(&place, "clerk-1").await.iter().map(|task| &task.id).collect::<Vec<_>>(), [&ids[2]]);
    // What nobody has taken is given out the same way.
    let late = submitted(&place.store, &applicant("late")).await;
    let free = [free(&place, &late).await[0].id.clone()];
    assert_eq!(hand(&place, &free, Some("clerk-1"), "clerk-2").await, [Came::HeldByOther]);
    assert_eq!(hand(&place, &free, None, "clerk-2").await, [Came::Handed]);
    // Each is on record with who had it, who has it, and why.
    let auditor = Actor { branches: vec![], ..staff(Role::Auditor, "auditor") };
    let audit = place.store.audit(&Scope::of(&auditor), None, 20).await.unwrap().items;
    let lines: Vec<_> = audit.iter().filter(|line| line.kind == "TASK").collect();
    assert_eq!(lines.len(), 3);
    for line in &lines {
        assert_eq!((line.verb.as_deref(), line.code.as_deref()), (Some("reassignTasks"), Some("ABSENCE")));
        assert!(
            line.by == "manager" && line.application_id.is_some() && line.detail.contains("clerk-2"),
            "{line:?}"
        );
    }
    assert_eq!(lines.iter().filter(|line| line.detail.contains("clerk-1")).count(), 2);
}

async fn nobody_gets_work_that_he_may_not_do(place: Place) {
    people(&place).await;
    let ids = held(&place, 2).await;
    assert_eq!(hand(&place, &ids, Some("clerk-1"), "clerk-1").await, [Came::AlreadyTheirs; 2]);
    assert_eq!(hand(&place, &ids, Some("clerk-1"), "manager").await, [Came::NotTheirRole; 2]);
    // Of several branches, his own are his; the whole bank is whoever's who belongs to none.
    assert_eq!(hand(&place, &ids[..1], Some("clerk-1"), "both-9").await, [Came::Handed]);
    assert_eq!(hand(&place, &ids[..1], Some("both-9"), "floater").await, [Came::Handed]);
    assert_eq!(hand(&place, &ids[..1], Some("floater"), "clerk-1").await, [Came::Handed]);
    let two_branches =
        Actor { branches: vec![form().institution.branch_code, "998".to_owned()], ..manager() };
    let ask = Handing { ids: &ids, from: Some("clerk-1"), to: "clerk-9" };
    let answer = place.store.preview_handing(&Scope::of(&two_branches), &ask).await.unwrap();
    assert_eq!(came(answer), [Came::NotTheirBranch; 2]);
    // A program, somebody of another branch, nobody at all.
    let suspended = "UPDATE account SET state = 'SUSPENDED' WHERE subject = 'floater'";
    place.tamper(suspended).await;
    for to in ["program", "clerk-9", "nobody", "", "floater"] {
        let ask = Handing { ids: &ids, from: Some("clerk-1"), to };
        let answer = place.store.preview_handing(&Scope::of(&manager()), &ask).await.unwrap();
        assert_eq!(answer, HandingAnswer::Nobody, "{to}");
    }
    // L-108-3: whoever keeps away from a case gets none of its work, and hands none of it around.
    let case = of(&place, "clerk-1").await.into_iter().find(|task| task.id == ids[0]).unwrap().application_id;
    let keeps_away = async |subject: &str| {
        let declare = Command::DeclareConflict {
            subject: Some(subject.to_owned()),
            relation: ConflictRelation::Relative,
            note: "the sister applies".to_owned(),
        };
        let compliance = staff(Role::Compliance, "compliance-1");
        done(ask_of(&place, &compliance, &case, &declare).await);
    };
    keeps_away("clerk-2").await;
    assert_eq!(hand(&place, &ids, Some("clerk-1"), "clerk-2").await, [Came::TheyKeepAway, Came::Handed]);
    keeps_away("manager").await;
    assert_eq!(hand(&place, &ids[..1], Some("clerk-1"), "both-9").await, [Came::YouKeepAway]);
    // Partners' and compliance's work is theirs to give.
    let sent = submitted(&place.store, &applicant("sent")).await;
    screened(&place.store, &sent).await;
    let filter = TaskFilter { application_id: Some(sent), ..TaskFilter::default() };
    let others = place.store.tasks(&Scope::of(&manager()), &filter, None, 100).await.unwrap().items;
    let others: Vec<String> = others.into_iter().filter(|t| !t.role.is_staff()).map(|t| t.id).collect();
    assert!(!others.is_empty(), "the story has work of others");
    assert!(hand(&place, &others, None, "both-9").await.iter().all(|one| *one == Came::NotHandedOver));
}

async fn ask_of(place: &Place, who: &Actor, case: &str, command: &Command) -> db::Answer {
    ask(&place.store, who, Target::Case { id: case }, command).await
}

async fn whoever_was_faster_keeps_it(place: Place) {
    people(&place).await;
    let ids = held(&place, 4).await;
    // Four managers hand the same work to two people at once: each task has one new holder, and one line of the audit.
    let tries: Vec<_> = (0..4)
        .map(|n| {
            let (store, ids) = (place.store.clone(), ids.clone());
            tokio::spawn(async move {
                let to = if n % 2 == 0 { "clerk-2" } else { "both-9" };
                let ask = Handing { ids: &ids, from: Some("clerk-1"), to };
                store
                    .hand_over_tasks(&Scope::of(&manager()), &ask, HandoverReason::Workload, noon())
                    .await
                    .unwrap()
            })
        })
        .collect();
    let mut handed = 0;
    for one in tries {
        handed += came(one.await.unwrap()).iter().filter(|one| **one == Came::Handed).count();
    }
    assert_eq!(handed, ids.len());
    assert_eq!(place.number("SELECT count(*) FROM audit WHERE kind = 'TASK'").await, ids.len() as i64);
    assert_eq!(of(&place, "clerk-2").await.len() + of(&place, "both-9").await.len(), ids.len());
    // Given back meanwhile: nobody's any more, so not his to hand over.
    let mine = of(&place, "clerk-2").await.into_iter().chain(of(&place, "both-9").await).next().unwrap();
    assert!(place.store.release(&Scope::of(&manager()), &mine.id).await.unwrap());
    let holder = mine.claimed_by.unwrap();
    assert_eq!(hand(&place, &[mine.id], Some(&holder), "clerk-1").await, [Came::HeldByOther]);
}

async fn only_managers_and_only_within_their_reach(place: Place) {
    people(&place).await;
    let ids = held(&place, 1).await;
    let ask = Handing { ids: &ids, from: Some("clerk-1"), to: "clerk-2" };
    for who in [clerk(), staff(Role::Operations, "ops"), staff(Role::Auditor, "auditor"), applicant("taro")] {
        let scope = Scope::of(&who);
        assert_eq!(
            place.store.preview_handing(&scope, &ask).await.unwrap(),
            HandingAnswer::Forbidden,
            "{who:?}"
        );
        let answer =
            place.store.hand_over_tasks(&scope, &ask, HandoverReason::Departure, noon()).await.unwrap();
        assert_eq!(answer, HandingAnswer::Forbidden, "{who:?}");
        assert!(place.store.assignees(&scope, Role::BranchClerk).await.unwrap().is_empty(), "{who:?}");
    }
    let elsewhere = Actor { branches: vec!["998".to_owned()], ..manager() };
    let ask_there = Handing { to: "clerk-9", ..ask };
    let answer = place
        .store
        .hand_over_tasks(&Scope::of(&elsewhere), &ask_there, HandoverReason::Departure, noon())
        .await;
    assert_eq!(came(answer.unwrap()), [Came::Gone], "another branch's work does not exist for him");
    let abroad = Actor { institution: "9999".to_owned(), branches: vec![], ..manager() };
    let answer = place.store.preview_handing(&Scope::of(&abroad), &ask).await.unwrap();
    assert_eq!(answer, HandingAnswer::Nobody);
    assert_eq!(of(&place, "clerk-1").await.len(), 1);
    let names = async |who: &Actor, role: Role| {
        let all = place.store.assignees(&Scope::of(who), role).await.unwrap();
        all.into_iter().map(|one| one.subject).collect::<Vec<_>>()
    };
    assert_eq!(names(&manager(), Role::BranchClerk).await, ["both-9", "clerk-1", "clerk-2", "floater"]);
    assert_eq!(names(&manager(), Role::ScreeningOfficer).await, ["floater"]);
    assert!(names(&manager(), Role::Compliance).await.is_empty());
    assert!(names(&abroad, Role::BranchClerk).await.is_empty());
    // E.2: nobody is given the decision on what he proposed himself.
    let case = ids[0].split(':').next().unwrap().to_owned();
    let proposed = Command::StartScreening {};
    done(ask_of(&place, &clerk(), &case, &proposed).await);
    let filter = TaskFilter { application_id: Some(case), task: Some(Task::Decide), ..TaskFilter::default() };
    let decide = place.store.tasks(&Scope::of(&manager()), &filter, None, 10).await.unwrap().items;
    let ids: Vec<String> = decide.iter().map(|task| task.id.clone()).collect();
    assert_eq!(decide.len(), 1);
    assert_eq!(decide[0].role, Role::BranchManager);
    let own = account("clerk-1b", &[Role::BranchManager], &[], AccountKind::Person);
    place.store.add_accounts(&[own], "test", noon()).await.unwrap();
    place.tamper("UPDATE account SET subject = 'old' WHERE subject = 'clerk-1'").await;
    place.tamper("UPDATE account SET subject = 'clerk-1' WHERE login = 'clerk-1b'").await;
    assert_eq!(hand(&place, &ids, None, "clerk-1").await, [Came::MayNotDecide]);
    assert_eq!(hand(&place, &ids, None, "manager").await, [Came::Handed]);
}
