//! Everything at once: two nodes on one PostgreSQL killed in turn, a mail server that fails three times in ten, answers lost, doubled,
//! late and garbled, core banking that forgets, a NATS server that is killed and started. At the end every case is where its script put
//! it, nothing was paid twice, no notice is missing, and each event is in the stream once and in order.

mod gate;
mod ledger;
mod mail;
mod nodes;

use std::time::Duration;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::bank::{report, yushi};
use super::soak;
use nodes::Nodes;

/// Noon of a Wednesday at the banks, after the sample rates have begun.
const START: &str = "2026-04-01T00:00:00Z";
const SEED: u64 = 20_260_401;

/// Cases of a run.
fn size() -> u64 {
    let cases = std::env::var("STORM_CASES").ok().and_then(|text| text.parse().ok());
    cases.unwrap_or(if soak() { 1_000 } else { 12 })
}

/// SEC-H28.
#[test]
fn two_nodes_come_through_a_storm() {
    let count = size();
    let mut nodes = Nodes::open(START.parse().expect("an instant"), SEED, count);
    let mut clients = nodes.simulate(SEED, count);
    let mut dice = ChaCha8Rng::seed_from_u64(SEED);
    let (mut kills, mut stops, mut start) = (0_u64, 0_u64, Duration::ZERO);
    while clients.try_wait().expect("a state").is_none() {
        // On a slow machine too, both nodes are there for most of the time.
        std::thread::sleep(3 * start + Duration::from_millis(500 + dice.next_u64() % 1_500));
        // In turn: the other one answers meanwhile.
        start = nodes.kill_and_restart(usize::from(kills % 2 == 1));
        kills += 1;
        // Away for one round, there for the next two: nodes begin with and without it.
        match kills % 3 {
            1 => {
                nodes.stop_or_start_nats(true);
                stops += 1;
            }
            2 => nodes.stop_or_start_nats(false),
            _ => {}
        }
    }
    if kills % 3 == 1 {
        nodes.stop_or_start_nats(false);
    }
    let (clean, played) = report(clients.wait_with_output().expect("an end"));
    let held = nodes.settled();
    let events = nodes.told();
    let (cases, timed) = nodes.ledger();
    let paid_twice = cases.iter().filter(|case| !case.paid_twice.is_empty()).count();
    let answered_twice = cases.iter().filter(|case| !case.answered_twice.is_empty()).count();
    let told = nodes.mails_that_reveal();
    nodes.stop();
    let verified = nodes.verified(yushi());
    let reached = played["script"]["reached"].as_u64().unwrap_or_default();
    let rows = [
        ("cases at their chosen end", reached, count),
        ("cases with one effective answer per request", (cases.len() - answered_twice) as u64, count),
        ("cases with no payment twice", (cases.len() - paid_twice) as u64, count),
        ("parcels delivered", held.delivered, held.parcels),
        ("mails at the mail server, each under one Message-ID", held.mails_there, held.mails),
        ("inbox items", held.inbox_there, held.inbox),
        ("events in the stream, in the order of their case", events.there, events.owed),
        ("messages in the stream, none twice", events.messages, events.owed),
        ("entries that bear a time of the run", timed.inside, timed.entries),
        ("mails without a ground of refusal", told.1 - told.0, told.1),
        ("cases that `verify` holds sound", verified.applications - verified.findings, count),
    ];
    println!("| what | is | of |\n| --- | ---: | ---: |");
    for (what, is, of) in rows {
        println!("| {what} | {is} | {of} |");
    }
    let (accepted, refused) = nodes.mail_counts();
    println!(
        "{kills} kills, NATS stopped {stops} times; mail server: {accepted} accepted, {refused} refused or dropped; on the way: {}; core banking: {} orders unknown, {} refused; \
         {} s",
        played["troubles"],
        cases.iter().map(|case| case.unknown).sum::<usize>(),
        cases.iter().map(|case| case.rejected).sum::<usize>(),
        played["seconds"],
    );
    assert!(kills >= 2 && stops >= 1 && refused > 0, "it was no storm");
    let wrong: Vec<_> =
        cases.iter().filter(|c| !c.paid_twice.is_empty() || !c.answered_twice.is_empty()).collect();
    assert!(
        clean && wrong.is_empty(),
        "{} {} {wrong:?}",
        played["script"]["mismatches"],
        played["revealing"]
    );
    assert!(rows.iter().all(|(_, is, of)| is == of), "something is missing or too much");
}
