//! `verify` finds what was done to the data behind the store's back.

use crate::stories::*;
use db::verify::verify;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use workflows::machine::Role;

on_both!(an_honest_store_is_clean, a_busy_store_is_clean, every_tampering_is_found);

/// A few cases, one of them a little further.
async fn some_cases(place: &Place) -> Vec<String> {
    let mut ids = vec![];
    for n in 0..3 {
        ids.push(submitted(&place.store, &applicant(&format!("person-{n}"))).await);
    }
    let target = db::Target::Case { id: &ids[0] };
    done(ask(&place.store, &clerk(), target, &memo("seen")).await);
    screened(&place.store, &ids[0]).await;
    let operations = staff(Role::Operations, "ops-1");
    done(ask(&place.store, &operations, target, &memo("seen too")).await);
    ids
}

async fn an_honest_store_is_clean(place: Place) {
    some_cases(&place).await;
    let report = verify(&place.store).await.unwrap();
    assert_eq!(report.violations, vec![]);
    assert_eq!(report.applications, 3);
    assert!(report.events > 20);
}

/// A page is read in several statements; what is committed between them is no finding.
async fn a_busy_store_is_clean(place: Place) {
    let ids = some_cases(&place).await;
    let (store, id) = (place.store.clone(), ids[1].clone());
    let seen = Arc::new(AtomicUsize::new(0));
    let verified = seen.clone();
    let writing = tokio::spawn(async move {
        // However slow the verification is beside it.
        let beside = |n: usize| n < 60 || verified.load(Ordering::Relaxed) < 2;
        for n in (0..6_000).take_while(|n| beside(*n)) {
            done(ask(&store, &clerk(), db::Target::Case { id: &id }, &memo(&format!("note {n}"))).await);
        }
    });
    while !writing.is_finished() {
        let report = verify(&place.store).await.unwrap();
        assert_eq!(report.violations, vec![]);
        seen.fetch_add(1, Ordering::Relaxed);
    }
    writing.await.unwrap();
    assert!(seen.load(Ordering::Relaxed) > 1, "verification ran beside the writer");
}

/// SQL, and the invariants of which one must be named.
const TAMPERINGS: &[(&str, &[&str])] = &[
    ("UPDATE entry SET by_subject = 'nobody' WHERE version = 2 AND application_id = '{id}'", &["CHAIN"]),
    ("UPDATE entry SET reason = 'because' WHERE version = 2 AND application_id = '{id}'", &["CHAIN"]),
    ("UPDATE entry SET events = replace(events, 'T01', 'T99') WHERE application_id = '{id}'", &["CHAIN"]),
    ("DELETE FROM entry WHERE version = 2 AND application_id = '{id}'", &["INV-10"]),
    ("DELETE FROM entry WHERE version = 3 AND application_id = '{id}'", &["INV-10"]),
    (
        "INSERT INTO entry (institution, application_id, version, at, by_subject, role, verb, events, parcels, prev_hash, hash) \
         SELECT institution, application_id, 99, at, by_subject, role, verb, events, parcels, hash, hash FROM entry \
         WHERE version = 2 AND application_id = '{id}'",
        &["INV-10"],
    ),
    (
        "UPDATE application SET body = replace(body, '\"arrears\":false', '\"arrears\":true') WHERE id = '{id}'",
        &["FOLD"],
    ),
    ("UPDATE application SET stage = 'DISBURSED' WHERE id = '{id}'", &["ROW"]),
    ("UPDATE application SET amount_yen = 1 WHERE id = '{id}'", &["ROW"]),
    ("UPDATE application SET version = 9 WHERE id = '{id}'", &["INV-10"]),
    ("UPDATE application SET head_hash = 'x' WHERE id = '{id}'", &["CHAIN"]),
    ("DELETE FROM outbox WHERE channel = 'EMAIL' AND application_id = '{id}'", &["OUTBOX"]),
    ("DELETE FROM task WHERE application_id = '{id}'", &["TASK"]),
    ("UPDATE deadline SET due_at = '2031-01-01T00:00:00+00:00' WHERE application_id = '{id}'", &["DEADLINE"]),
];

async fn every_tampering_is_found(place: Place) {
    let ids = some_cases(&place).await;
    for (n, (sql, invariants)) in TAMPERINGS.iter().enumerate() {
        let fresh = submitted(&place.store, &applicant(&format!("victim-{n}"))).await;
        done(ask(&place.store, &clerk(), db::Target::Case { id: &fresh }, &memo("seen")).await);
        let met = place.tamper(&sql.replace("{id}", &fresh)).await;
        assert!(met > 0, "{sql} met nothing");
        let report = verify(&place.store).await.unwrap();
        let found = report.violations.iter().filter(|v| v.application == fresh);
        let named: Vec<&str> = found.map(|v| v.invariant.as_str()).collect();
        assert!(invariants.iter().all(|i| named.contains(i)), "{sql}: {named:?}");
        assert!(report.violations.iter().all(|v| !ids.contains(&v.application)));
    }
}
