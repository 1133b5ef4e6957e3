//! Seeded faults: histories that the machine would never write, written through the real writer with a sound chain.

use super::verify;
use crate::rows::transition;
use crate::write::Written;
use crate::{Answer, Request, Scope, Store, StoreOptions, Target};
use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use std::sync::Arc;
use workflows::form::Line;
use workflows::machine::facts::{ChangeCause, Posting, PostingState};
use workflows::machine::{Actor, Case, Command, Decision, Entry, Event, Role, Rulebook, Stage, Verb, evolve};
use workflows::{Books, Form, PostedRates};

const BASE: &str = include_str!("../../../workflows/products/base.toml");
const PARAMETERS: &str = include_str!("../../../tests/data/parameters.json");
const RATES: &str = include_str!("../../../tests/data/posted-rates.json");
const APPLICATIONS: &str = include_str!("../../../tests/data/applications.jsonl");

fn form() -> Form {
    Line::parse(APPLICATIONS.lines().next().unwrap()).unwrap().form
}

fn now() -> DateTime<Utc> {
    Utc.from_utc_datetime(&form().received_date().and_hms_opt(3, 0, 0).unwrap())
}

async fn store() -> Store {
    let books = Arc::new(Books::load(BASE, "base.toml", PARAMETERS).unwrap());
    let rates = Arc::new(PostedRates::parse(RATES).unwrap());
    let store = Store::open("sqlite::memory:", StoreOptions::new(Arc::new(Rulebook { books, rates })));
    let store = store.await.unwrap();
    store.migrate().await.unwrap();
    store
}

fn applicant() -> Actor {
    let institution = form().institution.bank_code;
    Actor { institution, role: Role::Applicant, ..Actor::internal(Role::Applicant) }
}

/// A submitted case.
async fn submitted(store: &Store) -> String {
    let (actor, id) = (applicant(), uuid::Uuid::now_v7().to_string());
    let create = Command::CreateDraft { form: form() };
    let submit = Command::SubmitApplication { received_at: None, external_id: None };
    for (target, command) in [(Target::New { id: &id }, &create), (Target::Case { id: &id }, &submit)] {
        let request =
            Request { actor: &actor, now: now(), target, command, expected_version: None, key: None };
        let answer = store.execute(request).await.unwrap();
        assert!(matches!(answer, Answer::Done(_)), "{answer:?}");
    }
    id
}

/// Writes events that nobody decided.
async fn forge(store: &Store, id: &str, by: &str, events: Vec<Event>) {
    let stored = store.stored(&Scope::of(&Actor::internal(Role::System)), id).await.unwrap().unwrap();
    let version = stored.case.version + 1;
    let (at, role, verb) = (now(), Role::BranchClerk, Verb::AddMemo);
    let entry = Entry { version, at, by: by.to_owned(), role, verb, reason: None, events };
    let case: Case = evolve(Some((*stored.case).clone()), &entry).unwrap();
    let decision = Decision { entry, case, effects: vec![], rows: vec![] };
    let rows = transition(decision, Some(&stored.head), &applicant(), None, None).unwrap();
    assert_eq!(store.write(rows).await.unwrap(), Written::Committed);
}

fn moved(row: &str, from: Stage, to: Stage) -> Event {
    Event::Moved { row: row.to_owned(), from, to }
}

fn ordered(key: &str, amount_yen: i64) -> Event {
    let (key, date) = (key.to_owned(), now().date_naive());
    let posting =
        Posting { key, date, amount_yen, drawing: false, state: PostingState::Ordered, parts: vec![] };
    Event::PostingOrdered { posting }
}

fn posted(key: &str) -> Event {
    Event::PostingSettled { key: key.to_owned(), state: PostingState::Posted, reference: None }
}

/// The invariants that verification names after these forged entries.
async fn named(store: &Store, entries: Vec<Vec<Event>>) -> Vec<String> {
    let id = submitted(store).await;
    for events in entries {
        forge(store, &id, "insider", events).await;
    }
    let report = verify(store).await.unwrap();
    let mine = report.violations.into_iter().filter(|v| v.application == id);
    mine.map(|v| v.invariant).collect()
}

#[tokio::test]
async fn every_seeded_fault_is_named() {
    use Stage as S;
    let late = NaiveDate::from_ymd_opt(2099, 1, 4).unwrap();
    let content = Event::ContentReplaced { form: Arc::new(form()), content_version: 9 };
    let change = Event::ChangeOpened { from: S::Contracted, cause: Some(ChangeCause::PartyDied), form: None };
    let contracted = vec![moved("T22", S::ContractTendered, S::Contracted)];
    let on_hold = vec![moved("T26", S::Scheduled, S::OnHold)];
    let ready = vec![moved("T25", S::Scheduled, S::Ready)];
    let faults: Vec<(&str, Vec<Vec<Event>>)> = vec![
        ("INV-1", vec![vec![ordered("K1", 1)], vec![ordered("K1", 1)]]),
        (
            "INV-1",
            vec![
                vec![ordered("K1", 1), posted("K1")],
                vec![Event::PostingSettled {
                    key: "K1".to_owned(),
                    state: PostingState::Reversed,
                    reference: None,
                }],
                vec![posted("K1")],
            ],
        ),
        ("INV-2", vec![vec![ordered("K1", 1)]]),
        ("INV-3", vec![vec![moved("T28", S::Submitted, S::Disbursing)]]),
        ("INV-4", vec![contracted.clone()]),
        ("INV-5", vec![contracted, vec![change]]),
        ("INV-6", vec![vec![content]]),
        ("INV-8", vec![on_hold.clone(), vec![ordered("K1", 1)]]),
        ("INV-8", vec![on_hold, vec![moved("T28", S::OnHold, S::Disbursing)]]),
        ("INV-9", vec![vec![Event::DateNamed { date: late }], ready]),
        ("INV-10", vec![vec![moved("T05", S::Approved, S::Screening)]]),
        ("OUTBOX", vec![vec![moved("T05", S::Submitted, S::Screening)]]),
    ];
    let store = store().await;
    for (n, (invariant, entries)) in faults.into_iter().enumerate() {
        let found = named(&store, entries).await;
        assert!(found.iter().any(|i| i == invariant), "fault {n}, {invariant}: found {found:?}");
        assert!(!found.iter().any(|i| i == "CHAIN" || i == "FOLD"), "fault {n}: {found:?}");
    }
}

#[tokio::test]
async fn nobody_acts_namelessly() {
    let store = store().await;
    let id = submitted(&store).await;
    forge(&store, &id, "", vec![Event::MemoAdded { text: "anonymous".to_owned() }]).await;
    let report = verify(&store).await.unwrap();
    let found: Vec<(&str, &str)> =
        report.violations.iter().map(|v| (v.invariant.as_str(), v.detail.as_str())).collect();
    let row = "updated_at or updated_by is not that of the last entry";
    assert_eq!(found, [("INV-10", "entry 3 was made by nobody"), ("ROW", row)]);
}
