//! The read log under load: looks share commits, each line stands behind the wall of its bank, and what is not on record is told.

use crate::stories::*;
use db::audit::Look;
use futures::future::join_all;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use workflows::machine::{Actor, Role};

on_both!(lines_of_two_banks_stand_behind_their_walls, one_refused_line_spoils_no_other);

/// A second bank; nothing of it is in the sample.
const OTHER: &str = "9999";

fn person(n: usize) -> Actor {
    staff(Role::ScreeningOfficer, &format!("screener-{n:03}"))
}

fn at(bank: &str, n: usize) -> Look {
    Look { institution: bank.to_owned(), request: format!("request-{n:04}"), ..look(&["case-1"]) }
}

/// Twenty people, each with ten looks one after the other, beside a look of 180 more people at once.
async fn two_hundred_at_once(place: Place, statements: Arc<AtomicUsize>) {
    let bank = form().institution.bank_code;
    let before = statements.load(Ordering::Relaxed);
    let patient = (0..20).map(|n| {
        let (store, bank) = (place.store.clone(), bank.clone());
        tokio::spawn(async move {
            for look in 0..10 {
                let look = at(&bank, n * 10 + look);
                store.record_looks(&person(n), &[look], noon()).await.unwrap();
            }
        })
    });
    let hasty = (20..200).map(|n| {
        let (store, bank) = (place.store.clone(), bank.clone());
        tokio::spawn(
            async move { store.record_looks(&person(n), &[at(&bank, n * 10)], noon()).await.unwrap() },
        )
    });
    for done in join_all(patient.chain(hasty).collect::<Vec<_>>()).await {
        done.unwrap();
    }
    let asked = statements.load(Ordering::Relaxed) - before;
    let of = |what: &str| format!("SELECT {what} FROM audit WHERE kind = 'ACCESS'");
    assert_eq!(place.number(&of("count(*)")).await, 380, "each look once");
    assert_eq!(place.number(&of("count(DISTINCT detail)")).await, 380, "and each its own line");
    let disordered = "SELECT count(*) FROM audit a JOIN audit b ON a.by_subject = b.by_subject AND a.seq < b.seq \
                      WHERE a.detail > b.detail AND a.kind = 'ACCESS' AND b.kind = 'ACCESS'";
    assert_eq!(place.number(disordered).await, 0, "what somebody looked at later stands later");
    println!("380 looks in {asked} statements");
    assert!(asked <= 190, "{asked} statements for 380 looks: they do not share commits");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn looks_share_commits_on_sqlite() {
    let (count, hook) = counted();
    two_hundred_at_once(sqlite(|options| options.statements = Some(hook)).await, count).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn looks_share_commits_on_postgres() {
    let (count, hook) = counted();
    two_hundred_at_once(postgres(|options| options.statements = Some(hook)).await, count).await;
}

/// Counts statements of the store.
fn counted() -> (Arc<AtomicUsize>, db::StatementHook) {
    let count = Arc::new(AtomicUsize::new(0));
    let counting = count.clone();
    (count, Arc::new(move |_, _| _ = counting.fetch_add(1, Ordering::Relaxed)))
}

async fn lines_of_two_banks_stand_behind_their_walls(place: Place) {
    let bank = form().institution.bank_code;
    let store = &place.store;
    // People of both banks at once, and a partner of several banks who meets both in one list.
    let looks = (0..60).map(|n| {
        let looks = match n % 3 {
            0 => vec![at(&bank, n)],
            1 => vec![at(OTHER, n)],
            _ => vec![at(OTHER, n), at(&bank, n)],
        };
        let actor = Actor { institution: looks[0].institution.clone(), ..person(n) };
        async move { store.record_looks(&actor, &looks, noon()).await }
    });
    for done in join_all(looks).await {
        done.unwrap();
    }
    for bank in [bank.as_str(), OTHER] {
        let lines = format!("SELECT count(*) FROM audit WHERE kind = 'ACCESS' AND institution = '{bank}'");
        assert_eq!(place.number(&lines).await, 40, "{bank}");
        // Asked by the store itself, as the auditor of either bank: on PostgreSQL through row-level security.
        let auditor = Actor { institution: bank.to_owned(), ..staff(Role::Auditor, "auditor") };
        let page = store.audit(&db::Scope::of(&auditor), None, 100).await.unwrap();
        assert_eq!(page.items.len(), 40);
        assert!(page.items.iter().all(|line| line.institution == bank));
    }
}

async fn one_refused_line_spoils_no_other(place: Place) {
    let bank = form().institution.bank_code;
    let refuse = match place.store.backend() {
        sea_orm::DbBackend::Postgres => {
            "ALTER TABLE audit ADD CONSTRAINT refused CHECK (by_subject <> 'screener-007')"
        }
        _ => {
            "CREATE TRIGGER refused BEFORE INSERT ON audit WHEN NEW.by_subject = 'screener-007' \
             BEGIN SELECT RAISE(ABORT, 'refused'); END"
        }
    };
    place.tamper(refuse).await;
    let store = &place.store;
    let looks = (0..30).map(|n| {
        let look = at(&bank, n);
        async move { store.record_looks(&person(n), &[look], noon()).await.is_ok() }
    });
    let told: Vec<bool> = join_all(looks).await;
    assert_eq!(told.iter().filter(|ok| **ok).count(), 29);
    assert!(!told[7], "the refused one is told so, although others shared its batch");
    assert_eq!(place.number("SELECT count(*) FROM audit WHERE kind = 'ACCESS'").await, 29);
    // Where nothing can be written, nobody is told that it was.
    place.tamper("ALTER TABLE audit RENAME TO audit_away").await;
    let looks = (0..30).map(|n| {
        let look = at(&bank, n);
        async move { store.record_looks(&person(n), &[look], noon()).await.is_err() }
    });
    assert!(join_all(looks).await.into_iter().all(|refused| refused));
    place.tamper("ALTER TABLE audit_away RENAME TO audit").await;
    store.record_looks(&person(1), &[at(&bank, 99)], noon()).await.unwrap();
}
