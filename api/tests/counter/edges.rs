//! The edges that need a fault to be seen: a database that is away or slow, an internal error, foreign pages, endless white space.

use crate::house::{CREATE, House, channel, form, patient, person};
use api::Limits;
use sea_orm::{ConnectionTrait, Database};
use serde_json::json;
use std::io::Write;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tests::patience::within;
use tests::postgres::PrivatePostgres;
use workflows::machine::Role;
use workflows::sample::Sample;

const LIST: &str = "{ applications(first: 1) { totalCount } }";
const ONE: &str = "query($id: ID!) { application(id: $id) { id content { parties { nameKanji } } } }";

/// What this process has logged.
#[derive(Clone, Copy)]
struct Logged;

static LOG: Mutex<Vec<u8>> = Mutex::new(vec![]);

impl Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn log() -> String {
    String::from_utf8_lossy(&LOG.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
}

/// Logs of every thread go to [`LOG`] from now on.
fn listen() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        tracing_subscriber::fmt().with_writer(|| Logged).with_ansi(false).init();
    });
}

/// SEC-H25.
#[tokio::test]
async fn the_incident_in_the_answer_is_the_one_in_the_log() {
    listen();
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    let database = Database::connect(house.sqlite_url()).await.expect("the file");
    let damage = "UPDATE application SET head_hash = 'damaged', body = '{\"secret-of-the-body\":'";
    database.execute_unprepared(damage).await.expect("damaged");
    let answer = house.ask(&clerk, ONE, json!({ "id": id })).await;
    assert_eq!(answer.code(), "INTERNAL_SERVER_ERROR", "{}", answer.text);
    let message = answer.json()["errors"][0]["message"].as_str().expect("text").to_owned();
    let incident = message.split("Incident ").nth(1).expect("an id").trim_end_matches('.').to_owned();
    assert!(incident.len() >= 32 && incident.bytes().all(|b| b.is_ascii_hexdigit()), "{message}");
    assert!(log().contains(&incident), "{incident} is not in the log");
    for inside in ["secret-of-the-body", "SELECT", "unreadable", ".rs", "serde", "panicked"] {
        assert!(!answer.text.contains(inside), "{inside}: {}", answer.text);
    }
}

/// SEC-H26: the database ends the statement before the operation is given up.
#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_hangs_is_ended_by_the_database() {
    let server = tokio::task::spawn_blocking(|| {
        let server = PrivatePostgres::shared();
        server.fresh_database()
    });
    let url = server.await.expect("server");
    let ordinary =
        db::StoreOptions::new(std::sync::Arc::new(workflows::sample::rulebook().expect("rulebook")));
    assert!(ordinary.statement_timeout < Limits::default().execution);
    // The schema is made with patience; what is asked of an idle database then takes milliseconds.
    drop(House::at_url(&url, patient(), |_| ()).await);
    let change = |options: &mut db::StoreOptions| options.statement_timeout = Duration::from_secs(3);
    let house = House::at_url(&url, patient(), change).await;
    let clerk = person(Role::BranchClerk, "clerk");
    assert_eq!(house.ask(&clerk, LIST, json!({})).await.status, 200);
    let locked = Database::connect(&url).await.expect("database");
    let transaction = sea_orm::TransactionTrait::begin(&locked).await.expect("transaction");
    transaction.execute_unprepared("LOCK TABLE application IN ACCESS EXCLUSIVE MODE").await.expect("locked");
    let answer = house.ask(&clerk, LIST, json!({})).await;
    assert_eq!(answer.code(), "TIMEOUT", "{}", answer.text);
    let written = house.ask(&clerk, CREATE, json!({ "form": form(Sample::Purchase) })).await;
    assert_eq!(written.code(), "TIMEOUT", "{}", written.text);
    transaction.rollback().await.expect("released");
    let count = house.data(&clerk, LIST, json!({})).await;
    assert_eq!(count["applications"]["totalCount"], 0, "{count}");
}

/// SEC-H27.
#[tokio::test(flavor = "multi_thread")]
async fn without_its_database_the_service_says_when_to_come_back() {
    let server = tokio::task::spawn_blocking(PrivatePostgres::start).await.expect("server");
    let url = server.fresh_database();
    let change = |options: &mut db::StoreOptions| options.acquire_timeout = Duration::from_secs(5);
    let house = House::at_url(&url, patient(), change).await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    tokio::task::spawn_blocking(move || drop(server)).await.expect("stopped");
    let submit = "mutation($id: ID!) { submitApplication(applicationId: $id) { __typename } }";
    for (who, query) in [(&clerk, LIST), (&clerk, ONE), (&channel(), submit)] {
        let answer = house.ask(who, query, json!({ "id": id })).await;
        let named = answer.status == 503 || answer.code() == "UNAVAILABLE";
        assert!(
            named && answer.header("retry-after").is_some(),
            "{query}: {} {}",
            answer.status,
            answer.text
        );
        assert!(!answer.text.contains("Done"), "{}", answer.text);
    }
    assert_eq!(house.http.get(house.at("healthz")).send().await.expect("answer").status(), 200);
    assert_eq!(house.http.get(house.at("readyz")).send().await.expect("answer").status(), 503);
}

/// SEC-H30.
#[tokio::test]
async fn only_pages_of_listed_origins_may_read() {
    let house = House::open().await;
    let token = house.token(&person(Role::BranchClerk, "clerk"));
    let ask = async |method: reqwest::Method, origin: &str| {
        let mut request = house.http.request(method.clone(), house.url()).header("origin", origin);
        if method == reqwest::Method::OPTIONS {
            request = request.header("access-control-request-method", "POST");
        } else {
            request = request.bearer_auth(&token).header("content-type", "application/json");
            request = request.body("{\"query\":\"{ me { role } }\"}");
        }
        request.send().await.expect("answer")
    };
    for method in [reqwest::Method::OPTIONS, reqwest::Method::POST] {
        let listed = ask(method.clone(), "https://desk.example.jp").await;
        assert_eq!(listed.headers()["access-control-allow-origin"], "https://desk.example.jp");
        assert_eq!(listed.headers()["vary"], "origin");
        assert!(listed.headers().get("access-control-allow-credentials").is_none());
        assert_eq!(listed.status(), if method == reqwest::Method::POST { 200 } else { 204 });
        for foreign in
            ["https://evil.example", "null", "https://desk.example.jp.evil.example", "http://desk.example.jp"]
        {
            let answer = ask(method.clone(), foreign).await;
            let named = answer.headers().keys().filter(|name| name.as_str().starts_with("access-control"));
            assert_eq!(named.count(), 0, "{foreign}");
            assert_eq!(answer.status(), if method == reqwest::Method::POST { 200 } else { 405 });
        }
    }
}

/// SEC-H08, SEC-H10.
#[tokio::test]
async fn white_space_without_end_costs_nothing() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let padded =
        |bytes: usize| json!({ "query": format!("{}{{ me {{ role }} }}", " ".repeat(bytes)) }).to_string();
    let started = std::time::Instant::now();
    assert_eq!(house.raw(&clerk, padded(10 * 1024 * 1024), |request| request).await.status, 413);
    let long = house.raw(&clerk, padded(100 * 1024), |request| request).await;
    assert_eq!((long.status, long.code().as_str()), (400, "QUERY_TOO_COMPLEX"), "{}", long.text);
    assert_eq!(house.raw(&clerk, padded(60 * 1024), |request| request).await.status, 200);
    // White space between the entries of the JSON, which no document limit sees.
    let spaced = format!("{{{}\"query\":\"{{ me {{ role }} }}\"}}", " ".repeat(200 * 1024));
    assert_eq!(house.raw(&clerk, spaced, |request| request).await.status, 200);
    within("white space", started.elapsed(), Duration::from_secs(5));
}
