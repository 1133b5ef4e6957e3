//! `make bench`: pages of 50 over HTTP where PostgreSQL holds 1 000, 100 000 and 1 000 000 applications.
//!
//! The databases stand on one private server and are read in turn, so that the ratio of the largest to the smallest is one of
//! the same run. The plans are printed beside: they must come from an index alone.
//!
//! `--hold ROWS` keeps a demo with so many cases for a browser instead (`portal/e2e/tti.mjs`): it prints the address, seeds from the one case that is
//! there when it reads a line, and ends when nobody writes any more.

use std::path::PathBuf;
use std::sync::Arc;
use tests::bench::http::Client;
use tests::bench::intake::prepare;
use tests::bench::server::{BANK, Server};
use tests::bench::worklist::{PAGES, read, seed};
use tests::bench::{figures, median};
use tests::postgres::PrivatePostgres;

struct Place {
    rows: u32,
    url: String,
    client: Client,
    _server: Server,
}

fn argument(name: &str) -> Option<String> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    given.iter().position(|word| word == name).and_then(|at| given.get(at + 1)).cloned()
}

#[tokio::main]
async fn main() {
    let binary: PathBuf = argument("--yushi").unwrap_or_else(|| "target/release/yushi".to_owned()).into();
    if let Some(rows) = argument("--hold") {
        return hold(&binary, rows.parse().expect("--hold takes how many cases"));
    }
    let sizes = argument("--rows").unwrap_or_else(|| "1000,100000,1000000".to_owned());
    let rounds = argument("--rounds").and_then(|word| word.parse().ok()).unwrap_or(5);
    let database = PrivatePostgres::start();
    let mut places = vec![];
    for rows in sizes.split(',').filter_map(|word| word.parse().ok()) {
        places.push(place(&database, &binary, rows).await);
    }
    for kind in PAGES {
        let mut middles: Vec<Vec<f64>> = vec![vec![]; places.len()];
        for _ in 0..rounds {
            for (place, middles) in places.iter_mut().zip(&mut middles) {
                let taken = read(&mut place.client, kind, 100).await;
                middles.push(figures(taken, 0, 1.0).p50.as_secs_f64() * 1e3);
            }
        }
        let middles: Vec<f64> = middles.into_iter().map(median).collect();
        let ratio = middles.last().copied().unwrap_or_default() / middles.first().copied().unwrap_or(1.0);
        let each: Vec<String> = places
            .iter()
            .zip(&middles)
            .map(|(place, middle)| format!("{} rows {middle:.2} ms", place.rows))
            .collect();
        println!("{:<24} p50: {}; largest to smallest {ratio:.2}", kind.name, each.join(", "));
    }
    if let Some(largest) = places.last() {
        explain(largest).await;
    }
}

/// A demo on PostgreSQL for a browser.
fn hold(binary: &std::path::Path, rows: u32) {
    use std::io::BufRead as _;
    let database = PrivatePostgres::start();
    let url = database.fresh_database();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut demo = std::process::Command::new(binary);
    demo.args(["demo", "--listen", "127.0.0.1:0", "--no-partners", "--json", "--database-url", &url]);
    demo.arg("--data").arg(folder.path()).stdout(std::process::Stdio::piped());
    let mut child = demo.spawn().expect("the binary starts");
    let mut told = std::io::BufReader::new(child.stdout.take().expect("its output")).lines();
    let address = told.next().expect("a line").expect("text");
    println!("{address}");
    let mut asked = std::io::stdin().lock().lines();
    if asked.next().is_some() {
        seed(&database, &url, rows);
        println!("{{\"rows\":{rows}}}");
        // Until whoever measures is gone.
        while asked.next().is_some() {}
    }
    child.kill().expect("the demo ends");
    child.wait().expect("the demo has ended");
}

async fn place(database: &PrivatePostgres, binary: &std::path::Path, rows: u32) -> Place {
    let url = database.fresh_database();
    let server = Server::start(binary, Some(&url), false);
    prepare(&server, 1).await;
    let started = std::time::Instant::now();
    seed(database, &url, rows);
    println!("{rows} applications seeded in {:.0} s", started.elapsed().as_secs_f64());
    let token = server.token("BRANCH_CLERK", &["--branch", "001"]);
    let client = Client::connect(&server.address, &token, "reader").await.expect("a connection");
    Place { rows, url, client, _server: server }
}

/// Prints the plans of the lists, and fails where one of them reads the documents.
async fn explain(place: &Place) {
    use db::read::{Filter, Scope, Sort, TaskFilter};
    use workflows::machine::{Actor, Role, Stage};
    let rules = workflows::sample::rulebook().expect("the sample rulebook");
    let options = db::StoreOptions::new(Arc::new(rules));
    let store = db::Store::open(&place.url, options).await.expect("the store opens");
    let clerk = Actor {
        subject: "clerk".to_owned(),
        role: Role::BranchClerk,
        institution: BANK.to_owned(),
        branches: vec!["001".to_owned()],
        organisation: None,
        on_behalf_of: None,
    };
    let scope = Scope::of(&clerk);
    let screening = Filter { stages: vec![Stage::Screening], ..Filter::default() };
    for (name, filter) in [("latest first", Filter::default()), ("in screening", screening)] {
        let plan = store.explain_list(&scope, &filter, Sort::UpdatedDesc).await.expect("a plan");
        println!("\n{name}, {} rows:\n{plan}", place.rows);
        assert!(
            plan.contains("Index Only Scan") && !plan.contains("Sort"),
            "the list reads more than its index"
        );
    }
    let queue = TaskFilter { role: Some(Role::BranchClerk), ..TaskFilter::default() };
    let plan = store.explain_tasks(&scope, &queue).await.expect("a plan");
    println!("\nwork queue, {} rows:\n{plan}", place.rows);
    assert!(
        !plan.contains("Seq Scan") && !plan.contains("Sort"),
        "the queue is not read in the order of its index"
    );
}
