//! `make bench`: what sign-in, account, row-level security and read log add to a request. The same question over HTTP at two counters of
//! one process on one database: one as it ships, one that takes everybody for the same clerk, writes nothing down and, on PostgreSQL,
//! signs in as a role that no policy binds. Rounds take turns; the ratio of their medians counts.

use api::auth::{DevIssuer, Gate, GateSettings};
use api::graphql::cost::Most;
use api::graphql::persisted::Persisted;
use api::live::LiveRules;
use api::{Limits, RealClock, Service};
use chrono::{DateTime, Utc};
use db::accounts::{account_id, new_account};
use db::{Answer, Request, Store, StoreOptions, Target};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tests::bench::http::Client;
use tests::bench::{Figures, figures, median};
use tests::postgres::PrivatePostgres;
use tests::postgres::Role::{Owner, Service as AsService, Worker};
use workflows::account::{AccountKind, Profile, Wanted};
use workflows::machine::{Actor, Command, Role, Table};
use workflows::sample::{Sample, rulebook};

/// Cases on the database: more than a page of the worklist.
const CASES: usize = 120;
const CASE: &str = "query($id: ID) { application(id: $id) { id number version stage stageLabel { ja en } applicantName amountYen plannedDate \
     content { parties { nameKanji nameKana birthDate address { prefecture text } annualIncomeYen } loans { loanNo amountYen termMonths } } \
     tracks { track state since } openTasks { id task dueOn } deadlines { timer dueAt } proposals { id verb by } } }";
const WORKLIST: &str = "query { applications(first: 50) { edges { cursor node { id number stage stageLabel { ja en } applicantName \
     product amountYen plannedDate updatedAt } } pageInfo { hasNextPage endCursor } } }";

/// A number behind a flag of the command line.
fn given(name: &str, ordinary: u64) -> u64 {
    let words: Vec<String> = std::env::args().collect();
    let at = words.iter().position(|word| word == name);
    at.and_then(|at| words.get(at + 1)?.parse().ok()).unwrap_or(ordinary)
}

/// Two counters on one database.
struct Pair {
    name: &'static str,
    shipped: String,
    bypassed: String,
    /// One for each client: everybody has an account of his own.
    tokens: Vec<String>,
    cases: Vec<String>,
    _folder: tempfile::TempDir,
}

fn clerk(subject: &str) -> Actor {
    let form = Sample::Purchase.form().expect("the sample");
    Actor {
        subject: subject.to_owned(),
        role: Role::BranchClerk,
        institution: form.institution.bank_code,
        branches: vec![form.institution.branch_code],
        organisation: None,
        on_behalf_of: None,
    }
}

fn options() -> StoreOptions {
    StoreOptions::new(Arc::new(rulebook().expect("rules")))
}

async fn filled(store: &Store, now: DateTime<Utc>) -> Vec<String> {
    let mut cases = vec![];
    for n in 0..CASES {
        let (id, who) = (uuid::Uuid::now_v7().to_string(), format!("person-{n:03}"));
        let who = Actor { role: Role::Applicant, branches: vec![], ..clerk(&who) };
        let form = Sample::Purchase.form().expect("the sample");
        let steps = [
            (Target::New { id: &id }, Command::CreateDraft { form }),
            (Target::Case { id: &id }, Command::SubmitApplication { received_at: None, external_id: None }),
        ];
        for (target, command) in &steps {
            let request =
                Request { actor: &who, now, target: *target, command, expected_version: None, key: None };
            let answer = store.execute(request).await.expect("executed");
            assert!(matches!(answer, Answer::Done(_)), "{answer:?}");
        }
        cases.push(id);
    }
    cases
}

async fn serve(store: Store, issuer: &DevIssuer, bypass: Option<Actor>) -> String {
    let clock = Arc::new(RealClock);
    let auth = issuer.authenticator().expect("keys");
    let limits = Limits {
        cost: Most { cost: 1_000, ..Most::default() },
        cost_per_minute: u64::MAX / 4,
        bank_cost_per_minute: u64::MAX / 4,
        address_cost_per_minute: u64::MAX / 4,
        ..Limits::default()
    };
    let service = Service {
        auth: Gate::new(auth, None, store.clone(), GateSettings::default(), clock.clone()),
        store,
        rules: Arc::new(LiveRules::new(Arc::new(rulebook().expect("rules")))),
        table: Arc::new(Table::default()),
        provider: None,
        clock,
        limits: limits.clone(),
        origins: vec![],
        cors: vec![],
        proxies: vec![],
        letters: None,
        notices: api::Wording::usual().expect("the templates"),
        persisted: Persisted::default(),
        hooks: api::Hooks::default(),
        demo: None,
        documents: None,
        metrics: None,
    };
    let router = match bypass {
        None => api::router(service),
        Some(actor) => api::http::bypassing(service, actor),
    };
    let router = router.expect("the schemas");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(async move { api::serve(listener, router, &limits, std::future::pending()).await });
    address
}

async fn pair(name: &'static str, shipped: Store, bypassed: Store, most: usize) -> Pair {
    let folder = tempfile::tempdir().expect("a folder");
    let issuer = DevIssuer::open(folder.path()).expect("an issuer");
    let now = Sample::Purchase.form().expect("the sample").received_at.with_timezone(&Utc);
    let cases = filled(&shipped, now).await;
    let gate_issuer = issuer.authenticator().expect("keys").issuer().to_owned();
    let people: Vec<Actor> = (0..most).map(|n| clerk(&format!("clerk-{n:03}"))).collect();
    let accounts: Vec<_> = people
        .iter()
        .map(|actor| {
            let profile = Profile {
                name: "窓口 見本".to_owned(),
                roles: vec![actor.role],
                branches: actor.branches.clone(),
                organisation: None,
                lead: false,
            };
            let wanted = Wanted { kind: AccountKind::Person, login: actor.subject.clone(), profile };
            new_account(&account_id(), &gate_issuer, &actor.institution, wanted, now)
        })
        .collect();
    let added = shipped.add_accounts(&accounts, "bench", now).await.expect("accounts");
    assert_eq!(added as usize, most);
    let tokens = people.iter().map(|actor| issuer.token(actor, 36_000).expect("a token")).collect();
    Pair {
        name,
        shipped: serve(shipped, &issuer, None).await,
        bypassed: serve(bypassed, &issuer, Some(clerk("clerk-000"))).await,
        tokens,
        cases,
        _folder: folder,
    }
}

async fn on_postgres(server: &PrivatePostgres, most: usize) -> Pair {
    let name = server.fresh_guarded();
    let owner = Store::open(&server.url_as(Owner, &name), options()).await.expect("the store");
    owner.migrate().await.expect("migrated");
    server.grant(&name);
    let across_url = Some(server.url_as(Worker, &name));
    let guarded = StoreOptions { across_url, ..options() };
    let shipped = Store::open(&server.url_as(AsService, &name), guarded).await.expect("the store");
    let bypassed = Store::open(&server.url_to(&name), options()).await.expect("the store");
    pair("PostgreSQL", shipped, bypassed, most).await
}

async fn on_sqlite(folder: &std::path::Path, most: usize) -> Pair {
    let url = format!("sqlite:{}", folder.join("bench.sqlite").display());
    let shipped = Store::open(&url, options()).await.expect("the store");
    shipped.migrate().await.expect("migrated");
    let bypassed = Store::open(&url, options()).await.expect("the store");
    pair("SQLite", shipped, bypassed, most).await
}

/// So many clients ask one after the other for so long.
async fn load(address: &str, pair: &Pair, query: &'static str, clients: usize, time: Duration) -> Figures {
    let started = Instant::now();
    let asking = (0..clients).map(|n| {
        let (address, token, cases) = (address.to_owned(), pair.tokens[n].clone(), pair.cases.clone());
        tokio::spawn(async move {
            let mut client = Client::connect(&address, &token, "reader").await.expect("a connection");
            let mut taken = vec![];
            while started.elapsed() < time {
                let id = &cases[(n + taken.len()) % cases.len()];
                let asked = Instant::now();
                let answer = client.ask(query, json!({ "id": id })).await.expect("an answer");
                taken.push(asked.elapsed());
                assert!(answer.get("errors").is_none() && answer["data"] != Value::Null, "{answer}");
            }
            taken
        })
    });
    let mut all = vec![];
    for one in asking.collect::<Vec<_>>() {
        all.extend(one.await.expect("a client"));
    }
    figures(all, 0, started.elapsed().as_secs_f64())
}

#[tokio::main]
async fn main() {
    // Short turns: what else the machine does falls on both alike.
    let (rounds, millis) = (given("--rounds", 21), given("--millis", 400));
    let (server, folder) = (PrivatePostgres::start(), tempfile::tempdir().expect("a folder"));
    let clients = [1, 8, 32];
    let most = 32;
    let pairs = [on_sqlite(folder.path(), most).await, on_postgres(&server, most).await];
    for pair in &pairs {
        for (kind, query) in [("case page", CASE), ("worklist page", WORKLIST)] {
            for clients in clients {
                let (mut with, mut without, mut waits) = (vec![], vec![], [vec![], vec![]]);
                for round in 0..=rounds {
                    let time = Duration::from_millis(millis);
                    let shipped = load(&pair.shipped, pair, query, clients, time).await;
                    let bypassed = load(&pair.bypassed, pair, query, clients, time).await;
                    // The first round fills caches.
                    if round > 0 {
                        with.push(shipped.per_second);
                        without.push(bypassed.per_second);
                        waits[0].push(shipped.p50.as_secs_f64() * 1e3);
                        waits[1].push(bypassed.p50.as_secs_f64() * 1e3);
                    }
                }
                let (with, without, [wait, bare]) = (median(with), median(without), waits.map(median));
                println!(
                    "{:<10} {kind:<13} {clients:>2} clients: as shipped {with:>6.0}/s p50 {wait:.2} ms, bypassed \
                     {without:>6.0}/s p50 {bare:.2} ms, ratio {:.2}",
                    pair.name,
                    without / with
                );
            }
        }
    }
}
