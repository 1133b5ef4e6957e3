//! Several processes on one PostgreSQL database: what callers may spend is counted over all of them.

use crate::house::{House, patient, person};
use api::Limits;
use api::auth::FRESH;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tests::postgres::PrivatePostgres;
use workflows::machine::{Actor, Role};

const ME: &str = "{ me { role } }";
/// Cost of `ME`: the field and what is in it.
const PRICE: u64 = 2;

async fn database() -> String {
    tokio::task::spawn_blocking(|| PrivatePostgres::shared().fresh_database()).await.expect("server")
}

/// Requests of `who` at these processes in turns until each has refused; how many passed.
async fn spent(nodes: &[&House], who: &Actor) -> u64 {
    let mut passed = 0;
    for _ in 0..1_000 {
        let mut refused = 0;
        for node in nodes {
            let answer = node.ask(who, ME, json!({})).await;
            match answer.status {
                200 => passed += 1,
                429 => {
                    assert_eq!(answer.code(), "RATE_LIMITED");
                    let wait: u64 = answer.header("retry-after").expect("seconds").parse().expect("a number");
                    assert!((1..=60).contains(&wait), "{wait}");
                    refused += 1;
                }
                other => panic!("{other}: {}", answer.text),
            }
        }
        if refused == nodes.len() {
            return passed;
        }
    }
    panic!("nobody was refused after {passed} requests");
}

/// SEC-H24.
#[tokio::test(flavor = "multi_thread")]
async fn two_processes_let_pass_what_one_does_and_a_part_more() {
    let url = database().await;
    let limits = Limits { cost_per_minute: 320, ..patient() };
    let one = House::at_url(&url, limits.clone(), |_| ()).await;
    let two = one.node(&url, limits.clone()).await;
    let started = Instant::now();
    let passed = spent(&[&one, &two], &person(Role::BranchClerk, "clerk")).await;
    // A sixteenth of the minute at each process, and what has drained meanwhile.
    let drains = |since: Instant| limits.cost_per_minute * (since.elapsed().as_secs() + 1) / 60;
    let drained = drains(started);
    let most = limits.cost_per_minute + 2 * (limits.cost_per_minute / 16) + drained;
    println!("{} of {} passed at two processes, {most} at most", passed * PRICE, limits.cost_per_minute);
    assert!(passed * PRICE <= most, "{passed} passed, {most} at most");
    assert!(passed * PRICE + 2 * PRICE >= limits.cost_per_minute, "{passed}");
    // Spent at one process, refused at the other after its own part at most.
    let colleague = person(Role::BranchClerk, "colleague");
    let started = Instant::now();
    assert!(spent(&[&one], &colleague).await >= limits.cost_per_minute / PRICE - 1);
    let passed = spent(&[&two], &colleague).await;
    let most = limits.cost_per_minute / 16 + drains(started) + 20;
    assert!(passed * PRICE <= most, "{passed} passed, {most} at most");
}

/// SEC-H24: one bank and one address pay together.
#[tokio::test]
async fn a_bank_and_an_address_pay_for_all_of_theirs() {
    for limits in [
        Limits { bank_cost_per_minute: 40, ..patient() },
        Limits { address_cost_per_minute: 40, ..patient() },
    ] {
        let house = House::with(limits).await;
        let (started, mut passed, mut status) = (Instant::now(), 0, 200);
        while status == 200 && passed < 1_000 {
            let clerk = person(Role::BranchClerk, &format!("clerk-{passed}"));
            status = house.ask(&clerk, ME, json!({})).await.status;
            passed += u64::from(status == 200);
        }
        assert_eq!(status, 429);
        // Forty, and what has drained meanwhile.
        let most = (40 + 40 * (started.elapsed().as_secs() + 1) / 60) / PRICE;
        assert!((20..=most).contains(&passed), "{passed} passed, {most} at most");
    }
    // Strangers pay by their address, and are told to wait as everybody.
    // One costs 20, which takes half a minute to drain.
    let house = House::with(Limits { address_cost_per_minute: 40, ..patient() }).await;
    let mut seen = vec![];
    for _ in 0..4 {
        let answer =
            house.http.post(house.url()).bearer_auth("nonsense").body("{}").send().await.expect("answer");
        seen.push(answer.status().as_u16());
    }
    assert_eq!(seen, [401, 401, 429, 429]);
}

/// A request needs no statement for its price: fifty cheap ones cause no more than a levelling a second, and the look at the account
/// of whoever asks, does.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_needs_no_statement_to_be_counted() {
    let url = database().await;
    let statements = Arc::new(AtomicU64::new(0));
    let told = statements.clone();
    let house = House::at_url(&url, patient(), move |options| {
        options.statements = Some(Arc::new(move |_, _| _ = told.fetch_add(1, Ordering::Relaxed)));
    });
    let house = house.await;
    let clerk = person(Role::BranchClerk, "clerk");
    assert_eq!(house.ask(&clerk, ME, json!({})).await.status, 200);
    let (before, started) = (statements.load(Ordering::Relaxed), Instant::now());
    for _ in 0..50 {
        assert_eq!(house.ask(&clerk, ME, json!({})).await.status, 200);
    }
    let (caused, took) = (statements.load(Ordering::Relaxed) - before, started.elapsed());
    let looks = took.as_millis() / FRESH.as_millis() + 1;
    let most = looks + u128::from(took.as_secs()) + 1;
    println!("{caused} statements for 50 requests in {took:?}");
    assert!(u128::from(caused) <= most, "{caused} in {took:?}");
}
