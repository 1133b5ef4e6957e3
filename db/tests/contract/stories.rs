//! A bank's book, one sample application and the people around it.

use chrono::{DateTime, Duration, TimeZone, Utc};
use db::audit::Look;
use db::{Answer, Done, Key, Request, Store, StoreOptions, Target};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};
use std::sync::Arc;
use tests::patience::PATIENCE;
use tests::postgres::PrivatePostgres;
use tests::postgres::Role::{Owner, Service, Worker};
use workflows::form::Line;
use workflows::machine::{Actor, Command, Role, Rulebook};
use workflows::{Books, Form, PostedRates};

pub const BASE: &str = include_str!("../../../workflows/products/base.toml");
const PARAMETERS: &str = include_str!("../../../tests/data/parameters.json");
const RATES: &str = include_str!("../../../tests/data/posted-rates.json");
const APPLICATIONS: &str = include_str!("../../../tests/data/applications.jsonl");

/// The lending rules of the sample banks.
pub fn rulebook() -> Arc<Rulebook> {
    rulebook_of(BASE)
}

/// The same on another base book.
pub fn rulebook_of(base: &str) -> Arc<Rulebook> {
    let books = Books::load(base, "base.toml", PARAMETERS).unwrap();
    Arc::new(Rulebook { books: Arc::new(books), rates: Arc::new(PostedRates::parse(RATES).unwrap()) })
}

/// The first sample application.
pub fn form() -> Form {
    Line::parse(APPLICATIONS.lines().next().unwrap()).unwrap().form
}

/// A database of its own per test.
pub struct Place {
    pub store: Store,
    pub url: String,
    _dir: Option<tempfile::TempDir>,
}

/// An empty, migrated SQLite store.
pub async fn sqlite(change: impl FnOnce(&mut StoreOptions)) -> Place {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("yushi.db").display());
    Place { store: open(&url, change).await, url, _dir: Some(dir) }
}

/// An empty, migrated PostgreSQL store under row-level security: the store signs in as the service and the worker of a real
/// installation, whoever looks aside as the superuser.
pub async fn postgres(change: impl FnOnce(&mut StoreOptions)) -> Place {
    postgres_with("", change).await
}

/// The same with settings of the database.
pub async fn postgres_with(settings: &str, change: impl FnOnce(&mut StoreOptions)) -> Place {
    let settings = settings.to_owned();
    let name = tokio::task::spawn_blocking(move || {
        let server = PrivatePostgres::shared();
        let name = server.fresh_guarded();
        for setting in settings.split(';').filter(|s| !s.is_empty()) {
            server.run(&server.url(), &format!("ALTER DATABASE {name} SET {setting}"));
        }
        name
    });
    let name = name.await.unwrap();
    let server = PrivatePostgres::shared();
    let owner = open(&server.url_as(Owner, &name), |_| ()).await;
    drop(owner);
    let granted = name.clone();
    tokio::task::spawn_blocking(move || PrivatePostgres::shared().grant(&granted)).await.unwrap();
    let mut options = patient();
    options.across_url = Some(server.url_as(Worker, &name));
    change(&mut options);
    let store = Store::open(&server.url_as(Service, &name), options).await.unwrap();
    Place { store, url: server.url_to(&name), _dir: None }
}

/// An empty, migrated PostgreSQL store in a database made in this way.
pub async fn postgres_in(how: &str) -> Place {
    let how = how.to_owned();
    let url = tokio::task::spawn_blocking(move || {
        let server = PrivatePostgres::shared();
        let name = format!("made_{}", uuid::Uuid::now_v7().simple());
        server.run(&server.url(), &format!("CREATE DATABASE {name} {how}"));
        server.url_to(&name)
    });
    let url = url.await.unwrap();
    Place { store: open(&url, |_| ()).await, url, _dir: None }
}

fn patient() -> StoreOptions {
    let mut options = StoreOptions::new(rulebook());
    // Two cores and a whole suite at once: patience, not speed, is tested here.
    options.acquire_timeout = PATIENCE;
    options.statement_timeout = PATIENCE;
    options.busy_timeout = PATIENCE;
    options
}

async fn open(url: &str, change: impl FnOnce(&mut StoreOptions)) -> Store {
    let mut options = patient();
    change(&mut options);
    let store = Store::open(url, options).await.unwrap();
    assert!(!store.is_migrated().await.unwrap());
    store.migrate().await.unwrap();
    assert!(store.is_migrated().await.unwrap());
    store
}

impl Place {
    /// A connection beside the store, for looking and for tampering.
    pub async fn aside(&self) -> DatabaseConnection {
        let mut connect = ConnectOptions::new(&self.url);
        // As in the store: the pool's maintenance may never end.
        connect.idle_timeout(None::<std::time::Duration>).max_lifetime(None::<std::time::Duration>);
        connect.max_connections(1).sqlx_logging(false).map_sqlx_sqlite_opts(|o| o.foreign_keys(false));
        Database::connect(connect).await.unwrap()
    }

    /// Runs SQL beside the store; how many rows it met.
    pub async fn tamper(&self, sql: &str) -> u64 {
        let aside = self.aside().await;
        if aside.get_database_backend() == sea_orm::DbBackend::Postgres {
            // Whoever owns the database is stopped by no reference between tables.
            aside.execute_unprepared("SET session_replication_role = replica").await.unwrap();
        }
        let met = aside.execute_unprepared(sql).await.unwrap().rows_affected();
        aside.close().await.unwrap();
        met
    }

    /// Keeps the rows of a table aside.
    pub async fn save(&self, table: &str) {
        self.tamper(&format!("CREATE TABLE saved_{table} AS SELECT * FROM {table}")).await;
    }

    /// Gives a table back the rows that were kept.
    pub async fn restore(&self, table: &str) {
        self.tamper(&format!("DELETE FROM {table}")).await;
        self.tamper(&format!("INSERT INTO {table} SELECT * FROM saved_{table}")).await;
        self.tamper(&format!("DROP TABLE saved_{table}")).await;
    }

    /// The one number that a query gives.
    pub async fn number(&self, sql: &str) -> i64 {
        let aside = self.aside().await;
        let statement = Statement::from_string(aside.get_database_backend(), sql);
        let number = aside.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap();
        aside.close().await.unwrap();
        number
    }
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
        on_behalf_of: None,
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

/// Somebody looks at the content of cases of the sample's bank.
pub fn look(applications: &[&str]) -> Look {
    Look {
        institution: form().institution.bank_code,
        applications: applications.iter().map(|id| (*id).to_owned()).collect(),
        kinds: vec!["CONTENT".to_owned(), "NAME".to_owned()],
        purpose: "SCREENING".to_owned(),
        request: "request-1".to_owned(),
        emergency: None,
    }
}

/// A clerk of the sample's branch.
pub fn clerk() -> Actor {
    staff(Role::BranchClerk, "clerk-1")
}

pub fn memo(text: &str) -> Command {
    Command::AddMemo { text: text.to_owned() }
}

/// Clerk proposes, manager decides: screening starts, and the guarantor is asked.
pub async fn screened(store: &Store, id: &str) -> Done {
    let target = Target::Case { id };
    let proposed = done(ask(store, &clerk(), target, &Command::StartScreening {}).await);
    let proposal_id = proposed.case.proposals[0].id.clone();
    let manager = staff(Role::BranchManager, "manager");
    done(ask(store, &manager, target, &Command::ApproveProposal { proposal_id }).await)
}
