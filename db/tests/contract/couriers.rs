//! The way out: leases, tokens, repeats, what is given up, and dates that run.

use crate::stories::*;
use chrono::Duration;
use db::Scope;
use db::outbox::{Channel, InboxItem, Lane, Outcome, Parcel};
use std::time::Duration as Wait;
use workflows::machine::{Effect, Role};

on_both!(
    a_lost_courier_is_replaced,
    what_was_not_begun_is_given_back,
    two_couriers_never_share,
    the_inbox_is_filled_once,
    what_is_given_up_is_a_person_s,
    what_cannot_be_read_is_parked,
    lanes_do_not_mix,
    couriers_hear_of_a_commit,
    dates_come_due
);

const LEASE: Wait = Wait::from_secs(30);

/// Leases from the local lane, and what is left of the limit from that of mails.
async fn lease(place: &Place, seconds: i64, worker: &str, limit: u32) -> Vec<Parcel> {
    let mut parcels = place.store.lease(Lane::Local, soon(seconds), worker, limit, LEASE).await.unwrap();
    let rest = limit - parcels.len() as u32;
    parcels.extend(place.store.lease(Lane::Mail, soon(seconds), worker, rest, LEASE).await.unwrap());
    parcels
}

async fn a_lost_courier_is_replaced(place: Place) {
    submitted(&place.store, &applicant("taro")).await;
    let first = lease(&place, 1, "a", 100).await;
    assert!(first.len() >= 4);
    assert!(lease(&place, 2, "b", 100).await.is_empty());
    // The lease runs out: another courier gets the same parcels under other tokens.
    let second = lease(&place, 40, "b", 100).await;
    let ids = |parcels: &[Parcel]| parcels.iter().map(|p| p.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&first), ids(&second));
    assert_eq!(second[0].attempts, 2);
    assert_eq!(first[0].message_id(), second[0].message_id());
    assert!(!place.store.settle(&first[0], &Outcome::Delivered, soon(41)).await.unwrap());
    assert!(place.store.settle(&second[0], &Outcome::Delivered, soon(41)).await.unwrap());
    assert!(!place.store.settle(&second[0], &Outcome::Delivered, soon(42)).await.unwrap());
    let later = Outcome::RetryAt { at: soon(100), error: "mailbox full".to_owned() };
    let settled: Vec<_> = second[1..].iter().map(|p| (p, &later)).collect();
    assert_eq!(place.store.settle_many(&settled, soon(41)).await.unwrap() as usize, settled.len());
    assert!(lease(&place, 99, "c", 100).await.is_empty());
    assert_eq!(lease(&place, 100, "c", 100).await.len(), settled.len());
    let counts = place.store.outbox_counts().await.unwrap();
    assert_eq!((counts.delivered, counts.waiting as usize), (1, settled.len()));
}

/// What was leased and not begun is due again at once, and no attempt is counted.
async fn what_was_not_begun_is_given_back(place: Place) {
    submitted(&place.store, &applicant("taro")).await;
    let first = lease(&place, 1, "a", 100).await;
    let unsent: Vec<_> = first.iter().map(|parcel| (parcel, &Outcome::Unsent)).collect();
    assert_eq!(place.store.settle_many(&unsent, soon(2)).await.unwrap() as usize, first.len());
    let second = lease(&place, 2, "b", 100).await;
    assert_eq!(second.len(), first.len());
    assert!(second.iter().all(|parcel| parcel.attempts == 1));
    assert_eq!(
        place.number("SELECT count(*) FROM outbox WHERE tries IS NOT NULL OR digest IS NOT NULL").await,
        0
    );
    // Whoever lost the lease gives nothing back.
    assert_eq!(place.store.settle_many(&unsent, soon(3)).await.unwrap(), 0);
}

async fn two_couriers_never_share(place: Place) {
    for n in 0..6 {
        submitted(&place.store, &applicant(&format!("p{n}"))).await;
    }
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let store = place.store.clone();
            tokio::spawn(async move {
                let mut mine = vec![];
                for lane in [Lane::Local, Lane::Mail] {
                    mine.extend(store.lease(lane, soon(1), &format!("w{n}"), 5, LEASE).await.unwrap());
                }
                mine
            })
        })
        .collect();
    let mut ids = vec![];
    for task in tasks {
        ids.extend(task.await.unwrap().into_iter().map(|p| p.id));
    }
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all);
    assert!(all >= 24);
}

async fn the_inbox_is_filled_once(place: Place) {
    let who = applicant("taro");
    submitted(&place.store, &who).await;
    let item = InboxItem {
        subject_ja: "申込受付のお知らせ".to_owned(),
        subject_en: "Application received".to_owned(),
        body_ja: "受付けました。".to_owned(),
        body_en: "We have it.".to_owned(),
        template: "1".to_owned(),
    };
    let parcels = lease(&place, 1, "a", 100).await;
    let again = lease(&place, 60, "b", 100).await;
    let is_inbox = |p: &&Parcel| p.channel == Channel::Inbox;
    for parcel in parcels.iter().filter(is_inbox) {
        assert!(!place.store.deliver_inbox(parcel, &item, "N-1", soon(61)).await.unwrap());
    }
    for parcel in again.iter().filter(is_inbox) {
        assert!(matches!(parcel.effect, Effect::Notify { .. }));
        assert!(place.store.deliver_inbox(parcel, &item, "N-1", soon(61)).await.unwrap());
    }
    let scope = Scope::of(&who);
    // Two to the applicant himself (the draft tells nobody else), none of his co-obligors' or the desk's.
    let mine = place.store.inbox(&scope, None, 10, true).await.unwrap();
    assert!(!mine.items.is_empty());
    assert!(mine.items.iter().all(|i| i.role == Role::Applicant));
    assert_eq!(place.store.unread(&scope).await.unwrap() as usize, mine.items.len());
    assert!(place.store.mark_read(&scope, &mine.items[0].id, soon(70)).await.unwrap());
    assert!(!place.store.mark_read(&scope, &mine.items[0].id, soon(71)).await.unwrap());
    let desk = place.store.inbox(&Scope::of(&clerk()), None, 10, false).await.unwrap();
    assert!(!desk.items.is_empty());
    assert!(desk.items.iter().all(|i| i.role == Role::BranchClerk));
    assert!(
        place.store.inbox(&Scope::of(&applicant("other")), None, 10, false).await.unwrap().items.is_empty()
    );
}

async fn what_is_given_up_is_a_person_s(place: Place) {
    submitted(&place.store, &applicant("taro")).await;
    let parcels = lease(&place, 1, "a", 100).await;
    let given_up = Outcome::Parked { error: "no such mailbox".to_owned() };
    for parcel in &parcels[..2] {
        assert!(place.store.settle(parcel, &given_up, soon(2)).await.unwrap());
    }
    let scope = Scope::of(&clerk());
    let first = place.store.parked(&scope, None, 1).await.unwrap();
    let second = place.store.parked(&scope, first.next.as_deref(), 1).await.unwrap();
    assert_eq!(first.items[0].error, "no such mailbox");
    assert_ne!(first.items[0].id, second.items[0].id);
    assert!(second.next.is_none());
    let stranger = Scope::of(&applicant("taro"));
    assert!(!place.store.resend(&stranger, &first.items[0].id, soon(3)).await.unwrap());
    assert!(place.store.resend(&scope, &first.items[0].id, soon(3)).await.unwrap());
    assert!(place.store.close_parked(&scope, &second.items[0].id, "told by phone", soon(3)).await.unwrap());
    assert!(place.store.parked(&scope, None, 10).await.unwrap().items.is_empty());
    let again = lease(&place, 4, "b", 1).await;
    assert_eq!((again[0].id.as_str(), again[0].attempts), (first.items[0].id.as_str(), 1));
}

async fn what_cannot_be_read_is_parked(place: Place) {
    submitted(&place.store, &applicant("taro")).await;
    let all = lease(&place, 1, "a", 100).await;
    let locals: Vec<&Parcel> = all.iter().filter(|p| p.channel != Channel::Email).collect();
    let (one, two) = (&locals[0].id, &locals[1].id);
    place.tamper(&format!("UPDATE outbox SET payload = '{{}}' WHERE id = '{one}'")).await;
    place.tamper(&format!("UPDATE outbox SET channel = 'PIGEON' WHERE id = '{two}'")).await;
    let again = lease(&place, 40, "b", 100).await;
    assert_eq!(again.len(), all.len() - 2, "the neighbours go on");
    assert!(again.iter().all(|parcel| parcel.id != *one && parcel.id != *two));
    let parked = place.store.parked(&Scope::of(&clerk()), None, 10).await.unwrap().items;
    let mut found: Vec<_> = parked.iter().map(|incident| &incident.id).collect();
    found.sort();
    let mut wanted = vec![one, two];
    wanted.sort();
    assert_eq!(found, wanted);
    assert!(
        parked.iter().all(|incident| incident.error.starts_with("cannot be read by this version")),
        "{parked:?}"
    );
    assert!(lease(&place, 400, "c", 100).await.iter().all(|parcel| parcel.id != *one && parcel.id != *two));
}

async fn lanes_do_not_mix(place: Place) {
    submitted(&place.store, &applicant("taro")).await;
    for lane in [Lane::Local, Lane::Mail] {
        let parcels = place.store.lease(lane, soon(1), "a", 100, LEASE).await.unwrap();
        assert!(!parcels.is_empty() && parcels.iter().all(|p| Lane::of(p.channel) == lane), "{parcels:?}");
    }
}

async fn couriers_hear_of_a_commit(place: Place) {
    let mut filled = place.store.filled();
    let id = submitted(&place.store, &applicant("taro")).await;
    assert!(filled.has_changed().unwrap());
    filled.mark_unchanged();
    // A refusal and a reading leave nothing.
    let answer = place.store.case(&Scope::of(&clerk()), &id).await.unwrap();
    assert!(answer.is_some() && !filled.has_changed().unwrap());
}

async fn dates_come_due(place: Place) {
    let id = submitted(&place.store, &applicant("taro")).await;
    let store = &place.store;
    let now = soon(1) + Duration::days(400);
    let due = store.lease_due(now, "clock", 100, LEASE).await.unwrap();
    assert!(!due.is_empty());
    assert!(due.iter().all(|d| d.application_id == id));
    assert!(store.lease_due(now, "other", 100, LEASE).await.unwrap().is_empty());
    let until = now + Duration::hours(1);
    assert!(store.postpone(&due[0], until).await.unwrap());
    for other in &due[1..] {
        assert!(store.drop_due(other).await.unwrap());
    }
    assert_eq!(store.next_due().await.unwrap(), Some(until));
    let again = store.lease_due(until, "clock", 100, LEASE).await.unwrap();
    assert_eq!(again.len(), 1);
    assert_eq!((&again[0].deadline, again[0].attempts), (&due[0].deadline, 2));
    assert!(!store.postpone(&due[0], until).await.unwrap());
    // Dates that nobody follows any more stay what the case says they are.
    assert_eq!(db::verify::verify(store).await.unwrap().violations, vec![]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mails_to_customers_wait_for_the_morning_and_desks_do_not() {
    let place = sqlite(|options| options.quiet_hours = true).await;
    // Saturday evening in Tokyo.
    let evening = chrono::DateTime::parse_from_rfc3339("2026-04-11T22:00:00+09:00")
        .unwrap()
        .with_timezone(&chrono::Utc);
    let who = applicant("taro");
    let id = id();
    for (target, command) in [
        (db::Target::New { id: &id }, workflows::machine::Command::CreateDraft { form: form() }),
        (db::Target::Case { id: &id }, submit_as(None)),
    ] {
        let request = db::Request {
            actor: &who,
            now: evening,
            target,
            command: &command,
            expected_version: None,
            key: None,
        };
        done(place.store.execute(request).await.unwrap());
    }
    let due = |at| place.store.lease(Lane::Mail, at, "a", 100, LEASE);
    let night = due(evening + Duration::hours(1)).await.unwrap();
    assert!(!night.is_empty() && night.iter().all(|parcel| parcel.address.starts_with("DESK:")), "{night:?}");
    let monday = chrono::DateTime::parse_from_rfc3339("2026-04-13T08:00:00+09:00")
        .unwrap()
        .with_timezone(&chrono::Utc);
    let before = due(monday - Duration::seconds(1)).await.unwrap();
    assert!(before.iter().all(|parcel| parcel.address.starts_with("DESK:")));
    let morning = due(monday).await.unwrap();
    assert!(morning.iter().any(|parcel| !parcel.address.starts_with("DESK:")), "{morning:?}");
    let inbox = place.store.lease(Lane::Local, evening, "a", 100, LEASE).await.unwrap();
    assert!(inbox.iter().any(|parcel| parcel.subject.is_some()), "the inbox has it at once");
    assert_eq!(db::verify::verify(&place.store).await.unwrap().violations, vec![]);
}
