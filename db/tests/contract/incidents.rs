//! The incident desk and the delivery ledger: what went wrong is found, dealt with by the right people, and on record.

use crate::bank_incidents::{STREAM, trouble_of_bank};
use crate::stories::*;
use chrono::Duration;
use db::Scope;
use db::incidents::{Bounds, Incident, IncidentAsk, IncidentFilter, IncidentResult};
use db::ledger::{Anew, AnewAnswer, Delivery};
use db::outbox::{Channel, InboxItem, Lane, Outcome, Parcel};
use std::collections::BTreeSet;
use std::time::Duration as Wait;
use workflows::machine::incident::{
    AnewReason, ClosingReason, Hindrance, IncidentAction as Do, IncidentKind, IncidentMeans as Means,
};
use workflows::machine::{Actor, Role};

on_both!(
    every_kind_stands_in_one_list_page_by_page,
    a_closing_that_leaves_somebody_untold_takes_two,
    many_at_once_each_with_its_own_answer,
    two_people_who_act_at_once_act_once,
    whoever_does_not_see_it_cannot_touch_it,
    another_address_is_sealed_and_used,
    a_stuck_date_runs_again_or_never,
    every_try_is_on_the_ledger,
    a_notice_is_sent_anew_beside_the_first,
);

const LEASE: Wait = Wait::from_secs(30);

/// A month later: partners' answers are overdue by then.
fn later() -> Bounds<'static> {
    Bounds { stream: Some(STREAM), ..Bounds::at(noon() + Duration::days(30)) }
}

fn manager() -> Actor {
    staff(Role::BranchManager, "manager")
}

async fn lease(place: &Place, seconds: i64) -> Vec<Parcel> {
    let mut parcels = place.store.lease(Lane::Local, soon(seconds), "a", 200, LEASE).await.unwrap();
    parcels.extend(place.store.lease(Lane::Mail, soon(seconds), "a", 200, LEASE).await.unwrap());
    parcels
}

async fn park(place: &Place, parcels: &[&Parcel], seconds: i64) {
    let given_up = Outcome::Parked { error: "send: 550 5.1.1".to_owned() };
    let all: Vec<_> = parcels.iter().map(|parcel| (*parcel, &given_up)).collect();
    assert_eq!(place.store.settle_many(&all, soon(seconds)).await.unwrap() as usize, parcels.len());
}

async fn open(place: &Place, who: &Actor) -> Vec<Incident> {
    let (scope, filter) = (Scope::of(who), IncidentFilter::default());
    place.store.incidents(&scope, &filter, later(), None, 100).await.unwrap().items
}

async fn act(place: &Place, who: &Actor, action: Do, ids: &[String]) -> Vec<IncidentResult> {
    let ask =
        IncidentAsk { ids, action, reason: Some(ClosingReason::ToldByPhone), mail_to: Some("a@b.example") };
    place.store.handle_incidents(&Scope::of(who), &ask, later()).await.unwrap()
}

async fn came_of(place: &Place, who: &Actor, action: Do, id: &str) -> Result<Means, Hindrance> {
    act(place, who, action, &[id.to_owned()]).await[0].came_of
}

/// One of each kind: nobody answers, nothing leaves, a payment is unknown, a date does not succeed, a guarantee has run out; and what
/// concerns the bank itself.
async fn trouble(place: &Place) {
    let store = &place.store;
    let case = submitted(store, &applicant("taro")).await;
    screened(store, &case).await;
    let parcels = lease(place, 1).await;
    let mails: Vec<&Parcel> = parcels.iter().filter(|p| p.channel == Channel::Email).collect();
    park(place, &mails[..3], 2).await;
    let unknown = submitted(store, &applicant("hanako")).await;
    place.tamper(&format!("UPDATE application SET stage = 'RECONCILING' WHERE id = '{unknown}'")).await;
    let expired = submitted(store, &applicant("jiro")).await;
    // What the list relies on: a task carries the instant of the entry that opened it.
    let unfounded = "SELECT count(*) FROM task t WHERE NOT EXISTS (SELECT 1 FROM entry e \
                     WHERE e.application_id = t.application_id AND e.at = t.opened_at)";
    assert_eq!(place.number(unfounded).await, 0);
    place
        .tamper(&format!(
            "UPDATE entry SET verb = 'expireGuarantee' WHERE application_id = '{expired}' AND version = 2"
        ))
        .await;
    place.tamper(&format!(
        "UPDATE task SET task = 'ASK_GUARANTEE', opened_at = (SELECT at FROM entry WHERE application_id = '{expired}' AND version = 2) \
         WHERE id = (SELECT min(id) FROM task WHERE application_id = '{expired}')"
    ))
    .await;
    let due = store.lease_due(soon(3), "clock", 100, LEASE).await.unwrap();
    assert!(!due.is_empty());
    for date in &due {
        assert!(store.postpone(date, soon(60)).await.unwrap());
    }
    trouble_of_bank(place).await;
}

async fn every_kind_stands_in_one_list_page_by_page(place: Place) {
    trouble(&place).await;
    let compliance = staff(Role::Compliance, "compliance");
    let whole = open(&place, &compliance).await;
    let kinds: BTreeSet<IncidentKind> = whole.iter().map(|incident| incident.kind).collect();
    assert_eq!(kinds, IncidentKind::ALL.iter().copied().collect(), "{whole:?}");
    // Every one has its case, or is the bank's.
    let of_bank = |i: &Incident| {
        i.id.starts_with("HOOK:") || i.id.starts_with("ENDPOINT:") || i.day.is_some() || i.waiting.is_some()
    };
    assert!(whole.iter().all(|i| i.number.is_some() != i.application_id.is_empty()));
    assert!(whole.iter().all(|i| i.application_id.is_empty() == of_bank(i)));
    let parcel = whole.iter().find(|i| i.kind == IncidentKind::Undelivered).unwrap();
    assert_eq!((parcel.error.as_str(), parcel.attempts), ("send: 550 5.1.1", 1));
    let [tried] = parcel.tries.as_slice() else { panic!("{parcel:?}") };
    assert_eq!(
        (tried.ended.as_str(), tried.said.as_deref(), tried.at),
        ("PARKED", Some("send: 550 5.1.1"), soon(2))
    );
    assert!(whole.windows(2).all(|two| (two[0].since, &two[0].id) < (two[1].since, &two[1].id)));
    // Page by page each is met once.
    for first in [1, 2, 3] {
        let (mut after, mut met) = (None, vec![]);
        loop {
            let scope = Scope::of(&compliance);
            let filter = IncidentFilter::default();
            let page =
                place.store.incidents(&scope, &filter, later(), after.as_deref(), first).await.unwrap();
            met.extend(page.items.into_iter().map(|incident| incident.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(
            met,
            whole.iter().map(|incident| incident.id.clone()).collect::<Vec<_>>(),
            "pages of {first}"
        );
    }
    // The figures count what the list shows to whom they are told; the server counts everything.
    let system = Scope::of(&Actor::internal(Role::System));
    let everything = place.store.incident_figures(&system, later()).await.unwrap();
    let figures = place.store.incident_figures(&Scope::of(&compliance), later()).await.unwrap();
    let all =
        |figures: &[db::incidents::IncidentFigure]| figures.iter().map(|figure| figure.open).sum::<u64>();
    assert!(all(&everything) > all(&figures), "the bureau's date is not compliance's (L-92)");
    for figure in &figures {
        let mine: Vec<&Incident> = whole.iter().filter(|incident| incident.kind == figure.kind).collect();
        assert_eq!(
            (figure.open as usize, figure.oldest),
            (mine.len(), mine.first().map(|i| i.since)),
            "{figure:?}"
        );
        let filter = IncidentFilter { kind: Some(figure.kind), ..IncidentFilter::default() };
        let page = place.store.incidents(&Scope::of(&compliance), &filter, later(), None, 100).await.unwrap();
        assert_eq!(page.items.len(), mine.len());
    }
    assert_eq!(figures.len(), IncidentKind::ALL.len());
    // L-93: that a list search stands still is told to compliance alone.
    assert!(whole.iter().any(|incident| incident.what == "AML"));
    assert!(open(&place, &manager()).await.iter().all(|incident| incident.what != "AML"));
    // Before its time nothing is overdue.
    let soon = Bounds::at(noon() + Duration::minutes(5));
    let page = place
        .store
        .incidents(&Scope::of(&compliance), &IncidentFilter::default(), soon, None, 100)
        .await
        .unwrap();
    assert!(
        page.items.iter().all(|i| !matches!(i.kind, IncidentKind::OverduePromise | IncidentKind::StuckTimer))
    );
    let waiting = place.store.parcels_waiting(noon() + Duration::days(1)).await.unwrap();
    assert!(waiting.waiting > 0 && waiting.late > Duration::zero());
}

async fn a_closing_that_leaves_somebody_untold_takes_two(place: Place) {
    submitted(&place.store, &applicant("taro")).await;
    let parcels = lease(&place, 1).await;
    let person = parcels.iter().find(|p| p.channel == Channel::Inbox && p.subject.is_some()).unwrap();
    let desk = parcels.iter().find(|p| p.address.starts_with("DESK:")).unwrap();
    park(&place, &[person, desk], 2).await;
    let (duty, plain) = (format!("PARCEL:{}", person.id), format!("PARCEL:{}", desk.id));
    assert_eq!(came_of(&place, &clerk(), Do::Close, &plain).await, Ok(Means::Closed));
    assert_eq!(came_of(&place, &clerk(), Do::Close, &duty).await, Ok(Means::Proposed));
    let listed = open(&place, &clerk()).await;
    let [waiting] = listed.as_slice() else { panic!("{listed:?}") };
    assert_eq!(
        (waiting.proposed_by.as_deref(), waiting.reason),
        (Some("clerk-1"), Some(ClosingReason::ToldByPhone))
    );
    assert!(waiting.duty);
    assert_eq!(came_of(&place, &manager(), Do::Retry, &duty).await, Err(Hindrance::Pending));
    assert_eq!(came_of(&place, &clerk(), Do::Approve, &duty).await, Err(Hindrance::FourEyes));
    let colleague = staff(Role::BranchClerk, "clerk-2");
    assert_eq!(came_of(&place, &colleague, Do::Approve, &duty).await, Err(Hindrance::NotYourRole));
    // Returned it is open as before, proposed again it is approved.
    assert_eq!(came_of(&place, &manager(), Do::Return, &duty).await, Ok(Means::Returned));
    assert_eq!(came_of(&place, &manager(), Do::Approve, &duty).await, Err(Hindrance::NothingProposed));
    assert_eq!(came_of(&place, &clerk(), Do::Close, &duty).await, Ok(Means::Proposed));
    assert_eq!(came_of(&place, &manager(), Do::Approve, &duty).await, Ok(Means::Closed));
    assert_eq!(came_of(&place, &manager(), Do::Approve, &duty).await, Err(Hindrance::Gone));
    assert_eq!(open(&place, &clerk()).await, vec![]);
    assert_eq!(place.number("SELECT count(*) FROM incident_work").await, 0, "what is over needs nobody");
    // Who did what stands in the audit, refusals do not.
    let auditor = Actor { branches: vec![], ..staff(Role::Auditor, "auditor") };
    let lines = place.store.audit(&Scope::of(&auditor), None, 100).await.unwrap().items;
    let mut steps: Vec<_> = lines
        .iter()
        .filter(|line| line.kind == "INCIDENT")
        .map(|line| (line.by.as_str(), line.verb.clone().unwrap(), line.detail.contains("TOLD_BY_PHONE")))
        .collect();
    steps.sort();
    let wanted = [
        ("clerk-1", "CLOSE"),
        ("clerk-1", "CLOSE"),
        ("clerk-1", "CLOSE"),
        ("manager", "APPROVE"),
        ("manager", "RETURN"),
    ];
    assert_eq!(steps, wanted.map(|(by, verb)| (by, verb.to_owned(), true)));
    let ledger =
        place.store.deliveries(&Scope::of(&clerk()), &person.application_id, None, 100).await.unwrap().items;
    let closed = ledger.iter().find(|line| line.id == person.id).unwrap();
    assert_eq!((closed.state.as_str(), closed.closed_by.as_deref()), ("CLOSED", Some("manager")));
    assert_eq!(closed.closed_reason.as_deref(), Some("TOLD_BY_PHONE"));
    assert_eq!(db::verify::verify(&place.store).await.unwrap().violations, vec![]);
}

async fn many_at_once_each_with_its_own_answer(place: Place) {
    for n in 0..6 {
        submitted(&place.store, &applicant(&format!("p{n}"))).await;
    }
    let parcels = lease(&place, 1).await;
    let all: Vec<&Parcel> = parcels.iter().collect();
    park(&place, &all, 2).await;
    let mut ids: Vec<String> = open(&place, &clerk()).await.into_iter().map(|incident| incident.id).collect();
    assert!(ids.len() >= 20, "{}", ids.len());
    // A colleague works on one, and one is none at all.
    assert_eq!(came_of(&place, &manager(), Do::Take, &ids[0]).await, Ok(Means::Taken));
    ids.push("PARCEL:nowhere".to_owned());
    let ask = IncidentAsk { ids: &ids, action: Do::Retry, reason: None, mail_to: None };
    let told = place.store.preview_incidents(&Scope::of(&clerk()), &ask, later()).await.unwrap();
    assert_eq!(open(&place, &clerk()).await.len(), ids.len() - 1, "a preview changes nothing");
    let did = act(&place, &clerk(), Do::Retry, &ids).await;
    let of =
        |results: &[IncidentResult]| results.iter().map(|r| (r.id.clone(), r.came_of)).collect::<Vec<_>>();
    assert_eq!(of(&told), of(&did), "it came as it was told");
    assert_eq!(did[0].came_of, Err(Hindrance::OthersWork));
    assert_eq!(did.last().unwrap().came_of, Err(Hindrance::Gone));
    assert!(did[1..ids.len() - 1].iter().all(|result| result.came_of == Ok(Means::SentAgain)));
    assert_eq!(open(&place, &clerk()).await.len(), 1);
    let again = lease(&place, 60 + 30 * 86_400).await;
    assert_eq!(again.len(), ids.len() - 2, "under their ids");
    assert!(again.iter().all(|parcel| parcel.attempts == 1));
    let lines = place.number("SELECT count(*) FROM audit WHERE kind = 'INCIDENT' AND verb = 'RETRY'").await;
    assert_eq!(lines as usize, ids.len() - 2);
    assert_eq!(came_of(&place, &clerk(), Do::Release, &ids[0]).await, Err(Hindrance::NotMine));
    assert_eq!(came_of(&place, &manager(), Do::Release, &ids[0]).await, Ok(Means::Given));
}

async fn two_people_who_act_at_once_act_once(place: Place) {
    submitted(&place.store, &applicant("taro")).await;
    let parcels = lease(&place, 1).await;
    park(&place, &[&parcels[0]], 2).await;
    let id = format!("PARCEL:{}", parcels[0].id);
    let tasks: Vec<_> = (0..6)
        .map(|n| {
            let (store, ids) = (place.store.clone(), vec![id.clone()]);
            tokio::spawn(async move {
                let scope = Scope::of(&staff(Role::BranchClerk, &format!("clerk-{n}")));
                let ask = IncidentAsk { ids: &ids, action: Do::Retry, reason: None, mail_to: None };
                store.handle_incidents(&scope, &ask, later()).await.unwrap()[0].came_of
            })
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(Means::SentAgain) => done += 1,
            other => assert_eq!(other, Err(Hindrance::Gone)),
        }
    }
    assert_eq!(done, 1);
    assert_eq!(place.number("SELECT count(*) FROM audit WHERE kind = 'INCIDENT'").await, 1);
}

async fn whoever_does_not_see_it_cannot_touch_it(place: Place) {
    trouble(&place).await;
    let seen = open(&place, &manager()).await;
    let ids: Vec<String> = seen.iter().map(|incident| incident.id.clone()).collect();
    let kinds: BTreeSet<IncidentKind> = seen.iter().map(|incident| incident.kind).collect();
    assert_eq!(kinds.len(), IncidentKind::ALL.len());
    // A colleague of another branch sees what concerns the bank, and nothing of a case.
    let elsewhere = open(&place, &Actor { branches: vec!["998".to_owned()], ..manager() }).await;
    let of_bank: Vec<Incident> = seen.iter().filter(|i| i.application_id.is_empty()).cloned().collect();
    assert_eq!(elsewhere, of_bank);
    let strangers = [
        Actor { institution: "9999".to_owned(), branches: vec![], ..manager() },
        applicant("taro"),
        partner(Role::Guarantor, "GUARANTOR-1"),
        staff(Role::UserAdmin, "admin"),
    ];
    for stranger in strangers {
        assert_eq!(open(&place, &stranger).await, vec![], "{stranger:?}");
        for action in [Do::Take, Do::Retry, Do::Close] {
            for result in act(&place, &stranger, action, &ids).await {
                assert_eq!(result.came_of, Err(Hindrance::Gone), "{stranger:?}");
                assert_eq!(result.incident, None);
            }
        }
        let case = &seen.iter().find(|i| !i.application_id.is_empty()).unwrap().application_id;
        assert!(
            place.store.deliveries(&Scope::of(&stranger), case, None, 10).await.unwrap().items.is_empty()
        );
    }
    assert_eq!(open(&place, &manager()).await, seen, "untouched");
    // Money is asked about in the case, promises too: whoever sees them may only take them.
    for incident in &seen {
        let wanted = match incident.kind {
            IncidentKind::UnknownPayment => Some(Hindrance::Money),
            IncidentKind::OverduePromise | IncidentKind::ExpiredPromise => Some(Hindrance::NotForThis),
            IncidentKind::Undelivered | IncidentKind::StuckTimer | IncidentKind::DeadLetter => None,
            IncidentKind::DisabledEndpoint | IncidentKind::OpenDay | IncidentKind::LateEvents => {
                Some(Hindrance::NotHere)
            }
        };
        if let Some(wanted) = wanted {
            assert_eq!(came_of(&place, &manager(), Do::Retry, &incident.id).await, Err(wanted));
            assert_eq!(came_of(&place, &manager(), Do::Take, &incident.id).await, Ok(Means::Taken));
        }
    }
    let mine = IncidentFilter { mine: true, ..IncidentFilter::default() };
    let mine = place.store.incidents(&Scope::of(&manager()), &mine, later(), None, 100).await.unwrap().items;
    assert!(mine.len() >= 3 && mine.iter().all(|incident| incident.taken_by.as_deref() == Some("manager")));
}

async fn another_address_is_sealed_and_used(place: Place) {
    submitted(&place.store, &applicant("taro")).await;
    let parcels = lease(&place, 1).await;
    let mail = parcels.iter().find(|p| p.channel == Channel::Email).unwrap();
    let inbox = parcels.iter().find(|p| p.channel == Channel::Inbox).unwrap();
    assert_eq!(mail.mail_to, None);
    park(&place, &[mail, inbox], 2).await;
    let [mail_id, inbox_id] = [mail, inbox].map(|parcel| format!("PARCEL:{}", parcel.id));
    assert_eq!(came_of(&place, &clerk(), Do::Readdress, &inbox_id).await, Err(Hindrance::NotMail));
    assert_eq!(came_of(&place, &clerk(), Do::Readdress, &mail_id).await, Ok(Means::SentElsewhere));
    let again = lease(&place, 60 + 30 * 86_400).await;
    let again = again.iter().find(|parcel| parcel.id == mail.id).unwrap();
    assert_eq!(again.mail_to.as_deref(), Some("a@b.example"));
    let told = place.number("SELECT count(*) FROM audit WHERE detail LIKE '%b.example%'").await;
    assert_eq!(told, 0, "the audit does not repeat an address");
    assert_eq!(db::verify::verify(&place.store).await.unwrap().violations, vec![]);
}

async fn a_stuck_date_runs_again_or_never(place: Place) {
    submitted(&place.store, &applicant("taro")).await;
    let due = place.store.lease_due(soon(3), "clock", 100, LEASE).await.unwrap();
    for date in &due {
        place.store.postpone(date, noon() + Duration::days(60)).await.unwrap();
    }
    let compliance = staff(Role::Compliance, "compliance");
    let stuck: Vec<Incident> =
        open(&place, &compliance).await.into_iter().filter(|i| i.kind == IncidentKind::StuckTimer).collect();
    assert!(!stuck.is_empty());
    let id = &stuck[0].id;
    assert_eq!(came_of(&place, &compliance, Do::Retry, id).await, Ok(Means::RunAgain));
    let again = place.store.lease_due(later().now, "clock", 100, LEASE).await.unwrap();
    let [again] = again.as_slice() else { panic!("{again:?}") };
    assert_eq!((again.deadline.timer.code(), again.attempts), (stuck[0].what.as_str(), 1));
    // Given up by two people it never runs again, and stays what the case says it is.
    assert_eq!(came_of(&place, &compliance, Do::Close, id).await, Ok(Means::Proposed));
    let other = staff(Role::Compliance, "compliance-2");
    assert_eq!(came_of(&place, &other, Do::Approve, id).await, Ok(Means::Closed));
    assert!(open(&place, &compliance).await.iter().all(|incident| incident.id != *id));
    let never = place.store.lease_due(noon() + Duration::days(50), "clock", 100, LEASE).await.unwrap();
    assert!(never.iter().all(|date| date.deadline != again.deadline));
    assert_eq!(db::verify::verify(&place.store).await.unwrap().violations, vec![]);
}

fn item() -> InboxItem {
    let say = |text: &str| text.to_owned();
    InboxItem {
        subject_ja: say("件名"),
        subject_en: say("Subject"),
        body_ja: say("本文"),
        body_en: say("Body"),
        template: say("std-0123456789ab"),
    }
}

async fn ledger(place: &Place, case: &str) -> Vec<Delivery> {
    place.store.deliveries(&Scope::of(&clerk()), case, None, 100).await.unwrap().items
}

async fn every_try_is_on_the_ledger(place: Place) {
    let case = submitted(&place.store, &applicant("taro")).await;
    let parcels = lease(&place, 1).await;
    let inbox = parcels.iter().find(|p| p.channel == Channel::Inbox).unwrap();
    let later = Outcome::RetryAt { at: soon(10), error: "connect: time-out".to_owned() };
    assert!(place.store.settle(inbox, &later, soon(2)).await.unwrap());
    let again = lease(&place, 20).await;
    let again = again.iter().find(|parcel| parcel.id == inbox.id).unwrap();
    assert!(place.store.deliver_inbox(again, &item(), "N-1", soon(21)).await.unwrap());
    let lines = ledger(&place, &case).await;
    assert_eq!(lines.len(), parcels.len(), "a line for each parcel");
    let line = lines.iter().find(|line| line.id == inbox.id).unwrap();
    let tries: Vec<_> =
        line.tries.iter().map(|t| (t.ended.as_str(), t.said.as_deref().unwrap(), t.at)).collect();
    assert_eq!(tries, [("WAITING", "connect: time-out", soon(2)), ("DELIVERED", "INBOX", soon(21))]);
    let proof = line.tries.last().unwrap();
    assert_eq!(proof.template.as_deref(), Some("std-0123456789ab"));
    assert_eq!(proof.hash.as_ref().map(String::len), Some(64));
    assert_eq!((line.state.as_str(), line.settled_at), ("DELIVERED", Some(soon(21))));
    // A courier whose lease is lost leaves no try.
    assert!(!place.store.settle(inbox, &Outcome::Delivered, soon(22)).await.unwrap());
    assert_eq!(ledger(&place, &case).await.iter().find(|line| line.id == inbox.id).unwrap().tries.len(), 2);
    // A ledger line that vanishes, or that says delivered where nothing stands, is found.
    assert_eq!(db::verify::verify(&place.store).await.unwrap().violations, vec![]);
    place.tamper(&format!("DELETE FROM inbox WHERE id = '{}'", inbox.id)).await;
    let found = db::verify::verify(&place.store).await.unwrap().violations;
    assert!(found.iter().any(|v| v.invariant == "LEDGER" && v.application == case), "{found:?}");
    place.tamper(&format!("DELETE FROM outbox WHERE id = '{}'", inbox.id)).await;
    let found = db::verify::verify(&place.store).await.unwrap().violations;
    assert!(found.iter().any(|v| v.invariant == "OUTBOX" && v.application == case), "{found:?}");
}

async fn a_notice_is_sent_anew_beside_the_first(place: Place) {
    let case = submitted(&place.store, &applicant("taro")).await;
    let parcels = lease(&place, 1).await;
    let first = parcels.iter().find(|p| p.channel == Channel::Inbox && p.subject.is_some()).unwrap();
    let scope = Scope::of(&clerk());
    let anew = Anew { id: &first.id, reason: AnewReason::NotReceived, mail_to: None };
    let store = &place.store;
    assert_eq!(
        store.send_anew(&scope, anew, soon(2)).await.unwrap(),
        AnewAnswer::NotDelivered,
        "it still waits"
    );
    assert!(store.deliver_inbox(first, &item(), "N-1", soon(3)).await.unwrap());
    let abroad = Scope::of(&Actor { branches: vec!["998".to_owned()], ..clerk() });
    assert_eq!(store.send_anew(&abroad, anew, soon(4)).await.unwrap(), AnewAnswer::NotFound);
    let with_mail = Anew { mail_to: Some("a@b.example"), ..anew };
    assert_eq!(store.send_anew(&scope, with_mail, soon(4)).await.unwrap(), AnewAnswer::NotMail);
    let AnewAnswer::Sent(id) = store.send_anew(&scope, anew, soon(4)).await.unwrap() else {
        panic!("not sent")
    };
    assert_ne!(id, first.id);
    let leased = lease(&place, 40).await;
    let second = leased.iter().find(|parcel| parcel.id == id).unwrap();
    assert_eq!(second.effect, first.effect, "the same notice, sealed anew");
    assert_ne!(second.message_id(), first.message_id());
    assert!(store.deliver_inbox(second, &item(), "N-1", soon(41)).await.unwrap());
    let lines = ledger(&place, &case).await;
    let line = lines.iter().find(|line| line.id == id).unwrap();
    assert_eq!((line.replaces.as_deref(), line.version), (Some(first.id.as_str()), 0));
    // A repeat of the repeat hangs on the first; five are enough.
    for n in 2..=5_i64 {
        let AnewAnswer::Sent(id) =
            store.send_anew(&scope, Anew { id: &id, ..anew }, soon(50 + n)).await.unwrap()
        else {
            panic!("{n}")
        };
        assert!(id.starts_with(&format!("{}.R", first.id)));
    }
    assert_eq!(store.send_anew(&scope, anew, soon(60)).await.unwrap(), AnewAnswer::TooOften);
    let partner = parcels.iter().find(|parcel| parcel.channel == Channel::Partner);
    assert!(partner.is_none(), "nobody is asked before the screening");
    assert_eq!(db::verify::verify(store).await.unwrap().violations, vec![]);
    let audited =
        place.number("SELECT count(*) FROM audit WHERE kind = 'DELIVERY' AND verb = 'resendDelivery'").await;
    assert_eq!(audited, 5);
    // A parcel sent anew that follows nothing is found.
    place.tamper(&format!("UPDATE outbox SET replaces = 'nothing' WHERE id = '{id}'")).await;
    let found = db::verify::verify(store).await.unwrap().violations;
    assert!(found.iter().any(|v| v.invariant == "LEDGER"), "{found:?}");
}
