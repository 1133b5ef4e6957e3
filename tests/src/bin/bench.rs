//! `make bench`: transitions per second through GraphQL as a ratio to pgbench in the same run.
//!
//! Interleaved rounds on one private PostgreSQL with fsync on; the load, the server and the database share the machine, so
//! ratios count and absolute figures do not. A transition is T03 or T04 in turn: a main-stage move with its entry, notices,
//! one task closed and one opened.

use serde_json::json;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tests::bench::http::Client;
use tests::bench::intake::{Target, prepare};
use tests::bench::pgbench::Yardstick;
use tests::bench::server::{Server, done};
use tests::bench::{Figures, figures, median};
use tests::postgres::PrivatePostgres;

const DEFECT: &str = "mutation($id: ID!) { recordDefects(applicationId: $id, defects: \
    [{document: \"LOAN_APPLICATION\", problem: \"contradiction\"}]) { __typename ... on Done { version } } }";
const RESUBMIT: &str =
    "mutation($id: ID!) { resubmitDocuments(applicationId: $id) { __typename ... on Done { version } } }";

struct Options {
    binary: PathBuf,
    seconds: u64,
    rounds: usize,
    clients: Vec<usize>,
    /// Couriers and deadlines in the measured process.
    work: bool,
}

fn options() -> Options {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let of =
        |name: &str| given.iter().position(|word| word == name).and_then(|at| given.get(at + 1)).cloned();
    let list = of("--clients").unwrap_or_else(|| "1,8,32".to_owned());
    Options {
        binary: of("--yushi").unwrap_or_else(|| "target/release/yushi".to_owned()).into(),
        seconds: of("--seconds").and_then(|word| word.parse().ok()).unwrap_or(8),
        rounds: of("--rounds").and_then(|word| word.parse().ok()).unwrap_or(3),
        work: given.iter().any(|word| word == "--work"),
        clients: list.split(',').filter_map(|word| word.parse().ok()).collect(),
    }
}

#[tokio::main]
async fn main() {
    let options = options();
    let database = PrivatePostgres::start();
    let yardstick = Yardstick::prepare(&database);
    let url = database.fresh_database();
    let on_postgres = Server::start(&options.binary, Some(&url), options.work);
    let on_sqlite = Server::start(&options.binary, None, options.work);
    println!(
        "ready after: PostgreSQL {:?}, SQLite {:?}; idle memory {} kB",
        on_postgres.ready_after,
        on_sqlite.ready_after,
        on_postgres.memory_kb()
    );
    let most = options.clients.iter().copied().max().unwrap_or(1);
    let postgres_cases = prepare(&on_postgres, most).await;
    let sqlite_cases = prepare(&on_sqlite, most).await;
    for clients in &options.clients {
        let (mut yard, mut postgres, mut sqlite) = (vec![], vec![], vec![]);
        let (mut yard_cpu, mut own_cpu) = (vec![], vec![]);
        for _ in 0..options.rounds {
            let before = database.cpu();
            yard.push(yardstick.run(*clients, options.seconds));
            let between = database.cpu();
            postgres.push(load(&on_postgres, &postgres_cases[..*clients], options.seconds).await);
            let seconds = options.seconds as f64;
            yard_cpu.push((between - before).as_secs_f64() / seconds);
            own_cpu.push((database.cpu() - between).as_secs_f64() / seconds);
            sqlite.push(load(&on_sqlite, &sqlite_cases[..*clients], options.seconds).await);
        }
        let pgbench = median(yard);
        let own = median(postgres.iter().map(|(f, _)| f.per_second).collect());
        println!(
            "{clients:>3} clients: pgbench {pgbench:>7.0}/s; CPU of PostgreSQL {:.2} ms/transaction, {:.2} ms/transition of ours",
            median(yard_cpu) * 1e3 / pgbench,
            median(own_cpu) * 1e3 / own.max(1.0),
        );
        report("PostgreSQL", &postgres, pgbench);
        report("SQLite", &sqlite, pgbench);
    }
    println!(
        "loaded memory: PostgreSQL server {} kB, SQLite server {} kB",
        on_postgres.memory_kb(),
        on_sqlite.memory_kb()
    );
}

fn report(name: &str, rounds: &[(Figures, Duration)], pgbench: f64) {
    let rate = median(rounds.iter().map(|(f, _)| f.per_second).collect());
    let middle = |pick: fn(&Figures) -> Duration| {
        median(rounds.iter().map(|(f, _)| pick(f).as_secs_f64() * 1e3).collect())
    };
    let cpu =
        median(rounds.iter().map(|(f, cpu)| cpu.as_secs_f64() * 1e3 / (f.per_second.max(1.0))).collect());
    let errors: usize = rounds.iter().map(|(f, _)| f.errors).sum();
    println!(
        "     {name:<10} {rate:>7.0}/s  ratio {:.2}  p50 {:.1} ms  p99 {:.1} ms  service CPU {cpu:.2} ms/transition  errors {errors}",
        rate / pgbench,
        middle(|f| f.p50),
        middle(|f| f.p99),
    );
}

/// Each client moves its own case back and forth for so many seconds.
async fn load(server: &Server, targets: &[Target], seconds: u64) -> (Figures, Duration) {
    let (started, before) = (Instant::now(), server.cpu());
    let until = started + Duration::from_secs(seconds);
    let clients = targets.iter().map(|target| {
        let address = server.address.clone();
        let (id, clerk, applicant) = (target.id.clone(), target.clerk.clone(), target.applicant.clone());
        tokio::spawn(async move { one_client(&address, &id, &clerk, &applicant, until).await })
    });
    let mut latencies = vec![];
    let mut errors = 0;
    for client in clients.collect::<Vec<_>>() {
        let (mine, failed) = client.await.expect("a client ends");
        latencies.extend(mine);
        errors += failed;
    }
    let elapsed = started.elapsed().as_secs_f64();
    let cpu = (server.cpu() - before).div_f64(elapsed);
    (figures(latencies, errors, elapsed), cpu)
}

async fn one_client(
    address: &str,
    id: &str,
    clerk: &str,
    applicant: &str,
    until: Instant,
) -> (Vec<Duration>, usize) {
    let name = uuid::Uuid::now_v7().simple().to_string();
    let mut clerk = Client::connect(address, clerk, &format!("c{name}")).await.expect("a connection");
    let mut applicant = Client::connect(address, applicant, &format!("a{name}")).await.expect("a connection");
    let mut latencies = vec![];
    let mut errors = 0;
    while Instant::now() < until {
        for (client, query, field) in
            [(&mut clerk, DEFECT, "recordDefects"), (&mut applicant, RESUBMIT, "resubmitDocuments")]
        {
            let asked = Instant::now();
            let answer = client.ask(query, json!({ "id": id })).await;
            match answer.map(|a| done(&a, field)) {
                Ok(Ok(_)) => latencies.push(asked.elapsed()),
                _ => errors += 1,
            }
        }
    }
    (latencies, errors)
}
