//! `kill -9` at random moments and at every named failpoint while outside clients work; nothing is lost, doubled or out of order.

use std::process::Child;
use std::time::{Duration, Instant};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::bank::{Bank, Database, report};
use super::{notices, scripted, soak};
use tests::patience::PATIENCE;

const START: &str = "2026-04-01T00:00:00Z";
const SEED: u64 = 7;
/// The moments that have a name, each at some pass.
const FAILPOINTS: &[&str] = &["before-commit:25", "after-commit:25", "after-send:25"];

/// SEC-H28.
#[test]
fn crashes_on_sqlite() {
    play(Database::Sqlite);
}

/// SEC-H28.
#[test]
fn crashes_on_postgresql() {
    play(Database::Postgres);
}

/// Kills of a run, and cases that keep the clients busy for so long.
fn size() -> (u64, u64) {
    let rounds = std::env::var("YUSHI_CRASH_ROUNDS").ok().and_then(|text| text.parse().ok());
    match rounds {
        Some(rounds) => (rounds, rounds * 6),
        None if soak() => (30, 180),
        None => (3, 8),
    }
}

fn play(database: Database) {
    let (kills, count) = size();
    let mut bank = Bank::open(database, START);
    let mut clients = bank.simulate(&["--applications", &count.to_string(), "--seed", "1"]);
    let mut dice = ChaCha8Rng::seed_from_u64(SEED);
    for failpoint in FAILPOINTS {
        bank.kill();
        bank.start(Some(failpoint));
        let begun = Instant::now();
        while !bank.crashes_within(Duration::from_millis(100)) {
            at_work(&mut clients, failpoint);
            assert!(begun.elapsed() < 3 * PATIENCE, "{failpoint} was never reached");
        }
    }
    for kill in 0..kills {
        bank.start(None);
        std::thread::sleep(Duration::from_millis(100 + dice.next_u64() % 700));
        at_work(&mut clients, &format!("kill {kill}"));
        bank.kill();
    }
    bank.start(None);
    let (clean, played) = report(clients.wait_with_output().expect("an end"));
    let reached = scripted::told(database, &played, count);
    let counted = notices::are_complete(&bank);
    bank.stop();
    let (applications, events) = bank.verified();
    println!(
        "{database:?}: {kills} kills and {} failpoints; {applications} applications, {events} events verified, 0 findings; {counted:?}",
        FAILPOINTS.len(),
    );
    assert!(clean && reached == count, "{}", played["script"]["mismatches"]);
    assert_eq!(applications, count);
}

/// Kills that meet nobody at work prove nothing.
fn at_work(clients: &mut Child, moment: &str) {
    assert!(clients.try_wait().expect("a state").is_none(), "the clients were through before {moment}");
}
