//! Keys: what was answered, what is taken, what is forgotten, and what has been spent.

use crate::stories::*;
use chrono::TimeDelta;
use db::answers::{Kept, Known, caller_of};
use db::spending::Spent;
use db::verify::verify;
use db::{Answer, StoreOptions};

on_both!(
    an_answer_is_kept_as_it_was_sent,
    a_key_without_a_receipt_is_taken_once,
    old_keys_are_forgotten_in_batches_and_the_proof_stays,
);

const KEY: &str = "key-of-a-contract-01";

fn kept(key: &str, hash: &str, body: &str) -> Kept {
    Kept {
        institution: clerk().institution,
        caller: caller_of(&clerk()),
        key: key.to_owned(),
        body_hash: hash.to_owned(),
        body: body.to_owned(),
        at: noon(),
    }
}

async fn an_answer_is_kept_as_it_was_sent(place: Place) {
    let store = &place.store;
    let body = "{\"data\":{\"name\":\"𠮷田 \\u0000 \\\"x\\\"\"}}";
    store.keep_answers(&[kept(KEY, "h", body), kept("key-of-a-contract-02", "h", "{}")]).await.unwrap();
    // The first answer stays.
    store.keep_answers(&[kept(KEY, "h", "another")]).await.unwrap();
    store.keep_answers(&[]).await.unwrap();
    assert_eq!(store.kept_answer(&clerk(), KEY, "h").await.unwrap().as_deref(), Some(body));
    assert_eq!(store.kept_answer(&clerk(), KEY, "other").await.unwrap(), None);
    assert_eq!(store.kept_answer(&applicant("taro"), KEY, "h").await.unwrap(), None);
}

async fn a_key_without_a_receipt_is_taken_once(place: Place) {
    let store = &place.store;
    let take = async |hash: &'static str, after: i64| {
        let now = noon() + TimeDelta::seconds(after);
        store.take_key(&clerk(), KEY, hash, now, now - TimeDelta::seconds(60)).await.unwrap()
    };
    let tasks = (0..16).map(|_| take("h", 0));
    let seen = futures::future::join_all(tasks).await;
    assert_eq!(seen.iter().filter(|known| **known == Known::Fresh).count(), 1, "{seen:?}");
    assert_eq!(seen.iter().filter(|known| **known == Known::Running).count(), 15, "{seen:?}");
    assert_eq!(take("other", 0).await, Known::Other);
    // Its process is gone: after a while it is taken over, by the same request alone.
    assert_eq!(take("other", 120).await, Known::Other);
    assert_eq!(take("h", 120).await, Known::Fresh);
    store.keep_answers(&[kept(KEY, "h", "{}")]).await.unwrap();
    assert_eq!(take("h", 600).await, Known::Answered("{}".to_owned()));
    // An answered key is not freed; one that came to nothing is.
    store.free_key(&clerk(), KEY).await.unwrap();
    assert_eq!(take("h", 600).await, Known::Answered("{}".to_owned()));
    let other = "key-of-a-contract-09";
    let now = noon();
    assert_eq!(store.take_key(&clerk(), other, "h", now, now).await.unwrap(), Known::Fresh);
    store.free_key(&clerk(), other).await.unwrap();
    assert_eq!(store.take_key(&clerk(), other, "g", now, now).await.unwrap(), Known::Fresh);
}

async fn old_keys_are_forgotten_in_batches_and_the_proof_stays(place: Place) {
    let store = &place.store;
    let id = submitted(store, &applicant("taro")).await;
    for n in 0..7 {
        let (key, text) = (format!("key-of-a-memo-{n:08}"), format!("memo {n}"));
        let answer =
            ask_with_key(store, &clerk(), db::Target::Case { id: &id }, &memo(&text), (&key, "h")).await;
        assert!(matches!(answer, Answer::Done(_)), "{answer:?}");
        store.keep_answers(&[kept(&key, "h", "{}")]).await.unwrap();
    }
    let before = place.number("SELECT count(*) FROM receipt").await;
    assert!(before >= 7, "{before}");
    assert_eq!(store.forget_keys(noon() - TimeDelta::days(1), 100).await.unwrap(), 0);
    let later = noon() + TimeDelta::days(1);
    assert_eq!(store.forget_keys(later, 3).await.unwrap(), 6);
    assert_eq!(place.number("SELECT count(*) FROM receipt").await, before - 3);
    assert_eq!(place.number("SELECT count(*) FROM answer").await, 4);
    while store.forget_keys(later, 3).await.unwrap() > 0 {}
    assert_eq!(place.number("SELECT count(*) FROM receipt").await, 0);
    assert_eq!(verify(store).await.unwrap().violations, vec![]);
    // A key that was forgotten is a new one.
    let again = ask_with_key(
        store,
        &clerk(),
        db::Target::Case { id: &id },
        &memo("memo 0"),
        ("key-of-a-memo-00000000", "h"),
    )
    .await;
    assert!(matches!(again, Answer::Done(done) if !done.replayed));
}

/// Two stores are two processes.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn processes_add_up_what_is_spent() {
    let place = postgres(|_| ()).await;
    let other = db::Store::open(&place.url, StoreOptions::new(rulebook())).await.unwrap();
    let spent = |name: &str, cost: i64| Spent { name: name.to_owned(), cost, per_minute: 60 };
    let both = [spent("a", 40_000), spent("b", 1_000)];
    let first = place.store.spend(&both).await.unwrap();
    assert_eq!(first.len(), 2);
    let level = |levels: Vec<(String, i64)>| levels.into_iter().find(|(name, _)| name == "a").unwrap().1;
    assert_eq!(level(first), 40_000);
    // A sixtieth of the minute's cost drains in a second; the statements are close together.
    let told = level(other.spend(&[spent("a", 30_000)]).await.unwrap());
    assert!((60_000..=70_000).contains(&told), "{told}");
    // Both tell the same names in different orders at the same time.
    let tell = async |store: &db::Store, names: [&str; 2]| {
        for _ in 0..50 {
            store.spend(&names.map(|name| spent(name, 10))).await.unwrap();
        }
    };
    tokio::join!(tell(&place.store, ["a", "b"]), tell(&other, ["b", "a"]));
    place.tamper("UPDATE spending SET at = at - interval '30 seconds' WHERE name = 'a'").await;
    let drained = level(other.spend(&[spent("a", 0)]).await.unwrap());
    assert!((30_000..=41_000).contains(&drained), "{drained}");
    place.tamper("UPDATE spending SET at = at - interval '10 minutes'").await;
    assert_eq!(other.forget_spending(1).await.unwrap(), 1);
    assert_eq!(other.forget_spending(9).await.unwrap(), 1);
    let alone = sqlite(|_| ()).await;
    assert!(!alone.store.shares_spending());
    assert_eq!(alone.store.spend(&both).await.unwrap(), vec![]);
}
