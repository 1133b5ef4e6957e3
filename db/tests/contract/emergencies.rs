//! Cases read in emergency (L-91): one person, one case outside his branches, a short time; told, on record, reviewed.

use crate::stories::*;
use chrono::{DateTime, Duration, Utc};
use db::audit::{Look, LookedAt};
use db::read::{Filter, Sort, TaskFilter};
use db::verify::verify;
use db::{Answer, Request, Scope, Target};
use workflows::machine::emergency::{EmergencyAccess, EmergencyOutcome};
use workflows::machine::facts::ConflictRelation;
use workflows::machine::{Actor, Command, Refusal, Role, Task};

on_both!(
    an_access_shows_exactly_one_case_and_ends_to_the_microsecond,
    whoever_is_kept_from_a_case_does_not_open_it,
    every_use_is_told_listed_and_reviewed,
);

const REASON: &str = "The customer stands at our counter and the branch is closed.";

/// A manager of another branch of the sample's bank.
fn away() -> Actor {
    Actor { branches: vec!["998".to_owned()], ..staff(Role::BranchManager, "manager-away") }
}

async fn at(place: &Place, actor: &Actor, id: &str, command: Command, now: DateTime<Utc>) -> Answer {
    let target = Target::Case { id };
    let request = Request { actor, now, target, command: &command, expected_version: None, key: None };
    place.store.execute(request).await.unwrap()
}

fn open() -> Command {
    Command::OpenCaseInEmergency { reason: REASON.to_owned() }
}

async fn opened(place: &Place, actor: &Actor, id: &str) -> EmergencyAccess {
    let done = done(at(place, actor, id, open(), noon()).await);
    done.case.emergencies.last().unwrap().clone()
}

/// Everything that the person finds with this scope: cases of the list, the case itself, lines of its history, tasks.
async fn found(place: &Place, scope: &Scope, id: &str) -> (usize, bool, usize, usize) {
    let store = &place.store;
    let list = store.list(scope, &Filter::default(), Sort::UpdatedDesc, None, 50).await.unwrap();
    let case = store.case(scope, id).await.unwrap();
    let entries = store.entries(scope, id, 0, 50).await.unwrap();
    let tasks = store.tasks(scope, &TaskFilter::default(), None, 50).await.unwrap();
    (list.items.len(), case.is_some(), entries.len(), tasks.items.len())
}

async fn an_access_shows_exactly_one_case_and_ends_to_the_microsecond(place: Place) {
    let id = submitted(&place.store, &applicant("taro")).await;
    let other = submitted(&place.store, &applicant("jiro")).await;
    let scope_at =
        async |actor: &Actor, id: &str, now| place.store.emergency_scope(actor, id, now).await.unwrap();
    assert_eq!(found(&place, &Scope::of(&away()), &id).await, (0, false, 0, 0));
    assert!(scope_at(&away(), &id, noon()).await.is_none(), "without an access there is nothing");
    let access = opened(&place, &away(), &id).await;
    assert_eq!(access.ends_at, noon() + Duration::minutes(60), "the book says for how long");
    let scope = scope_at(&away(), &id, noon()).await.unwrap();
    assert_eq!(scope.emergency(), Some((id.as_str(), access.id.as_str())));
    assert_eq!(found(&place, &scope, &id).await, (1, true, 3, 0), "that case, to read; no queue");
    assert_eq!(found(&place, &scope, &other).await, (1, false, 0, 0), "and no other");
    assert_eq!(
        found(&place, &Scope::of(&away()), &id).await,
        (0, false, 0, 0),
        "nothing without asking for it"
    );
    // It reads and changes nothing.
    let answer = at(&place, &away(), &id, memo("mine"), noon()).await;
    assert!(matches!(answer, Answer::NotFound), "{answer:?}");

    let tick = Duration::microseconds(1);
    assert!(scope_at(&away(), &id, noon() - tick).await.is_none(), "not before it was opened");
    assert!(scope_at(&away(), &id, access.ends_at - tick).await.is_some());
    assert!(scope_at(&away(), &id, access.ends_at).await.is_none(), "over to the microsecond");
    for stranger in [
        Actor { subject: "somebody-else".to_owned(), ..away() },
        Actor { role: Role::ScreeningOfficer, ..away() },
        Actor { role: Role::BranchClerk, ..away() },
        Actor { institution: "9999".to_owned(), ..away() },
    ] {
        assert!(scope_at(&stranger, &id, noon()).await.is_none(), "{stranger:?}");
    }
    assert!(scope_at(&away(), &other, noon()).await.is_none());

    // Ended before its time it is over at that instant.
    let end = Command::EndEmergencyAccess { access: access.id.clone() };
    let later = noon() + Duration::minutes(5);
    done(at(&place, &away(), &id, end, later).await);
    assert!(scope_at(&away(), &id, later).await.is_none());
    // A new reason opens it anew.
    let again = done(at(&place, &away(), &id, open(), later + tick).await);
    assert_eq!(again.case.emergencies.len(), 2);
    assert!(scope_at(&away(), &id, later + tick).await.is_some());
    assert_eq!(verify(&place.store).await.unwrap().violations, vec![]);
}

async fn whoever_is_kept_from_a_case_does_not_open_it(place: Place) {
    let id = submitted(&place.store, &applicant("taro")).await;
    // At another bank the case is not there, nor for roles that work at one branch alone.
    for actor in [
        Actor { institution: "9999".to_owned(), ..away() },
        Actor { role: Role::BranchClerk, ..away() },
        Actor { role: Role::Operations, ..away() },
        partner(Role::Guarantor, "SOMEBODY-ELSE"),
        applicant("hanako"),
    ] {
        let answer = at(&place, &actor, &id, open(), noon()).await;
        assert!(matches!(answer, Answer::NotFound), "{actor:?}: {answer:?}");
    }
    // A deputy has no reason of the absent person's.
    let deputy = Actor { on_behalf_of: Some("absent".to_owned()), ..away() };
    let answer = at(&place, &deputy, &id, open(), noon()).await;
    assert!(
        matches!(&answer, Answer::Refused(Refusal::Invalid { rule, .. }) if rule == "L-91"),
        "{answer:?}"
    );
    // Who has an interest keeps away, and loses what is open.
    opened(&place, &away(), &id).await;
    let declare = Command::DeclareConflict {
        subject: Some("manager-away".to_owned()),
        relation: ConflictRelation::Relative,
        note: "the sister applies".to_owned(),
    };
    done(at(&place, &staff(Role::Compliance, "compliance-1"), &id, declare, soon(1)).await);
    assert!(place.store.emergency_scope(&away(), &id, soon(2)).await.unwrap().is_none());
    let answer = at(&place, &away(), &id, open(), soon(7200)).await;
    assert!(matches!(&answer, Answer::Refused(Refusal::Blocked { .. })), "{answer:?}");
    // His own application is no less his own at another branch.
    let own = submitted(&place.store, &applicant("manager-away")).await;
    let answer = at(&place, &away(), &own, open(), noon()).await;
    assert!(matches!(&answer, Answer::Refused(Refusal::Blocked { .. })), "{answer:?}");
    // And a case of one's own branch needs no emergency.
    let here = staff(Role::BranchManager, "manager");
    let answer = at(&place, &here, &id, open(), noon()).await;
    assert!(matches!(&answer, Answer::Refused(Refusal::Invalid { .. })), "{answer:?}");
}

async fn every_use_is_told_listed_and_reviewed(place: Place) {
    let store = &place.store;
    let id = submitted(store, &applicant("taro")).await;
    let told = "SELECT count(*) FROM outbox WHERE kind = 'W04' AND channel = 'INBOX'";
    let before = place.number(told).await;
    opened(&place, &away(), &id).await;
    assert_eq!(place.number(told).await - before, 2, "compliance and the manager of the branch");
    let form = form();
    for word in [form.parties[0].name_kanji.as_str(), form.parties[0].name_kana.as_str(), REASON] {
        let said = format!("SELECT count(*) FROM outbox WHERE kind = 'W04' AND payload LIKE '%{word}%'");
        assert_eq!(place.number(&said).await, 0, "a notice says {word:?}");
    }
    let compliance = staff(Role::Compliance, "compliance-1");
    let queue = async || {
        let review = TaskFilter { task: Some(Task::ReviewEmergency), ..TaskFilter::default() };
        store.tasks(&Scope::of(&compliance), &review, None, 10).await.unwrap().items
    };
    assert_eq!(queue().await.len(), 1);
    let second = Actor { subject: "screener-away".to_owned(), role: Role::ScreeningOfficer, ..away() };
    done(at(&place, &second, &id, open(), soon(60)).await);

    // The looks made under it carry its name.
    let marked = Look { emergency: Some("E1".to_owned()), ..look(&[&id]) };
    store.record_looks(&away(), &[marked], soon(61)).await.unwrap();
    let looks =
        store.looks(&Scope::of(&compliance), &LookedAt::By("manager-away"), None, 10).await.unwrap().items;
    assert_eq!(looks[0].look.emergency.as_deref(), Some("E1"));

    let uses = async |role: Role, unreviewed: bool, after: Option<String>, first: u32| {
        let scope = Scope::of(&staff(role, "watcher"));
        store.emergency_uses(&scope, unreviewed, after.as_deref(), first).await.unwrap()
    };
    for role in [Role::Compliance, Role::Auditor] {
        let latest = uses(role, false, None, 1).await;
        assert_eq!(latest.items[0].access.subject, "screener-away");
        let rest = uses(role, false, latest.next, 1).await;
        assert_eq!((rest.items[0].access.subject.as_str(), rest.next), ("manager-away", None));
        assert_eq!(rest.items[0].access.reason, REASON);
    }
    for role in [Role::BranchManager, Role::ScreeningOfficer, Role::BranchClerk, Role::UserAdmin] {
        assert!(uses(role, false, None, 10).await.items.is_empty(), "{role}");
    }
    let review = |outcome| Command::ReviewEmergencyAccess {
        access: "E1".to_owned(),
        outcome,
        note: "The branch confirms the visit.".to_owned(),
    };
    let too_early = at(&place, &compliance, &id, review(EmergencyOutcome::Justified), soon(120)).await;
    assert!(matches!(too_early, Answer::Refused(_)), "it still runs: {too_early:?}");
    let after = noon() + Duration::minutes(61);
    let reviewed = done(at(&place, &compliance, &id, review(EmergencyOutcome::NotJustified), after).await);
    let found = reviewed.case.emergencies[0].review.clone().unwrap();
    assert_eq!((found.by.as_str(), found.outcome), ("compliance-1", EmergencyOutcome::NotJustified));
    assert_eq!(queue().await.len(), 1, "the other one waits still");
    let waiting = uses(Role::Compliance, true, None, 10).await.items;
    assert_eq!(waiting.len(), 1);
    assert!(!waiting[0].access.is_overdue(waiting[0].access.review_due_on));
    assert!(waiting[0].access.is_overdue(waiting[0].access.review_due_on + Duration::days(1)));
    let again = at(&place, &compliance, &id, review(EmergencyOutcome::Justified), after).await;
    assert!(matches!(again, Answer::Refused(_)), "reviewed once: {again:?}");
    assert_eq!(verify(store).await.unwrap().violations, vec![]);
}
