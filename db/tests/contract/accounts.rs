//! Accounts and sessions: two people for every step, and what a step ends.

use crate::stories::Place;
use chrono::{DateTime, TimeDelta, Utc};
use db::Scope;
use db::accounts::{AccountAnswer, Proposal, account_id, new_account};
use db::sessions::Session;
use workflows::account::{Account, AccountChange, AccountKind, AccountState, AccountStep, Profile, Wanted};
use workflows::machine::{Actor, Role};

on_both!(
    two_people_create_change_and_suspend_an_account,
    a_step_that_does_not_fit_is_refused_whole,
    of_two_accounts_of_a_subject_one_stands,
    sessions_end_on_the_server,
    accounts_of_other_banks_do_not_exist,
);

const ISSUER: &str = "https://login.bank.example";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    at("2026-04-06T03:00:00Z")
}

fn admin(name: &str, bank: &str) -> Scope {
    Scope::of(&Actor {
        subject: name.to_owned(),
        role: Role::UserAdmin,
        institution: bank.to_owned(),
        branches: vec![],
        organisation: None,
        on_behalf_of: None,
    })
}

fn profile(roles: &[Role]) -> Profile {
    Profile {
        name: "テスト 担当".to_owned(),
        roles: roles.to_vec(),
        branches: vec![],
        organisation: None,
        lead: false,
    }
}

fn person(login: &str, roles: &[Role]) -> Wanted {
    Wanted { kind: AccountKind::Person, login: login.to_owned(), profile: profile(roles) }
}

fn create(login: &str, roles: &[Role]) -> Proposal {
    Proposal::Create { issuer: ISSUER.to_owned(), wanted: person(login, roles) }
}

fn done(answer: AccountAnswer) -> AccountChange {
    match answer {
        AccountAnswer::Done(change) => *change,
        other => panic!("{other:?}"),
    }
}

fn refused(answer: AccountAnswer) -> Vec<String> {
    match answer {
        AccountAnswer::Invalid(problems) => {
            assert!(problems.iter().all(|problem| !problem.accepted.is_empty()), "{problems:?}");
            problems.into_iter().map(|problem| problem.field).collect()
        }
        other => panic!("{other:?}"),
    }
}

/// Proposed by one, approved by another.
async fn carried_out(place: &Place, proposal: Proposal, now: DateTime<Utc>) -> AccountChange {
    let (first, second) = (admin("first", "2963"), admin("second", "2963"));
    let change = done(place.store.propose_account(&first, proposal, now).await.unwrap());
    done(place.store.decide_account(&second, &change.id, None, (now, now)).await.unwrap())
}

async fn account(place: &Place, login: &str) -> Option<Account> {
    place.store.account_of(ISSUER, AccountKind::Person, login).await.unwrap()
}

async fn two_people_create_change_and_suspend_an_account(place: Place) {
    let (first, second) = (admin("first", "2963"), admin("second", "2963"));
    let proposal = create("clerk-1", &[Role::BranchClerk]);
    let change = done(place.store.propose_account(&first, proposal, now()).await.unwrap());
    assert_eq!(account(&place, "clerk-1").await, None, "a proposal counts for nothing");
    assert_eq!(
        refused(place.store.decide_account(&first, &change.id, None, (now(), now())).await.unwrap()),
        ["id"]
    );
    let approved = done(place.store.decide_account(&second, &change.id, None, (now(), now())).await.unwrap());
    let clerk = account(&place, "clerk-1").await.unwrap();
    assert_eq!((clerk.id.as_str(), clerk.version), (approved.account_id.as_str(), 1));
    assert_eq!(clerk.actor(None).unwrap().role, Role::BranchClerk);
    assert_eq!(
        refused(place.store.decide_account(&second, &change.id, None, (now(), now())).await.unwrap()),
        ["id"]
    );

    let profile = profile(&[Role::ScreeningOfficer]);
    carried_out(&place, Proposal::Change { id: clerk.id.clone(), profile }, now()).await;
    let changed = account(&place, "clerk-1").await.unwrap();
    assert_eq!((changed.actor(None).unwrap().role, changed.version), (Role::ScreeningOfficer, 2));
    let step = |step| Proposal::Step { id: clerk.id.clone(), step };
    carried_out(&place, step(AccountStep::Suspend), now()).await;
    let suspended = account(&place, "clerk-1").await.unwrap();
    assert_eq!((suspended.state, suspended.actor(None)), (AccountState::Suspended, None));
    carried_out(&place, step(AccountStep::Resume), now()).await;
    let resumed = account(&place, "clerk-1").await.unwrap();
    assert_eq!((resumed.state, resumed.valid_from), (AccountState::Active, Some(now())));

    // Each step left a line of the audit, and the list tells them to administrators and auditors.
    let auditor = Scope::of(&Actor { role: Role::Auditor, ..first.actor().clone() });
    let lines = place.store.audit(&auditor, None, 100).await.unwrap().items;
    assert_eq!(lines.iter().filter(|line| line.kind == "ACCOUNT").count(), 8, "{lines:?}");
    for reader in [&first, &auditor] {
        assert_eq!(place.store.account_changes(reader, false, None, 100).await.unwrap().len(), 4);
        assert_eq!(place.store.accounts(reader, None, 100).await.unwrap().len(), 1);
    }
}

async fn a_step_that_does_not_fit_is_refused_whole(place: Place) {
    let first = admin("first", "2963");
    let propose = async |proposal| place.store.propose_account(&first, proposal, now()).await.unwrap();
    assert_eq!(refused(propose(create("a b", &[Role::System])).await), ["login", "roles"]);
    carried_out(&place, create("clerk-1", &[Role::BranchClerk]), now()).await;
    let clerk = account(&place, "clerk-1").await.unwrap();
    assert_eq!(refused(propose(create("clerk-1", &[Role::BranchClerk])).await), ["login"]);
    let step = |step| Proposal::Step { id: clerk.id.clone(), step };
    assert_eq!(refused(propose(step(AccountStep::Resume)).await), ["step"]);
    let open = done(propose(step(AccountStep::Suspend)).await);
    assert_eq!(refused(propose(step(AccountStep::EndSessions)).await), ["id"], "one waits already");
    let second = admin("second", "2963");
    let back = place.store.decide_account(&second, &open.id, Some("誤り"), (now(), now())).await.unwrap();
    assert_eq!(done(back).reason.as_deref(), Some("誤り"));
    assert_eq!(account(&place, "clerk-1").await.unwrap(), clerk, "a return changes nothing");
    // Nobody deals with an account of his own.
    carried_out(&place, create("third", &[Role::UserAdmin]), now()).await;
    let third = account(&place, "third").await.unwrap();
    let own = Proposal::Step { id: third.id.clone(), step: AccountStep::EndSessions };
    let answer = place.store.propose_account(&admin("third", "2963"), own, now()).await.unwrap();
    assert_eq!(refused(answer), ["id"]);
    let own = done(propose(Proposal::Step { id: third.id, step: AccountStep::EndSessions }).await);
    let answer =
        place.store.decide_account(&admin("third", "2963"), &own.id, None, (now(), now())).await.unwrap();
    assert_eq!(refused(answer), ["id"]);
    let mut clerk = first.actor().clone();
    clerk.role = Role::BranchManager;
    let answer = place.store.propose_account(&Scope::of(&clerk), create("x", &[Role::Auditor]), now()).await;
    assert_eq!(answer.unwrap(), AccountAnswer::Forbidden);
}

async fn of_two_accounts_of_a_subject_one_stands(place: Place) {
    let (first, second) = (admin("first", "2963"), admin("second", "2963"));
    let propose = async || {
        let proposal = create("clerk-1", &[Role::BranchClerk]);
        done(place.store.propose_account(&first, proposal, now()).await.unwrap())
    };
    let (one, two) = (propose().await, propose().await);
    let decide = |id: String| {
        let (store, second) = (place.store.clone(), second.clone());
        async move { store.decide_account(&second, &id, None, (now(), now())).await.unwrap() }
    };
    let (one, two) = tokio::join!(decide(one.id), decide(two.id));
    let stand = [&one, &two].iter().filter(|answer| matches!(answer, AccountAnswer::Done(_))).count();
    assert_eq!(stand, 1, "{one:?} {two:?}");
    assert_eq!(place.store.accounts(&first, None, 100).await.unwrap().len(), 1);
}

async fn accounts_of_other_banks_do_not_exist(place: Place) {
    carried_out(&place, create("clerk-1", &[Role::BranchClerk]), now()).await;
    let clerk = account(&place, "clerk-1").await.unwrap();
    let stranger = admin("stranger", "2978");
    let step = Proposal::Step { id: clerk.id.clone(), step: AccountStep::Suspend };
    let answer = place.store.propose_account(&stranger, step.clone(), now()).await.unwrap();
    assert_eq!(answer, AccountAnswer::NotFound);
    let open = done(place.store.propose_account(&admin("first", "2963"), step, now()).await.unwrap());
    let answer = place.store.decide_account(&stranger, &open.id, None, (now(), now())).await.unwrap();
    assert_eq!(answer, AccountAnswer::NotFound);
    assert_eq!(place.store.accounts(&stranger, None, 100).await.unwrap(), vec![]);
    assert_eq!(place.store.account_changes(&stranger, false, None, 100).await.unwrap(), vec![]);
}

async fn sessions_end_on_the_server(place: Place) {
    let clerk = new_account(&account_id(), ISSUER, "2963", person("clerk-1", &[Role::BranchClerk]), now());
    assert_eq!(place.store.add_accounts(std::slice::from_ref(&clerk), "demo", now()).await.unwrap(), 1);
    assert_eq!(place.store.add_accounts(std::slice::from_ref(&clerk), "demo", now()).await.unwrap(), 0);
    let session = |digest: &str, begun_at| Session {
        digest: digest.to_owned(),
        account: clerk.clone(),
        begun_at,
        seen_at: begun_at,
        ends_at: begun_at + TimeDelta::hours(10),
    };
    let idle = TimeDelta::minutes(15);
    let begin = async |digest: &str, instead: Option<&str>, when| {
        place.store.begin_session(&session(digest, when), instead, when).await.unwrap();
    };
    begin("one", None, now()).await;
    begin("two", Some("one"), now()).await;
    assert_eq!(place.store.session("one").await.unwrap(), None, "a new session ends the old one");
    let two = place.store.session("two").await.unwrap().unwrap();
    assert_eq!(two, session("two", now()));
    let later = now() + TimeDelta::minutes(15);
    assert!(two.counts(later - TimeDelta::seconds(1), idle) && !two.counts(later, idle));
    place.store.touch_session("two", later).await.unwrap();
    let two = place.store.session("two").await.unwrap().unwrap();
    assert!(two.counts(later, idle) && !two.counts(now() + TimeDelta::hours(10), TimeDelta::days(1)));
    begin("three", None, later).await;
    let wanted = ["two", "three", "none"].map(str::to_owned);
    assert_eq!(place.store.sessions(&wanted).await.unwrap().len(), 2);
    place.store.end_session(&two, false, later).await.unwrap();
    assert_eq!(place.store.session("two").await.unwrap(), None);
    begin("four", None, later).await;
    let four = place.store.session("four").await.unwrap().unwrap();
    place.store.end_session(&four, true, later).await.unwrap();
    assert_eq!(place.store.sessions(&["three".to_owned(), "four".to_owned()]).await.unwrap(), vec![]);
    assert_eq!(account(&place, "clerk-1").await.unwrap().valid_from, Some(later));
    // Old ones are forgotten at the next sign-in.
    let much_later = later + TimeDelta::days(30);
    begin("five", None, much_later).await;
    let five = place.store.session("five").await.unwrap().unwrap();
    assert!(five.counts(much_later, idle));
}
