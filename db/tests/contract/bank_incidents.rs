//! What goes wrong for a bank as a whole stands in the same list: dead letters and disabled endpoints of webhooks, days that are over and
//! not closed, and events that are published late.

use crate::hooks::{admin, endpoint};
use crate::stories::*;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use db::Scope;
use db::day_end::DayAnswer;
use db::events::Begin;
use db::hooks::{Again, DisabledBy, Ended, EndpointState, Hook, HookAnswer, HookState, Judged};
use db::incidents::{Bounds, Incident, IncidentAsk, IncidentFilter, IncidentResult};
use std::time::{Duration as Wait, Instant};
use tests::patience::PATIENCE;
use workflows::calendar::tokyo_date;
use workflows::day_end::ledger::HEADER;
use workflows::machine::incident::{
    ClosingReason, Hindrance, IncidentAction as Do, IncidentKind as K, IncidentMeans as Means,
};
use workflows::machine::{Actor, Role};

on_both!(
    a_dead_letter_goes_again_or_is_closed,
    an_endpoint_that_was_disabled_is_activated_from_the_list,
    several_kinds_at_once_each_take_their_own_action,
    a_day_that_is_over_stands_in_the_list_until_it_is_closed,
    a_stream_that_is_behind_says_how_much_and_since_when,
    a_list_of_a_bank_is_for_its_own_people,
);

const LEASE: Wait = Wait::from_secs(60);
pub const STREAM: &str = "YUSHI";

/// A month later, with a stream.
fn later() -> Bounds<'static> {
    Bounds { stream: Some(STREAM), ..Bounds::at(noon() + Duration::days(30)) }
}

async fn listed(place: &Place, who: &Actor, kind: K, bounds: Bounds<'_>) -> Vec<Incident> {
    let filter = IncidentFilter { kind: Some(kind), ..IncidentFilter::default() };
    place.store.incidents(&Scope::of(who), &filter, bounds, None, 100).await.unwrap().items
}

async fn act(place: &Place, who: &Actor, action: Do, ids: &[String]) -> Vec<IncidentResult> {
    let ask = IncidentAsk { ids, action, reason: Some(ClosingReason::DoneElsewhere), mail_to: None };
    let told = place.store.preview_incidents(&Scope::of(who), &ask, later()).await.unwrap();
    let did = place.store.handle_incidents(&Scope::of(who), &ask, later()).await.unwrap();
    let of =
        |results: &[IncidentResult]| results.iter().map(|r| (r.id.clone(), r.came_of)).collect::<Vec<_>>();
    assert_eq!(of(&told), of(&did), "it came as it was told");
    did
}

async fn came_of(place: &Place, who: &Actor, action: Do, id: &str) -> Result<Means, Hindrance> {
    act(place, who, action, &[id.to_owned()]).await[0].came_of
}

async fn leased(place: &Place, at: DateTime<Utc>) -> Vec<Hook> {
    place.store.lease_hooks(at, "node-1", 50, LEASE, &[]).await.unwrap()
}

/// A test event to an endpoint of somebody, and how it ended; the id of the endpoint.
async fn sent(place: &Place, who: &Actor, ended: Ended) -> (String, Judged) {
    let id = endpoint(&place.store, who, &["webhook.test"]).await.kept.endpoint.id;
    let line = place.store.test_hook(&Scope::of(who), &id, noon()).await.unwrap();
    assert!(matches!(line, HookAnswer::Done(_)), "{line:?}");
    let hook = leased(place, noon()).await.into_iter().find(|hook| hook.endpoint_id == id).unwrap();
    let judged = place.store.settle_hook(&hook, &ended, Duration::days(5), soon(1)).await.unwrap();
    (id, judged)
}

fn given_up() -> Ended {
    Ended::Parked { error: "HTTP 503".to_owned() }
}

/// One of each kind that concerns the bank. The second one of the two days is not closed.
pub async fn trouble_of_bank(place: &Place) {
    sent(place, &admin(), given_up()).await;
    sent(place, &partner(Role::Guarantor, "GUARANTOR-1"), Ended::Gone).await;
    let today = tokyo_date(noon());
    closed(place, today, noon()).await;
    handed_in(place, today + Duration::days(1), noon() + Duration::days(1)).await;
    let lease = Duration::seconds(15);
    let held = place.store.hold_stream(STREAM, "a", lease, Begin::First, noon()).await.unwrap();
    assert!(held.is_some());
}

async fn handed_in(place: &Place, on: NaiveDate, now: DateTime<Utc>) {
    let first = Scope::of(&staff(Role::Operations, "operations-1"));
    let list = format!("{HEADER}\nTOTAL,0,0\n");
    let answer = place.store.hand_in_ledger(&first, on, &list, now).await.unwrap();
    assert!(matches!(answer, DayAnswer::Done { .. }), "{answer:?}");
}

async fn closed(place: &Place, on: NaiveDate, now: DateTime<Utc>) {
    handed_in(place, on, now).await;
    let (first, second) = ("operations-1", "operations-2");
    let [first, second] = [first, second].map(|who| Scope::of(&staff(Role::Operations, who)));
    let proposed = place.store.propose_closing(&first, on, &[].into(), now).await.unwrap();
    let DayAnswer::Done { line, .. } = proposed else { panic!("{proposed:?}") };
    let decided = place.store.decide_day(&second, &line.id, None, now).await.unwrap();
    assert!(matches!(decided, DayAnswer::Done { .. }), "{decided:?}");
}

async fn a_dead_letter_goes_again_or_is_closed(place: Place) {
    let (endpoint, judged) = sent(&place, &admin(), given_up()).await;
    assert_eq!(judged, Judged::Noted);
    let [letter] = listed(&place, &clerk(), K::DeadLetter, later()).await.try_into().unwrap();
    assert_eq!(
        (letter.what.as_str(), letter.error.as_str(), letter.attempts),
        ("webhook.test", "HTTP 503", 1)
    );
    assert_eq!((letter.endpoint.as_deref(), letter.sequence), (Some("hooks.bank.example"), Some(1)));
    assert_eq!(
        (letter.application_id.as_str(), letter.branch.as_str(), letter.number.as_deref()),
        ("", "", None)
    );
    assert_eq!((letter.since, letter.duty), (soon(1), false));
    assert!(
        letter.address.as_deref().is_some_and(|to| to.starts_with("DESK:") && to.ends_with(":USER_ADMIN"))
    );
    // It is of no branch and of no case.
    for filter in [
        IncidentFilter { branch: Some("101".to_owned()), ..IncidentFilter::default() },
        IncidentFilter { application_id: Some(String::new()), ..IncidentFilter::default() },
    ] {
        let page = place.store.incidents(&Scope::of(&clerk()), &filter, later(), None, 100).await.unwrap();
        assert_eq!(page.items, vec![]);
    }
    for action in [Do::Enable, Do::Readdress, Do::Remind] {
        assert_eq!(came_of(&place, &clerk(), action, &letter.id).await, Err(Hindrance::NotForThis));
    }
    assert_eq!(came_of(&place, &clerk(), Do::Take, &letter.id).await, Ok(Means::Taken));
    let mine = IncidentFilter { mine: true, ..IncidentFilter::default() };
    let mine = place.store.incidents(&Scope::of(&clerk()), &mine, later(), None, 100).await.unwrap().items;
    assert_eq!(mine.len(), 1);
    // Again under its id, with its tries from the start.
    assert_eq!(came_of(&place, &clerk(), Do::Retry, &letter.id).await, Ok(Means::SentAgain));
    assert_eq!(listed(&place, &clerk(), K::DeadLetter, later()).await, vec![]);
    assert_eq!(came_of(&place, &clerk(), Do::Retry, &letter.id).await, Err(Hindrance::Gone));
    assert_eq!(place.number("SELECT count(*) FROM incident_work").await, 0, "what is over needs nobody");
    let again = leased(&place, later().now).await.remove(0);
    assert_eq!((format!("HOOK:{}", again.id), again.attempts), (letter.id.clone(), 1));
    place.store.settle_hook(&again, &given_up(), Duration::days(5), later().now).await.unwrap();
    // Closed with a reason it is sent no more, and its owner sees it and may still send it again.
    assert_eq!(came_of(&place, &clerk(), Do::Close, &letter.id).await, Ok(Means::Closed));
    assert_eq!(listed(&place, &clerk(), K::DeadLetter, later()).await, vec![]);
    assert!(leased(&place, later().now + Duration::days(9)).await.is_empty());
    let lines =
        place.store.hook_lines(&Scope::of(&admin()), &endpoint, None, None, 10).await.unwrap().unwrap();
    assert_eq!(lines.items[0].state, HookState::Closed);
    let auditor = Actor { branches: vec![], ..staff(Role::Auditor, "auditor") };
    let audit = place.store.audit(&Scope::of(&auditor), None, 100).await.unwrap().items;
    let close =
        audit.iter().find(|line| line.kind == "INCIDENT" && line.verb.as_deref() == Some("CLOSE")).unwrap();
    assert!(close.detail.contains("DONE_ELSEWHERE") && close.application_id.is_none(), "{close:?}");
    let one = Again::One(&lines.items[0].id);
    let sent = place.store.resend_hooks(&Scope::of(&admin()), &endpoint, &one, later().now).await.unwrap();
    assert_eq!(sent, HookAnswer::Done(1));
    assert_eq!(db::verify::verify(&place.store).await.unwrap().violations, vec![]);
}

async fn an_endpoint_that_was_disabled_is_activated_from_the_list(place: Place) {
    let guarantor = partner(Role::Guarantor, "GUARANTOR-1");
    let (id, judged) = sent(&place, &guarantor, Ended::Gone).await;
    assert_eq!(judged, Judged::Disabled(DisabledBy::Gone));
    let [line] = listed(&place, &clerk(), K::DisabledEndpoint, later()).await.try_into().unwrap();
    assert_eq!((line.what.as_str(), line.attempts, line.since), ("GONE", 1, soon(1)));
    assert_eq!(line.address.as_deref(), Some("PARTNER:GUARANTOR:GUARANTOR-1"));
    assert_eq!(line.endpoint.as_deref(), Some("hooks.bank.example"), "not the rest of the address");
    for action in [Do::Retry, Do::Close, Do::Remind] {
        assert_eq!(came_of(&place, &clerk(), action, &line.id).await, Err(Hindrance::NotHere));
    }
    assert_eq!(came_of(&place, &clerk(), Do::Enable, &line.id).await, Ok(Means::Enabled));
    assert_eq!(came_of(&place, &clerk(), Do::Enable, &line.id).await, Err(Hindrance::Gone));
    let [kept] = place.store.hook_endpoints(&Scope::of(&guarantor)).await.unwrap().try_into().unwrap();
    assert_eq!((kept.endpoint.state, kept.endpoint.reason), (EndpointState::Active, None));
    assert_eq!((kept.health.failures, kept.health.failing_since), (0, None), "it gets its days anew");
    assert_eq!(leased(&place, later().now).await.len(), 1, "what waited goes");
    // The step is the endpoint's own in the audit: verification knows who did it.
    let mut found = vec![];
    db::evidence::check_steps(&place.store, &mut found).await.unwrap();
    assert!(found.iter().all(|finding| finding.table != "webhook_endpoint"), "{found:?}");
    // What its owner disabled is his own affair.
    let off = db::hooks::Change { state: Some(EndpointState::Disabled), ..db::hooks::Change::default() };
    place.store.change_hook(&Scope::of(&guarantor), &id, off, soon(5)).await.unwrap();
    assert_eq!(listed(&place, &clerk(), K::DisabledEndpoint, later()).await, vec![]);
    assert_eq!(came_of(&place, &clerk(), Do::Enable, &line.id).await, Err(Hindrance::Gone));
}

async fn several_kinds_at_once_each_take_their_own_action(place: Place) {
    trouble_of_bank(&place).await;
    submitted(&place.store, &applicant("taro")).await;
    let (scope, filter) = (Scope::of(&clerk()), IncidentFilter::default());
    let all = place.store.incidents(&scope, &filter, later(), None, 100).await.unwrap().items;
    let ids: Vec<String> = all.iter().map(|one| one.id.clone()).collect();
    let of = |kind: K, results: &[IncidentResult]| {
        results
            .iter()
            .find(|one| one.incident.as_ref().is_some_and(|i| i.kind == kind))
            .map(|one| one.came_of)
    };
    let did = act(&place, &clerk(), Do::Retry, &ids).await;
    assert_eq!(of(K::DeadLetter, &did), Some(Ok(Means::SentAgain)));
    for kind in [K::DisabledEndpoint, K::OpenDay, K::LateEvents] {
        assert_eq!(of(kind, &did), Some(Err(Hindrance::NotHere)), "{kind}");
    }
    let did = act(&place, &clerk(), Do::Enable, &ids).await;
    assert_eq!(of(K::DisabledEndpoint, &did), Some(Ok(Means::Enabled)));
    assert_eq!(of(K::OpenDay, &did), Some(Err(Hindrance::NotHere)));
    let did = act(&place, &clerk(), Do::Take, &ids).await;
    for kind in [K::OpenDay, K::LateEvents] {
        assert_eq!(of(kind, &did), Some(Ok(Means::Taken)), "{kind}");
    }
}

async fn a_day_that_is_over_stands_in_the_list_until_it_is_closed(place: Place) {
    let today = tokyo_date(noon());
    let at = |days: i64| Bounds::at(noon() + Duration::days(days));
    handed_in(&place, today, noon()).await;
    assert_eq!(listed(&place, &clerk(), K::OpenDay, at(5)).await, vec![], "a bank that has closed no day");
    closed(&place, today, noon()).await;
    let next = today + Duration::days(1);
    handed_in(&place, next, noon() + Duration::days(1)).await;
    assert_eq!(listed(&place, &clerk(), K::OpenDay, at(1)).await, vec![], "it is not over yet");
    let [open] = listed(&place, &clerk(), K::OpenDay, at(2)).await.try_into().unwrap();
    assert_eq!((open.what.as_str(), open.day), ("OPEN_DAY", Some(next)));
    // The end of the day in Tokyo.
    assert_eq!(open.since, noon() + Duration::days(1) + Duration::hours(12));
    closed(&place, next, noon() + Duration::days(2)).await;
    assert_eq!(listed(&place, &clerk(), K::OpenDay, at(2)).await, vec![]);
    assert_eq!(
        listed(&place, &clerk(), K::OpenDay, at(30)).await,
        vec![],
        "a day without anything is no open day"
    );
}

async fn a_stream_that_is_behind_says_how_much_and_since_when(place: Place) {
    let store = &place.store;
    let at =
        |minutes: i64| Bounds { stream: Some(STREAM), ..Bounds::at(noon() + Duration::minutes(minutes)) };
    submitted(store, &applicant("taro")).await;
    assert_eq!(listed(&place, &clerk(), K::LateEvents, at(60)).await, vec![], "nothing was published yet");
    let lease = Duration::seconds(15);
    let held = store.hold_stream(STREAM, "a", lease, Begin::First, noon()).await.unwrap().unwrap();
    assert_eq!(listed(&place, &clerk(), K::LateEvents, at(9)).await, vec![], "ten minutes are no incident");
    let [late] = listed(&place, &clerk(), K::LateEvents, at(60)).await.try_into().unwrap();
    let entries = place.number("SELECT count(*) FROM entry").await.unsigned_abs();
    assert!(entries > 0);
    assert_eq!((late.waiting, late.since), (Some(entries), noon()));
    assert_eq!(late.what, "LATE_EVENTS");
    assert_eq!(came_of(&place, &clerk(), Do::Retry, &late.id).await, Err(Hindrance::NotHere));
    // Where nothing is published, an old place in the log is nobody's trouble.
    assert_eq!(listed(&place, &clerk(), K::LateEvents, Bounds::at(at(60).now)).await, vec![]);
    let stranger = Actor { institution: "9999".to_owned(), branches: vec![], ..clerk() };
    assert_eq!(listed(&place, &stranger, K::LateEvents, at(60)).await, vec![], "of its own entries alone");
    let (mut reached, begun) = (held.place, Instant::now());
    while begun.elapsed() < PATIENCE {
        reached = store.stream_page(held.place).await.unwrap().reached;
        if reached.cursor != held.place.cursor && store.stream_page(reached).await.unwrap().events.is_empty()
        {
            break;
        }
        tokio::time::sleep(Wait::from_millis(25)).await;
    }
    store.advance_stream(STREAM, "a", held, reached, soon(60)).await.unwrap().unwrap();
    assert_eq!(listed(&place, &clerk(), K::LateEvents, at(60)).await, vec![]);
}

async fn a_list_of_a_bank_is_for_its_own_people(place: Place) {
    trouble_of_bank(&place).await;
    submitted(&place.store, &applicant("taro")).await;
    let kinds = [K::DeadLetter, K::DisabledEndpoint, K::OpenDay, K::LateEvents];
    let mut ids = vec![];
    for kind in kinds {
        // Whatever branch somebody has: it is the bank's.
        for branch in ["101", "998"] {
            let who = Actor { branches: vec![branch.to_owned()], ..staff(Role::BranchManager, "manager") };
            let seen = listed(&place, &who, kind, later()).await;
            assert_eq!(seen.len(), 1, "{kind} {branch}");
            ids.extend(seen.into_iter().map(|one| one.id));
        }
        let auditor = Actor { branches: vec![], ..staff(Role::Auditor, "auditor") };
        assert_eq!(listed(&place, &auditor, kind, later()).await.len(), 1, "{kind}");
        let system = Actor::internal(Role::System);
        assert_eq!(listed(&place, &system, kind, later()).await.len(), 1, "{kind}");
        for stranger in [
            Actor { institution: "9999".to_owned(), branches: vec![], ..clerk() },
            applicant("taro"),
            partner(Role::Guarantor, "GUARANTOR-1"),
            Actor { institution: String::new(), ..partner(Role::Guarantor, "GUARANTOR-1") },
            admin(),
        ] {
            assert_eq!(listed(&place, &stranger, kind, later()).await, vec![], "{kind} {stranger:?}");
        }
    }
    let elsewhere = Actor { institution: "9999".to_owned(), branches: vec![], ..clerk() };
    for action in [Do::Take, Do::Retry, Do::Enable, Do::Close] {
        for result in act(&place, &elsewhere, action, &ids).await {
            assert_eq!((result.came_of, result.incident), (Err(Hindrance::Gone), None), "{action}");
        }
    }
    assert_eq!(place.number("SELECT count(*) FROM incident_work").await, 0);
}
