//! Many at once: one effect per key, one winner per version, nothing lost.

use crate::stories::*;
use db::{Answer, Key, Request, Store, Target};
use workflows::machine::{Actor, Command};

on_both!(
    twins_of_one_key_have_one_effect,
    racing_writers_are_all_kept,
    one_writer_wins_a_version,
    many_open_at_once
);

/// The same request from several tasks at the same time.
async fn at_once(
    store: &Store,
    times: usize,
    actor: &Actor,
    id: &str,
    version: Option<u64>,
    key: bool,
) -> Vec<Answer> {
    let tasks = (0..times).map(|n| {
        let (store, actor, id) = (store.clone(), actor.clone(), id.to_owned());
        tokio::spawn(async move {
            let command = memo(&if key { "twin".to_owned() } else { format!("memo {n}") });
            let key = key.then_some(Key { key: "twin-key", body_hash: "twin" });
            let target = Target::Case { id: &id };
            let request = Request {
                actor: &actor,
                now: noon(),
                target,
                command: &command,
                expected_version: version,
                key,
            };
            store.execute(request).await.unwrap()
        })
    });
    let tasks: Vec<_> = tasks.collect();
    let mut answers = vec![];
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

async fn twins_of_one_key_have_one_effect(place: Place) {
    let id = submitted(&place.store, &applicant("taro")).await;
    let answers = at_once(&place.store, 8, &clerk(), &id, None, true).await;
    let fresh = answers.iter().filter(|a| matches!(a, Answer::Done(d) if !d.replayed)).count();
    let same = answers.iter().filter(|a| matches!(a, Answer::Done(d) if d.version == 3)).count();
    assert_eq!((fresh, same), (1, 8));
    assert_eq!(place.number("SELECT count(*) FROM entry").await, 3);
}

async fn racing_writers_are_all_kept(place: Place) {
    let id = submitted(&place.store, &applicant("taro")).await;
    let answers = at_once(&place.store, 16, &clerk(), &id, None, false).await;
    let mut versions: Vec<u64> = answers.into_iter().map(|a| done(a).version).collect();
    versions.sort_unstable();
    assert_eq!(versions, (3..19).collect::<Vec<u64>>());
    let report = db::verify::verify(&place.store).await.unwrap();
    assert!(report.violations.is_empty(), "{:?}", report.violations);
}

async fn one_writer_wins_a_version(place: Place) {
    let id = submitted(&place.store, &applicant("taro")).await;
    let answers = at_once(&place.store, 16, &clerk(), &id, Some(2), false).await;
    let won = answers.iter().filter(|a| matches!(a, Answer::Done(_))).count();
    let lost = answers.iter().filter(|a| matches!(a, Answer::Conflict { .. })).count();
    assert_eq!((won, lost), (1, 15));
}

async fn many_open_at_once(place: Place) {
    let tasks: Vec<_> = (0..40)
        .map(|n| {
            let store = place.store.clone();
            tokio::spawn(async move {
                let (who, id) = (applicant(&format!("person-{n}")), id());
                let create = Command::CreateDraft { form: form() };
                done(ask(&store, &who, Target::New { id: &id }, &create).await);
                // Every fifth sends the same number of its own: one of them gets it.
                let number = format!("X-{}", if n % 5 == 0 { 0 } else { n });
                ask(&store, &who, Target::Case { id: &id }, &submit_as(Some(&number))).await
            })
        })
        .collect();
    let (mut sent, mut duplicates) = (0, 0);
    for task in tasks {
        match task.await.unwrap() {
            Answer::Done(_) => sent += 1,
            Answer::Duplicate { .. } => duplicates += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((sent, duplicates), (33, 7));
    let report = db::verify::verify(&place.store).await.unwrap();
    assert_eq!((report.applications, report.violations), (40, vec![]));
}
