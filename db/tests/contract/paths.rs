//! The fast writers write what the reference writes, in fewer statements.

use crate::stories::*;
use db::{StoreOptions, Target};
use sea_orm::{ConnectionTrait, Statement};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use workflows::machine::{Command, Role};

/// Everything that a story left in the database, in one spelling.
async fn left_behind(place: &Place) -> Vec<String> {
    let id = "00000000-0000-7000-8000-000000000001";
    let (store, who) = (&place.store, applicant("taro"));
    done(ask(store, &who, Target::New { id }, &Command::CreateDraft { form: form() }).await);
    done(ask_with_key(store, &who, Target::Case { id }, &submit_as(Some("A-1")), ("key-1", "h")).await);
    done(ask(store, &clerk(), Target::Case { id }, &memo("seen")).await);
    screened(store, id).await;
    let manager = staff(Role::BranchManager, "manager");
    let _ =
        ask_with_key(store, &manager, Target::Case { id }, &Command::OrderPosting {}, ("key-2", "h")).await;
    let queries = [
        "SELECT id || institution || branch || coalesce(number, '-') || stage || version || name_kana || amount_yen || planned_date || head_hash || body FROM application",
        "SELECT application_id || version || by_subject || verb || coalesce(reason, '-') || events || parcels || prev_hash || hash || coalesce(input, '-') FROM entry ORDER BY version",
        "SELECT id || channel || kind || coalesce(subject, '-') || address || payload || state FROM outbox ORDER BY id",
        "SELECT id || branch || task || role || coalesce(organisation, '-') || coalesce(subject, '-') || due_on FROM task ORDER BY id",
        "SELECT application_id || timer || key || CASE WHEN due_at = next_at THEN 'due' ELSE 'leased' END FROM deadline ORDER BY timer, key",
        "SELECT application_id || role || organisation FROM engagement ORDER BY role",
        "SELECT institution || caller || key || body_hash || outcome FROM receipt ORDER BY key",
    ];
    let aside = place.aside().await;
    let mut lines = vec![];
    for query in queries {
        let rows =
            aside.query_all_raw(Statement::from_string(aside.get_database_backend(), query)).await.unwrap();
        assert!(!rows.is_empty(), "{query}");
        lines.extend(rows.iter().map(|r| r.try_get_by_index::<String>(0).unwrap()));
    }
    lines
}

#[tokio::test]
async fn all_writers_leave_the_same_rows() {
    let reference = left_behind(&sqlite(|o| o.plain = true).await).await;
    let alone = |o: &mut StoreOptions| o.batch = 1;
    assert_eq!(reference, left_behind(&sqlite(|_| ()).await).await, "SQLite, queue");
    assert_eq!(reference, left_behind(&sqlite(alone).await).await, "SQLite, one call");
    assert_eq!(reference, left_behind(&postgres(|o| o.plain = true).await).await, "PostgreSQL, plain");
    assert_eq!(reference, left_behind(&postgres(alone).await).await, "PostgreSQL, one call");
    assert_eq!(reference, left_behind(&postgres(|_| ()).await).await, "PostgreSQL, queue");
}

async fn statements_of_a_memo(plain: bool) -> u32 {
    let count = Arc::new(AtomicU32::new(0));
    let counted = count.clone();
    let place = postgres(move |o| {
        o.plain = plain;
        o.statements = Some(Arc::new(move |_, _| {
            counted.fetch_add(1, Ordering::Relaxed);
        }));
    })
    .await;
    let id = submitted(&place.store, &applicant("taro")).await;
    let before = count.load(Ordering::Relaxed);
    done(ask_with_key(&place.store, &clerk(), Target::Case { id: &id }, &memo("x"), ("key-1", "h")).await);
    count.load(Ordering::Relaxed) - before
}

#[tokio::test]
async fn a_transition_is_two_statements_on_postgres() {
    let (fast, plain) = (statements_of_a_memo(false).await, statements_of_a_memo(true).await);
    println!(
        "statements of a transition on PostgreSQL: {fast}; through the reference writer: {plain} in a transaction"
    );
    assert_eq!(fast, 2);
    assert!(plain > fast);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_transitions_share_a_commit() {
    share_commits(false).await;
    share_commits(true).await;
}

async fn share_commits(on_postgres: bool) {
    let commits = Arc::new(AtomicU32::new(0));
    let counted = commits.clone();
    let watch = move |o: &mut StoreOptions| {
        o.failpoint = Some(Arc::new(move |point| {
            if point == db::Failpoint::AfterCommit {
                counted.fetch_add(1, Ordering::Relaxed);
            }
        }));
    };
    let place = if on_postgres { postgres(watch).await } else { sqlite(watch).await };
    let tasks: Vec<_> = (0..64)
        .map(|n| {
            let store = place.store.clone();
            tokio::spawn(async move { submitted(&store, &applicant(&format!("p{n}"))).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let commits = commits.load(Ordering::Relaxed);
    println!("128 transitions in {commits} commits");
    assert!(commits < 128);
}
