//! From a draft to a submitted application, once and only once.

use crate::stories::*;
use db::{Answer, Request, Scope, Target};
use std::time::Instant;
use tests::patience::PATIENCE;
use workflows::machine::{Command, Role, Stage};

on_both!(
    a_draft_is_submitted,
    a_stale_version_is_told,
    a_key_is_for_one_request,
    an_external_id_is_used_once,
    a_refusal_is_kept,
    what_is_not_seen_is_not_found,
    an_id_is_taken_once,
    the_audit_is_for_auditors,
);

async fn a_draft_is_submitted(place: Place) {
    let store = &place.store;
    let who = applicant("taro");
    let id = id();
    let draft = done(ask(store, &who, Target::New { id: &id }, &Command::CreateDraft { form: form() }).await);
    assert_eq!((draft.version, draft.case.stage), (1, Stage::Draft));
    let sent = done(ask(store, &who, Target::Case { id: &id }, &submit_as(Some("A-1"))).await);
    assert_eq!((sent.version, sent.case.stage, sent.replayed), (2, Stage::Submitted, false));
    assert_eq!(sent.rows[0], "T01");
    let scope = Scope::of(&who);
    let read = store.case(&scope, &id).await.unwrap().unwrap();
    assert_eq!(*read, *sent.case);
    assert_eq!(store.case_by_number(&scope, &sent.case.number).await.unwrap().unwrap().id, id);
    let history = store.entries(&scope, &id, 0, 10).await.unwrap();
    assert_eq!(history.iter().map(|e| e.version).collect::<Vec<_>>(), [1, 2]);
    // An entry shows once every older transaction of the server has ended, those of other tests included.
    let (mut seen, begun) = (vec![], Instant::now());
    while seen.len() < 2 && begun.elapsed() < PATIENCE {
        seen = store.changes(db::changes::Cursor::default(), 10).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(seen.iter().map(|c| c.version).collect::<Vec<_>>(), [1, 2]);
    let cursor: db::changes::Cursor = seen[1].cursor.to_string().parse().unwrap();
    assert_eq!(cursor, store.latest().await.unwrap());
    assert!(store.changes(cursor, 10).await.unwrap().is_empty());
}

async fn a_stale_version_is_told(place: Place) {
    let store = &place.store;
    let id = submitted(store, &applicant("taro")).await;
    let (clerk, now) = (clerk(), noon());
    let command = memo("first");
    let request = |version| Request {
        actor: &clerk,
        now,
        target: Target::Case { id: &id },
        command: &command,
        expected_version: Some(version),
        key: None,
    };
    done(store.execute(request(2)).await.unwrap());
    let Answer::Conflict { current, changed_by, .. } = store.execute(request(2)).await.unwrap() else {
        panic!("no conflict")
    };
    assert_eq!((current.version, changed_by.as_str()), (3, "clerk-1"));
}

async fn a_key_is_for_one_request(place: Place) {
    let store = &place.store;
    let id = submitted(store, &applicant("taro")).await;
    let target = Target::Case { id: &id };
    let first = done(ask_with_key(store, &clerk(), target, &memo("a"), ("key-1", "hash-a")).await);
    done(ask(store, &clerk(), target, &memo("between")).await);
    let again = done(ask_with_key(store, &clerk(), target, &memo("a"), ("key-1", "hash-a")).await);
    assert_eq!((again.version, again.rows, again.replayed), (first.version, first.rows, true));
    assert_eq!(again.case.version, 4);
    let other = ask_with_key(store, &clerk(), target, &memo("b"), ("key-1", "hash-b")).await;
    assert!(matches!(other, Answer::KeyReused), "{other:?}");
    // Another person's key of the same name is another key.
    let colleague = staff(Role::BranchClerk, "clerk-2");
    let his = done(ask_with_key(store, &colleague, target, &memo("c"), ("key-1", "hash-c")).await);
    assert_eq!(his.version, 5);
}

async fn an_external_id_is_used_once(place: Place) {
    let store = &place.store;
    let who = applicant("taro");
    let (first, second) = (id(), id());
    for id in [&first, &second] {
        done(ask(store, &who, Target::New { id }, &Command::CreateDraft { form: form() }).await);
    }
    let sent = done(ask(store, &who, Target::Case { id: &first }, &submit_as(Some("A-1"))).await);
    let answer = ask(store, &who, Target::Case { id: &second }, &submit_as(Some("A-1"))).await;
    let Answer::Duplicate { id, number } = answer else { panic!("no duplicate: {answer:?}") };
    assert_eq!((id, number), (first, sent.case.number.clone()));
    let draft = store.case(&Scope::of(&who), &second).await.unwrap().unwrap();
    assert_eq!((draft.version, draft.stage), (1, Stage::Draft));
}

async fn a_refusal_is_kept(place: Place) {
    let store = &place.store;
    let id = submitted(store, &applicant("taro")).await;
    let target = Target::Case { id: &id };
    let command = Command::OrderPosting {};
    let operations = staff(Role::Operations, "ops-1");
    let no = ask_with_key(store, &operations, target, &command, ("key-1", "h")).await;
    let Answer::Refused(refusal) = no else { panic!("{no:?}") };
    let again = ask_with_key(store, &operations, target, &command, ("key-1", "h")).await;
    assert!(matches!(again, Answer::Refused(same) if same == refusal));
    let lines = "SELECT count(*) FROM audit WHERE kind = 'REFUSAL' AND code = 'ILLEGAL_TRANSITION'";
    assert_eq!(place.number(lines).await, 1);
}

async fn what_is_not_seen_is_not_found(place: Place) {
    let store = &place.store;
    let id = submitted(store, &applicant("taro")).await;
    let foreign = workflows::machine::Actor { institution: "9999".to_owned(), ..clerk() };
    let hidden = ask(store, &foreign, Target::Case { id: &id }, &memo("x")).await;
    let absent = ask(store, &foreign, Target::Case { id: "no-such-case" }, &memo("x")).await;
    assert!(matches!((hidden, absent), (Answer::NotFound, Answer::NotFound)));
    let recorded = "SELECT count(*) FROM audit WHERE code = 'NOT_FOUND' AND institution = '9999'";
    assert_eq!(place.number(recorded).await, 2, "recorded alike");
}

async fn an_id_is_taken_once(place: Place) {
    let store = &place.store;
    let (who, id) = (applicant("taro"), id());
    let create = Command::CreateDraft { form: form() };
    done(ask(store, &who, Target::New { id: &id }, &create).await);
    let again = ask(store, &who, Target::New { id: &id }, &create).await;
    assert!(matches!(again, Answer::Conflict { .. }), "{again:?}");
    let other = ask(store, &applicant("jiro"), Target::New { id: &id }, &create).await;
    assert!(matches!(other, Answer::NotFound), "{other:?}");
}

async fn the_audit_is_for_auditors(place: Place) {
    let store = &place.store;
    let id = submitted(store, &applicant("taro")).await;
    ask(store, &staff(Role::Operations, "ops-1"), Target::Case { id: &id }, &Command::OrderPosting {}).await;
    let who = Scope::of(&clerk());
    store.record_looks(&clerk(), &[look(&[&id])], soon(5)).await.unwrap();
    let auditor = Scope::of(&staff(Role::Auditor, "auditor"));
    let first = store.audit(&auditor, None, 1).await.unwrap();
    let second = store.audit(&auditor, first.next.as_deref(), 1).await.unwrap();
    assert_eq!((first.items[0].kind.as_str(), second.items[0].kind.as_str()), ("ACCESS", "REFUSAL"));
    assert_eq!(first.items[0].by, "clerk-1");
    assert!(second.next.is_none());
    assert!(store.audit(&who, None, 10).await.unwrap().items.is_empty());
}
