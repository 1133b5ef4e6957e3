//! A running counter with people who may come in.

use api::auth::cookie::Cookies;
use api::auth::{Authenticator, DevIssuer, Gate, GateSettings, Keeper, Provider};
use api::documents::objects::Objects;
use api::documents::scan::Scanner;
use api::documents::{DocumentRules, Documents};
use api::graphql::persisted::Persisted;
use api::live::LiveRules;
use api::{Clock, Limits, Service};
use chrono::{DateTime, Utc};
use db::vault::{KeyRing, Vault};
use db::{Store, StoreOptions};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tests::patience::PATIENCE;
use workflows::machine::{Actor, Role, Table};
use workflows::sample::{Sample, rulebook};

/// A clock that stands still until a test moves or sets it.
pub struct Still(Mutex<DateTime<Utc>>);

impl Clock for Still {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("lock")
    }
}

impl Still {
    /// Shows this instant from now on.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().expect("lock") = now;
    }

    /// Moves it forward.
    pub fn pass(&self, seconds: u32) {
        *self.0.lock().expect("lock") += chrono::TimeDelta::seconds(i64::from(seconds));
    }
}

/// How callers come in.
pub struct Entry {
    pub auth: Authenticator,
    pub keeper: Option<Arc<Keeper>>,
    pub settings: GateSettings,
    /// The clock of sessions and of keys.
    pub clock: Arc<dyn Clock>,
    pub provider: Option<Provider>,
    /// Where webhooks go, and who sends some.
    pub hooks: api::Hooks,
    /// Where letters are set.
    pub letters: Option<api::letters::Press>,
}

impl Entry {
    /// With tokens of an issuer, as the service takes them.
    pub fn of(auth: Authenticator) -> Self {
        let (settings, clock) = (GateSettings::default(), Arc::new(api::RealClock));
        let hooks = api::Hooks::default();
        Entry { auth, keeper: None, settings, clock, provider: None, hooks, letters: None }
    }
}

/// An answer over HTTP.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Code of the first error.
    pub fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

pub struct House {
    pub address: SocketAddr,
    pub issuer: DevIssuer,
    pub store: Store,
    pub gate: Arc<Gate>,
    pub http: reqwest::Client,
    /// The clock of the cases.
    pub clock: Arc<Still>,
    /// Where files of its cases lie.
    pub documents: Arc<Documents>,
    directory: tempfile::TempDir,
}

/// The form of a sample as the API takes it.
pub fn form(sample: Sample) -> Value {
    let mut form: Value = serde_json::from_str(sample.json()).expect("JSON");
    let map = form.as_object_mut().expect("object");
    for decided in ["expected", "screening_add_on_percent", "guarantor_decision"] {
        map.remove(decided);
    }
    api::graphql::to_camel(&form)
}

pub fn institution() -> String {
    form(Sample::Purchase)["institution"]["bankCode"].as_str().expect("bank").to_owned()
}

/// A person or client of a role at the sample bank.
pub fn person(role: Role, name: &str) -> Actor {
    let organisation = role.is_partner().then(|| match role {
        Role::CoreBanking => format!("CORE-{}", institution()),
        _ => format!("{}-1", role.code()),
    });
    Actor {
        subject: name.to_owned(),
        role,
        institution: institution(),
        branches: vec![],
        organisation,
        on_behalf_of: None,
    }
}

/// The counter of the bank, which applies for people: it hands in what clerks draft.
pub fn channel() -> Actor {
    Actor { organisation: Some("COUNTER".to_owned()), ..person(Role::Applicant, "counter") }
}

/// A key that was never used.
pub fn fresh_key() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("key-of-a-test-{:08}", NEXT.fetch_add(1, Ordering::Relaxed))
}

pub const CREATE: &str = "mutation($form: FormInput!) { createDraft(form: $form) { __typename \
     ... on Done { version rows replayed application { id number version stage } } \
     ... on Invalid { problems { field rule messageJa messageEn accepted } } } }";
pub const SUBMIT: &str = "mutation($id: ID!, $v: Int) { submitApplication(applicationId: $id, expectedVersion: $v) { __typename \
     ... on Done { version rows replayed application { id number version stage } } \
     ... on Blocked { code at allowed unmet { code rule subject ja en clearedBy } } \
     ... on Conflict { current { version } changedBy changedAt } \
     ... on Invalid { problems { field rule } } } }";

/// The limits of production with as much time as a slow machine may need. A test of one of these times sets it.
pub fn patient() -> Limits {
    Limits {
        head_time: PATIENCE,
        body_time: PATIENCE,
        execution: PATIENCE,
        // Whoever repeats what has no kept answer waits for all of it.
        repeat: std::time::Duration::from_secs(10),
        init: PATIENCE,
        slow: PATIENCE,
        ..Limits::default()
    }
}

/// The options of a store, in the same way.
fn unhurried() -> StoreOptions {
    let mut options = StoreOptions::new(Arc::new(rulebook().expect("rulebook")));
    options.acquire_timeout = PATIENCE;
    options.statement_timeout = PATIENCE;
    options.busy_timeout = PATIENCE;
    options
}

impl House {
    /// Opens a house with the limits of production, but for times.
    pub async fn open() -> House {
        House::with(patient()).await
    }

    pub async fn with(limits: Limits) -> House {
        let (store, issuer, directory) = House::founded().await;
        let entry = Entry::of(issuer.authenticator().expect("keys"));
        House::around(store, issuer, limits, directory, None, entry).await
    }

    /// A house with another way in.
    pub async fn entered(entry: impl AsyncFnOnce(&Store) -> Entry) -> House {
        let (store, issuer, directory) = House::founded().await;
        let limits = patient();
        let entry = entry(&store).await;
        House::around(store, issuer, limits, directory, None, entry).await
    }

    /// A house with webhooks.
    pub async fn hooked(hooks: api::Hooks) -> House {
        let (store, issuer, directory) = House::founded().await;
        let limits = patient();
        let entry = Entry { hooks, ..Entry::of(issuer.authenticator().expect("keys")) };
        House::around(store, issuer, limits, directory, None, entry).await
    }

    /// A house whose entry is the usual one but for a change.
    pub async fn entered_with(change: impl FnOnce(Entry) -> Entry) -> House {
        let (store, issuer, directory) = House::founded().await;
        let limits = patient();
        let entry = change(Entry::of(issuer.authenticator().expect("keys")));
        House::around(store, issuer, limits, directory, None, entry).await
    }

    /// A fresh SQLite database and an issuer.
    async fn founded() -> (Store, DevIssuer, tempfile::TempDir) {
        let directory = tempfile::tempdir().expect("directory");
        let url = format!("sqlite:{}", directory.path().join("yushi.sqlite").display());
        House::founded_at(&url, directory).await
    }

    /// The same house on a private PostgreSQL server, under row-level security.
    pub async fn on_postgres() -> House {
        use tests::postgres::Role::{Owner, Service, Worker};
        let name = tokio::task::spawn_blocking(|| tests::postgres::PrivatePostgres::shared().fresh_guarded());
        let (name, server) = (name.await.expect("server"), tests::postgres::PrivatePostgres::shared());
        let directory = tempfile::tempdir().expect("directory");
        let (_, issuer, directory) = House::founded_at(&server.url_as(Owner, &name), directory).await;
        let granted = name.clone();
        tokio::task::spawn_blocking(move || server.grant(&granted)).await.expect("granted");
        let mut options = unhurried();
        options.across_url = Some(server.url_as(Worker, &name));
        let store = Store::open(&server.url_as(Service, &name), options).await.expect("store");
        let limits = patient();
        let entry = Entry::of(issuer.authenticator().expect("keys"));
        House::around(store, issuer, limits, directory, None, entry).await
    }

    async fn founded_at(url: &str, directory: tempfile::TempDir) -> (Store, DevIssuer, tempfile::TempDir) {
        House::founded_with(url, directory, |_| ()).await
    }

    /// A house on a database of the caller's, whose store is opened in another way.
    pub async fn at_url(url: &str, limits: Limits, change: impl FnOnce(&mut StoreOptions)) -> House {
        let directory = tempfile::tempdir().expect("directory");
        let (store, issuer, directory) = House::founded_with(url, directory, change).await;
        let entry = Entry::of(issuer.authenticator().expect("keys"));
        House::around(store, issuer, limits, directory, None, entry).await
    }

    /// Where the embedded database lies.
    pub fn sqlite_url(&self) -> String {
        format!("sqlite:{}", self.directory.path().join("yushi.sqlite").display())
    }

    async fn founded_with(
        url: &str,
        directory: tempfile::TempDir,
        change: impl FnOnce(&mut StoreOptions),
    ) -> (Store, DevIssuer, tempfile::TempDir) {
        let mut options = unhurried();
        change(&mut options);
        let store = Store::open(url, options).await.expect("store");
        store.migrate().await.expect("migrated");
        let issuer = DevIssuer::open(&directory.path().join("issuer")).expect("issuer");
        (store, issuer, directory)
    }

    async fn around(
        store: Store,
        issuer: DevIssuer,
        limits: Limits,
        directory: tempfile::TempDir,
        demo: Option<DevIssuer>,
        entry: Entry,
    ) -> House {
        House::registered(store, issuer, limits, directory, demo, (entry, None, None)).await
    }

    /// A house that knows operations beforehand.
    pub async fn knowing(persisted: Persisted) -> House {
        let (store, issuer, directory) = House::founded().await;
        let entry = Entry::of(issuer.authenticator().expect("keys"));
        House::registered(store, issuer, patient(), directory, None, (entry, Some(persisted), None)).await
    }

    async fn registered(
        store: Store,
        issuer: DevIssuer,
        limits: Limits,
        directory: tempfile::TempDir,
        demo: Option<DevIssuer>,
        (entry, persisted, documents): (Entry, Option<Persisted>, Option<Documents>),
    ) -> House {
        let rules = Arc::new(LiveRules::new(Arc::new(rulebook().expect("rulebook"))));
        let now = Sample::Purchase.form().expect("form").received_at.with_timezone(&Utc);
        let gate = Gate::new(entry.auth, entry.keeper, store.clone(), entry.settings, entry.clock);
        let clock = Arc::new(Still(Mutex::new(now)));
        let documents = documents.unwrap_or_else(|| Documents {
            objects: Objects::in_memory(),
            scanner: Scanner::None,
            rules: DocumentRules::default(),
        });
        let documents = Arc::new(documents);
        let service = Service {
            store: store.clone(),
            rules,
            table: Arc::new(Table::default()),
            auth: gate.clone(),
            provider: entry.provider,
            clock: clock.clone(),
            limits: limits.clone(),
            origins: vec!["https://loans.example.jp".to_owned()],
            cors: vec!["https://desk.example.jp".to_owned()],
            proxies: vec![],
            letters: entry.letters,
            notices: api::Wording::usual().expect("the templates"),
            persisted: persisted.unwrap_or_default(),
            hooks: entry.hooks,
            demo,
            documents: Some(documents.clone()),
            metrics: None,
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("listener");
        let address = listener.local_addr().expect("address");
        let router = api::router(service).expect("router");
        tokio::spawn(async move { api::serve(listener, router, &limits, std::future::pending()).await });
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("client");
        House { address, issuer, store, gate, http, clock, documents, directory }
    }

    /// A house with demo users.
    pub async fn demo() -> House {
        House::demo_by(Arc::new(api::RealClock)).await
    }

    /// The same with another clock for its sessions.
    pub async fn demo_by(clock: Arc<dyn Clock>) -> House {
        let limits = patient();
        let (store, mut issuer, directory) = House::founded().await;
        let users =
            [(Role::BranchClerk, "demo-clerk"), (Role::UserAdmin, "admin-1"), (Role::UserAdmin, "admin-2")];
        for (role, id) in users {
            issuer.register(id, "窓口 花子", person(role, id)).expect("registered");
        }
        let now = clock.now();
        let accounts: Vec<_> =
            issuer.clients().iter().map(|client| api::demo::clients::account(client, now)).collect();
        store.add_accounts(&accounts, "demo", now).await.expect("accounts");
        let settings = GateSettings { cookies: Cookies::Plain, ..GateSettings::default() };
        let entry = Entry { settings, clock, ..Entry::of(issuer.authenticator().expect("keys")) };
        House::around(store, issuer.clone(), limits, directory, Some(issuer), entry).await
    }

    /// A house that seals what it stores and keeps files.
    pub async fn storing(documents: Documents) -> House {
        let directory = tempfile::tempdir().expect("directory");
        let url = format!("sqlite:{}", directory.path().join("yushi.sqlite").display());
        House::storing_at(&url, documents, |_| ()).await
    }

    /// The same on a database of the caller's.
    pub async fn storing_at(
        url: &str,
        documents: Documents,
        change: impl FnOnce(&mut StoreOptions),
    ) -> House {
        let directory = tempfile::tempdir().expect("directory");
        let url = if url.starts_with("sqlite") {
            format!("sqlite:{}", directory.path().join("yushi.sqlite").display())
        } else {
            url.to_owned()
        };
        let (store, issuer, directory) = House::founded_with(&url, directory, |options| {
            let ring = KeyRing::of(&[7; 32]).expect("a key");
            options.vault = Some(Vault::new(Arc::new(ring)));
            change(options);
        })
        .await;
        let limits = patient();
        let entry = Entry::of(issuer.authenticator().expect("keys"));
        House::registered(store, issuer, limits, directory, None, (entry, None, Some(documents))).await
    }

    /// Another address of the house.
    pub fn at(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    pub fn url(&self) -> String {
        format!("http://{}/graphql", self.address)
    }

    pub fn token(&self, actor: &Actor) -> String {
        self.issuer.token(actor, 600).expect("token")
    }

    /// A request that is right in every header; `change` makes it otherwise.
    pub async fn raw(
        &self,
        actor: &Actor,
        body: impl Into<reqwest::Body>,
        change: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
    ) -> Answer {
        let request = self
            .http
            .post(self.url())
            .bearer_auth(self.token(actor))
            .header("content-type", "application/json")
            .header("accept", "application/graphql-response+json")
            .body(body);
        let response = change(request).send().await.expect("answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, text: response.text().await.expect("text") }
    }

    pub async fn ask(&self, actor: &Actor, query: &str, variables: Value) -> Answer {
        let body = json!({ "query": query, "variables": variables }).to_string();
        self.raw(actor, body, |request| request.header("idempotency-key", fresh_key())).await
    }

    pub async fn ask_with_key(&self, actor: &Actor, key: &str, query: &str, variables: Value) -> Answer {
        let body = json!({ "query": query, "variables": variables }).to_string();
        self.raw(actor, body, |request| request.header("idempotency-key", key)).await
    }

    /// The data of a question that has no errors.
    pub async fn data(&self, actor: &Actor, query: &str, variables: Value) -> Value {
        let answer = self.ask(actor, query, variables).await;
        let json = answer.json();
        assert_eq!(answer.status, 200, "{json}");
        assert!(json.get("errors").is_none(), "{json}");
        json["data"].clone()
    }

    /// Changes the SQLite database behind the service's back.
    pub async fn sql(&self, text: &str) {
        let url = format!("sqlite:{}", self.directory.path().join("yushi.sqlite").display());
        let aside = sea_orm::Database::connect(url).await.expect("a connection");
        sea_orm::ConnectionTrait::execute_unprepared(&aside, text).await.expect("SQL");
        aside.close().await.expect("closed");
    }

    /// Id of a fresh draft.
    pub async fn draft(&self, clerk: &Actor) -> String {
        let data = self.data(clerk, CREATE, json!({ "form": form(Sample::Purchase) })).await;
        assert_eq!(data["createDraft"]["__typename"], "Done", "{data}");
        data["createDraft"]["application"]["id"].as_str().expect("id").to_owned()
    }
}

impl House {
    /// Another process on another connection to the same PostgreSQL database, which knows the same people.
    pub async fn node(&self, url: &str, limits: Limits) -> House {
        let directory = tempfile::tempdir().expect("directory");
        let (store, _, directory) = House::founded_at(url, directory).await;
        let entry = Entry::of(self.issuer.authenticator().expect("keys"));
        House::around(store, self.issuer.clone(), limits, directory, None, entry).await
    }

    /// Another process on the same database: same keys, no memory.
    pub async fn twin(&self) -> House {
        self.twin_hooked(api::Hooks::default()).await
    }

    /// The same with webhooks.
    pub async fn twin_hooked(&self, hooks: api::Hooks) -> House {
        self.twin_with(hooks, patient()).await
    }

    /// The same with other limits.
    pub async fn twin_with(&self, hooks: api::Hooks, limits: Limits) -> House {
        let directory = tempfile::tempdir().expect("directory");
        let entry = Entry { hooks, ..Entry::of(self.issuer.authenticator().expect("keys")) };
        House::around(self.store.clone(), self.issuer.clone(), limits, directory, None, entry).await
    }
}
