//! `yushi simulate --applications`: every case comes to the end that its script chose.

use std::collections::BTreeMap;

use api::graphql::cost::{Most, choose, judge};
use api::graphql::persisted::Persisted;
use serde_json::Value;

use super::bank::{Bank, Database, report};
use super::soak;

const START: &str = "2026-04-01T00:00:00Z";
/// What scripts of others read from the report.
const KEYS: &[&str] =
    &["applications", "by_state", "transitions", "notices", "refusals", "seconds", "transitions_per_second"];

#[test]
fn scripted_ends_on_sqlite() {
    play(Database::Sqlite);
}

#[test]
fn scripted_ends_on_postgresql() {
    play(Database::Postgres);
}

fn play(database: Database) {
    // Among the scripts of seed 1605 are 28 kinds of detours and ends: arrears after the contract, a correction of the filing, an
    // unknown posting, a change after approval that is upheld, refused or taken, a released appointment, every manner of answer.
    let (count, seed) = if soak() { (300, "1") } else { (24, "1605") };
    let bank = Bank::open(database, START);
    let operations = bank.beside("operations.json");
    let file = operations.to_str().expect("a path");
    let flags = ["--applications", &count.to_string(), "--seed", seed, "--operations", file];
    let (clean, played) = report(bank.simulate(&flags).wait_with_output().expect("an end"));
    let reached = told(database, &played, count);
    assert!(clean && reached == count, "{}", played["script"]["mismatches"]);
    let (applications, _) = bank.verified();
    assert_eq!(applications, count);
    let text = std::fs::read_to_string(&operations).expect("the operations that were sent");
    // What was written is what `serve --persisted-only` reads.
    assert!(Persisted::read(&text, true).is_ok_and(|known| known.len() > 20));
    let documents: BTreeMap<String, String> = serde_json::from_str(&text).expect("JSON");
    let largest = documents.values().map(|document| cost(document)).max().expect("operations");
    let limit = Most::default().cost;
    println!("{} operations; the largest costs {largest}, the limit is {limit}", documents.len());
    assert!(largest + largest / 2 <= limit, "the limit is the largest operation and half of it: {largest}");
}

/// Cost of a document, whatever it is.
fn cost(document: &str) -> u64 {
    let parsed = async_graphql::parser::parse_query(document).expect("a document");
    let operation = &choose(&parsed, None).expect("one operation").node;
    let most = Most { cost: u64::MAX, ..Most::default() };
    judge(&parsed, operation, &serde_json::Map::new(), &most, false).expect("within the other limits").cost
}

/// Prints the figures of a run; how many cases came to their end.
pub fn told(database: Database, played: &Value, count: u64) -> u64 {
    for key in KEYS {
        assert!(played.get(key).is_some(), "{key} is missing in {played}");
    }
    let reached = played["script"]["reached"].as_u64().expect("a number");
    println!(
        "{database:?}: {reached}/{count} cases at their chosen end {}; {} transitions, {} notices, {} requests repeated, in {} s",
        played["by_state"], played["transitions"], played["notices"], played["retries"], played["seconds"],
    );
    assert_eq!(played["applications"].as_u64(), Some(count));
    reached
}
