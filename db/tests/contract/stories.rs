//! A bank's book, one sample application and the people around it.

use chrono::{DateTime, Duration, TimeZone, Utc};
use db::{Answer, Done, Key, Request, Store, StoreOptions, Target};
use std::sync::Arc;
use workflows::form::Line;
use workflows::machine::{Actor, Command, Role, Rulebook};
use workflows::{Books, Form, PostedRates};

const BASE: &str = include_str!("../../../workflows/products/base.toml");
const PARAMETERS: &str = include_str!("../../../tests/data/parameters.json");
const RATES: &str = include_str!("../../../tests/data/posted-rates.json");
const APPLICATIONS: &str = include_str!("../../../tests/data/applications.jsonl");

/// The lending rules of the sample banks.
pub fn rulebook() -> Arc<Rulebook> {
    let books = Books::load(BASE, "base.toml", PARAMETERS).unwrap();
    Arc::new(Rulebook { books: Arc::new(books), rates: Arc::new(PostedRates::parse(RATES).unwrap()) })
}

/// The first sample application.
pub fn form() -> Form {
    Line::parse(APPLICATIONS.lines().next().unwrap()).unwrap().form
}

/// A file of its own per test, gone with the value.
pub struct Place {
    pub store: Store,
    _dir: Option<tempfile::TempDir>,
}

/// An empty, migrated SQLite store.
pub async fn sqlite(change: impl FnOnce(&mut StoreOptions)) -> Place {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("yushi.db").display());
    let mut options = StoreOptions::new(rulebook());
    change(&mut options);
    let store = Store::open(&url, options).await.unwrap();
    assert!(!store.is_migrated().await.unwrap());
    store.migrate().await.unwrap();
    assert!(store.is_migrated().await.unwrap());
    Place { store, _dir: Some(dir) }
}

/// Noon in Tokyo of the sample's reception day.
pub fn noon() -> DateTime<Utc> {
    let day = form().received_date();
    Utc.from_utc_datetime(&day.and_hms_opt(3, 0, 0).unwrap())
}

/// Somebody of the sample's bank and branch.
pub fn staff(role: Role, subject: &str) -> Actor {
    let form = form();
    Actor {
        subject: subject.to_owned(),
        role,
        institution: form.institution.bank_code,
        branches: vec![form.institution.branch_code],
        organisation: None,
    }
}

/// A person who applies for himself.
pub fn applicant(subject: &str) -> Actor {
    Actor { branches: vec![], ..staff(Role::Applicant, subject) }
}

/// A partner's client.
pub fn partner(role: Role, organisation: &str) -> Actor {
    Actor {
        branches: vec![],
        organisation: Some(organisation.to_owned()),
        ..staff(role, &format!("{organisation}-client"))
    }
}

/// A new id, growing with time.
pub fn id() -> String {
    uuid::Uuid::now_v7().to_string()
}

pub async fn ask(store: &Store, actor: &Actor, target: Target<'_>, command: &Command) -> Answer {
    let request = Request { actor, now: noon(), target, command, expected_version: None, key: None };
    store.execute(request).await.unwrap()
}

pub async fn ask_with_key(
    store: &Store,
    actor: &Actor,
    target: Target<'_>,
    command: &Command,
    key: (&str, &str),
) -> Answer {
    let key = Some(Key { key: key.0, body_hash: key.1 });
    let request = Request { actor, now: noon(), target, command, expected_version: None, key };
    store.execute(request).await.unwrap()
}

pub fn done(answer: Answer) -> Done {
    match answer {
        Answer::Done(done) => done,
        other => panic!("not done: {other:?}"),
    }
}

pub fn submit_as(external_id: Option<&str>) -> Command {
    Command::SubmitApplication { received_at: None, external_id: external_id.map(str::to_owned) }
}

/// A submitted application of the person.
pub async fn submitted(store: &Store, who: &Actor) -> String {
    let id = id();
    done(ask(store, who, Target::New { id: &id }, &Command::CreateDraft { form: form() }).await);
    done(ask(store, who, Target::Case { id: &id }, &submit_as(None)).await);
    id
}

pub fn soon(seconds: i64) -> DateTime<Utc> {
    noon() + Duration::seconds(seconds)
}
